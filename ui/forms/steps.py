"""The bar over a guided path: numbered steps, the present one strong, those behind ticked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.icons import paint
from ui.theme import look

_EDGE, _GAP, _LINE = 22, 8, 28


class Steps(QWidget):
    """`titles` in order; `now` counts from 0."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self.titles, self.now = tuple(titles), 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.go(0)

    def go(self, now: int) -> None:
        """Stand at a step; behind the last one everything is done."""
        self.now, n = now, len(self.titles)
        self.setAccessibleName(f"第 {now + 1} 步，共 {n} 步：{self.titles[now]}" if now < n else "都完成了")
        self.update()

    def _width(self, title: str) -> int:
        return QFontMetrics(look().font("small", bold=True)).horizontalAdvance(title)

    def _whole(self, titles: Sequence[str]) -> int:
        """The width with these titles written out."""
        n = len(self.titles)
        texts = sum(self._width(title) + look().px(_GAP) for title in titles)
        return texts + n * look().px(_EDGE) + (n - 1) * look().px(_LINE + 2 * _GAP) + 2

    def sizeHint(self) -> QSize:
        """All steps beside one another."""
        return QSize(self._whole(self.titles), look().px(_EDGE + 4))

    def minimumSizeHint(self) -> QSize:
        """Where there is no room, only the present step is written out."""
        widest = max(self.titles, key=self._width)
        return QSize(self._whole((widest,)), look().px(_EDGE + 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Circles, titles, and a line between two."""
        painter, seen = QPainter(self), look()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, middle, edge = 1.0, self.height() / 2, seen.px(_EDGE)
        brief = self.width() < self._whole(self.titles)
        for place, title in enumerate(self.titles):
            self._circle(painter, QRectF(left, middle - edge / 2, edge, edge), place)
            left += edge + seen.px(_GAP)
            if place == self.now or not brief:
                painter.setFont(seen.font("small", bold=place == self.now))
                painter.setPen(seen.colour("text" if place == self.now else "third"))
                width = self._width(title)
                painter.drawText(QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, title)
                left += width + seen.px(_GAP)
            if place + 1 < len(self.titles):
                painter.setPen(QPen(seen.colour("border"), 1))
                painter.drawLine(int(left), int(middle), int(left) + seen.px(_LINE), int(middle))
                left += seen.px(_LINE + _GAP)
        painter.end()

    def _circle(self, painter: QPainter, box: QRectF, place: int) -> None:
        seen = look()
        done, now = place < self.now, place == self.now
        painter.setPen(QPen(seen.colour("accent" if now or done else "border"), 1))
        painter.setBrush(seen.colour("accent" if now else "accent_tint" if done else "surface"))
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        if done:
            side = seen.px(12)
            paint(
                painter, QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side), "check", "accent"
            )
            return
        painter.setFont(seen.font("small", bold=True))
        painter.setPen(seen.colour("on_accent" if now else "third"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(place + 1))
