"""A small table inside a panel: as high as its rows, no wider than the panel; columns give way in a stated order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QSizePolicy

from app.services.list_face import ColumnFace, Kind
from ui.delegates.cells import DELEGATES, SIDE, RowView
from ui.models.plain_model import PlainModel
from ui.theme import look

MOST_ROWS = 200
LEAST = 72


class PanelTable(RowView):
    """`yields` are the keys of columns that are dropped, first to last, where there is no room; `dropped` carries
    those that are.
    """

    dropped = Signal(object)

    def __init__(
        self, name: str, columns: Sequence[ColumnFace], rows: Sequence[Any], yields: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.rows = PlainModel(columns, rows[:MOST_ROWS], self)
        self._yields = tuple(yields)
        self.setModel(self.rows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(look().px(36))
        self.horizontalHeader().setSectionsClickable(False)
        for place, column in enumerate(columns):
            self.setItemDelegateForColumn(place, DELEGATES[column.kind](self))
        self._dress()
        look().changed.connect(self._dress)

    def _dress(self) -> None:
        seen = look()
        self.verticalHeader().setDefaultSectionSize(seen.size("row_tight"))
        self.horizontalHeader().setFixedHeight(seen.size("row_tight"))
        self.setFixedHeight(seen.size("row_tight") * (1 + self.rows.rowCount()) + 2)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.viewport().width()
        need = {column.key: self._need(place) for place, column in enumerate(self.rows.columns)}
        hidden: set[str] = set()
        for key in self._yields:
            if sum(width for name, width in need.items() if name not in hidden) > room:
                hidden.add(key)
        shown = [(place, column) for place, column in enumerate(self.rows.columns) if column.key not in hidden]
        spare = room - sum(need[column.key] for _, column in shown)
        loose = [column for _, column in shown if column.kind is Kind.TEXT] or [column for _, column in shown]
        for place, column in enumerate(self.rows.columns):
            self.setColumnHidden(place, column.key in hidden)
        self.dropped.emit(frozenset(hidden))
        # What is short keeps its width: the long texts share what is missing.
        fair = max(look().px(LEAST), room // max(1, len(shown)))
        gives = {column.key: max(0, need[column.key] - fair) for column in loose}
        total = sum(gives.values())
        for place, column in shown:
            width = need[column.key]
            if column in loose and spare >= 0:
                width += spare // len(loose)
            elif column in loose and total:
                width += max(spare, -total) * gives[column.key] // total
            self.setColumnWidth(place, width)

    def _need(self, place: int) -> int:
        face = self.rows.columns[place]
        delegate = DELEGATES[face.kind](self)
        values = (getattr(row, face.key) for row in self.rows.rows[:40])
        widest = max((delegate.width(face, value) for value in values), default=0)
        title = self.fontMetrics().horizontalAdvance(face.title)
        return max(widest, title) + look().px(2 * SIDE)
