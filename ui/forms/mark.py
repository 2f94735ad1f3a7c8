"""The product's mark."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import look


class Mark(QWidget):
    """The product's mark: 安 on the accent."""

    def __init__(self, edge: int) -> None:
        super().__init__()
        self._edge = edge
        self._size()
        look().changed.connect(self._size)

    def _size(self) -> None:
        self.setFixedSize(look().px(self._edge), look().px(self._edge))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sign in a rounded square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("accent"))
        radius = self.width() / 5
        painter.drawRoundedRect(self.rect(), radius, radius)
        font = look().font("body", bold=True)
        font.setPixelSize(round(self.width() * 0.56))
        painter.setFont(font)
        painter.setPen(look().colour("on_accent"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "安")
        painter.end()
