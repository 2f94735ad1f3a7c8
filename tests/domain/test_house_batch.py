"""Houses by the floor: the grid, its numbers, and that each is read back as the house it stands for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.house_batch import DEFAULT, WITHOUT_ENTRANCE, Grid, cells, floors, names
from app.domain.house_order import parse
from app.domain.problem import Problem
from reports.excel.house_numbers import compose


def test_names_and_floors_are_read_as_hands_type_them() -> None:
    assert names("1-3，5 A、B, 12 5") == ("1", "2", "3", "5", "A", "B", "12")
    assert names("A-C 十二") == ("A", "B", "C", "12")
    assert names("") == ()
    assert floors("1-6", "4") == (1, 2, 3, 5, 6)
    assert floors("-1 - 2".replace(" ", "")) == (-1, 1, 2)
    assert floors("1-15", "4，13、14") == (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 15)


@pytest.mark.parametrize("typed", ["x", "3-1", "1-500", "", "0"])
def test_what_is_no_floor_is_refused(typed: str) -> None:
    with pytest.raises(Problem) as why:
        floors(typed)
    assert why.value.code == "batch.floors"


@pytest.mark.parametrize(
    ("grid", "code"),
    [
        (Grid((), ("1",), (1,), 2), "batch.nothing"),
        (Grid(("1",), ("1",), (1,), 0), "batch.nothing"),
        (Grid(("1",), ("1",), (1,), 100), "batch.too_many"),
        (Grid(tuple(map(str, range(99))), ("1", "2", "3"), tuple(range(1, 34)), 4), "batch.too_many"),
        (Grid(("1",), ("1",), (-1, 1), 2), "batch.below"),
        (Grid(("1",), ("1",), (1,), 2, "{楼}-{层:02}{户:02}"), "batch.pattern"),
        (Grid(("1",), (), (1,), 2, DEFAULT), "batch.pattern"),
        (Grid(("1",), ("1",), (1,), 2, "{楼}{单元}{层:02}{户:02}"), "batch.pattern"),
        (Grid(("1",), ("1",), (1,), 2, "{楼}-{单元}-{层:02}{户}"), "batch.pattern"),
        (Grid(("1",), ("1",), (1,), 2, "{楼}-{单元}-{层:02}-{户:02}"), "batch.pattern"),
        (Grid(("1",), ("1",), (1,), 2, "{层:02}{户:02}"), "batch.pattern"),
    ],
)
def test_what_cannot_be_numbered_is_refused(grid: Grid, code: str) -> None:
    with pytest.raises(Problem) as why:
        cells(grid)
    assert why.value.code == code


def test_a_grid_in_its_order() -> None:
    found = cells(Grid(("3",), ("1", "2"), (1, 2), 2))
    assert [(cell.entrance, cell.floor, cell.room) for cell in found] == [
        ("1", 1, "0101"), ("1", 1, "0102"), ("1", 2, "0201"), ("1", 2, "0202"),
        ("2", 1, "0101"), ("2", 1, "0102"), ("2", 2, "0201"), ("2", 2, "0202"),
    ]  # fmt: skip
    bare = cells(Grid(("A",), (), (12,), 1, "{楼}-{层}{户:02}"))
    assert [(cell.entrance, cell.room) for cell in bare] == [(None, "1201")]


BUILDINGS = st.lists(st.integers(1, 99).map(str) | st.sampled_from("ABCDEF"), min_size=1, max_size=4, unique=True)
ENTRANCES = st.lists(st.integers(1, 9).map(str), max_size=3, unique=True)
FLOORS = st.lists(st.integers(1, 120), min_size=1, max_size=6, unique=True)


@given(BUILDINGS, ENTRANCES, FLOORS, st.integers(1, 12), st.integers(1, 3))
def test_numbers_are_unique_and_read_back(
    buildings: list[str], entrances: list[str], levels: list[int], on_floor: int, wide: int
) -> None:
    pattern = (DEFAULT if entrances else WITHOUT_ENTRANCE).replace("{层:02}", f"{{层:0{wide}}}")
    grid = Grid(tuple(buildings), tuple(entrances), tuple(levels), on_floor, pattern)
    found = cells(grid)
    assert len(found) == grid.count
    numbers = [compose(cell.building, cell.entrance, cell.room, cell.floor) for cell in found]
    assert len({number.key for number in numbers}) == grid.count
    for cell, number in zip(found, numbers, strict=True):
        again = parse(number.number)
        assert (again.building, again.entrance, again.floor) == (cell.building, cell.entrance, cell.floor)
        assert again.normalized == number.key
        assert number.floor == cell.floor
