"""A bill run's inputs, read in bulk as plain tuples: no query inside a loop over houses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from db.models.estate import House, HouseLink, HousePeople
from db.models.ledger import Adjustment, Charge, ChargePart
from db.models.meter import Meter, Reading, TierUsage
from db.models.office import RestDay
from db.models.people import HousePayer, Party, Person
from db.models.tariff import Discount, FeeItem, FeeRule, HouseItem, PaidUntil, SharedCost, Tariff
from db.queries.taken_back import TAKEN_BACK


@dataclass(frozen=True, slots=True)
class HouseInput:
    """A house as the run sees it; area 1e-4 m²."""

    id: int
    kind: str
    number: str
    number_key: str
    building: str | None
    house_type: str | None
    area: int | None
    state: str
    delivered_on: date | None
    deliver_to: int
    floor: int | None = None
    ended_on: date | None = None
    """The last day of one that was split or merged."""
    began_on: date | None = None
    """The first day of one that came of a split or merger."""


@dataclass(frozen=True, slots=True)
class Held:
    """A house has an item: dates, count, factor (1e-6), own start rule."""

    valid_from: date | None
    valid_to: date | None
    count: int
    factor: int
    start_rule: str | None


@dataclass(frozen=True, slots=True)
class Payer:
    """Who is billed for a house between two days."""

    party_id: int
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted line of a house and item; `undone` when it is wholly reversed."""

    first: date
    last: date
    payer_id: int
    issue: int
    undone: bool


UnbilledReading = tuple[int, date, int, int]
"""Id, day, value and usage (1e-4) of a reading."""


@dataclass(frozen=True, slots=True)
class MeterRun:
    """Readings of one register that are not billed; `last_value` is that of the newest billed one, or its first."""

    readings: tuple[UnbilledReading, ...]
    last_value: int | None


@dataclass(frozen=True, slots=True)
class MeterInput:
    """A meter with what is not billed of it: one run, or one more for each change of the meter (换表) since."""

    id: int
    runs: tuple[MeterRun, ...]


def houses(connection: Connection) -> list[HouseInput]:
    """All houses in natural order."""
    rows = connection.execute(
        select(
            House.id, House.kind, House.number, House.number_key, House.building, House.house_type, House.gross_area,
            House.state, House.delivered_on, func.coalesce(House.bill_with, House.id),
            House.floor, House.ended_on,
        ).order_by(House.estate_id, House.sort_key)
    )  # fmt: skip
    links = connection.execute(select(HouseLink.new_house, HouseLink.on))
    began = {row.new_house: row.on for row in links}
    return [HouseInput(*(*row, began.get(row[0]))) for row in rows]


def items(connection: Connection) -> Sequence[Row[Any]]:
    """All fee items by code: id, code, name, kind, cycle, bill_when, anchor, houses."""
    rows = connection.execute(
        select(
            FeeItem.id, FeeItem.code, FeeItem.name, FeeItem.kind, FeeItem.cycle, FeeItem.bill_when, FeeItem.anchor,
            FeeItem.houses,
        ).order_by(FeeItem.code)
    )  # fmt: skip
    return [*rows]


def rules(connection: Connection) -> Mapping[int, list[Row[Any]]]:
    """Rules of each item, oldest first."""
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(select(FeeRule).order_by(FeeRule.valid_from)):
        found.setdefault(row.item_id, []).append(row)
    return found


def tariffs(connection: Connection) -> Mapping[int, list[Row[Any]]]:
    """Price versions of each item."""
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(select(Tariff).order_by(Tariff.id)):
        found.setdefault(row.item_id, []).append(row)
    return found


def held_items(connection: Connection) -> Mapping[int, dict[int, list[Held]]]:
    """What houses have, by item and house."""
    found: dict[int, dict[int, list[Held]]] = {}
    rows = connection.execute(
        select(
            HouseItem.item_id, HouseItem.house_id, HouseItem.valid_from, HouseItem.valid_to, HouseItem.count,
            HouseItem.factor, HouseItem.start_rule,
        ).order_by(HouseItem.valid_from)
    )  # fmt: skip
    for item_id, house_id, *held in rows:
        found.setdefault(item_id, {}).setdefault(house_id, []).append(Held(*held))  # type: ignore[arg-type]
    return found


def payers(connection: Connection) -> Mapping[int, list[Payer]]:
    """Who is billed, by house, in order of time."""
    found: dict[int, list[Payer]] = {}
    rows = connection.execute(
        select(HousePayer.house_id, HousePayer.party_id, HousePayer.valid_from, HousePayer.valid_to).order_by(
            HousePayer.house_id, HousePayer.valid_from
        )
    )
    for house_id, party_id, first, last in rows:
        found.setdefault(house_id, []).append(Payer(party_id, first, last))
    return found


def paid_until(connection: Connection) -> Mapping[tuple[int, int], date]:
    """From the opening: settled up to this day, by house and item."""
    return {(house, item): day for house, item, day in connection.execute(
        select(PaidUntil.house_id, PaidUntil.item_id, PaidUntil.day))}  # fmt: skip


def posted(connection: Connection, item_id: int, first: date, last: date) -> Mapping[int, list[Posted]]:
    """Posted principal lines of an item that touch these days or end the day before, by house."""
    undone = TAKEN_BACK.distinct().subquery()
    rows = connection.execute(
        select(Charge.house_id, Charge.period_from, Charge.period_to, Charge.payer_id, Charge.issue, undone.c.charge_id)
        .outerjoin(undone, undone.c.charge_id == Charge.id)
        .where(
            Charge.item_id == item_id,
            Charge.part == "principal",
            Charge.period_to >= first - timedelta(days=1),
            Charge.period_from <= last,
        )
    )
    found: dict[int, list[Posted]] = {}
    for house_id, start, end, payer_id, issue, reversal in rows:
        found.setdefault(house_id, []).append(Posted(start, end, payer_id, issue, reversal is not None))
    return found


def posted_amounts(connection: Connection, month: str, items: Sequence[int]) -> Mapping[tuple[int, int, int], int]:
    """What lines of these items that the month's runs posted come to (net, fen), by house, payer and item; what was
    taken back is left out.
    """
    mine = (
        Charge.item_id.in_(items), Charge.part == "principal", Charge.billing_month == month,
        Charge.id.not_in(TAKEN_BACK),
    )  # fmt: skip
    key = (Charge.house_id, Charge.payer_id, Charge.item_id)
    charged = select(*key, func.sum(Charge.amount)).where(*mine).group_by(*key)
    adjusted = (
        select(*key, func.sum(Adjustment.amount))
        .join(Adjustment, Adjustment.charge_id == Charge.id)
        .where(*mine)
        .group_by(*key)
    )
    found: dict[tuple[int, int, int], int] = {}
    for house_id, payer_id, item_id, fen in (*connection.execute(charged), *connection.execute(adjusted)):
        found[house_id, payer_id, item_id] = found.get((house_id, payer_id, item_id), 0) + int(fen)
    return found


@dataclass(frozen=True, slots=True)
class CostInput:
    """A cost to be divided, in fen, and among whom: the estate, or a building's houses."""

    id: int
    scope: str
    scope_ref: str
    amount: int


def shared_costs(connection: Connection, item_id: int, first: date, last: date) -> list[CostInput]:
    """The costs of an item for a period, oldest first."""
    rows = connection.execute(
        select(SharedCost.id, SharedCost.scope, SharedCost.scope_ref, SharedCost.amount)
        .where(
            SharedCost.item_id == item_id,
            SharedCost.period_from == first,
            SharedCost.period_to == last,
            SharedCost.state == "entered",
        )
        .order_by(SharedCost.id)
    )
    return [CostInput(row.id, row.scope, row.scope_ref, row.amount) for row in rows]


def usages(connection: Connection, code: str, after: date, until: date) -> Mapping[int, int]:
    """What the meters of an item read in two days (the first left out) used, by house (1e-4)."""
    rows = connection.execute(
        select(Meter.house_id, func.sum(Reading.usage))
        .join(Reading, Reading.meter_id == Meter.id)
        .join(FeeItem, FeeItem.id == Meter.item_id)
        .where(FeeItem.code == code, Reading.on > after, Reading.on <= until, Reading.kind.in_(("true", "estimate")))
        .group_by(Meter.house_id)
    )
    return {house_id: int(usage) for house_id, usage in rows}


@dataclass(frozen=True, slots=True)
class DiscountRow:
    """A house's discount: for an item or for all (`item_id` None), factor 1e-6, first and last day."""

    item_id: int | None
    factor: int
    first: date
    last: date


def discounts(connection: Connection) -> Mapping[int, list[DiscountRow]]:
    """All discounts by house; one that was ended before it began never holds."""
    found: dict[int, list[DiscountRow]] = {}
    rows = connection.execute(
        select(Discount.house_id, Discount.item_id, Discount.factor, Discount.valid_from, Discount.valid_to)
        .where(Discount.valid_to >= Discount.valid_from)
        .order_by(Discount.id)
    )
    for house_id, item_id, factor, first, last in rows:
        found.setdefault(house_id, []).append(DiscountRow(item_id, factor, first, last))
    return found


def last_posted(connection: Connection, item_id: int, before: date) -> Mapping[int, date]:
    """The last day posted before a day, by house; reversed lines left out."""
    rows = connection.execute(
        select(Charge.house_id, func.max(Charge.period_to))
        .where(
            Charge.item_id == item_id,
            Charge.part == "principal",
            Charge.period_to < before,
            Charge.id.not_in(TAKEN_BACK),
        )
        .group_by(Charge.house_id)
    )
    return {house_id: _day(day) for house_id, day in rows}


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def meters(connection: Connection, item_id: int, until: date) -> Mapping[int, list[MeterInput]]:
    """Meters of an item with their unbilled readings up to a day, by house."""
    billed = (
        select(ChargePart.reading_id)
        .where(ChargePart.reading_id.is_not(None), ChargePart.charge_id.not_in(TAKEN_BACK))
        .distinct()
        .subquery()
    )
    rows = connection.execute(
        select(
            Meter.house_id, Meter.id, Reading.id, Reading.on, Reading.value, Reading.usage, Reading.kind,
            billed.c.reading_id,
        )
        .outerjoin(Reading, and_(Reading.meter_id == Meter.id, Reading.on <= until))
        .outerjoin(billed, billed.c.reading_id == Reading.id)
        .where(Meter.item_id == item_id)
        .order_by(Meter.id, Reading.on)
    )  # fmt: skip
    runs: dict[int, list[MeterRun]] = {}
    owner: dict[int, int] = {}
    for house_id, meter_id, reading_id, on, value, usage, kind, billed_id in rows:
        owner[meter_id] = house_id
        mine = runs.setdefault(meter_id, [MeterRun((), None)])
        if reading_id is None:
            continue
        if billed_id is not None or kind == "start":
            mine[:] = [MeterRun((), value)]
        elif kind == "change":
            mine.append(MeterRun((), value))
        else:
            mine[-1] = MeterRun((*mine[-1].readings, (reading_id, on, value, usage)), mine[-1].last_value)
    found: dict[int, list[MeterInput]] = {}
    for meter_id, house_id in owner.items():
        found.setdefault(house_id, []).append(MeterInput(meter_id, tuple(runs[meter_id])))
    return found


def billed_quantities(connection: Connection, item_id: int, since: date) -> Mapping[int, list[tuple[date, int]]]:
    """What was billed of each meter (opening state included) since a day: day of the closing reading, quantity."""
    found: dict[int, list[tuple[date, int]]] = {}
    rows = connection.execute(
        select(ChargePart.meter_id, Reading.on, ChargePart.quantity)
        .join(Reading, Reading.id == ChargePart.reading_id)
        .join(Meter, Meter.id == ChargePart.meter_id)
        .where(Meter.item_id == item_id, Reading.on >= since, ChargePart.charge_id.not_in(TAKEN_BACK))
    )
    opening = connection.execute(
        select(TierUsage.meter_id, TierUsage.on, TierUsage.quantity)
        .join(Meter, Meter.id == TierUsage.meter_id)
        .where(Meter.item_id == item_id, TierUsage.on >= since)
    )
    for result in (rows, opening):
        for meter_id, on, quantity in result:
            if meter_id is None:
                continue
            found.setdefault(meter_id, []).append((on, quantity))
    return found


def people(connection: Connection) -> Mapping[int, list[tuple[date, int]]]:
    """How many people live in a house, by the day from which it holds."""
    found: dict[int, list[tuple[date, int]]] = {}
    rows = connection.execute(
        select(HousePeople.house_id, HousePeople.valid_from, HousePeople.people).order_by(HousePeople.valid_from)
    )
    for house_id, day, count in rows:
        found.setdefault(house_id, []).append((day, count))
    return found


def developer_party(connection: Connection, name: str) -> int | None:
    """The party of the developer named in the settings."""
    if not name:
        return None
    return connection.execute(
        select(Party.id).join(Person, Person.id == Party.person_id).where(Person.name == name, Person.kind == "firm")
    ).scalar()


def rest_days(connection: Connection) -> tuple[frozenset[date], frozenset[date], frozenset[int]]:
    """Days off, days worked against the week, and the years that have rows."""
    rows = connection.execute(select(RestDay.day, RestDay.rest)).all()
    return (
        frozenset(day for day, rest in rows if rest),
        frozenset(day for day, rest in rows if not rest),
        frozenset(day.year for day, _ in rows),
    )


def prepaid(connection: Connection, pairs: Iterable[tuple[int, int]] | None = None) -> dict[tuple[int, int], int]:
    """Prepaid balances above 0 by house and payer, in fen."""
    from db.models.projection import PayerBalance

    query = select(PayerBalance.house_id, PayerBalance.payer_id, PayerBalance.prepaid).where(PayerBalance.prepaid > 0)
    wanted = set(pairs) if pairs is not None else None
    if wanted is not None and len(wanted) == 1:
        ((house_id, payer_id),) = wanted
        query = query.where(or_(PayerBalance.house_id == house_id), PayerBalance.payer_id == payer_id)
    return {
        (house, payer): amount
        for house, payer, amount in connection.execute(query)
        if wanted is None or (house, payer) in wanted
    }
