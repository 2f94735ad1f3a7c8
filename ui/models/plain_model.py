"""A few rows that are all here, for the small tables of a panel: drawn by the same delegates as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.services.list_face import FIGURES, ColumnFace, Kind, State
from ui.models.cell_text import shown, spoken
from ui.models.list_model import CELL, FACE, TICKED, VALUE, Cell

Index = QModelIndex | QPersistentModelIndex


def column(
    key: str,
    title: str,
    kind: Kind = Kind.TEXT,
    width: int = 10,
    states: tuple[State, ...] = (),
    *,
    alarming: bool = False,
) -> ColumnFace:
    """A column of a panel's table."""
    return ColumnFace(key, title, kind, width, None, True, False, states, alarming)


class PlainModel(QAbstractTableModel):
    """Rows with the fields of the columns."""

    def __init__(self, columns: Sequence[ColumnFace], rows: Sequence[Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns, self.rows = tuple(columns), list(rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """A cell."""
        if not index.isValid():
            return None
        face = self.columns[index.column()]
        value = getattr(self.rows[index.row()], face.key)
        if role == Qt.ItemDataRole.DisplayRole or role == Qt.ItemDataRole.ToolTipRole:
            return shown(face, value)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(face, value)
        return {FACE: face, VALUE: value, TICKED: False, CELL: Cell(face, False, value)}.get(role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Titles."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        face = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return face.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if face.kind in FIGURES else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None
