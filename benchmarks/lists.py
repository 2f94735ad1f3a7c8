"""houses_list, residents_list: the lists of 100,000 houses and of 250,000 residents in the window, against the same SQL
by a raw cursor and a table of constants.

Five steps: open, to the end, ten pages back, sorted by another column, filtered. A step is over when every question is
answered and the window is painted. The figure is CPU of the whole process, so that what our readers gain by running on
threads of their own is not counted; the ratio of the waiting stands beside it. Each arm has connections of its own,
fresh ones; what our arm remembers of the list's state is written between the steps and not measured.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractTableModel, QEventLoop, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView
from sqlalchemy import event

from app.services import house_list, resident_list
from app.services.list_face import Query, Sort
from app.services.listing import Listing
from benchmarks.figure import Figure
from benchmarks.office import enter, make_billed
from benchmarks.register import make_register
from ui.pages.list_body import KEEP_MS, ListBody
from ui.theme import look
from ui.workers.runner import Runner

HOUSES = 100_000
MONTH = "2026-07"
PAGES = 10
PAIRS = 9
SIZE = (1190, 640)
STEPS = ("open", "end", "back", "sort", "filter")
KEYS = ("end", "back")
"""Steps that are keys in the table; the others ask the list anew."""
WORDS = "12-"


@dataclass(frozen=True, slots=True)
class _List:
    """A list, the column it is sorted by, and the office it stands in."""

    figure: str
    service: Any
    listing: Listing[Any]
    column: str
    make: Callable[[Path], None]


LISTS = (
    _List("houses_list", house_list, house_list.HOUSES, "area", lambda folder: make_billed(folder, HOUSES, MONTH)),
    _List("residents_list", resident_list, resident_list.RESIDENTS, "phone", make_register),
)

Statement = tuple[str, Any]
Recorded = dict[str, list[list[Statement]]]
"""The statements of each step; of `back` those of each page."""
Times = dict[str, tuple[float, float]]
"""Seconds of each step: CPU of the process, and waiting."""


def _paint() -> None:
    """Let everything that is posted be done, painting included."""
    for _ in range(3):
        QApplication.processEvents()


def _press(table: QTableView, name: str) -> None:
    """The keys of a step."""
    if name == "end":
        QTest.keyClick(table, Qt.Key.Key_Down)
        QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    else:
        QTest.keyClick(table, Qt.Key.Key_PageUp)


def _timed(arm: Ours | _Floor, name: str) -> tuple[float, float]:
    cpu, begin = time.process_time(), time.perf_counter()
    for page in _pages(name):
        arm.step(name, page)
    return time.process_time() - cpu, time.perf_counter() - begin


class Ours:
    """The list as it stands on its page."""

    def __init__(self, of: _List, made: Path) -> None:
        self.seat, self._runner, self._column = enter(made), Runner(), of.column
        self._body: ListBody[Any] = ListBody(of.listing.face, of.service, self.seat, self._runner, hint="房号")
        self._body.resize(*SIZE)
        self._body.show()
        _paint()

    @property
    def shape(self) -> tuple[int, int, int]:
        """What the other table is given: columns, and the place and height that this one has."""
        table = self._body.table
        return self._body.model.columnCount(), table.width(), table.height()

    def _settle(self) -> None:
        _paint()
        while self._runner.busy:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            _paint()
        table = self._body.table
        seen = (table.rowAt(0), table.rowAt(table.viewport().height() - 1))
        if any(self._body.model.row_at(row) is None for row in seen):
            raise RuntimeError(f"rows {seen} are not here")

    def found(self) -> int:
        """How many rows the list has now."""
        return self._body.model.rowCount()

    def step(self, name: str, page: int) -> None:
        """Do a step as hands do it, to its end."""
        if name == "open":
            self._body.refresh()
        elif name in KEYS:
            _press(self._body.table, name)
        elif name == "sort":
            self._body.sort((Sort(self._column, True),))
        else:
            self._body.filters.put(Query(WORDS, (), self._body.query.sorts))
        self._settle()

    def rest(self) -> None:
        """Until the state of the list is written."""
        until = time.perf_counter() + (KEEP_MS + 100) / 1000
        while time.perf_counter() < until or self._runner.busy:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def close(self) -> None:
        self._body.close()
        self._runner.close()
        self.seat.close()


class _Constants(QAbstractTableModel):
    """Rows that all say the same."""

    def __init__(self, columns: int, parent: QObject) -> None:
        super().__init__(parent)
        self._columns, self._rows = columns, 0

    def put(self, rows: int) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else self._columns

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        return "12-3-0402" if role == Qt.ItemDataRole.DisplayRole else None


class _Floor:
    """A plain table of the same size with rows of the same height; the SQL by a raw cursor."""

    def __init__(self, made: Path, recorded: Recorded, found: dict[str, int], shape: tuple[int, int, int]) -> None:
        self._seat, self._recorded, self._found = enter(made), recorded, found
        self._connection = self._seat.store.engines.reader.connect()
        raw = self._connection.connection.driver_connection
        assert raw is not None
        self._raw: Any = raw
        self._table = QTableView()
        self._model = _Constants(shape[0], self._table)
        self._table.setModel(self._model)
        self._table.setShowGrid(False)
        self._table.setWordWrap(False)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(look().size("row"))
        self._table.horizontalHeader().setDefaultSectionSize(shape[1] // shape[0])
        self._table.resize(*shape[1:])
        self._table.show()
        _paint()

    def step(self, name: str, page: int) -> None:
        """The statements of the step and what the table then shows."""
        for statement, values in self._recorded[name][page]:
            cursor = self._raw.execute(statement, values)
            while cursor.fetchmany(5000):
                pass
        if name in KEYS:
            _press(self._table, name)
        else:
            self._model.put(self._found[name])
        _paint()

    def close(self) -> None:
        self._table.close()
        self._connection.close()
        self._seat.close()


def _pages(name: str) -> range:
    return range(PAGES if name == "back" else 1)


@contextmanager
def _noting(ours: Ours) -> Iterator[list[Statement]]:
    """What the readers execute within."""
    noted: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if statement != "BEGIN":
            noted.append((statement, values))

    event.listen(ours.seat.store.engines.reader, "before_cursor_execute", note)
    yield noted
    event.remove(ours.seat.store.engines.reader, "before_cursor_execute", note)


def _record(of: _List, made: Path) -> tuple[Recorded, dict[str, int], tuple[int, int, int]]:
    """The statements of each step, how many rows the list has after it, and the table's shape."""
    recorded: Recorded = {name: [] for name in STEPS}
    found: dict[str, int] = {}
    ours = Ours(of, made)
    for name in STEPS:
        for page in _pages(name):
            with _noting(ours) as noted:
                ours.step(name, page)
            recorded[name].append(noted)
        ours.rest()
        found[name] = ours.found()
    shape = ours.shape
    ours.close()
    return recorded, found, shape


def _run_ours(of: _List, made: Path) -> Times:
    arm, times = Ours(of, made), {}
    for name in STEPS:
        times[name] = _timed(arm, name)
        arm.rest()
    arm.close()
    return times


def _run_floor(made: Path, recorded: Recorded, found: dict[str, int], shape: tuple[int, int, int]) -> Times:
    arm, times = _Floor(made, recorded, found, shape), {}
    for name in STEPS:
        times[name] = _timed(arm, name)
    arm.close()
    return times


def _figure(of: _List, pairs: list[tuple[Times, Times]]) -> Figure:
    def seconds(arm: int, clock: int, steps: Sequence[str]) -> float:
        return median(sum(pair[arm][name][clock] for name in steps) for pair in pairs)

    each = ", ".join(f"{name} {seconds(0, 0, [name]) / seconds(1, 0, [name]):.2f}" for name in STEPS)
    waiting = seconds(0, 1, STEPS) / seconds(1, 1, STEPS)
    unit = f"s CPU; {each}; waiting {waiting:.2f}"
    return Figure(of.figure, seconds(0, 0, STEPS), seconds(1, 0, STEPS), unit, len(pairs), 1.6)


def measure(wanted: Collection[str]) -> list[Figure]:
    """All steps together; each one's ratio stands beside the unit."""
    application = QApplication.instance() or QApplication([""])
    look()
    found = [_measure(of) for of in LISTS if of.figure in wanted]
    application.processEvents()
    return found


def _measure(of: _List) -> Figure:
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        made = Path(scratch) / "made"
        of.make(made)
        recorded = _record(of, made)
        return _figure(of, [(_run_ours(of, made), _run_floor(made, *recorded)) for _ in range(PAIRS)])
