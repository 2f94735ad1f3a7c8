"""审计记录: what was done, by whom, when; filtered by person, act and day, newest first."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit

from app.domain.problem import Problem
from app.services import trail
from app.services.refused import Refused
from app.services.trail import ACTIONS, Trail, TrailFilter, TrailRow
from ui.forms.edits import DayEdit
from ui.forms.hint_button import HintButton
from ui.forms.parts import Card
from ui.pages.list_states import StatePane
from ui.pages.page import Page
from ui.pages.parted_page import Part
from ui.pages.plain_table import Cell, Head, PlainTable, Status
from ui.pages.trail_words import detail_text
from ui.theme import look
from ui.workers.topic import Topic

HEADS = (
    Head("序号", 60, gives_way=True),
    Head("时间", 132),
    Head("用户", 84),
    Head("做了什么", 140),
    Head("批准", 84, gives_way=True, rare=True),
    Head("单人", 76, rare=True),
    Head("内容"),
)
PAGE = 100


class TrailPart(Part):
    """The audit trail as a table; 更早的记录 loads on. Every write leaves a record; they are read when it is asked for,
    not under the eyes.
    """

    def __init__(self, page: Page) -> None:
        super().__init__(page, "审计记录")
        self._topic = Topic()
        self._rows: list[TrailRow] = []
        self.user, self.action = QLineEdit(), QComboBox()
        self.first, self.last = DayEdit(lambda: page.today), DayEdit(lambda: page.today)
        self.sole = QCheckBox("只看单人办理")
        self.table = PlainTable("审计记录", HEADS)
        self.empty = StatePane()
        self.empty.say("search", "没有符合条件的记录", "换一个用户、操作或日期，或者清除条件。")
        self.older = self.act("更早的记录", "Ctrl+Down", self._more)
        self.clear = self.act("清除", "Esc", self._clear)
        self.search = self.act("查人", "Ctrl+F", self.user.setFocus)
        self._build()

    def _build(self) -> None:
        self.action.addItem("全部操作", None)
        for name, title in sorted(ACTIONS.items(), key=lambda item: item[1]):
            self.action.addItem(title, name)
        self.user.setPlaceholderText("用户名")
        self.first.setPlaceholderText("从哪天")
        self.last.setPlaceholderText("到哪天")
        row = QHBoxLayout()
        row.setSpacing(8)
        widths = (
            (self.user, 104, "用户名"),
            (self.action, 140, "操作"),
            (self.first, 100, "从"),
            (self.last, 100, "到"),
        )
        for widget, width, name in widths:
            widget.setFixedWidth(look().px(width))
            widget.setAccessibleName(name)
            row.addWidget(widget)
        row.addWidget(self.sole)
        row.addWidget(HintButton("", self.clear, small=True))
        row.addStretch(1)
        self.body.addLayout(row)
        card = Card()
        card.body.addWidget(self.empty, 1)
        card.body.addWidget(self.table, 1)
        self.body.addWidget(card, 1)
        foot = QHBoxLayout()
        self._more_button = HintButton("", self.older, small=True)
        foot.addStretch(1)
        foot.addWidget(self._more_button)
        self.body.addLayout(foot)
        for edit in (self.user, self.first, self.last):
            edit.editingFinished.connect(self.refresh)
        self.action.activated.connect(lambda _: self.refresh())
        self.sole.toggled.connect(lambda _: self.refresh())

    def refresh(self) -> None:
        """Read the newest that match."""
        self._rows = []
        self._ask(None)

    def _ask(self, before: int | None) -> None:
        try:
            wanted = TrailFilter(
                user=self.user.text().strip() or None,
                action=self.action.currentData(),
                first=self.first.day(),
                last=self.last.day(),
                sole=self.sole.isChecked(),
                before=before,
                limit=PAGE,
            )
        except Problem as why:
            self.page.message.tell(Refused(why))
            return
        self.page.message.clear()
        self.page.run(lambda _: trail.listing(self.seat, wanted), topic=self._topic, done=self._show)

    def _more(self) -> None:
        if self._rows:
            self._ask(self._rows[-1].seq)

    def _clear(self) -> None:
        for edit in (self.user, self.first, self.last):
            edit.clear()
        self.action.setCurrentIndex(0)
        self.sole.setChecked(False)
        self.refresh()

    def _show(self, found: Trail) -> None:
        self._rows += found.rows
        self.say(f"审计记录：已显示 {len(self._rows)} 条" + ("，还有更早的" if found.more else ""))
        self.empty.setVisible(not self._rows)
        self.table.setVisible(bool(self._rows))
        self._more_button.setVisible(found.more)
        self.table.put([_cells(row, self.page.today) for row in self._rows])


def _cells(row: TrailRow, today: date) -> tuple[Cell, ...]:
    local = row.local[:16].replace("T", " ")
    sole: Cell = Status("warn", "单人") if row.sole else ""
    said = local[11:] if local.startswith(today.isoformat()) else local
    moment = f"今天 {said}" if len(said) == 5 else local
    return (str(row.seq), moment, row.user, row.title, row.approver or "", sole, detail_text(row.detail))
