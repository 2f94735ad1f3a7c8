"""The ages of what is owed as one bar of eight parts; a click asks the list for the houses of a part."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.ageing import BUCKET_TITLES, BUCKETS
from app.domain.money import yuan
from ui.theme import look, tokens

HATCHED = {"y2_3": Qt.BrushStyle.BDiagPattern, "y3_plus": Qt.BrushStyle.DiagCrossPattern}
BAR, SIDE, LEGEND, TOTAL = 18, 14, 58, 120


class AgeBar(QWidget):
    """`chosen` carries the bucket that hands chose; ←→ move, Enter or Space chooses."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._sums: Mapping[str, int] = dict.fromkeys(BUCKETS, 0)
        self._marked: frozenset[str] = frozenset()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("点一段，只看这一段账龄的房屋")
        look().changed.connect(self.updateGeometry)
        self.show_sums(self._sums)

    def show_sums(self, sums: Mapping[str, int]) -> None:
        """Other sums, in fen."""
        self._sums = sums
        said = "，".join(f"{BUCKET_TITLES[name]} {yuan(sums[name])} 元" for name in BUCKETS if sums[name])
        self.setAccessibleName(f"账龄：{said or '没有欠费'}")
        self.update()

    def mark(self, names: tuple[str, ...]) -> None:
        """The buckets that the list is asked for."""
        self._marked = frozenset(names)
        self.update()

    def sizeHint(self) -> QSize:
        """The bar with its legend."""
        return QSize(look().px(600), look().px(2 * SIDE + BAR + LEGEND))

    def _inner(self) -> QRectF:
        side = look().px(SIDE)
        return QRectF(self.rect()).adjusted(side, side, -side, -side)

    def _columns(self) -> list[tuple[str, QRectF]]:
        inner = self._inner()
        room = inner.width() - look().px(TOTAL)
        needs = [self._need(name) for name in BUCKETS]
        alike = room / len(BUCKETS)
        # Where one legend is wider than an equal share, each takes what it needs and the spare room is shared.
        spare = max(0.0, room - sum(needs)) / len(BUCKETS)
        widths = [alike] * len(BUCKETS) if max(needs) <= alike else [need + spare for need in needs]
        found, left, top = [], inner.left(), inner.top() + look().px(BAR + 8)
        for name, width in zip(BUCKETS, widths, strict=True):
            found.append((name, QRectF(left, top, width, inner.bottom() - top)))
            left += width
        return found

    def _need(self, name: str) -> float:
        seen = look()
        title = QFontMetrics(seen.font("small")).horizontalAdvance(BUCKET_TITLES[name]) + seen.px(9 + 5)
        figure = QFontMetrics(seen.font("body", bold=True)).horizontalAdvance(yuan(self._sums[name]))
        return float(max(title, figure) + seen.px(6))

    def _parts(self) -> list[tuple[str, QRectF]]:
        inner, total = self._inner(), sum(self._sums.values())
        found, left = [], inner.left()
        for name in BUCKETS:
            width = inner.width() * self._sums[name] / total if total else 0.0
            found.append((name, QRectF(left, inner.top(), width, look().px(BAR))))
            left += width
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Card, bar, legend, total."""
        painter, seen = QPainter(self), look()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(seen.colour("accent"), 2) if self.hasFocus() else seen.colour("border"))
        painter.setBrush(seen.colour("surface"))
        radius = seen.size("radius_card")
        edge = 1 if self.hasFocus() else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), radius, radius)
        total = sum(self._sums.values())
        if not total:
            painter.setPen(seen.colour("third"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "没有欠费")
            painter.end()
            return
        for name, part in self._parts():
            self._fill(painter, part.adjusted(0, 0, -1, 0), name)
        for at, (name, column) in enumerate(self._columns()):
            self._legend(painter, name, column, total, here=self.hasFocus() and at == self._at)
        self._total(painter, total)
        painter.end()

    def _fill(self, painter: QPainter, part: QRectF, name: str) -> None:
        if part.width() < 1:
            return
        painter.fillRect(part, QColor(tokens()["ageing"][name]))
        if name in HATCHED:
            painter.fillRect(part, QBrush(QColor(255, 255, 255, 130), HATCHED[name]))

    def _legend(self, painter: QPainter, name: str, column: QRectF, total: int, *, here: bool) -> None:
        seen = look()
        if name in self._marked or here:
            painter.setPen(seen.colour("accent") if here else Qt.PenStyle.NoPen)
            painter.setBrush(seen.colour("accent_tint") if name in self._marked else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(column.adjusted(-6, -3, -6, 5), 4, 4)
        edge, line = seen.px(9), seen.px(18)
        square = QRectF(column.left(), column.top() + (line - edge) / 2, edge, edge)
        self._fill(painter, square, name)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(seen.font("small"))
        painter.setPen(seen.colour("second"))
        row = QRectF(column.left(), column.top(), column.width(), line)
        painter.drawText(row.adjusted(edge + seen.px(5), 0, 0, 0), middle, BUCKET_TITLES[name])
        painter.setFont(seen.font("body", bold=True))
        painter.setPen(seen.colour("text" if self._sums[name] else "third"))
        painter.drawText(row.translated(0, line), middle, yuan(self._sums[name]))
        painter.setFont(seen.font("micro"))
        painter.setPen(seen.colour("third"))
        permille = (1000 * self._sums[name] + total // 2) // total
        painter.drawText(row.translated(0, 2 * line), middle, f"{permille // 10}.{permille % 10}%")

    def _total(self, painter: QPainter, total: int) -> None:
        seen, inner = look(), self._inner()
        line = seen.px(20)
        row = QRectF(inner.left(), inner.top() + seen.px(BAR + 8), inner.width(), line)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(seen.font("small"))
        painter.setPen(seen.colour("second"))
        painter.drawText(row, right, "欠费合计（元）")
        painter.setFont(seen.font("title", bold=True))
        painter.setPen(seen.colour("text"))
        painter.drawText(row.translated(0, line), right, yuan(total))

    def _hit(self, at: QPointF) -> str | None:
        everywhere = [*self._parts(), *self._columns()]
        return next((name for name, box in everywhere if box.contains(at)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The part or legend under the mouse."""
        name = self._hit(event.position())
        if name is not None:
            self._at = BUCKETS.index(name)
            self.chosen.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→ and Enter."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._at = (self._at + step) % len(BUCKETS)
            self.setAccessibleDescription(BUCKET_TITLES[BUCKETS[self._at]])
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(BUCKETS[self._at])
        else:
            super().keyPressEvent(event)
