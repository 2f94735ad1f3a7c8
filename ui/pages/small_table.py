"""A small table that is shown whole: a few columns, figures at the right, words in a token's colour. No editing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.theme import look

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Head:
    """A column: title, width (0: takes the rest), whether figures stand at the right, whether it is strong."""

    title: str
    width: int = 0
    right: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Words and the token of their colour."""

    words: str
    token: str = "text"


Row = Sequence[Cell | str]


class _Model(QAbstractTableModel):
    def __init__(self, heads: Sequence[Head]) -> None:
        super().__init__()
        self.heads, self.rows = tuple(heads), []  # type: tuple[Head, ...], list[Row]

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(self.heads[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        head, cell = self.heads[index.column()], self.rows[index.row()][index.column()]
        words, token = (cell.words, cell.token) if isinstance(cell, Cell) else (cell, "text")
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return words
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(head)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(look().colour(token))
        if role == Qt.ItemDataRole.FontRole:
            return QFont(look().font("body", bold=head.strong))
        return None


def _side(head: Head) -> int:
    side = Qt.AlignmentFlag.AlignRight if head.right else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


class SmallTable(QTableView):
    """`picked` carries the number of the row chosen with Enter or a double click, `stood` of the current one."""

    picked = Signal(int)
    stood = Signal(int)

    def __init__(self, name: str, heads: Sequence[Head]) -> None:
        super().__init__()
        self._model = _Model(heads)
        self.setModel(self._model)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        for column, said in enumerate(heads):
            mode = QHeaderView.ResizeMode.Fixed if said.width else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(column, mode)
        self.doubleClicked.connect(lambda index: self.picked.emit(index.row()))
        self.selectionModel().currentRowChanged.connect(lambda now, _: self.stood.emit(now.row()))
        look().changed.connect(self._fit)
        self._fit()

    @property
    def count(self) -> int:
        """Rows."""
        return len(self._model.rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Other rows."""
        self._model.show_rows(rows)

    def words(self, row: int, column: int) -> str:
        """What a cell says."""
        cell = self._model.rows[row][column]
        return cell.words if isinstance(cell, Cell) else cell

    def _fit(self) -> None:
        seen = look()
        self.verticalHeader().setDefaultSectionSize(seen.size("row"))
        self.horizontalHeader().setFixedHeight(seen.size("table_head"))
        for column, said in enumerate(self._model.heads):
            if said.width:
                self.horizontalHeader().resizeSection(column, seen.px(said.width))
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter picks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.picked.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)
