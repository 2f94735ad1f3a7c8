"""The states that houses had, by day: whoever changes one writes here what it was and what it became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from app.services.fees import FROM_THE_BEGINNING
from db.driver import mark
from db.models.estate import HouseState
from db.models.tariff import Discount
from db.work import Work


@dataclass(frozen=True, slots=True)
class Moved:
    """A house that comes into another state."""

    house_id: int
    before: str
    after: str


LIVED_IN = frozenset({"owner", "let"})
"""States in which somebody has moved in."""


def remember(work: Work, moves: Sequence[Moved], day: date, reason: str | None) -> Mapping[int, date]:
    """Keep states that change on a day. A house whose first change this is gets the state that it had until then, too.
    The caller writes the house's own state. Gives the last days of the vacancy discounts that this ends, by house.
    """
    known = newest(work, [move.house_id for move in moves])
    columns = ("house_id", "state", "valid_from", "reason", "seq")
    first = FROM_THE_BEGINNING.isoformat()
    rows: list[tuple[object, ...]] = [
        (move.house_id, move.before, first, None, work.seq) for move in moves if move.house_id not in known
    ]
    rows += [(move.house_id, move.after, day.isoformat(), reason, work.seq) for move in moves]
    work.insert(HouseState, columns, rows)
    return _end_vacancy(work, [m.house_id for m in moves if m.after in LIVED_IN and m.before not in LIVED_IN], day)


def _end_vacancy(work: Work, houses: Sequence[int], day: date) -> Mapping[int, date]:
    """A discount for vacancy ends by itself when somebody moves in (HANDBOOK §2.1); what is posted stays."""
    ended: dict[int, date] = {}
    rows: list[tuple[object, ...]] = []
    for start in range(0, len(houses), 500):
        running = select(Discount.id, Discount.house_id, Discount.valid_from, Discount.version).where(
            Discount.house_id.in_(houses[start : start + 500]), Discount.kind == "vacancy",
            Discount.valid_to >= day, Discount.valid_to >= Discount.valid_from,
        )  # fmt: skip
        for row in work.execute(running):
            last = max(day, row.valid_from) - timedelta(days=1)
            ended[row.house_id] = max(last, ended.get(row.house_id, last))
            rows.append((last.isoformat(), row.version + 1, row.id))
    if rows:
        work.change_many("discount", ("id",), ("valid_to", "version"), rows)
        work.touched.add("house_item")
    return ended


def move(work: Work, moves: Sequence[Moved], day: date, reason: str | None) -> Mapping[int, date]:
    """Bring houses into other states from a day, with their history. Gives what `remember` does."""
    ended = remember(work, moves, day, reason)
    work.change_many("house", ("id",), ("state",), [(move.after, move.house_id) for move in moves])
    raise_versions(work, [move.house_id for move in moves])
    return ended


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
