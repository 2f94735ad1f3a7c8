"""What the counter shows while no house is called up: what to type, and the houses that were here last."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListWidget, QSizePolicy, QVBoxLayout

from ui.forms.parts import Card, Icon, text
from ui.theme import look

MOST = 5
WIDTH, LOW = 260, 320


class _Houses(QListWidget):
    """A row a house: ↑↓ stands on one, Enter opens it."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "rows")
        self.setAccessibleName("最近办过的房屋")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.itemClicked.connect(lambda item: self.opened.emit(item.text()))

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(look().px(WIDTH), self.count() * look().size("row") + 4)

    def minimumSizeHint(self) -> QSize:
        """Where there is little room it scrolls."""
        return QSize(look().px(WIDTH), 2 * look().size("row"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the house one stands on."""
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(item.text())
        else:
            super().keyPressEvent(event)


class CounterStart(Card):
    """`opened` carries the number of one of the last houses."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.houses = _Houses()
        self.houses.opened.connect(self.opened)
        self.about = text("最近办过的房屋", "small")
        title = text("输入房号、姓名、电话或车牌", "title")
        column = QVBoxLayout()
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        column.addStretch(2)
        self._icon, self._how = Icon("search", "third", 40), text("回车查找；有几户时用 ↑↓ 选，再回车", "second")
        for widget in (self._icon, title, self._how):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self.about, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.houses, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.body.addLayout(column)
        self.put(())
        look().changed.connect(self._fit)

    def put(self, houses: Sequence[str]) -> None:
        """The last houses, newest first; none on the first day."""
        self.houses.clear()
        self.houses.addItems(list(houses[:MOST]))
        self.about.setVisible(bool(houses))
        self.houses.setVisible(bool(houses))
        self._fit()

    def step_in(self) -> None:
        """The focus goes to the newest of them."""
        if self.houses.count():
            self.houses.setCurrentRow(0)
            self.houses.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the houses have it."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for widget in (self._icon, self._how):
            widget.setVisible(self.height() >= look().px(LOW))
        self.houses.updateGeometry()
