"""按楼层批量生成: many houses at once by the floor; those that exist already are left out."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.house_batch import DEFAULT, WITHOUT_ENTRANCE, Grid, cells, floors, names
from app.domain.problem import Problem
from app.security.permissions import Permission
from app.services import house_rows
from app.services.house_rows import HouseDetails, HousePlace
from app.services.refused import Refused, refuse
from app.services.use_case import use_case
from db.work import Work
from reports.excel.house_numbers import Number

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Batch:
    """What to make, as typed: buildings (`1-3，5`), entrances (empty: none), floors (`1-18`) and those to skip, houses
    a floor, the pattern of the numbers (empty: the usual one); area (1e-4 m²), house type, layout and state for all.
    """

    buildings: str
    entrances: str
    floors: str
    on_floor: int
    skip: str = ""
    pattern: str = ""
    gross_area: int | None = None
    house_type: str | None = None
    layout: str | None = None
    state: str = "vacant"


@dataclass(frozen=True, slots=True)
class Made:
    """How many houses of the grid are new, and how many were there; the first and last numbers of the new ones."""

    grid: int
    made: int
    existing: int
    first: tuple[str, ...]
    last: tuple[str, ...]
    known: tuple[str, ...]


@use_case(Permission.IMPORT_REGISTER)
def rehearse(work: Work, batch: Batch) -> Made:
    """What `make` would make; writes nothing. Raises Refused as `make` does."""
    return _plan(work, batch)[1]


@use_case(Permission.IMPORT_REGISTER, audit="houses.made", touches=frozenset({"house", "resident"}))
def make(work: Work, batch: Batch) -> Made:
    """Make the houses that are not there yet, all or none. Raises Refused `all_there` where none is new, and what the
    rule says (`batch.names`, `batch.floors`, `batch.pattern`, `batch.too_many` …) with its field.
    """
    numbers, answer = _plan(work, batch)
    if not numbers:
        raise refuse("all_there", "这 {n} 户都已经有了。", "请核对楼栋和楼层。", n=answer.grid, field="buildings")
    details = _details(work, batch)
    house_rows.put(work, house_rows.the_estate(work), [(number, batch.state, details) for number in numbers])
    detail = {
        "buildings": batch.buildings, "entrances": batch.entrances, "floors": batch.floors, "skip": batch.skip,
        "on_floor": batch.on_floor, "made": answer.made, "houses": [number.number for number in numbers],
    }  # fmt: skip
    work.audit("houses.made", "house", None, detail=detail)
    return answer


def _details(work: Work, batch: Batch) -> HouseDetails:
    details = HouseDetails(batch.gross_area, house_type=batch.house_type, layout=batch.layout)
    return house_rows.checked(work, details)


def _plan(work: Work, batch: Batch) -> tuple[list[Number], Made]:
    if batch.state not in house_rows.STATES:
        raise refuse("unknown_state", "没有这种状态：{state}。", "请选已有的状态。", state=batch.state, field="state")
    _details(work, batch)
    grid = _grid(batch)
    try:
        found = cells(grid)
    except Problem as why:
        raise Refused(why, "pattern" if why.code == "batch.pattern" else "floors") from None
    wanted = [house_rows.number_of(HousePlace(cell.building, cell.entrance, cell.room, cell.floor)) for cell in found]
    there = house_rows.numbers_of(work, [number.key for number in wanted])
    new = [number for number in wanted if number.key not in there]
    written = tuple(number.number for number in new)
    last = written[SHOWN:][-SHOWN:]
    return new, Made(len(wanted), len(new), len(there), written[:SHOWN], last, tuple(there.values())[:SHOWN])


def _grid(batch: Batch) -> Grid:
    read = {}
    for field, typed in (("buildings", batch.buildings), ("entrances", batch.entrances)):
        try:
            read[field] = names(typed)
        except Problem as why:
            raise Refused(why, field) from None
    try:
        levels = floors(batch.floors, batch.skip)
    except Problem as why:
        raise Refused(why, "floors") from None
    pattern = batch.pattern.strip() or (DEFAULT if read["entrances"] else WITHOUT_ENTRANCE)
    return Grid(read["buildings"], read["entrances"], levels, batch.on_floor, pattern)
