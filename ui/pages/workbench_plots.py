"""The workbench's plots, painted over the tokens: the collection rate by month, what came in by day."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.money import yuan
from app.services.workbench import BuildingRate, Rated, Taken
from ui.theme import look

MIDDLE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Plot(QWidget):
    """Points side by side with a keyboard cursor: ←→ move and say the point, Enter or a click opens it."""

    opened = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._words = name, tuple[str, ...]()
        self.at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look().changed.connect(self.update)

    def say(self, words: Sequence[str]) -> None:
        """What each point is, in words."""
        self._words = tuple(words)
        self.at = max(0, len(words) - 1)
        self.setAccessibleName(f"{self._name}：{'，'.join(words) or '还没有'}")
        self._tell()

    def _tell(self) -> None:
        said = self._words[self.at] if self._words else ""
        self.setAccessibleDescription(said)
        self.setToolTip(said)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Enough for the figures."""
        return QSize(look().px(240), look().px(120))

    def sizeHint(self) -> QSize:
        """As in the picture."""
        return QSize(look().px(420), look().px(160))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→ and Enter."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and self._words:
            self.at = (self.at + step) % len(self._words)
            self._tell()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._words:
            self.opened.emit(self.at)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The point under the mouse."""
        place = self.under(event.position())
        if place is not None:
            self.at = place
            self._tell()
            self.opened.emit(self.at)

    def under(self, point: QPointF) -> int | None:
        """Which point of the plot stands there."""
        if not self._words:
            return None
        column = self.room().width() / len(self._words)
        return min(max(0, int((point.x() - self.room().left()) // column)), len(self._words) - 1)

    def room(self) -> QRectF:
        """Where the points stand: between the scale and the words below."""
        px = look().px
        return QRectF(self.rect()).adjusted(px(44), px(26), -px(14), -px(28))

    def column(self, place: int) -> QRectF:
        """The column of a point, as wide as its share."""
        room = self.room()
        width = room.width() / max(1, len(self._words))
        return QRectF(room.left() + place * width, room.top(), width, room.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The points, and a ring around the one under the cursor."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look().font("micro"))
        if self._words:
            self.draw(painter)
        else:
            painter.setPen(look().colour("third"))
            painter.drawText(self.rect(), MIDDLE, "出过账以后，这里有数字")
        if self.hasFocus() and self._words:
            painter.setPen(QPen(look().colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.ring(), 4, 4)
        painter.end()

    def ring(self) -> QRectF:
        """What the cursor's ring goes around."""
        return self.column(self.at).adjusted(1, -look().px(18), -1, look().px(24))

    def draw(self, painter: QPainter) -> None:
        """The points."""
        raise NotImplementedError

    def below(self, painter: QPainter, place: int, words: str) -> None:
        """Words below a point."""
        column = self.column(place)
        painter.setPen(look().colour("third"))
        painter.drawText(QRectF(column.left(), column.bottom() + 4, column.width(), look().px(18)), MIDDLE, words)


class RatePlot(Plot):
    """The rate of each month as a line; the running month is a hollow point beside it, not a fall."""

    def __init__(self) -> None:
        super().__init__("当期收缴率")
        self.months: tuple[Rated, ...] = ()

    def put(self, months: Sequence[Rated]) -> None:
        """Other months."""
        self.months = tuple(months)
        self.say([f"{each.month}{' 进行中' if each.running else ''} {percent(each.rate)}" for each in months])

    def _point(self, place: int) -> QPointF | None:
        rate = self.months[place].rate
        if rate is None:
            return None
        share = min(Decimal(1), max(Decimal(0), Decimal(rate) / 100))
        column = self.column(place)
        return QPointF(column.center().x(), column.bottom() - float(share) * column.height())

    def draw(self, painter: QPainter) -> None:
        """Scale, line, points."""
        room = self.room()
        shares = (0, 25, 50, 75, 100) if room.height() >= look().px(LOW) else (0, 100)
        for share in shares if room.height() >= painter.fontMetrics().height() else (0,):
            height = room.bottom() - room.height() * share / 100
            painter.setPen(QPen(look().colour("hairline"), 1))
            painter.drawLine(QPointF(room.left(), height), QPointF(room.right(), height))
            painter.setPen(look().colour("third"))
            painter.drawText(QRectF(0, height - 8, room.left() - 6, 16), RIGHT, f"{share}%")
        points = [(place, point) for place in range(len(self.months)) if (point := self._point(place)) is not None]
        ended = [point for place, point in points if not self.months[place].running]
        painter.setPen(QPen(look().colour("accent"), 2))
        painter.drawPolyline(ended)
        for place, point in points:
            self._dot(painter, place, point)
        for place, each in enumerate(self.months):
            self.below(painter, place, f"{each.month[5:]}月")

    def _dot(self, painter: QPainter, place: int, point: QPointF) -> None:
        each = self.months[place]
        last_ended = place == len(self.months) - 1 or self.months[place + 1].running
        painter.setPen(QPen(look().colour("accent"), 2))
        painter.setBrush(look().colour("surface" if each.running else "accent"))
        painter.drawEllipse(point, 4, 4)
        if last_ended:
            word = "进行中 " if each.running else ""
            box = QRectF(point.x() - look().px(70), point.y() - look().px(24), look().px(140), look().px(18))
            box.moveRight(min(box.right(), self.width() - 2))
            painter.setPen(look().colour("accent"))
            painter.drawText(box, MIDDLE, f"{word}{percent(each.rate)}")


LINE = 28
"""The height of a building's line."""
LOW = 90
"""Below this height of a plot its scale has two marks."""


class DaysPlot(Plot):
    """What came in on each of the last days as bars from zero; today's is filled."""

    def __init__(self) -> None:
        super().__init__("近 7 日实收")
        self.days: tuple[Taken, ...] = ()

    def put(self, days: Sequence[Taken]) -> None:
        """Other days."""
        self.days = tuple(days)
        self.say([f"{each.on:%m-%d} {yuan(each.fen)} 元，{each.receipts} 笔" for each in days])

    def room(self) -> QRectF:
        """Bars need no scale at their left: each has its figure."""
        return super().room().adjusted(-look().px(30), 0, 0, 0)

    def draw(self, painter: QPainter) -> None:
        """Bars, each with its figure and its day."""
        most = max((each.fen for each in self.days), default=0)
        empty = not any(each.receipts or each.fen for each in self.days)
        if empty:
            painter.setPen(look().colour("third"))
            painter.drawText(self.room(), MIDDLE, "这 7 天没有收款")
        last = len(self.days) - 1
        for place, each in enumerate(self.days):
            column = self.column(place)
            height = column.height() * max(0, each.fen) / most if most > 0 else 0.0
            width = min(column.width() * 0.6, look().px(40))
            bar = QRectF(column.center().x() - width / 2, column.bottom() - height, width, height)
            painter.fillRect(bar, look().colour("accent" if place == last else "accent_border"))
            painter.setPen(look().colour("text" if each.fen else "third"))
            figure = QRectF(column.left(), bar.top() - look().px(19), column.width(), look().px(18))
            painter.drawText(figure, MIDDLE, "" if empty else thousands(each.fen))
            self.below(painter, place, "今天" if place == last else f"{each.on:%m-%d}")
        floor = self.room().bottom()
        painter.setPen(QPen(look().colour("border"), 1))
        painter.drawLine(QPointF(self.room().left(), floor), QPointF(self.room().right(), floor))


ACROSS, MOST_BUILDINGS = 3, 9
"""Buildings beside one another; of more than so many those with the lowest rates are shown."""


class BuildingsPlot(Plot):
    """A bar for the rate of each building, three in a row; the lowest in the colour of a warning."""

    def __init__(self) -> None:
        super().__init__("各楼栋当期收缴率")
        self.buildings: tuple[BuildingRate, ...] = ()

    def put(self, buildings: Sequence[BuildingRate]) -> None:
        """Other buildings."""
        lowest = sorted(buildings, key=lambda each: Decimal(each.rate or 0))[:MOST_BUILDINGS]
        self.buildings = tuple(each for each in buildings if each in lowest)
        self.say([f"{each.label} {percent(each.rate)}" for each in self.buildings])
        self.at = 0
        self._tell()
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """A line for every three."""
        lines = max(1, -(-len(self.buildings) // ACROSS))
        return QSize(look().px(420), look().px(LINE * lines + 16))

    def sizeHint(self) -> QSize:
        """No more than that."""
        return self.minimumSizeHint()

    def column(self, place: int) -> QRectF:
        """The cell of a building."""
        px = look().px
        width = (self.width() - 2 * px(14)) / ACROSS
        return QRectF(px(14) + place % ACROSS * width, px(8) + place // ACROSS * px(LINE), width, px(LINE))

    def under(self, point: QPointF) -> int | None:
        """The building whose cell it is."""
        return next((at for at in range(len(self.buildings)) if self.column(at).contains(point)), None)

    def ring(self) -> QRectF:
        """The cell."""
        return self.column(self.at).adjusted(1, 1, -1, -1)

    def draw(self, painter: QPainter) -> None:
        """Name, bar, rate."""
        px = look().px
        painter.setFont(look().font("body"))
        worst = min(self.buildings, key=lambda each: Decimal(each.rate or 0)) if len(self.buildings) > 1 else None
        for at, each in enumerate(self.buildings):
            cell = self.column(at).adjusted(px(4), 0, -px(16), 0)
            token = "warn" if each is worst and Decimal(each.rate or 0) < 100 else "accent"
            painter.setPen(look().colour("text"))
            metrics = painter.fontMetrics()
            name = QRectF(cell.left(), cell.top(), px(64), cell.height())
            painter.drawText(name, LEFT, metrics.elidedText(each.label, Qt.TextElideMode.ElideRight, px(60)))
            rate = QRectF(cell.right() - px(52), cell.top(), px(52), cell.height())
            painter.setPen(look().colour("warn" if token == "warn" else "text"))
            painter.drawText(rate, RIGHT, percent(each.rate))
            bar = QRectF(name.right(), cell.center().y() - px(3), rate.left() - name.right() - px(4), px(6))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look().colour("hairline"))
            painter.drawRoundedRect(bar, 3, 3)
            share = min(Decimal(1), max(Decimal(0), Decimal(each.rate or 0) / 100))
            bar.setWidth(bar.width() * float(share))
            painter.setBrush(look().colour(token))
            painter.drawRoundedRect(bar, 3, 3)


def percent(rate: str | None) -> str:
    """A rate with one decimal, as screens show it."""
    return "—" if rate is None else f"{Decimal(rate):.1f}%"


def thousands(fen: int) -> str:
    """Fen as thousands of yuan with one decimal and a true minus."""
    return f"{Decimal(fen) / 100_000:.1f}".replace("-", "−")
