"""The figures at the top of the workbench: which ones stand there follows from what the seat may see."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain.ageing import BUCKETS
from app.domain.money import yuan
from app.services.list_face import Query
from app.services.workbench import Figures, Overdue, Rated, Taken, Upkeep
from ui.forms.parts import Elided, restyle, text
from ui.pages.workbench_plots import percent
from ui.theme import look

TODAY = Query(filters=(("today", "1"),))
OVERDUE = Query(filters=tuple(("age", name) for name in BUCKETS[1:]))
OWING = Query(filters=(("owing", "1"),))


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure: its title, the figure, a line about it, and the pages that show its rows with their questions, the
    first that the seat finds is opened. `alarming`: it should be nothing.
    """

    title: str
    figure: str
    about: str
    opens: tuple[tuple[str, Query], ...]
    alarming: bool = False


def stats(figures: Figures) -> tuple[Stat, ...]:
    """The figures of a seat, at most four."""
    found: list[Stat] = []
    if figures.days:
        found.append(_taken(figures.days[-1]))
        if not figures.months:
            found += _drawer(figures.days[-1])
    if figures.months:
        found.append(_rate(figures.months[-1]))
    if figures.overdue is not None:
        found.append(_overdue(figures.overdue))
    if figures.upkeep is not None:
        found += _upkeep(figures.upkeep)
    elif figures.months:
        found.append(_charged(figures.months[-1]))
    return tuple(found[:4])


def _taken(today: Taken) -> Stat:
    about = f"{today.receipts} 笔 · 现金 {yuan(today.cash_fen)}"
    return Stat("今日实收（元）", yuan(today.fen), about, (("bills", TODAY),))


def _drawer(today: Taken) -> list[Stat]:
    other = today.fen - today.cash_fen
    cash = TODAY.only("method", ("cash",))
    return [
        Stat("今日收据", str(today.receipts), "全办公室，今天开出的", (("bills", TODAY),)),
        Stat("今日现金（元）", yuan(today.cash_fen), f"其他方式 {yuan(other)}", (("bills", cash),)),
    ]


def _rate(month: Rated) -> Stat:
    bills = (("bills", Query(filters=(("period", month.month),))),)
    about = f"{month.month} 应收 {yuan(month.due_fen)}"
    if month.rate is not None and month.before is not None:
        change = Decimal(month.rate) - Decimal(month.before)
        sign = "▲" if change > 0 else "▼" if change < 0 else "持平"
        about = f"较上月同日 {sign} {abs(change):.1f} 个百分点" if change else "与上月同日持平"
    return Stat("本月收缴率（当期）", percent(month.rate), about, bills)


def _charged(month: Rated) -> Stat:
    bills = (("bills", Query(filters=(("period", month.month),))),)
    return Stat("本月应收（元）", yuan(month.due_fen), f"已收 {yuan(month.collected_fen)}", bills)


def _overdue(overdue: Overdue) -> Stat:
    about = f"{overdue.houses} 户 · 其中一年以上 {yuan(overdue.old_fen)}"
    opens = (("dunning", OVERDUE), ("houses", OWING))
    return Stat("逾期欠费（元）", yuan(overdue.fen), about, opens, bool(overdue.fen))


def _upkeep(upkeep: Upkeep) -> list[Stat]:
    word = "最早一项" if upkeep.overdue or upkeep.due else "下一项"
    ahead = "没有排着的任务" if upkeep.next_on is None else f"{word} {upkeep.next_on:%m-%d} {upkeep.next_task}"

    def stat(title: str, count: int, about: str, state: str, *, alarming: bool = False) -> Stat:
        return Stat(title, str(count), about, (("equipment", Query(filters=(("state", state),))),), alarming)

    return [
        stat("维保逾期（台）", upkeep.overdue, ahead, "overdue", alarming=bool(upkeep.overdue)),
        stat("维保到期（台）", upkeep.due, "今天应做或在宽限内", "due"),
        stat("将到期（台）", upkeep.soon, "已到提前准备的日子", "soon"),
        stat("检验将到期（台）", upkeep.inspection, "30 天内，含已过期", "inspection"),
    ]


class StatCard(QFrame):
    """A figure as a card; Enter, Space or a click opens the rows that make it."""

    opened = Signal()

    def __init__(self, stat: Stat) -> None:
        super().__init__()
        self.stat = stat
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{stat.title} {stat.figure}，{stat.about}")
        self.figure = text(stat.figure, "stat")
        restyle(self.figure, "alarming", stat.alarming)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(2)
        column.addWidget(text(stat.title, "small"))
        column.addWidget(self.figure)
        column.addWidget(Elided(stat.about, "small"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click."""
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring comes."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, and a ring while the keys are here."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look().colour("accent"), 2))
            radius = look().size("radius_card")
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), radius, radius)
            painter.end()
