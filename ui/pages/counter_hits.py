"""The short list under the counter's search box when several houses are meant."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QWidget

from app.services.counter import MOST_HITS, Hit
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
        self._more = QLabel("还有更多：再写几个字，或加上楼栋", self)
        self._more.setProperty("role", "small")
        self.itemClicked.connect(lambda _: self._choose())

    def offer(self, below: QWidget, hits: Sequence[Hit]) -> None:
        """Show them below a widget, the first chosen."""
        self._back, self._hits = below, tuple(hits[:MOST_HITS])
        self.clear()
        self.addItems([f"{hit.house}　{hit.payer}" for hit in self._hits])
        place = below.mapTo(self._page, QPoint(0, below.height() + 2))
        row, more = look().size("row"), len(hits) > MOST_HITS
        self.setViewportMargins(0, 0, 0, row if more else 0)
        high = (min(len(self._hits), MOST_SHOWN) + more) * row + 8
        self.setGeometry(place.x(), place.y(), max(below.width(), look().px(300)), high)
        self._more.setGeometry(look().px(14), high - row - 4, self.width() - look().px(28), row)
        self._more.setVisible(more)
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
