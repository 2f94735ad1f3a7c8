"""The short list under the counter's search box when several houses are meant."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QWidget

from app.services.counter import Hit
from ui.theme import look

MOST_SHOWN = 8


class HitList(QListWidget):
    """Floats over the page: ↑↓ chooses, Enter takes, Esc goes back."""

    chosen = Signal(str)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setProperty("role", "float")
        self.setAccessibleName("找到的房屋")
        self.hide()
        self._page = page
        self._back: QWidget | None = None
        self._hits: tuple[Hit, ...] = ()
        self.itemClicked.connect(lambda _: self._choose())

    def offer(self, below: QWidget, hits: Sequence[Hit]) -> None:
        """Show them below a widget, the first chosen."""
        self._back, self._hits = below, tuple(hits)
        self.clear()
        self.addItems([f"{hit.house}　{hit.payer}" for hit in hits])
        place = below.mapTo(self._page, QPoint(0, below.height() + 2))
        rows = min(len(hits), MOST_SHOWN)
        self.setGeometry(place.x(), place.y(), max(below.width(), look().px(300)), rows * look().size("row") + 8)
        self.setCurrentRow(0)
        self.show()
        self.raise_()
        self.setFocus()

    def _choose(self) -> None:
        row = self.currentRow()
        self.hide()
        if 0 <= row < len(self._hits):
            self.chosen.emit(self._hits[row].house)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes, Esc goes back to the search."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
            if self._back is not None:
                self._back.setFocus()
        else:
            super().keyPressEvent(event)
