"""What dunning looks at, in bulk: past-due principal by house and payer, stages done, holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from db.models.dunning import DunContact, DunHold, DunStep
from db.models.estate import House
from db.models.ledger import Adjustment, Allocation, Charge
from db.models.projection import OpenCharge
from db.queries.owed import CHUNK
from db.rows import literal, stream

Pair = tuple[int, int]
"""The house that papers go to (a space's own house where it is billed with one), and the payer."""


class Late(NamedTuple):
    """Past-due principal of a payer at a house, in fen, with its oldest due date; `house` is the number."""

    house_id: int
    payer_id: int
    house: str
    oldest_due: Any
    open: int


_LATE = """
    SELECT g.deliver, g.payer_id, h.number, g.due, g.open FROM (
        SELECT COALESCE(s.bill_with, s.id) AS deliver, o.payer_id, MIN(o.due_date) AS due, SUM(o.open) AS open
        FROM open_charge o JOIN house s ON s.id = o.house_id {posted}
        WHERE o.part = 'principal' AND o.due_date < {day}
        GROUP BY COALESCE(s.bill_with, s.id), o.payer_id
    ) g JOIN house h ON h.id = g.deliver ORDER BY h.sort_key, h.id, g.payer_id
"""


def late(connection: Connection, as_of: date, today: date) -> list[Late]:
    """Who is past due on a day with what is still open today: nobody is asked for what he has paid since."""
    day = literal(connection, as_of)
    posted = f'JOIN charge c ON c.id = o.charge_id AND c."on" <= {day}' if as_of < today else ""
    return [Late._make(row) for row in stream(connection, _LATE.format(day=day, posted=posted))]


class StepRow(NamedTuple):
    """A stage that was done, and the first day on which its paper is proven to have arrived."""

    id: int
    number: str
    stage: str
    on: date
    served_on: date | None
    document_id: int
    deadline: date | None
    ladder: int


def steps(connection: Connection, as_of: date) -> dict[Pair, list[StepRow]]:
    """The stages of each payer's running ladder, oldest first."""
    served: dict[int, date] = {}
    query = select(DunContact.step_id, DunContact.on).where(
        DunContact.step_id.is_not(None), DunContact.served, DunContact.on <= as_of
    )
    for step_id, on in connection.execute(query):
        if step_id is not None and (step_id not in served or on < served[step_id]):
            served[step_id] = on
    found: dict[Pair, list[StepRow]] = {}
    rows = connection.execute(
        select(
            DunStep.house_id, DunStep.payer_id, DunStep.id, DunStep.number, DunStep.stage, DunStep.on,
            DunStep.document_id, DunStep.deadline, DunStep.ladder,
        ).order_by(DunStep.id)
    )  # fmt: skip
    for house_id, payer_id, step_id, number, stage, on, document_id, deadline, ladder in rows:
        row = StepRow(step_id, number, stage, on, served.get(step_id), document_id, deadline, ladder)
        mine = found.setdefault((house_id, payer_id), [])
        if mine and mine[-1].ladder != ladder:
            mine.clear()
        mine.append(row)
    return found


def talked(connection: Connection, as_of: date) -> dict[Pair, date]:
    """The last day on which each payer was called or visited."""
    query = select(DunContact.house_id, DunContact.payer_id, func.max(DunContact.on)).where(
        DunContact.step_id.is_(None), DunContact.on <= as_of
    )
    rows = connection.execute(query.group_by(DunContact.house_id, DunContact.payer_id))
    return {(house_id, payer_id): on for house_id, payer_id, on in rows}


def owed_before(connection: Connection, day: date) -> set[Pair]:
    """Who still owes principal that fell due on this day or before it."""
    home = func.coalesce(House.bill_with, House.id)
    query = (
        select(home, OpenCharge.payer_id)
        .join(House, House.id == OpenCharge.house_id)
        .where(OpenCharge.part == "principal", OpenCharge.due_date <= day)
        .distinct()
    )
    return {(int(house_id), int(payer_id)) for house_id, payer_id in connection.execute(query)}


class HoldRow(NamedTuple):
    """A hold between two days; `valid_to` None until it is ended."""

    id: int
    kind: str
    valid_from: date
    valid_to: date | None
    reason: str


def holds(connection: Connection) -> dict[Pair, list[HoldRow]]:
    """All holds of each payer."""
    found: dict[Pair, list[HoldRow]] = {}
    for row in connection.execute(select(DunHold).order_by(DunHold.id)):
        hold = HoldRow(row.id, row.kind, row.valid_from, row.valid_to, row.reason)
        found.setdefault((row.house_id, row.payer_id), []).append(hold)
    return found


def members(connection: Connection, houses: Iterable[int]) -> dict[int, int]:
    """These houses and the spaces billed with them, each with the house its papers go to."""
    wanted = sorted(set(houses))
    found = {house: house for house in wanted}
    for start in range(0, len(wanted), CHUNK):
        query = select(House.id, House.bill_with).where(House.bill_with.in_(wanted[start : start + CHUNK]))
        found.update({space: house for space, house in connection.execute(query) if house is not None})
    return found


def last_paid(connection: Connection, due_before: dict[Pair, date]) -> dict[Pair, date]:
    """For each payer the last day on which anything reduced his principal that was due before the day given."""
    deliver = members(connection, (house for house, _ in due_before))
    of_charge: dict[int, Pair] = {}
    houses = sorted(deliver)
    for start in range(0, len(houses), CHUNK):
        query = select(Charge.id, Charge.house_id, Charge.payer_id, Charge.due_date).where(
            Charge.house_id.in_(houses[start : start + CHUNK]), Charge.part == "principal"
        )
        for charge_id, house_id, payer_id, due in connection.execute(query):
            pair = (deliver[house_id], payer_id)
            if pair in due_before and due < due_before[pair]:
                of_charge[charge_id] = pair
    found: dict[Pair, date] = {}
    for charge_id, on in _reduced(connection, sorted(of_charge)):
        pair = of_charge[charge_id]
        found[pair] = max(on, found.get(pair, on))
    return found


def _reduced(connection: Connection, charges: Sequence[int]) -> Iterable[tuple[int, date]]:
    for start in range(0, len(charges), CHUNK):
        some = charges[start : start + CHUNK]
        yield from connection.execute(
            select(Allocation.charge_id, Allocation.on).where(Allocation.charge_id.in_(some))
        ).all()
        yield from connection.execute(
            select(Adjustment.charge_id, Adjustment.on).where(Adjustment.charge_id.in_(some))
        ).all()
