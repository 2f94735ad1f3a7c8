"""Line edits that understand what hands type: numbers, days, passwords."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.domain.problem import Problem
from app.domain.typed_day import read_day
from ui.icons import icon
from ui.theme import look

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


class PasswordEdit(QLineEdit):
    """A password with an eye. `caps` says, from what is typed, whether caps lock is on."""

    caps = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._eye = QAction("显示密码", self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._show)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        look().changed.connect(self._draw)
        self._draw()

    def clear_secret(self) -> None:
        """Empty it and hide it again."""
        self.clear()
        self._eye.setChecked(False)

    def _show(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._draw()

    def _draw(self) -> None:
        shown = self._eye.isChecked()
        self._eye.setIcon(icon("eye_off" if shown else "eye"))
        self._eye.setToolTip("隐藏密码" if shown else "显示密码")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter whose case does not agree with Shift tells of caps lock."""
        letter = event.text()
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.emit(letter.isupper() != shifted)
        super().keyPressEvent(event)
