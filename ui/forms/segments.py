"""A few words side by side of which one is chosen: how a page is looked at, or one of a handful of options."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget


def chip(word: str, *, on: bool = False) -> QToolButton:
    """One of the words; its group is the caller's."""
    made = QToolButton()
    made.setText(word)
    made.setCheckable(True)
    made.setChecked(on)
    made.setProperty("role", "chip")
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
