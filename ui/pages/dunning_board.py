"""催缴阶梯: four columns of cards, one a paper. A card moves by what is recorded about it, never by dragging."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.money import yuan
from app.services.dun_board import CARD_STATES, Board, Card, Rung
from app.services.dun_contacts import HOLDS
from app.services.dun_todo import LIMIT_STATES
from app.services.list_face import State
from ui.forms.badge import badge_size, paint_badge
from ui.forms.parts import text
from ui.theme import look

Index = QModelIndex | QPersistentModelIndex
CARD = int(Qt.ItemDataRole.UserRole) + 1
SIDE, GAP, HIGH, BAR = 8, 8, 84, 3
_STATES = {state.code: state for state in CARD_STATES}
_LIMITS = {state.code: state for state in LIMIT_STATES}


def state_words(card: Card) -> str:
    """What the badge of a card says: the state with its day, or why it is held."""
    word = _STATES[card.state].word
    if card.held:
        return f"{word}：{HOLDS[card.held]}"
    return f"{word} {card.on:%m-%d}" if card.on is not None and card.state != "due" else word


def _spoken(card: Card) -> str:
    limit = f"，{_LIMITS[card.limit].word}" if card.limit else ""
    return (
        f"{card.house} {card.payer}，逾期本金 {yuan(card.owed_fen)} 元，逾期 {card.days} 天，{state_words(card)}{limit}"
    )


class _Cards(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: tuple[Card, ...] = ()

    def put(self, cards: Sequence[Card]) -> None:
        self.beginResetModel()
        self.cards = tuple(cards)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        card = self.cards[index.row()]
        if role == CARD:
            return card
        spoken = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        return _spoken(card) if role in spoken else None


class CardDelegate(QStyledItemDelegate):
    """House and owner; overdue principal and days; the state on its tint, and how near the end of limitation is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All cards are alike."""
        return QSize(look().px(120), look().px(HIGH + GAP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One card."""
        card: Card = index.data(CARD)
        seen = look()
        box = QRectF(option.rect.adjusted(seen.px(SIDE), 0, -seen.px(SIDE), -seen.px(GAP)))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = selected and option.widget is not None and option.widget.hasFocus()
        edge = seen.colour("accent" if selected else "border")
        painter.setPen(QPen(edge, 2 if focused else 1))
        painter.setBrush(seen.colour("row_selected" if selected else "surface"))
        within = 1 if focused else 0.5
        painter.drawRoundedRect(box.adjusted(within, within, -within, -within), 6, 6)
        if selected:
            bar = QRectF(box.left() + 1, box.top() + 7, seen.px(BAR), box.height() - 14)
            painter.fillRect(bar, seen.colour("accent"))
        self._words(painter, box.toRect().adjusted(seen.px(10), seen.px(7), -seen.px(9), -seen.px(7)), card)
        painter.restore()

    def _words(self, painter: QPainter, inner: QRect, card: Card) -> None:
        seen = look()
        line = seen.px(22)
        row = QRect(inner.left(), inner.top(), inner.width(), line)
        left = _put(painter, row, card.house, "body", "text", bold=True)
        _put(painter, row.adjusted(left + seen.px(6), 0, 0, 0), card.payer, "body", "second")
        row.translate(0, line)
        days = f"逾期 {card.days} 天"
        room = QFontMetrics(seen.font("small")).horizontalAdvance(days)
        _put(painter, row.adjusted(0, 0, -room, 0), yuan(card.owed_fen), "body", "text", bold=True)
        painter.setFont(seen.font("small"))
        painter.setPen(seen.colour("second"))
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, days)
        self._badges(painter, QPoint(inner.left(), row.bottom() + seen.px(3)), inner.right(), card)

    def _badges(self, painter: QPainter, at: QPoint, right: int, card: Card) -> None:
        state, limit = _STATES[card.state], _LIMITS.get(card.limit or "")
        shown = [State(state.code, state_words(card), state.tone, state.icon)]
        if limit is not None:
            shown.append(limit)
        for each in shown:
            if at.x() + badge_size(each.word).width() > right and each is not shown[0]:
                return
            paint_badge(painter, at, each.tone, each.word, each.icon)
            at = at + QPoint(badge_size(each.word).width() + look().px(6), 0)


def _put(painter: QPainter, row: QRect, words: str, style: str, token: str, *, bold: bool = False) -> int:
    """Words at the left of a row, ending in … where there is no room; gives how wide they are."""
    painter.setFont(look().font(style, bold=bold))
    painter.setPen(look().colour(token))
    cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, row.width())
    painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
    return painter.fontMetrics().horizontalAdvance(cut)


class LaneView(QListView):
    """The cards of one column; ←→ go to the column beside it."""

    sideways = Signal(int)
    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.cards = _Cards(self)
        self.setModel(self.cards)
        self.setItemDelegate(CardDelegate(self))
        self.setProperty("role", "lane")
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(False)
        self.doubleClicked.connect(lambda _: self.opened.emit())

    @property
    def card(self) -> Card | None:
        """The current card of this column."""
        row = self.currentIndex().row()
        return self.cards.cards[row] if 0 <= row < len(self.cards.cards) else None

    def go(self, row: int) -> None:
        """Make a card the current one."""
        self.setCurrentIndex(self.cards.index(min(row, len(self.cards.cards) - 1), 0))

    def leave(self) -> None:
        """No card of this column is the current one."""
        self.selectionModel().clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→ across the columns, Enter opens."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is not None and not event.modifiers():
            self.sideways.emit(by)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached by Tab, a column without a current card takes its first; Qt would take it at any focus."""
        QWidget.focusInEvent(self, event)
        self.viewport().update()
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason) and self.card is None:
            self.go(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cards, or that there are none."""
        super().paintEvent(event)
        if not self.cards.cards:
            painter = QPainter(self.viewport())
            painter.setPen(look().colour("third"))
            painter.setFont(look().font("small"))
            top = self.viewport().rect().adjusted(0, look().px(16), 0, 0)
            painter.drawText(top, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, "没有")
            painter.end()


class Lane(QFrame):
    """A column: the paper, how many stand there, from which day it is sent and the sum; below it the cards."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "lane")
        self.title, self.count = text("", "strong"), text("", "second")
        self.about, self.sum = text("", "small"), text("", "small")
        self.view = LaneView()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(2)
        column.addLayout(_line(self.title, self.count))
        column.addLayout(_line(self.about, self.sum))
        column.addSpacing(6)
        column.addWidget(self.view, 1)
        look().changed.connect(self.view.doItemsLayout)

    def put(self, place: int, rung: Rung) -> None:
        """Show a column."""
        self.title.setText(f"{place} {rung.title}")
        self.count.setText(f"{len(rung.cards):,} 户")
        self.about.setText(f"逾期 {rung.after_days} 天起")
        self.sum.setText(yuan(rung.owed_fen) if rung.cards else "")
        self.sum.setToolTip("这一列的逾期本金合计（元）")
        self.view.setAccessibleName(f"{rung.title}，{len(rung.cards)} 户，逾期本金 {yuan(rung.owed_fen)} 元")
        self.view.cards.put(rung.cards)


def _line(left: QLabel, right: QLabel) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(12, 0, 12, 0)
    row.addWidget(left)
    row.addStretch(1)
    row.addWidget(right)
    return row


class DunningBoard(QWidget):
    """Four columns with one current card among them. `stood` carries it when it changes."""

    stood = Signal(object)
    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lanes = tuple(Lane() for _ in range(4))
        self._at = 0
        self._filling = False
        row = QHBoxLayout(self)
        margin = look().size("margin")
        row.setContentsMargins(margin, 0, margin, look().px(8))
        row.setSpacing(look().px(8))
        for place, lane in enumerate(self.lanes):
            row.addWidget(lane, 1)
            lane.view.sideways.connect(self._sideways)
            lane.view.opened.connect(self.opened)
            lane.view.selectionModel().currentChanged.connect(lambda now, _, place=place: self._stood(place, now))

    @property
    def card(self) -> Card | None:
        """The current card."""
        return self.lanes[self._at].view.card

    def show_board(self, board: Board) -> None:
        """Other cards; the current one stays the current one, wherever it stands now."""
        was = self.card
        self._filling = True
        for place, (lane, rung) in enumerate(zip(self.lanes, board.rungs, strict=True)):
            lane.put(place + 1, rung)
        self._filling = False
        if was is not None and not self._find(lambda card: (card.house, card.payer) == (was.house, was.payer)):
            self.stood.emit(None)

    def select(self, key: int) -> bool:
        """Make the card of a row of the list the current one; whether there is one."""
        return self._find(lambda card: card.key == key)

    def _find(self, wanted: Callable[[Card], bool]) -> bool:
        for place, lane in enumerate(self.lanes):
            for row, card in enumerate(lane.view.cards.cards):
                if wanted(card):
                    self._go(place, row)
                    return True
        return False

    def _go(self, place: int, row: int) -> None:
        focused = any(lane.view.hasFocus() for lane in self.lanes)
        self.lanes[place].view.go(row)
        if focused:
            self.lanes[place].view.setFocus()

    def _stood(self, place: int, now: QModelIndex) -> None:
        if self._filling or not now.isValid():
            return
        self._at = place
        for other, lane in enumerate(self.lanes):
            if other != place:
                lane.view.leave()
        self.stood.emit(self.card)

    def _sideways(self, by: int) -> None:
        row = max(0, self.lanes[self._at].view.currentIndex().row())
        beside = range(self._at + by, len(self.lanes) if by > 0 else -1, by)
        place = next((at for at in beside if self.lanes[at].view.cards.cards), None)
        if place is not None:
            self._go(place, row)

    def step(self, by: int) -> None:
        """To the next or the previous card, column after column."""
        everywhere, here = self._everywhere(), self._here()
        if everywhere:
            at = everywhere.index(here) + by if here in everywhere else 0
            self._go(*everywhere[max(0, min(at, len(everywhere) - 1))])

    def begin(self) -> None:
        """To the first card that something is to be done about today, or the first of all."""
        cards = [(at, self.lanes[at[0]].view.cards.cards[at[1]]) for at in self._everywhere()]
        place = next((at for at, card in cards if card.state == "due"), cards[0][0] if cards else None)
        if place is not None:
            self._go(*place)

    def _everywhere(self) -> list[tuple[int, int]]:
        """Column and row of every card, column after column."""
        counts = [len(lane.view.cards.cards) for lane in self.lanes]
        return [(place, row) for place, count in enumerate(counts) for row in range(count)]

    def _here(self) -> tuple[int, int]:
        return self._at, self.lanes[self._at].view.currentIndex().row()

    @property
    def following(self) -> int | None:
        """The row of the list of the card behind the current one; None behind the last."""
        everywhere, here = self._everywhere(), self._here()
        at = everywhere.index(here) + 1 if here in everywhere else 0
        if at >= len(everywhere):
            return None
        place, row = everywhere[at]
        return self.lanes[place].view.cards.cards[row].key

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """To the column of the current card, or the first that has any."""
        full = [lane for lane in self.lanes if lane.view.cards.cards]
        lane = self.lanes[self._at] if self.card is not None else full[0] if full else self.lanes[0]
        lane.view.setFocus(reason)
