"""A list as Qt sees it: all keys in order, and the rows that were looked at so far.

A new question raises the model's life: rows that were asked for in an earlier life are dropped, so that no stale row is
ever shown. A cell whose row is not there yet is waiting, and asks for the rows around it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from app.services.list_export import Exported
from app.services.list_face import FIGURES, ColumnFace, Counts, Face, Kind, Query, Sort
from app.services.seat import Seat
from ui.models.cell_text import plain, shown, spoken
from ui.workers.runner import Runner
from ui.workers.topic import Topic

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

VALUE, FACE, TICKED, CELL = (int(Qt.ItemDataRole.UserRole) + n for n in range(1, 5))
"""Roles: a cell's value in the list's units; its column; whether it is selected; all that a painter needs."""

AROUND = 60
"""Rows fetched before and behind those that are looked at."""
MOST_ROWS = 4_000
"""Rows kept; those farthest from what is looked at go first."""
MOST_ASKED = 400
FEW_KEYS = 3
"""Up to so many keys are looked for one by one; for more a map of all is made."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a painter needs of a cell: its column (None: the tick box), whether its row is on the way, its value."""

    face: ColumnFace | None
    waiting: bool
    value: Any


class ListDoors(Protocol):
    """The doors of a list: a module of app/services that ends in `_list`."""

    def keys(self, seat: Seat, query: Query, /) -> array[int]:
        """The keys that match, in order."""
        ...

    def rows(self, seat: Seat, keys: Sequence[int], /) -> dict[int, Any]:
        """The rows of these keys."""
        ...

    def totals(self, seat: Seat, query: Query, /) -> dict[str, int]:
        """Sums of all that match."""
        ...

    def counts(self, seat: Seat, query: Query, /) -> Counts:
        """How many match, by filter."""
        ...

    def export(self, seat: Seat, query: Query, target: Path, columns: Sequence[str], /) -> Exported:
        """Write what matches to a workbook, in the order of the columns."""
        ...


class ListModel(QAbstractTableModel, Generic[R]):
    """The rows of one list. `columns` are those that stand in the table, in its order; column 0 is the tick box where
    the list has one.
    """

    loaded = Signal()
    """The keys of the newest question are here."""
    failed = Signal(object)
    """The list could not be read: the error."""
    row_came = Signal(int)
    """A row that was waited for is here: its key."""

    def __init__(self, face: Face, doors: ListDoors, seat: Seat, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.face, self.query = face, Query()
        self.columns: tuple[ColumnFace, ...] = tuple(c for c in face.columns if c.shown)
        self.ticks = True
        self.selected: set[int] = set()
        self.life = 0
        self.ready = False
        self._doors, self._seat, self._runner = doors, seat, runner
        self._keys: array[int] = array("q")
        self._rows: dict[int, R] = {}
        self._places: dict[int, int] | None = None
        self._wish: tuple[int, int] | None = None
        self._asked: tuple[int, int] | None = None
        self._keys_topic, self._rows_topic = Topic(), Topic()
        self._wishing = QTimer(self)
        self._wishing.setSingleShot(True)
        self._wishing.timeout.connect(self._fetch)

    # the question

    def ask(self, query: Query) -> None:
        """Ask the list anew; what is shown stays until the answer is here, then is replaced as a whole."""
        self.query = query
        self.life += 1
        life, seat, doors = self.life, self._seat, self._doors

        def read(_: object) -> tuple[array[int], dict[int, R]]:
            keys = doors.keys(seat, query)
            return keys, doors.rows(seat, keys[: 2 * AROUND])

        self._runner.run(
            self, self._keys_topic, read, done=lambda answer: self._arrived(life, *answer), failed=self.failed.emit
        )

    def _arrived(self, life: int, keys: array[int], rows: dict[int, R]) -> None:
        if life != self.life:
            return
        self.beginResetModel()
        self._keys, self._rows, self._places = keys, dict(rows), None
        self._wish = self._asked = None
        self.ready = True
        if self.selected:
            self.selected &= set(keys)
        self.endResetModel()
        self.loaded.emit()

    def wanted(self, first: int, last: int) -> None:
        """Rows that are looked at: fetch what is missing around them. What lies far from the last wish replaces it."""
        low, high = max(0, first - AROUND), min(len(self._keys), last + 1 + AROUND)
        near = self._wish is not None and low <= self._wish[1] and self._wish[0] <= high
        self._wish = (min(low, self._wish[0]), max(high, self._wish[1])) if near and self._wish else (low, high)
        if not self._wishing.isActive():
            self._wishing.start(0)

    def _fetch(self) -> None:
        wish, self._wish = self._wish, None
        if wish is None:
            return
        low, high = wish[0], min(wish[1], wish[0] + MOST_ASKED)
        missing = [key for key in self._keys[low:high] if key not in self._rows]
        if not missing or (self._asked and self._asked[0] <= low and high <= self._asked[1]):
            return
        self._asked = (low, high)
        life, seat, doors = self.life, self._seat, self._doors
        self._runner.run(
            self,
            self._rows_topic,
            lambda _: doors.rows(seat, missing),
            done=lambda rows: self._rows_arrived(life, low, high, rows),
            failed=self._rows_failed,
        )

    def _rows_arrived(self, life: int, low: int, high: int, rows: Mapping[int, R]) -> None:
        if life != self.life or not self._keys:
            return
        self._asked = None
        self._rows.update(rows)
        self._forget((low + high) // 2)
        last = min(high, len(self._keys)) - 1
        if low <= last:
            self.dataChanged.emit(self.index(low, 0), self.index(last, self.columnCount() - 1))
        for key in rows:
            self.row_came.emit(key)

    def _rows_failed(self, error: Exception) -> None:
        self._asked = None
        self.failed.emit(error)

    def _forget(self, middle: int) -> None:
        if len(self._rows) <= MOST_ROWS:
            return
        half = MOST_ROWS // 2
        near = self._keys[max(0, middle - half) : middle + half]
        self._rows = {key: self._rows[key] for key in near if key in self._rows}

    # rows and keys

    @property
    def cached(self) -> int:
        """How many rows are kept."""
        return len(self._rows)

    @property
    def keys(self) -> Sequence[int]:
        """All keys, in order."""
        return self._keys

    def key_at(self, row: int) -> int | None:
        """The key of a place."""
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def row_at(self, row: int) -> R | None:
        """The row of a place, where it is here."""
        key = self.key_at(row)
        return None if key is None else self._rows.get(key)

    def row_of(self, key: int) -> R | None:
        """The row of a key, where it is here."""
        return self._rows.get(key)

    def place_of(self, key: int) -> int | None:
        """Where a key stands."""
        if self._places is not None:
            return self._places.get(key)
        try:
            return self._keys.index(key)
        except ValueError:
            return None

    def places(self, keys: Iterable[int]) -> list[int]:
        """Where these keys stand, in order; those that are not in the list are left out."""
        wanted = list(keys)
        if self._places is None and len(wanted) > FEW_KEYS:
            self._places = {known: place for place, known in enumerate(self._keys)}
        return sorted(place for key in wanted if (place := self.place_of(key)) is not None)

    def put_columns(self, columns: Sequence[ColumnFace]) -> None:
        """Show these columns, in this order."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def select(self, keys: Iterable[int], *, on: bool) -> None:
        """Take keys into the selection, or out of it."""
        if on:
            self.selected.update(keys)
        else:
            self.selected.difference_update(keys)

    def runs(self, keys: Iterable[int]) -> Iterator[tuple[int, int]]:
        """The places of these keys as first and last of each run."""
        first = last = -2
        for place in self.places(keys):
            if place != last + 1:
                if first >= 0:
                    yield first, last
                first = place
            last = place
        if first >= 0:
            yield first, last

    # what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """All rows, here or not."""
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The tick box and the columns."""
        return 0 if parent.isValid() else len(self.columns) + self.ticks

    def face_at(self, column: int) -> ColumnFace | None:
        """The column at a place of the table; None for the tick box."""
        at = column - self.ticks
        return self.columns[at] if 0 <= at < len(self.columns) else None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """A cell: its words for people, its value, whether its row is still on the way."""
        if not index.isValid() or not 0 <= index.row() < len(self._keys):
            return None
        face, row = self.face_at(index.column()), self.row_at(index.row())
        if role == CELL:
            if row is None:
                self.wanted(index.row(), index.row())
            return Cell(face, row is None, None if row is None or face is None else getattr(row, face.key))
        if role == FACE:
            return face
        if role == TICKED:
            return self._keys[index.row()] in self.selected
        if row is None and role in (VALUE, Qt.ItemDataRole.DisplayRole):
            self.wanted(index.row(), index.row())
        if face is None:
            return self._tick(index.row(), role)
        if row is None:
            return None
        value = getattr(row, face.key)
        if role == VALUE:
            return value
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(face, value)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(face, value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_side(face) | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _tick(self, row: int, role: int) -> Any:
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "已选" if self._keys[row] in self.selected else "未选"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Titles of columns."""
        face = self.face_at(section) if orientation == Qt.Orientation.Horizontal else None
        if face is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return face.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_side(face) | Qt.AlignmentFlag.AlignVCenter)
        return None

    def copied(self, rows: Iterable[R | None]) -> str:
        """Rows with their heads as tab-separated text, figures plain, masked as shown."""
        heads = "\t".join(column.title for column in self.columns)
        lines = (
            "\t".join(plain(column, getattr(row, column.key)) for column in self.columns)
            for row in rows
            if row is not None
        )
        return "\n".join((heads, *lines))

    def sorted_by(self) -> tuple[Sort, ...]:
        """What the list is sorted by now: the question's sorts, or the list's own order."""
        return self.query.sorts or self.face.default


def _side(face: ColumnFace) -> Qt.AlignmentFlag:
    if face.kind in FIGURES:
        return Qt.AlignmentFlag.AlignRight
    return Qt.AlignmentFlag.AlignHCenter if face.kind is Kind.CHECK else Qt.AlignmentFlag.AlignLeft
