"""A table of texts that are all there: a few hundred rows, read only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.forms.badge import badge_size, paint_badge
from ui.theme import look

R = TypeVar("R")
_LEAST = 220
"""What an open column wants at least."""
_HIGH = 200
_BAR = 3
"""Width of the accent bar of a selected row."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Head:
    """A column: title and width in pixels; 0 takes what is left. What nobody needs is everybody's, so that on a wide
    screen the figures of a row do not stand far from its name. One that `gives_way` is dropped on a small screen, one
    of the `rare` sooner where no row has anything in it.

    Figures stand at the `right`, yes and no in the `centre`.
    """

    title: str
    width: int = 0
    gives_way: bool = False
    right: bool = False
    strong: bool = False
    centre: bool = False
    rare: bool = False

    @property
    def side(self) -> Qt.AlignmentFlag:
        """Where head and cells stand."""
        across = Qt.AlignmentFlag.AlignRight if self.right else Qt.AlignmentFlag.AlignLeft
        return (Qt.AlignmentFlag.AlignHCenter if self.centre else across) | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Status:
    """A cell that is a badge."""

    level: str
    word: str


@dataclass(frozen=True, slots=True)
class Tinted:
    """Words in a token's colour."""

    word: str
    token: str


Cell = str | Status | Tinted
_TEXT_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)


def _word(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.word


class _Texts(QAbstractTableModel):
    def __init__(self, heads: Sequence[Head], parent: QWidget) -> None:
        super().__init__(parent)
        self.heads = tuple(heads)
        self.rows: tuple[tuple[Cell, ...], ...] = ()

    def put(self, rows: Sequence[tuple[Cell, ...]]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        head, cell = self.heads[index.column()], self.rows[index.row()][index.column()]
        if role in _TEXT_ROLES:
            drawn = isinstance(cell, Status) and role != Qt.ItemDataRole.AccessibleTextRole
            return "" if drawn else _word(cell)
        if role == Qt.ItemDataRole.UserRole:
            return cell if isinstance(cell, Status) else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return head.side
        if role == Qt.ItemDataRole.ForegroundRole and isinstance(cell, Tinted):
            return QColor(look().colour(cell.token))
        if role == Qt.ItemDataRole.FontRole and head.strong:
            return QFont(look().font("body", bold=True))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.heads[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.heads[section].side
        return None


class _Cells(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        room = getattr(option, "rect")  # noqa: B009
        if index.column() == 0 and getattr(option, "state") & QStyle.StateFlag.State_Selected:  # noqa: B009
            bar = QRect(room.left(), room.top(), look().px(_BAR), room.height())
            painter.fillRect(bar, look().colour("accent"))
        status = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(status, Status):
            return
        size = badge_size(status.word)
        centred = bool(index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignHCenter)
        left = room.center().x() - size.width() // 2 if centred else room.left() + look().px(8)
        paint_badge(painter, QPoint(left, room.center().y() - size.height() // 2), status.level, status.word)


class PlainTable(QTableView):
    """Rows are selected whole; Ctrl+C copies them with their heads. `stood` carries the current row's number."""

    stood = Signal(int)

    def __init__(self, name: str, heads: Sequence[Head], nothing: str = "") -> None:
        super().__init__()
        self._widest, self._spread = 0, 1.0
        self.high = _HIGH
        """The height that it asks for where the page can give more or less."""
        self.nothing = nothing
        """What it says while it has no rows."""
        self._texts = _Texts(heads, self)
        self.setModel(self._texts)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName(name)
        self.setProperty("role", "plain")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.selectionModel().currentRowChanged.connect(lambda now, _: self.stood.emit(now.row()))
        self._size()
        look().changed.connect(self._size)

    def put(self, rows: Sequence[tuple[Cell, ...]]) -> None:
        """Show these rows."""
        self._texts.put(rows)
        self._measure()
        self._give_way()

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """What stands in the cells."""
        return tuple(tuple(_word(cell) for cell in row) for row in self._texts.rows)

    def selected(self) -> tuple[int, ...]:
        """The rows that are selected, from the top."""
        return tuple(sorted(index.row() for index in self.selectionModel().selectedRows()))

    def chosen(self, rows: Sequence[R]) -> R | None:
        """What stands in the one row that is selected, of `rows` as they were put; None where it is not just one."""
        at = self.selected()
        return rows[at[0]] if len(at) == 1 and at[0] < len(rows) else None

    def _measure(self) -> None:
        """What the fullest open column needs."""
        heads = self._texts.heads
        strong = any(head.strong for head in heads if not head.width)
        metrics = QFontMetrics(look().font(bold=strong))
        words = (_word(row[at]) for row in self._texts.rows for at, head in enumerate(heads) if not head.width)
        longest = max((metrics.horizontalAdvance(word) for word in words), default=0)
        self._widest = max(look().px(_LEAST), longest + look().px(16))

    def _size(self) -> None:
        self._measure()
        self._spread = 1.0
        self.verticalHeader().setDefaultSectionSize(look().size("row"))
        header = self.horizontalHeader()
        for at, head in enumerate(self._texts.heads):
            if head.width:
                header.resizeSection(at, look().px(head.width))
            else:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self._give_way()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns give way where the open ones would get too little."""
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        heads, room = self._texts.heads, self.viewport().width()
        open_ones = sum(not head.width for head in heads)
        needed = look().px(sum(head.width for head in heads) + _LEAST * open_ones)
        for at, head in enumerate(heads):
            empty = head.rare and not any(_word(row[at]) for row in self._texts.rows)
            short = empty and room < needed + look().px(_LEAST)
            self.setColumnHidden(at, short or (head.gives_way and room < needed))
        self._share(room)

    def _share(self, room: int) -> None:
        """Give what the open columns do not need to all, each by its width."""
        heads = self._texts.heads
        shown = [(at, head.width) for at, head in enumerate(heads) if not self.isColumnHidden(at)]
        needed = sum(look().px(width) if width else self._widest for _, width in shown)
        spread = max(1.0, room / needed) if needed and any(not width for _, width in shown) else 1.0
        if spread != self._spread:
            self._spread = spread
            for at, head in enumerate(heads):
                if head.width:
                    self.horizontalHeader().resizeSection(at, int(look().px(head.width) * spread))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or why there are none."""
        super().paintEvent(event)
        if not self._texts.rows and self.nothing:
            painter = QPainter(self.viewport())
            painter.setFont(look().font())
            painter.setPen(look().colour("second"))
            room = self.viewport().rect().adjusted(look().px(16), 0, -look().px(16), 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.nothing)
            painter.end()

    def sizeHint(self) -> QSize:
        """It takes the room there is."""
        return QSize(look().px(400), look().px(self.high))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy as tab-separated text."""
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = [[head.title for head in self._texts.heads], *[self.texts[at] for at in self.selected()]]
            QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in rows))
            return
        super().keyPressEvent(event)
