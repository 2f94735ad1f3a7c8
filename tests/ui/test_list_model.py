"""The list's model: keys first, rows as they are looked at, nothing stale, selection by key."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.services.list_export import Exported
from app.services.list_face import ColumnFace, Counts, Face, Kind, Query, Sort
from app.services.seat import Seat
from ui.models.cell_text import plain, shown, spoken
from ui.models.list_model import CELL, MOST_ROWS, ListModel
from ui.models.plain_model import PlainModel
from ui.pages.list_table import ListTable
from ui.workers.runner import Runner


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    owed: int


def _column(key: str, kind: Kind, **more: Any) -> ColumnFace:
    return ColumnFace(key, key, kind, 10, None, True, more.get("total", False), (), False)


FACE = Face(
    "test", "测试", "行", (_column("number", Kind.NUMBER), _column("owed", Kind.MONEY, total=True)), (),
    (Sort("number"),), frozenset(),
)  # fmt: skip


class Doors:
    """A list of `n` rows; `held` stops the reading of rows until it is set."""

    def __init__(self, n: int) -> None:
        self.n, self.asked = n, 0
        self.held = threading.Event()
        self.held.set()
        self.name = "a"

    def keys(self, seat: Seat, query: Query) -> array[int]:
        found = [key for key in range(1, self.n + 1) if query.words in str(key)]
        down = bool(query.sorts) and query.sorts[0].descending
        return array("q", reversed(found) if down else found)

    def rows(self, seat: Seat, keys: Sequence[int]) -> dict[int, Any]:
        name = self.name
        self.held.wait(10)
        self.asked += len(keys)
        return {key: Row(f"{name}{key}", key * 100) for key in keys}

    def totals(self, seat: Seat, query: Query) -> dict[str, int]:
        return {"owed": sum(self.keys(seat, query)) * 100}

    def counts(self, seat: Seat, query: Query) -> Counts:
        return Counts(len(self.keys(seat, query)), self.n, {})

    def export(self, seat: Seat, query: Query, target: Path, columns: Sequence[str]) -> Exported:
        raise NotImplementedError


def _model(runner: Runner, doors: Doors) -> ListModel[Row]:
    return ListModel(FACE, doors, cast(Seat, None), runner)


def _asked(qtbot: QtBot, model: ListModel[Row], query: Query | None = None) -> None:
    with qtbot.waitSignal(model.loaded):
        model.ask(query or Query())


def test_qt_finds_nothing_wrong_with_the_model(qtbot: QtBot, runner: Runner, qtmodeltester: ModelTester) -> None:
    model = _model(runner, Doors(300))
    _asked(qtbot, model)
    qtmodeltester.check(model)
    _asked(qtbot, model, Query("1"))


def test_qt_finds_nothing_wrong_with_a_panel_s_rows(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(PlainModel(FACE.columns, [Row("a", 1), Row("b", 0)]))


def test_values_in_words_for_people_sheets_and_readers() -> None:
    money, masked = FACE.column("owed"), _column("phone", Kind.MASKED)
    assert (shown(money, -1200), plain(money, -123456), shown(money, None)) == ("−12.00", "-1234.56", "—")
    assert (shown(masked, "138****0102"), spoken(masked, "138****0102")) == ("138****0102", "phone 已脱敏")
    area = _column("area", Kind.AREA)
    assert (shown(area, 51_417_600), plain(area, 51_417_600)) == ("5,141.76", "5141.76")
    assert plain(_column("text", Kind.TEXT), "一行\n又一行\t末") == "一行 又一行 末"


def test_a_hundred_thousand_rows_are_fetched_as_they_are_looked_at(qtbot: QtBot, runner: Runner) -> None:
    doors = Doors(100_000)
    model = _model(runner, doors)
    table = ListTable(model)
    qtbot.addWidget(table)
    table.resize(400, 600)
    table.show()
    _asked(qtbot, model)
    assert model.rowCount() == 100_000
    assert doors.asked < 500
    for place in (50_000, 99_999, 20_000):
        table.scrollTo(model.index(place, 1))
        qtbot.waitUntil(lambda p=place: model.row_at(p) is not None)
        assert model.index(place, 1).data() == f"a{place + 1}"
    assert doors.asked < 2_500
    # What is asked for here is looked at by nobody: a table that paints would ask for its own rows instead.
    table.hide()
    for place in range(0, 20_000, 200):
        model.wanted(place, place + 50)
        qtbot.waitUntil(lambda p=place: model.row_at(p) is not None)
    assert model.cached <= MOST_ROWS


def test_a_cell_on_the_way_is_a_placeholder_and_no_stale_row_is_shown(qtbot: QtBot, runner: Runner) -> None:
    doors = Doors(1000)
    model = _model(runner, doors)
    _asked(qtbot, model)
    doors.held.clear()
    index = model.index(700, 1)
    assert (index.data(), index.data(CELL).waiting) == (None, True)
    qtbot.waitUntil(lambda: model._asked is not None)
    model.life += 1
    doors.held.set()
    doors.name = "b"
    _asked(qtbot, model)
    model.wanted(700, 700)
    qtbot.waitUntil(lambda: model.row_at(700) is not None)
    assert model.index(700, 1).data() == "b701"


def test_the_selection_outlives_sort_and_refresh(qtbot: QtBot, runner: Runner) -> None:
    doors = Doors(200)
    model = _model(runner, doors)
    table = ListTable(model)
    qtbot.addWidget(table)
    table.show()
    _asked(qtbot, model)
    table.go_to(7)
    table.selectionModel().select(
        model.index(8, 0), table.selectionModel().SelectionFlag.Select | table.selectionModel().SelectionFlag.Rows
    )
    assert model.selected == {7, 9}
    _asked(qtbot, model, Query(sorts=(Sort("owed", True),)))
    assert model.selected == {7, 9}
    assert {index.row() for index in table.selectionModel().selectedRows()} == {193, 191}
    assert (table.key, table.currentIndex().row()) == (7, 193)
    _asked(qtbot, model, Query("9"))
    assert model.selected == {9}
    assert table.key is None


def test_heads_sort_once_up_twice_down_and_with_shift_by_a_second_key(qtbot: QtBot, runner: Runner) -> None:
    model = _model(runner, Doors(5))
    table = ListTable(model)
    qtbot.addWidget(table)
    _asked(qtbot, model)
    assert table.resorted("number", more=False) == (Sort("number", True),)
    assert table.resorted("owed", more=False) == (Sort("owed"),)
    assert table.resorted("owed", more=True) == (Sort("number"), Sort("owed"))
    _asked(qtbot, model, Query(sorts=(Sort("number"), Sort("owed"))))
    assert table.resorted("owed", more=True) == (Sort("number"), Sort("owed", True))


@pytest.mark.parametrize("keys", [set(), {1}, {1, 2, 3}, {2, 3, 5, 9, 10}])
def test_runs_of_places(qtbot: QtBot, runner: Runner, keys: set[int]) -> None:
    model = _model(runner, Doors(10))
    _asked(qtbot, model)
    found = [place for first, last in model.runs(keys) for place in range(first, last + 1)]
    assert found == sorted(key - 1 for key in keys)
    assert model.headerData(1, Qt.Orientation.Horizontal) == "number"
