"""来宾 of an event: found by name or house, answers noted, signed in at the door with one key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSpinBox

from app.services import events
from app.services.events import MOST_HEADS, REPLIES, SHOWN, EventAnswer, EventFile, Guest, Guests
from ui.forms.confirm import Overlay
from ui.forms.hint_button import HintButton, Weight
from ui.forms.message_bar import MessageBar
from ui.forms.parts import action, text
from ui.pages.dialog import WIDEST
from ui.pages.list_filters import SearchBox
from ui.pages.page import Page
from ui.pages.plain_table import Cell, Head, PlainTable, Status
from ui.theme import look
from ui.workers.topic import Topic

HEADS = (
    Head("房号", 110, strong=True),
    Head("姓名"),
    Head("电话", 120, gives_way=True),
    Head("回复", 80),
    Head("人数", 60, right=True),
    Head("到场", 90, centre=True),
)
HIGH = 330
CAME = Status("ok", "已签到")


def _cells(guest: Guest) -> tuple[Cell, ...]:
    heads = str(guest.heads) if guest.reply == "yes" else ""
    return guest.house, guest.name, guest.phone, REPLIES[guest.reply], heads, CAME if guest.came else ""


class GuestDesk(Overlay):
    """Enter signs in the guest that was found; a name that several have is chosen in the table first.

    `closed` is told when it is gone, `uninvited` when somebody else is at the door.
    """

    closed = Signal()
    uninvited = Signal()

    def __init__(self, page: Page, event: EventFile) -> None:
        super().__init__(page.area, WIDEST)
        self.page, self._event = page, event
        self._ask_topic, self._write_topic = Topic(), Topic()
        self.found = Guests((), 0, event.counts)
        self._asked, self._signing = "", False
        may = page.seat.may("import_register") and event.state == "planned"
        self.body.addWidget(text(f"来宾：{event.form.title}", "title", wrap=True))
        self.counted = text("", "second", wrap=True)
        self.message = MessageBar()
        self.search = SearchBox("姓名、首字母或房号")
        self.search.searched.connect(self._look)
        self.table = PlainTable("来宾", HEADS, "名单里没有这样的人。")
        self.table.setFixedHeight(look().px(HIGH))
        self.heads = QSpinBox()
        self.heads.setRange(1, MOST_HEADS)
        self.heads.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.heads.setFixedWidth(look().px(52))
        self.heads.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.heads.setAccessibleName("来几个人")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search)
        top.addWidget(self.counted, 1)
        self.body.addWidget(self.message)
        self.body.addLayout(top)
        self.body.addWidget(self.table)
        action(self, "找人", "Ctrl+F", self._to_search)
        self._buttons(may=may)
        self.setAccessibleName(f"来宾：{event.form.title}")
        self.show()
        self.raise_()
        self.search.setFocus()
        self._look("")

    def _buttons(self, *, may: bool) -> None:
        replies, foot = QHBoxLayout(), QHBoxLayout()
        closing = HintButton("", action(self, "关闭", "Esc", self.close_desk), parent=self.card)
        if may:
            replies.addWidget(text("回复", "small"))
            for place, (code, word) in enumerate((c, w) for c, w in REPLIES.items() if c != "none"):
                made = action(self, word, f"Alt+{place + 1}", partial(self.answer, code))
                replies.addWidget(HintButton("", made, small=True, parent=self.card))
                if code == "yes":
                    replies.addWidget(self.heads)
                    replies.addWidget(text("人", "small"))
            other = HintButton("没请的人…", small=True, parent=self.card)
            other.clicked.connect(self._uninvited)
            replies.addStretch(1)
            replies.addWidget(other)
            self.foot.addLayout(replies)
        foot.addStretch(1)
        foot.addWidget(closing)
        if may:
            undo = action(self, "撤销签到", "Ctrl+Backspace", lambda: self.sign(came=False))
            self.signing = action(self, "签到", "Return", self.enter)
            foot.addWidget(HintButton("", undo, parent=self.card))
            foot.addWidget(HintButton("", self.signing, Weight.PRIMARY, parent=self.card))
        self.foot.addLayout(foot)

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def close_desk(self) -> None:
        """Away; the list behind shows the new counts."""
        self.finish()
        self.closed.emit()

    def _uninvited(self) -> None:
        self.finish()
        self.uninvited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓ goes from the box into the table; no other key reaches the page below."""
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.table.setFocus()
        event.accept()

    # the guests

    def _look(self, words: str) -> None:
        self._asked = words
        seat, number = self.page.seat, self._event.number

        def done(found: Guests) -> None:
            if shiboken6.isValid(self) and words == self._asked:
                self._show(found)

        self.page.run(lambda _: events.guests(seat, number, words), topic=self._ask_topic, done=done, failed=self._tell)

    def _tell(self, error: Exception) -> None:
        self._signing = False
        if shiboken6.isValid(self):
            self.message.tell(error)

    def _show(self, found: Guests) -> None:
        now = self.guest
        self.found = found
        self.table.put([_cells(guest) for guest in found.rows])
        there = [at for at, guest in enumerate(found.rows) if now is not None and guest.person == now.person]
        if found.rows:
            self.table.selectRow(there[0] if there else 0)
        self._say()
        if self._signing:
            self._signing = False
            if len(found.rows) == 1:
                self.sign()
            elif found.rows:
                self.message.say("info", f"有 {found.found} 位，用 ↓ 选一位再按 Enter。")
                self.table.setFocus()

    def _say(self) -> None:
        counts, capacity = self.found.counts, self._event.form.capacity
        room = f"（名额 {capacity}）" if capacity else ""
        said = f"已请 {counts.invited} 人{room}，会来 {counts.coming} 人，到场 {counts.came} 人"
        if self.found.found > SHOWN:
            said += f"；先列前 {SHOWN} 位，共 {self.found.found}"
        self.counted.setText(said)

    @property
    def guest(self) -> Guest | None:
        """The guest of the current row."""
        return self.table.chosen(self.found.rows)

    # what is noted

    def enter(self) -> None:
        """Sign in whom the words find; what was typed a moment ago is looked for first."""
        if self.search.text() != self._asked:
            self._signing = True
            self._look(self.search.text())
        elif self.search.hasFocus() and len(self.found.rows) > 1:
            self.message.say("info", f"有 {self.found.found} 位，用 ↓ 选一位再按 Enter。")
            self.table.setFocus()
        else:
            self.sign()

    def sign(self, *, came: bool = True) -> None:
        """The guest of the current row is here, or is not after all."""
        guest = self.guest
        if guest is None:
            self.message.say("info", "先找到这个人。", "名单里没有的，用“没请的人…”。")
            return
        if came and guest.came:
            self.message.say("info", f"{guest.name} 已经签过到。")
            self._to_search()
            return
        seat, number, key = self.page.seat, self._event.number, str(uuid4())

        def attend() -> EventAnswer:
            with seat.once(key):
                return events.attend(seat, number, guest.person, came=came)

        said = f"{guest.house} {guest.name} " + ("已签到。" if came else "的签到已撤销。")
        self._write(attend, said, "签到")

    def answer(self, code: str) -> None:
        """What the guest of the current row answered."""
        guest = self.guest
        if guest is None:
            self.message.say("info", "先选一位。")
            return
        seat, number, key, heads = self.page.seat, self._event.number, str(uuid4()), self.heads.value()

        def reply() -> EventAnswer:
            with seat.once(key):
                return events.reply(seat, number, guest.person, code, heads)

        said = f"{guest.house} {guest.name}：{REPLIES[code]}" + (f" {heads} 人。" if code == "yes" else "。")
        self._write(reply, said, "记下回复")

    def _write(self, work: Callable[[], EventAnswer], said: str, what: str) -> None:
        def done(answer: EventAnswer) -> None:
            if not shiboken6.isValid(self):
                return
            self.message.say("warn" if answer.warnings else "ok", said + "".join(answer.warnings))
            self.heads.setValue(1)
            self._to_search()
            self._look(self._asked)

        self.page.run(lambda _: work(), topic=self._write_topic, done=done, failed=self._tell, writes=True, what=what)
