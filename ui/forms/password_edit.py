"""A line edit for a password."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from ui.forms.parts import IconButton
from ui.theme import look


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
        self.addAction(self._eye)
        # The button Qt itself puts into a line edit keeps its 16 px whatever the font scale is.
        self._button = IconButton("eye", "显示密码")
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self._eye.toggle)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 2, 0)
        row.addStretch(1)
        row.addWidget(self._button)
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
        self._button.show_icon("eye_off" if shown else "eye")
        for told in (self._button.setToolTip, self._button.setAccessibleName):
            told("隐藏密码" if shown else "显示密码")
        self.setTextMargins(0, 0, look().size("chip") - look().px(6), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter whose case does not agree with Shift tells of caps lock."""
        letter = event.text()
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.emit(letter.isupper() != shifted)
        super().keyPressEvent(event)
