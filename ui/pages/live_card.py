"""What a form comes to while hands type: asked of the service shortly after each change, said in two lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout

from ui.forms.parts import text
from ui.pages.dialog import Dialog
from ui.workers.runner import sentence
from ui.workers.topic import Topic

_WAIT_MS = 250
T = TypeVar("T")


class LiveCard(QFrame, Generic[T]):
    """`ask` gives the service's call for what stands in the form, None while that is not whole; `say` its two lines.

    It stands above the dialog's foot. `answer` is the last answer for what stands there, None while it is awaited.
    """

    def __init__(
        self,
        dialog: Dialog,
        ask: Callable[[], Callable[[], T] | None],
        say: Callable[[T], tuple[str, str]],
        empty: str,
    ) -> None:
        super().__init__()
        self.setProperty("role", "well")
        self._dialog, self._ask, self._say, self._empty, self._topic = dialog, ask, say, empty, Topic()
        self.answer: T | None = None
        self.one, self.more = text("", "strong", wrap=True), text("", "second", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        column.addWidget(self.one)
        column.addWidget(self.more)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self.look)
        for box in dialog.form.boxes.values():
            box.typed.connect(self.again)
        dialog.body.insertWidget(dialog.body.indexOf(dialog.form), self)
        self.look()

    def again(self) -> None:
        """Something was typed: look shortly."""
        self.answer = None
        self._timer.start()

    def look(self) -> None:
        """Ask now."""
        wanted = self._ask()
        if wanted is None:
            self._put(self._empty, "")
            return
        call = wanted
        self._dialog.page.run(
            lambda _: call(), topic=self._topic, done=self._show,
            failed=lambda error: self._put(sentence(error), ""),
        )  # fmt: skip

    def _show(self, answer: T) -> None:
        self.answer = answer
        self._put(*self._say(answer))

    def _put(self, one: str, more: str) -> None:
        self.one.setText(one)
        self.more.setText(more)
        self.more.setVisible(bool(more))
