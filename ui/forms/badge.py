"""A status: icon and word on a tint. Colour alone never carries meaning."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPixmap, QPixmapCache
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.icons import LEVELS, paint
from ui.theme import look

_ICON, _SIDE, _GAP = 12, 6, 4


def badge_size(word: str) -> QSize:
    """How much room a badge takes."""
    width = QFontMetrics(look().font("small")).horizontalAdvance(word)
    return QSize(width + look().px(_ICON + 2 * _SIDE + _GAP), look().size("badge"))


def paint_badge(painter: QPainter, at: QPoint, level: str, word: str, icon: str = "") -> None:
    """Draw a badge with its left top corner at a point. `level`: ok, info, warn, danger, neutral."""
    sharp = painter.device().devicePixelRatioF()
    # A list draws the same few badges hundreds of times a page: each is drawn once and kept.
    kept = f"badge {look().theme} {look().scale} {sharp} {level} {icon} {word}"
    picture = QPixmap()
    if not QPixmapCache.find(kept, picture):
        picture = _picture(level, word, icon, sharp)
        QPixmapCache.insert(kept, picture)
    painter.drawPixmap(at, picture)


def _picture(level: str, word: str, icon: str, sharp: float) -> QPixmap:
    size = badge_size(word)
    token = "accent" if level == "info" else level
    picture = QPixmap(ceil(size.width() * sharp), ceil(size.height() * sharp))
    picture.setDevicePixelRatio(sharp)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    box = QRectF(0, 0, size.width(), size.height())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look().colour(f"{token}_tint"))
    radius = look().size("radius_badge")
    painter.drawRoundedRect(box, radius, radius)
    edge = look().px(_ICON)
    left = box.left() + look().px(_SIDE)
    paint(painter, QRectF(left, box.center().y() - edge / 2, edge, edge), icon or LEVELS[level], token)
    painter.setFont(look().font("small"))
    painter.setPen(look().colour(token))
    painter.drawText(box.adjusted(look().px(_SIDE + _ICON + _GAP), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)
    painter.end()
    return picture


class Badge(QWidget):
    """The same as a widget; a reader reads its word."""

    def __init__(self, level: str, word: str, icon: str = "") -> None:
        super().__init__()
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(level, word)
        look().changed.connect(self.updateGeometry)

    def say(self, level: str, word: str, icon: str | None = None) -> None:
        """Another status; with its sign where that is not the level's own."""
        self.level, self.word = level, word
        self._icon = self._icon if icon is None else icon
        self.setAccessibleName(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Icon and word."""
        return badge_size(self.word)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon and word on the tint."""
        painter = QPainter(self)
        paint_badge(painter, QPoint(0, 0), self.level, self.word, self._icon)
        painter.end()
