"""What stands in the place of a table that has nothing to show: loading, empty, nothing found, no right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Icon, text
from ui.theme import look

Offer = tuple[str, Callable[[], object]]
"""A button: its verb and what it does."""


class Skeleton(QWidget):
    """Grey bars where rows will stand."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("正在载入")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Some rows of bars."""
        painter, seen = QPainter(self), look()
        painter.fillRect(self.rect(), seen.colour("surface"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(seen.colour("hairline"))
        height = seen.size("row")
        for row in range(min(12, self.height() // height)):
            for place, width in enumerate((90, 64, 80, 72, 96)):
                left = seen.px(44 + place * 130)
                painter.drawRoundedRect(QRectF(left, row * height + height / 2 - 4, seen.px(width), 8), 3, 3)
        painter.end()


class StatePane(QWidget):
    """An icon, a title, a sentence, and buttons that lead on."""

    def __init__(self) -> None:
        super().__init__()
        self.icon, self.title, self.said = Icon("info", "third", 40), text("", "title"), text("", "second", wrap=True)
        for label in (self.title, self.said):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.said.setFixedWidth(look().px(420))
        self._offers = QHBoxLayout()
        self._offers.setSpacing(8)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for widget in (self.icon, self.title, self.said):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addLayout(self._offers)
        column.addStretch(3)
        self._offers.setAlignment(Qt.AlignmentFlag.AlignHCenter)

    def say(self, icon: str, title: str, said: str, offers: Sequence[Offer] = ()) -> None:
        """Another state."""
        self.icon.show_icon(icon, "third")
        self.title.setText(title)
        self.said.setText(said)
        self.setAccessibleName(f"{title}。{said}")
        while self._offers.count():
            item = self._offers.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for place, (verb, do) in enumerate(offers):
            button = HintButton(verb, weight=Weight.PRIMARY if place == 0 else Weight.SECONDARY)
            button.clicked.connect(lambda *_, do=do: do())
            self._offers.addWidget(button)
