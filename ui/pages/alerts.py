"""提醒: all alerts for this seat's roles, the gravest first; the earlier ones on demand."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from app.services import alerts
from app.services.alerts import AlertRow
from app.services.seat import Seat
from ui.bell import when
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card, action
from ui.pages.list_states import StatePane
from ui.pages.page import Page
from ui.pages.plain_table import Cell, Head, PlainTable, Status
from ui.workers.runner import Runner
from ui.workers.topic import Topic

WORDS = {"danger": "紧急", "warn": "注意", "info": "知会"}
HEADS = (
    Head("程度", 84),
    Head("提醒"),
    Head("要做什么"),
    Head("到期", 100, gives_way=True),
    Head("时间", 104, gives_way=True),
    Head("状态", 72),
)


class AlertsPage(Page):
    """A table; 看过了 marks the selected ones, or all."""

    reads = frozenset({"alert"})

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "提醒")
        self._topic, self._seen_topic = Topic(), Topic()
        self._rows: tuple[AlertRow, ...] = ()
        self.closed = QCheckBox("包括已结束的")
        self.closed.toggled.connect(lambda _: self.reload())
        self._mark = action(self, "标为看过", "Ctrl+Return", self.mark)
        self.head.add(self.closed, HintButton("", self._mark, Weight.PRIMARY))
        card = Card()
        self.table = PlainTable("提醒", HEADS)
        self.empty = StatePane()
        self.empty.say("check", "没有提醒", "维保、证照、合同、出账和催缴到了日子，会列在这里。")
        card.body.addWidget(self.empty, 1)
        card.body.addWidget(self.table, 1)
        self.body.addWidget(card, 1)

    def refresh(self) -> None:
        """Read them anew."""
        closed = self.closed.isChecked()
        self.run(lambda _: alerts.listing(self.seat, closed), topic=self._topic, done=self._show)

    def mark(self) -> None:
        """Mark the selected alerts as seen; without a selection all of them."""
        chosen = [self._rows[at] for at in self.table.selected()] or list(self._rows)
        keys = tuple(row.key for row in chosen if not row.seen)
        if not keys:
            self.said.emit("都已看过")
            return
        self.run(lambda _: alerts.mark_seen(self.seat, keys), topic=self._seen_topic, done=self._marked, writes=True)

    def _marked(self, new: int) -> None:
        self.said.emit(f"标为看过 {new} 条")
        self.seat.announce(frozenset({"alert"}))

    def _show(self, rows: tuple[AlertRow, ...]) -> None:
        self._rows = rows
        self._mark.setEnabled(any(not row.seen for row in rows))
        now = self.seat.store.wall_clock()
        self.head.say(f"{len(rows)} 条，{sum(not row.seen for row in rows)} 条未看")
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self.table.put([_cells(row, when(row, now)) for row in rows])


def _cells(row: AlertRow, moment: str) -> tuple[Cell, ...]:
    state = "已结束" if row.closed_at else "看过" if row.seen else "未看"
    due = "" if row.due is None else row.due.isoformat()
    return (Status(row.level, WORDS[row.level]), row.title, row.todo, due, moment, state)
