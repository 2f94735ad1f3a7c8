"""The table of a list page: sorts by its heads, selects by keys, copies, and shows where each row is on the way."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QStyleOptionViewItem

from app.services.list_face import FIGURES, ColumnFace, Kind, Sort
from ui.delegates.cells import DELEGATES, SIDE, RowView, TickCell, paint_tick
from ui.forms.badge import badge_size
from ui.models.list_model import ListModel
from ui.theme import look

Index = QModelIndex | QPersistentModelIndex
TICK_WIDTH = 36
LONGEST = {
    Kind.MONEY: "12,345.67",
    Kind.AREA: "119.28",
    Kind.DATE: "2026-07-06",
    Kind.PERIOD: "2026-07",
    Kind.MOMENT: "2026-07-06 12:00",
    Kind.MASKED: "138****0102",
    Kind.TEXT: "三个字",
}
"""What a column of a kind must have room for."""
_FLAGS = QItemSelectionModel.SelectionFlag


class ListHeader(QHeaderView):
    """Heads that say what the list is sorted by: ▲▼ in accent, a small figure for the second key."""

    def __init__(self, table: ListTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(look().px(TICK_WIDTH))
        self.setAccessibleName("列标题")

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        """One head."""
        seen, face = look(), self._table.rows.face_at(logical)
        painter.save()
        painter.fillRect(rect, seen.colour("header"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), seen.colour("border"))
        if face is None:
            n = len(self._table.rows.selected)
            whole = bool(n) and n == self._table.rows.rowCount()
            paint_tick(painter, rect, on=whole, part=n > 0 and not whole)
        else:
            self._words(painter, rect.adjusted(seen.px(SIDE), 0, -seen.px(SIDE), 0), face)
        painter.restore()

    def _words(self, painter: QPainter, rect: QRect, face: ColumnFace) -> None:
        seen = look()
        sorts = self._table.rows.query.sorts or self._table.rows.face.default[:1]
        place = next((at for at, sort in enumerate(sorts) if sort.key == face.key), None)
        mark = "" if place is None else ("▼" if sorts[place].descending else "▲") + (str(place + 1) if place else "")
        painter.setFont(seen.font("small"))
        metrics = painter.fontMetrics()
        room = metrics.horizontalAdvance(mark) + seen.px(4) if mark else 0
        words = metrics.elidedText(face.title, Qt.TextElideMode.ElideRight, rect.width() - room)
        width = metrics.horizontalAdvance(words)
        left = rect.left()
        if face.kind in FIGURES:
            left = rect.right() - width - room + 1
        elif face.kind is Kind.CHECK:
            left = rect.center().x() - (width + room) // 2
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(seen.colour("text" if mark else "second"))
        painter.drawText(QRect(left, rect.top(), width + 1, rect.height()), middle, words)
        if mark:
            painter.setPen(seen.colour("accent"))
            painter.drawText(QRect(left + width + seen.px(4), rect.top(), room, rect.height()), middle, mark)


class ListTable(RowView):
    """The table. `sorted` carries a new order, `picked` that the selection changed, `current` the current row's key."""

    sorted = Signal(object)
    picked = Signal()
    current = Signal(object)
    opened = Signal()
    arranged = Signal()
    """Hands changed the columns' widths or order."""

    def __init__(self, rows: ListModel[Any]) -> None:
        super().__init__()
        self.rows = rows
        self._restoring = False
        self._fitting = False
        self.dragged: dict[str, int] = {}
        self.setHorizontalHeader(ListHeader(self))
        self.setModel(rows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(rows.face.title)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.sectionClicked.connect(self._head_clicked)
        head.sectionResized.connect(self._resized)
        head.sectionMoved.connect(self._moved)
        head.sectionHandleDoubleClicked.connect(self._fit_one)
        rows.modelReset.connect(self._restore)
        rows.loaded.connect(head.viewport().update)
        self.selectionModel().selectionChanged.connect(self._selected)
        self.selectionModel().currentRowChanged.connect(lambda *_: self._current_changed())
        self.doubleClicked.connect(lambda index: self.opened.emit() if index.column() or not rows.ticks else None)
        look().changed.connect(self._dress)
        self._key: int | None = None
        self.dress_columns()
        self._dress()

    # columns

    def dress_columns(self) -> None:
        """Give each column its delegate and its width."""
        for column in range(self.rows.columnCount()):
            face = self.rows.face_at(column)
            made = TickCell(self) if face is None else DELEGATES[face.kind](self)
            self.setItemDelegateForColumn(column, made)
        self.fit_widths()

    def fit_widths(self) -> None:
        """Columns as wide as they were dragged, the others as they are declared, so that they fill the table."""
        self._fitting = True
        head, columns = self.horizontalHeader(), self.rows.columns
        tick = look().px(TICK_WIDTH) if self.rows.ticks else 0
        if self.rows.ticks:
            head.resizeSection(0, tick)
        widths = {column.key: self.dragged.get(column.key) or self._natural(column) for column in columns}
        loose = [column for column in columns if column.key not in self.dragged]
        spare = self.viewport().width() - tick - sum(widths.values())
        # What is missing is taken from each as far as it has room to give; what is left over is given to all alike.
        weights = {c.key: widths[c.key] - self._least(c) if spare < 0 else widths[c.key] for c in loose}
        weight = sum(weights.values())
        spare = max(spare, -weight)
        for column in loose:
            widths[column.key] += floor(spare * weights[column.key] / weight) if weight else 0
        if loose and spare > 0:
            widths[loose[-1].key] += self.viewport().width() - tick - sum(widths.values())
        for place, column in enumerate(columns):
            head.resizeSection(place + self.rows.ticks, widths[column.key])
        self._fitting = False

    def _natural(self, column: ColumnFace) -> int:
        return max(self._least(column), look().px(column.width * 7 + 2 * SIDE))

    def _least(self, column: ColumnFace) -> int:
        """No head and nothing that must not be cut gets less."""
        seen = look()
        title = QFontMetrics(seen.font("small")).horizontalAdvance(column.title) + seen.px(2 * SIDE + 4)
        sample = "0" * (column.width - 1) if column.kind is Kind.NUMBER else LONGEST.get(column.kind, "")
        if column.kind is Kind.STATE:
            held = max((badge_size(state.word).width() for state in column.states), default=0)
        else:
            held = QFontMetrics(seen.font("body", bold=column.alarming)).horizontalAdvance(sample)
        return max(title, held + seen.px(2 * SIDE))

    def _resized(self, logical: int, _old: int, new: int) -> None:
        face = self.rows.face_at(logical)
        if not self._fitting and face is not None:
            self.dragged[face.key] = new
            self.arranged.emit()

    def _moved(self, _logical: int, _old: int, _new: int) -> None:
        head = self.horizontalHeader()
        if self.rows.ticks and head.visualIndex(0) != 0:
            head.moveSection(head.visualIndex(0), 0)
            return
        if not self._fitting:
            self.arranged.emit()

    def order(self) -> tuple[str, ...]:
        """The columns' keys as they stand from left to right."""
        head = self.horizontalHeader()
        faces = [self.rows.face_at(head.logicalIndex(place)) for place in range(self.rows.columnCount())]
        return tuple(face.key for face in faces if face is not None)

    def _fit_one(self, logical: int) -> None:
        self.resizeColumnToContents(logical)

    def sizeHintForColumn(self, column: int) -> int:
        """The widest of the rows that are seen, and of the head."""
        face = self.rows.face_at(column)
        if face is None:
            return look().px(TICK_WIDTH)
        first, last = self._looked_at()
        delegate = self.itemDelegateForColumn(column)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        hints = [delegate.sizeHint(option, self.rows.index(row, column)).width() for row in range(first, last + 1)]
        return max([*hints, QFontMetrics(look().font("small")).horizontalAdvance(face.title) + look().px(32)])

    def _looked_at(self) -> tuple[int, int]:
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else self.rows.rowCount() - 1

    def _dress(self) -> None:
        seen = look()
        self.verticalHeader().setDefaultSectionSize(seen.size("row"))
        self.horizontalHeader().setFixedHeight(seen.size("table_head"))
        self.fit_widths()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns fill the new width."""
        super().resizeEvent(event)
        self.fit_widths()

    # sorting

    def _head_clicked(self, logical: int) -> None:
        face = self.rows.face_at(logical)
        if face is None:
            everything = self.rows.selected and len(self.rows.selected) == self.rows.rowCount()
            self.clearSelection() if everything else self.selectAll()
            return
        more = bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.sorted.emit(self.resorted(face.key, more=more))

    def resorted(self, key: str, *, more: bool) -> tuple[Sort, ...]:
        """The sorts after a click on a head: once up, twice down; with Shift as a further key."""
        now = list(self.rows.sorted_by())
        known = next((sort for sort in now if sort.key == key), None)
        if not more:
            turned = len(self.rows.query.sorts) <= 1 and now[:1] == [known] and not known.descending if known else False
            return (Sort(key, bool(turned)),)
        chosen = [sort for sort in (self.rows.query.sorts or self.rows.face.default[:1]) if sort.key != key]
        again = next((sort for sort in self.rows.query.sorts if sort.key == key), None)
        return (*chosen, Sort(key, again is not None and not again.descending))

    # selection

    def selectionCommand(self, index: Index, event: QEvent | None = None) -> _FLAGS:
        """A click on a tick box adds or takes away its row."""
        if isinstance(event, QMouseEvent) and index.isValid() and self.rows.face_at(index.column()) is None:
            return _FLAGS.Toggle | _FLAGS.Rows
        return super().selectionCommand(index, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks the current row; Enter opens it."""
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            if index.isValid():
                self.selectionModel().select(index, _FLAGS.Toggle | _FLAGS.Rows)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def _selected(self, on: QItemSelection, off: QItemSelection) -> None:
        if self._restoring:
            return
        for part, taken in ((off, False), (on, True)):
            for span in (part.at(n) for n in range(part.count())):
                self.rows.select(self.rows.keys[span.top() : span.bottom() + 1], on=taken)
        self.horizontalHeader().viewport().update()
        self.viewport().update()
        self.picked.emit()

    def _current_changed(self) -> None:
        if self._restoring:
            return
        self._key = self.rows.key_at(self.currentIndex().row())
        self.viewport().update()
        self.current.emit(self._key)

    def _restore(self) -> None:
        """After the model was made anew: the same keys are selected, the same one is current."""
        self._restoring = True
        chosen, last = QItemSelection(), self.rows.columnCount() - 1
        for first, end in self.rows.runs(self.rows.selected):
            chosen.select(self.rows.index(first, 0), self.rows.index(end, last))
        self.selectionModel().select(chosen, _FLAGS.ClearAndSelect)
        place = None if self._key is None else self.rows.place_of(self._key)
        if place is not None:
            index = self.rows.index(place, int(self.rows.ticks))
            self.selectionModel().setCurrentIndex(index, _FLAGS.NoUpdate)
        self._restoring = False
        if place is None and self._key is not None:
            self._key = None
            self.current.emit(None)
        self.picked.emit()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a place into view. Right after new rows the bar does not know their heights yet and would stay at 0."""
        self.executeDelayedItemsLayout()
        self.updateGeometries()
        super().scrollTo(index, hint)

    def go_to(self, key: int) -> bool:
        """Make a key's row the current one, and the only one selected; whether it is in the list."""
        place = self.rows.place_of(key)
        if place is None:
            return False
        index = self.rows.index(place, int(self.rows.ticks))
        self.selectionModel().setCurrentIndex(index, _FLAGS.ClearAndSelect | _FLAGS.Rows)
        self.scrollTo(index)
        return True

    def step(self, by: int) -> None:
        """To the next or the previous row, wherever the focus is."""
        row = self.currentIndex().row() + by if self.currentIndex().isValid() else 0
        key = self.rows.key_at(row)
        if key is not None:
            self.go_to(key)

    @property
    def key(self) -> int | None:
        """The key of the current row."""
        return self._key

    def chosen(self) -> Sequence[int]:
        """The places of the selected rows, in order."""
        return self.rows.places(self.rows.selected)
