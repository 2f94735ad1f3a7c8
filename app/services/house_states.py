"""The states that houses had, by day: whoever changes one writes here what it was and what it became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.services.fees import FROM_THE_BEGINNING
from db.driver import mark
from db.models.estate import HouseState
from db.work import Work


@dataclass(frozen=True, slots=True)
class Moved:
    """A house that comes into another state."""

    house_id: int
    before: str
    after: str


def remember(work: Work, moves: Sequence[Moved], day: date, reason: str | None) -> None:
    """Keep states that change on a day. A house whose first change this is gets the state that it had until then, too.
    The caller writes the house's own state.
    """
    known = newest(work, [move.house_id for move in moves])
    columns = ("house_id", "state", "valid_from", "reason", "seq")
    first = FROM_THE_BEGINNING.isoformat()
    rows: list[tuple[object, ...]] = [
        (move.house_id, move.before, first, None, work.seq) for move in moves if move.house_id not in known
    ]
    rows += [(move.house_id, move.after, day.isoformat(), reason, work.seq) for move in moves]
    work.insert(HouseState, columns, rows)


def move(work: Work, moves: Sequence[Moved], day: date, reason: str | None) -> None:
    """Bring houses into other states from a day, with their history."""
    remember(work, moves, day, reason)
    work.change_many("house", ("id",), ("state",), [(move.after, move.house_id) for move in moves])
    raise_versions(work, [move.house_id for move in moves])


def raise_versions(work: Work, houses: Sequence[int]) -> None:
    """Count a change of these houses: who has one open sees that it moved on."""
    if houses:
        work.connection.exec_driver_sql(
            f"UPDATE house SET version = version + 1 WHERE id = {mark(work.connection)}", [(house,) for house in houses]
        )


def newest(work: Work, houses: Sequence[int]) -> dict[int, date]:
    """Since when these houses have the state they have; those whose state never changed are left out."""
    found: dict[int, date] = {}
    for start in range(0, len(houses), 500):
        query = select(HouseState.house_id, func.max(HouseState.valid_from)).group_by(HouseState.house_id)
        rows = work.execute(query.where(HouseState.house_id.in_(houses[start : start + 500])))
        found.update({house: date.fromisoformat(day) if isinstance(day, str) else day for house, day in rows})
    return found
