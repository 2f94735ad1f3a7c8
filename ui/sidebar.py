"""The sidebar: the pages this seat finds, by groups; icons alone where there is little room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.forms.hint_button import paint_keys
from ui.icons import paint
from ui.pages.registry import Place
from ui.theme import look

_PLACE, _TITLE, _RULE = 31, 28, 13
"""Heights: a page, the title of a group, and the rule in its place where icons stand alone."""
Index = QModelIndex | QPersistentModelIndex
Waits = Mapping[str, tuple[int, bool]]
"""How much waits on a page, by its key, and whether any of it is overdue."""
Row = Place | str
"""A page, or the title of a group."""


def rows(places: Sequence[Place]) -> tuple[Row, ...]:
    """The pages with a title before each group."""
    found: list[Row] = []
    group = ""
    for place in places:
        if not place.listed:
            continue
        if place.group != group:
            group = place.group
            found.append(group)
        found.append(place)
    return tuple(found)


class _Places(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self.waits: Waits = {}

    def put(self, found: tuple[Row, ...]) -> None:
        self.beginResetModel()
        self.rows = found
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        title = row if isinstance(row, str) else row.title
        if role == Qt.ItemDataRole.AccessibleTextRole and isinstance(row, Place) and row.key in self.waits:
            n, late = self.waits[row.key]
            return f"{title}，{n} 件待办" + ("，有逾期" if late else "")
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return title
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, Place):
            return f"{title}（Alt+{row.letter}）" if row.letter else title
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.letters = False
        self.icons_only = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        title = _RULE if self.icons_only else _TITLE
        return QSize(0, look().px(_PLACE if index.flags() & Qt.ItemFlag.ItemIsEnabled else title))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, _Places):
            return
        row = model.rows[index.row()]
        room: QRect = getattr(option, "rect")  # noqa: B009
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, str):
            self._paint_group(painter, room, row)
        else:
            self._paint_place(painter, room, row, getattr(option, "state"))  # noqa: B009
            if row.key in model.waits and not (self.letters and row.letter):
                self._paint_wait(painter, room, *model.waits[row.key])
        painter.restore()

    def _paint_group(self, painter: QPainter, room: QRect, title: str) -> None:
        if self.icons_only:
            painter.setPen(QPen(look().colour("border"), 1))
            middle = room.center().y()
            painter.drawLine(room.left() + 12, middle, room.right() - 12, middle)
            return
        painter.setFont(look().font("micro"))
        painter.setPen(look().colour("third"))
        inner = room.adjusted(look().px(16), look().px(6), 0, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, title)

    def _paint_place(self, painter: QPainter, room: QRect, place: Place, state: QStyle.StateFlag) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        box = QRectF(room.adjusted(8, 0, -8, 0)).adjusted(0.5, 0.5, -0.5, -0.5)
        self._paint_box(painter, box, state)
        token = "accent" if chosen else "second"
        edge = look().px(16)
        left = room.center().x() - edge / 2 if self.icons_only else room.left() + look().px(17)
        paint(painter, QRectF(left, room.center().y() - edge / 2 + 0.5, edge, edge), place.icon, token)
        if self.icons_only:
            return
        painter.setFont(look().font(bold=chosen))
        painter.setPen(look().colour("accent" if chosen else "text"))
        words = room.adjusted(look().px(17 + 16 + 10), 0, -8, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, place.title)
        if self.letters and place.letter:
            width = look().px(20)
            paint_keys(painter, QRectF(box.right() - width - 6, room.top(), width, room.height()), place.letter)

    def _paint_wait(self, painter: QPainter, room: QRect, n: int, late: bool) -> None:
        """The count at the right; where icons stand alone, a dot at the icon."""
        token = "danger" if late else "second"
        painter.setPen(Qt.PenStyle.NoPen)
        if self.icons_only:
            painter.setBrush(look().colour(token))
            painter.drawEllipse(QRectF(room.center().x() + look().px(5), room.center().y() - look().px(10), 6, 6))
            return
        painter.setFont(look().font("micro", bold=late))
        word = str(n) if n < 100 else "99+"
        width = painter.fontMetrics().horizontalAdvance(word) + look().px(10)
        box = QRectF(room.right() - width - look().px(14), room.center().y() - look().px(8) + 0.5, width, look().px(17))
        if late:
            painter.setBrush(look().colour("danger_tint"))
            painter.drawRoundedRect(box, 4, 4)
        painter.setPen(look().colour(token))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)

    def _paint_box(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag) -> None:
        radius = look().size("radius_control")
        if state & QStyle.StateFlag.State_Selected:
            focused = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(look().colour("accent" if focused else "border"), 2 if focused else 1))
            painter.setBrush(look().colour("surface"))
            painter.drawRoundedRect(box, radius, radius)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look().colour("accent"))
            painter.drawRoundedRect(QRectF(box.left() - 0.5, box.top() + 4, 3, box.height() - 8), 1.5, 1.5)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look().colour("row_hover"))
            painter.drawRoundedRect(box, radius, radius)


class _List(QListView):
    chosen = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        if self.currentIndex().row() != before:
            self.chosen.emit(self.currentIndex().row())


class Sidebar(QFrame):
    """`chosen` carries the key of the page that was picked."""

    chosen = Signal(str)

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self.setProperty("role", "sidebar")
        self._places = _Places()
        self._view = _List()
        self._view.setProperty("role", "nav")
        self._view.setAccessibleName("页面")
        self._view.setMouseTracking(True)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._delegate = _Delegate(self._view)
        self._view.setItemDelegate(self._delegate)
        self._view.setModel(self._places)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.addWidget(self._view)
        self._view.clicked.connect(lambda index: self._pick(index.row()))
        self._view.chosen.connect(self._pick)
        self.put(places)
        self._size()
        look().changed.connect(self._size)

    @property
    def titles(self) -> tuple[str, ...]:
        """The pages as they stand there."""
        return tuple(row.title for row in self._places.rows if isinstance(row, Place))

    @property
    def collapsed(self) -> bool:
        """Whether icons alone are shown."""
        return self._delegate.icons_only

    @property
    def letters(self) -> bool:
        """Whether the Alt letters are shown."""
        return self._delegate.letters

    def put(self, places: Sequence[Place]) -> None:
        """Show these pages."""
        self._places.put(rows(places))

    @property
    def waits(self) -> Waits:
        """What waits on the pages."""
        return self._places.waits

    def count(self, waits: Waits) -> None:
        """Show what waits on the pages."""
        self._places.waits = waits
        self._view.viewport().update()

    def show_page(self, key: str) -> None:
        """Mark the page that is in front; one that stands not here marks none."""
        for at, row in enumerate(self._places.rows):
            if isinstance(row, Place) and row.key == key:
                self._view.setCurrentIndex(self._places.index(at))
                return
        self._view.setCurrentIndex(QModelIndex())
        self._view.clearSelection()

    def collapse(self, collapsed: bool) -> None:
        """Show icons alone, or icons and titles."""
        self._delegate.icons_only = collapsed
        self._size()

    def show_letters(self, shown: bool) -> None:
        """Show the Alt letters while Alt is held."""
        if shown != self._delegate.letters:
            self._delegate.letters = shown
            self._view.viewport().update()

    def _pick(self, at: int) -> None:
        row = self._places.rows[at] if 0 <= at < len(self._places.rows) else ""
        if isinstance(row, Place):
            self.chosen.emit(row.key)

    def _size(self) -> None:
        self.setFixedWidth(look().size("sidebar_icons" if self.collapsed else "sidebar"))
        self._view.doItemsLayout()
        self._view.viewport().update()
