"""Line edits that understand what hands type: numbers and days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.domain.problem import Problem
from app.domain.typed_day import read_day

_FULL_WIDTH = {ord("０") + n: str(n) for n in range(10)} | {
    ord("。"): ".",
    ord("．"): ".",
    ord("，"): ",",
    ord("－"): "-",
    ord("−"): "-",
}
_DROPPED = {ord(sign): None for sign in "¥￥ 　\u00a0"}


class NumberEdit(QLineEdit):
    """A figure: no input method, right-aligned; full-width digits, `。`, `，` become plain at once, `¥` and blanks when
    it is left.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.textEdited.connect(self._plain)

    def _plain(self, typed: str) -> None:
        plain = typed.translate(_FULL_WIDTH)
        if plain != typed:
            at = self.cursorPosition()
            self.setText(plain)
            # Hands typed it, whoever wrote it: a grid must not put back what it knows.
            self.setModified(True)
            self.setCursorPosition(at)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Drop what is no figure."""
        plain = self.text().translate(_DROPPED)
        if plain != self.text():
            self.setText(plain)
        super().focusOutEvent(event)


class DayEdit(QLineEdit):
    """A day: `0706`, `7-6`, `2026.7.6` are understood when it is left; ↑↓ changes a day."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setPlaceholderText("年-月-日")

    def day(self) -> date | None:
        """The typed day; None where it is empty. Raises Problem."""
        return read_day(self.text(), self._today()) if self.text().strip() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A day more, a day less."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None or event.modifiers() != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
            return
        try:
            moved = (self.day() or self._today() - timedelta(days=step)) + timedelta(days=step)
        except (Problem, OverflowError):
            return
        self.setText(moved.isoformat())
        self.textEdited.emit(self.text())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Write it out."""
        try:
            found = self.day()
        except Problem:
            found = None
        if found is not None and self.text() != found.isoformat():
            self.setText(found.isoformat())
        super().focusOutEvent(event)
