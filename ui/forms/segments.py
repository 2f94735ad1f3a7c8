"""A few words side by side of which one is chosen: how a page is looked at, or one of a handful of options."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget


class WordChip(QToolButton):
    """A word that can be chosen, with room for its semibold when it is."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.setCheckable(True)
        self.setText(word)

    def sizeHint(self) -> QSize:
        """The style counts with the plain word."""
        hint, bold = super().sizeHint(), self.font()
        bold.setBold(True)
        wider = QFontMetrics(bold).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
        return QSize(hint.width() + max(0, wider), hint.height())


def chip(word: str, *, on: bool = False) -> QToolButton:
    """One of the words; its group is the caller's."""
    made = WordChip(word)
    made.setChecked(on)
    return made


class Segments(QWidget):
    """`chosen` carries the place that hands chose."""

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(4)
        for place, title in enumerate(titles):
            button = chip(title, on=place == 0)
            self._group.addButton(button, place)
            row.addWidget(button)
        self._group.idClicked.connect(self.chosen)

    def put(self, place: int) -> None:
        """Another one is chosen; the focus goes with it where it is among them."""
        if (button := self._group.button(place)) is not None:
            focused = any(each.hasFocus() for each in self._group.buttons())
            button.setChecked(True)
            if focused:
                button.setFocus()
