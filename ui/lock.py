"""The lock cover: nothing of the page is seen, what was typed there stays, work that was begun goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.services.progress import Progress
from app.services.refused import CannotOpen
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Icon, Wide, action, centred, restyle, text
from ui.forms.password_edit import PasswordEdit
from ui.pages.login import wait_of, wrong_text
from ui.workers.runner import Runner, sentence
from ui.workers.topic import Topic

if TYPE_CHECKING:
    from app.services.seat import Seat


class LockCover(QWidget):
    """Asks for the password of who sits here. `opened` when it was right; `leave` asks to log out instead."""

    opened = Signal()
    leave = Signal()

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._runner, self._topic = runner, Topic()
        self._seat: Seat | None = None
        self._busy, self._left = False, 0
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self.password = PasswordEdit()
        self.password.setAccessibleName("密码")
        self._title, self._estate = text("", "title"), text("", "second")
        self.wrong, self.caps = text("", "error", wrap=True), text("", "warned")
        self.enter = action(self, "解锁", "Return", self.submit)
        self._build()
        self.password.caps.connect(self._show_caps)

    def _build(self) -> None:
        card = Wide(380, "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Icon("lock", "accent", 20))
        head.addWidget(self._title, 1)
        column.addLayout(head)
        column.addWidget(self._estate)
        column.addSpacing(10)
        column.addWidget(text("密码", "small"))
        column.addWidget(self.password)
        column.addWidget(self.wrong)
        column.addWidget(self.caps)
        column.addSpacing(6)
        button = HintButton("", self.enter, Weight.PRIMARY)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column.addWidget(button)
        other = HintButton("换用户", weight=Weight.LINK, small=True)
        other.clicked.connect(self.leave)
        row = QHBoxLayout()
        row.addWidget(text("没存的内容都在，后台的工作照常进行。", "third"), 1)
        row.addWidget(other)
        column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(centred(card))
        outer.addStretch(3)
        QWidget.setTabOrder(self.password, button)

    def cover(self, seat: Seat, name: str, estate: str) -> None:
        """Begin to cover this seat."""
        self._seat = seat
        self._title.setText(f"已锁定：{name}")
        self._estate.setText(estate)
        self._left = 0
        self._quiet()
        self.password.clear_secret()

    def say(self, words: str) -> None:
        """Why something else cannot be done now."""
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))

    def _show_caps(self, on: bool) -> None:
        self.caps.setText("大写锁定已打开" if on else "")
        self.caps.setVisible(on)

    def submit(self) -> None:
        """Try the password."""
        seat, password = self._seat, self.password.text()
        if seat is None or self._busy or self._left:
            return
        if not password:
            self.say("请输入密码。")
            return
        self._busy = True
        self._quiet()

        def work(_: Progress) -> None:
            from app.services import entrance

            entrance.unlock_seat(seat, password)

        self._runner.run(self, self._topic, work, done=self._done, failed=self._refused, writes=True)

    def _done(self, _: None) -> None:
        self._busy = False
        self.password.clear_secret()
        self._quiet()
        self.opened.emit()

    def _refused(self, error: Exception) -> None:
        self._busy = False
        wait = wait_of(error)
        if wait is None:
            self.say(error.problem.text if isinstance(error, CannotOpen) else sentence(error))
            return
        self._left = wait
        if wait:
            self._clock.start()
        self.say(wrong_text(wait))
        restyle(self.password, "wrong", True)
        self.password.setFocus()
        self.password.selectAll()

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self.say(wrong_text(self._left))
        if not self._left:
            self._clock.stop()

    def _quiet(self) -> None:
        self._clock.stop()
        self.say("")
        self._show_caps(False)
        restyle(self.password, "wrong", False)
