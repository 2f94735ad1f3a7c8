"""活动 as a view of the residents' page: the list, the panel of one event and what can be done with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.services import event_list, event_papers, events, segments
from app.services.event_list import EVENTS, EventRow
from app.services.event_papers import EventPapers
from app.services.events import EventAnswer, EventFile
from app.services.list_face import Query
from app.services.resident_list import RESIDENTS
from app.services.seat import Seat
from app.services.segments import Saved
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton
from ui.forms.parts import text
from ui.models.cell_text import state_of
from ui.pages.dialog import Dialog
from ui.pages.event_desk import GuestDesk
from ui.pages.event_dialogs import CancelEvent, ChangeEvent, InviteGroup, InviteListed, NewEvent, WalkIn
from ui.pages.list_body import ListBody
from ui.pages.list_page import ListPage
from ui.pages.list_panel import DetailPanel, buttons, figures, pairs
from ui.printers import OTHER
from ui.workers.runner import Runner
from ui.workers.topic import Topic


def events_body(seat: Seat, runner: Runner) -> ListBody[EventRow]:
    """The list of events."""
    body: ListBody[EventRow] = ListBody(EVENTS.face, event_list, seat, runner, hint="活动、地点")
    body.empty = ("calendar", "还没有活动", "建一个活动，按筛选邀请住户，印邀请函和签到表。", ())
    return body


class EventsPart(QObject):
    """What the page does about events."""

    def __init__(self, page: ListPage, panel: DetailPanel) -> None:
        super().__init__(page)
        self.page, self.panel = page, panel
        self.found: EventFile | None = None
        self._panel_topic, self._topic, self._end_topic = Topic(), Topic(), Topic()
        self._may = page.seat.may("import_register")

    def show(self, row: EventRow) -> None:
        """The head at once, the counts when they are read."""
        self.found = None
        state = state_of(EVENTS.face.column("state"), row.state)
        self.panel.show_head(
            row.title, f"{row.on} {row.begins or ''} {row.place or ''}".strip(),
            (state.tone, state.word, state.icon) if state else None,
        )  # fmt: skip
        seat = self.page.seat
        self.page.run(
            lambda _: events.show(seat, row.number),
            topic=self._panel_topic,
            done=self._show,
            failed=self.panel.message.tell,
        )

    def _show(self, found: EventFile) -> None:
        self.found = found
        self.panel.message.clear()
        body, form, counts = self.panel.tab(0), found.form, found.counts
        body.addWidget(
            figures(
                (("已请", str(counts.invited), ""), ("会来", str(counts.coming), ""), ("到场", str(counts.came), ""))
            )
        )
        answers = f"{counts.houses} 户；回复会来 {counts.yes} 位，不来 {counts.no} 位，未定 {counts.maybe} 位"
        body.addWidget(
            pairs(
                (
                    ("编号", found.number),
                    ("时间", f"{form.on} {form.begins}".strip()),
                    ("地点", form.place),
                    ("名额", f"{form.capacity} 人" if form.capacity else "不限"),
                    ("邀请", answers if counts.invited else "还没有请人"),
                    ("邀请函", form.note),
                    *((("取消原因", found.reason),) if found.reason else ()),
                )
            )
        )
        for made in self._buttons(found):
            body.addWidget(buttons(*made))
        if found.state == "planned" and not counts.invited:
            body.addWidget(text("在“住户”里先筛选，再用“更多”里的“邀请到活动…”，也能请。", "third", wrap=True))
        body.addStretch(1)

    def _buttons(self, found: EventFile) -> list[list[QWidget]]:
        planned, invited = found.state == "planned" and self._may, found.counts.invited > 0
        rows: list[list[QWidget]] = [[], [], []]
        if planned:
            rows[0].append(self._button("邀请住户…", self.invite))
        if invited or planned:
            rows[0].append(self._button("来宾和签到…", self.desk))
        if invited:
            if found.state != "cancelled":
                rows[1].append(self._button("印邀请函", lambda: self.print("slips")))
            rows[1].append(self._button("印签到表", lambda: self.print("sheet")))
        if planned:
            rows[2].append(self._button("修改…", lambda: self._follow(ChangeEvent(self.page, found))))
            rows[2].append(self._button("办完了…", self.end))
            rows[2].append(self._button("取消活动…", lambda: self._follow(CancelEvent(self.page, found))))
        return [row for row in rows if row]

    def _button(self, words: str, do: Any) -> HintButton:
        made = HintButton(words, small=True)
        made.clicked.connect(lambda: do())
        return made

    def _follow(self, dialog: Dialog) -> None:
        dialog.landed.connect(self.page.landed)

    # acts

    def new(self) -> NewEvent:
        """The form of a new event."""
        dialog = NewEvent(self.page)
        self._follow(dialog)
        return dialog

    def invite(self) -> None:
        """Ask whom to invite; what is saved of the list of residents can be chosen."""
        found, seat = self.found, self.page.seat
        if found is None:
            return

        def ask(saved: tuple[Saved, ...]) -> None:
            self._follow(InviteGroup(self.page, found, saved))

        self.page.run(lambda _: segments.listing(seat, RESIDENTS.name), topic=self._topic, done=ask)

    def invite_listed(self, query: Query, listed: int, chosen: tuple[int, ...]) -> None:
        """Invite whom the list of residents shows now; the events that there are are read first."""
        seat = self.page.seat

        def ask(planned: tuple[EventFile, ...]) -> None:
            if planned:
                self._follow(InviteListed(self.page, planned, query, listed, chosen))
            else:
                self.page.message.say("info", "没有筹备中的活动。", "先在“活动”里建一个。")

        self.page.run(lambda _: events.planned(seat), topic=self._topic, done=ask)

    def desk(self) -> GuestDesk | None:
        """The guests, found and signed in."""
        found = self.found
        if found is None:
            return None
        desk = GuestDesk(self.page, found)
        desk.closed.connect(self.page.reload)
        desk.uninvited.connect(lambda: self._walk_in(found))
        return desk

    def _walk_in(self, found: EventFile) -> None:
        self._follow(WalkIn(self.page, found))

    def end(self) -> None:
        """Ask whether it is over."""
        found = self.found
        if found is None:
            return
        said = f"到场 {found.counts.came} 人。结束后不能再签到。"
        asked = Confirm(
            self.page.area, f"“{found.form.title}”办完了？", said, "结束活动", "再等等", danger=False
        )  # fmt: skip
        asked.answered.connect(lambda yes: self._end(found) if yes else None)

    def _end(self, found: EventFile) -> None:
        seat = self.page.seat

        def said(done: EventAnswer) -> None:
            self.page.landed(f"活动“{done.title}”已结束，到场 {done.counts.came} 人。")

        self.page.run(
            lambda _: events.end(seat, found.number), topic=self._end_topic, done=said, writes=True, what="结束活动"
        )

    def print(self, what: str) -> None:
        """The slips or the sheet, shown in the preview."""
        found, seat = self.found, self.page.seat
        if found is None:
            return
        make = event_papers.invitations if what == "slips" else event_papers.sign_in_sheet

        def done(made: EventPapers) -> None:
            self.page.message.say("ok", f"“{made.title}”{made.papers} 份，{made.pages} 页。" + "".join(made.warnings))
            self.page.show_paper(made.file, OTHER)

        self.page.run(lambda _: make(seat, found.number), topic=self._end_topic, done=done, writes=True, what="打印")
