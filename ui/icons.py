"""Our 16 px line icons (resources/icons), recoloured from tokens at the moment they are needed."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme import drawing, look

LEVELS = {"ok": "check", "info": "info", "warn": "clock", "danger": "triangle", "neutral": "dot"}
"""The icon that goes with the word of a status."""


def _lines(name: str) -> str:
    """The drawing of an icon; what points left is what points right, turned over."""
    if name == "left":
        return drawing("right").replace("<path", '<path transform="matrix(-1 0 0 1 16 0)"')
    return drawing(name)


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_lines(name).replace("currentColor", colour).encode()))


def paint(painter: QPainter, rect: QRect | QRectF, name: str, token: str = "second") -> None:
    """Draw an icon in the colour of a token."""
    _renderer(name, look().hex(token)).render(painter, QRectF(rect))


def pixmap(name: str, token: str = "second", size: int = 16) -> QPixmap:
    """An icon as a picture, sharp at twice the size of the screen's pixels."""
    edge = look().px(size)
    picture = QPixmap(QSize(edge, edge) * 2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint(painter, QRect(QPoint(0, 0), picture.size()), name, token)
    painter.end()
    picture.setDevicePixelRatio(2)
    return picture


def icon(name: str, token: str = "second", size: int = 16) -> QIcon:
    """An icon for a widget; it keeps the colour of the theme it was made in."""
    return QIcon(pixmap(name, token, size))
