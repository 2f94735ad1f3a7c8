"""What was charged for the months and what was paid on it, and what came in by day: added up in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, case, func, literal_column, select

from app.domain.kinds import LIABLE
from db.models.estate import Building, House
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Receipt
from db.models.projection import OpenCharge
from db.models.run import BillRun
from db.models.tariff import FeeItem

# A charge serves the month it begins in; late fees and costs are no month's charge, deposits no income.
_PRINCIPAL = and_(
    Charge.part == literal_column("'principal'"),
    Charge.item_id.not_in(select(FeeItem.id).where(FeeItem.kind.in_(LIABLE))),
)


class Day(NamedTuple):
    """What came in on a day in fen (what was taken back counts against it), and how many receipts were given."""

    fen: int
    receipts: int
    cash_fen: int


def first_month(connection: Connection) -> str | None:
    """The first month that was billed."""
    return connection.execute(select(func.min(BillRun.month)).where(BillRun.state == "posted")).scalar_one()


def charged(connection: Connection, first: date, last: date) -> Mapping[date, int]:
    """The charges net of adjustments by the first day they serve, in fen, of all that begin between two days."""
    mine = and_(_PRINCIPAL, Charge.period_from.between(first, last))
    of_charges = select(Charge.period_from, func.sum(Charge.amount)).where(mine).group_by(Charge.period_from)
    of_changes = (
        select(Charge.period_from, func.sum(Adjustment.amount))
        .join(Charge, Charge.id == Adjustment.charge_id)
        .where(mine)
        .group_by(Charge.period_from)
    )
    found: dict[date, int] = {}
    for day, fen in (*connection.execute(of_charges), *connection.execute(of_changes)):
        found[day] = found.get(day, 0) + int(fen)
    return found


def allocated(connection: Connection, first: date, last: date) -> list[tuple[date, date, int]]:
    """What was allocated to those charges: the first day they serve, the day of it, fen."""
    query = (
        select(Charge.period_from, Allocation.on, func.sum(Allocation.amount))
        .join(Charge, Charge.id == Allocation.charge_id)
        .where(_PRINCIPAL, Charge.period_from.between(first, last))
        .group_by(Charge.period_from, Allocation.on)
    )
    return [(served, day, int(fen)) for served, day, fen in connection.execute(query)]


class Due(NamedTuple):
    """What charges or their adjustments of one day come to, in fen: the first day they serve, when the charge was
    posted, the day of the entry.
    """

    served: date
    posted: date
    on: date
    fen: int


def due_entries(connection: Connection, first: date, last: date) -> list[Due]:
    """The charges that begin between two days and their adjustments, added up by day."""
    mine = and_(_PRINCIPAL, Charge.period_from.between(first, last))
    charges = (
        select(Charge.period_from, Charge.on, Charge.on, func.sum(Charge.amount))
        .where(mine)
        .group_by(Charge.period_from, Charge.on)
    )
    changes = (
        select(Charge.period_from, Charge.on, Adjustment.on, func.sum(Adjustment.amount))
        .join(Charge, Charge.id == Adjustment.charge_id)
        .where(mine)
        .group_by(Charge.period_from, Charge.on, Adjustment.on)
    )
    rows = (*connection.execute(charges), *connection.execute(changes))
    return [Due(served, posted, on, int(fen)) for served, posted, on, fen in rows]


Place = tuple[str | None, str | None, str]
"""A building's code and label; for what stands in none (None, None, its kind)."""


def by_building(connection: Connection, first: date, last: date, until: date) -> Mapping[Place, tuple[int, int]]:
    """For the charges that begin between two days: their net and what was allocated to them up to a day, in fen."""
    place = (House.building, Building.label, case((House.building.is_(None), House.kind), else_=""))
    mine = and_(_PRINCIPAL, Charge.period_from.between(first, last))

    def summed(amount: Any, *joined: Any) -> Iterable[Any]:
        query = select(*place, func.sum(amount)).join_from(Charge, House, House.id == Charge.house_id)
        for entry in joined:
            query = query.join(entry, entry.charge_id == Charge.id)
        query = query.outerjoin(Building, Building.id == House.building_id).where(mine)
        if Allocation in joined:
            query = query.where(Allocation.on <= until)
        elif Adjustment in joined:
            query = query.where((Adjustment.on <= until) | (Charge.on > until))
        return connection.execute(query.group_by(*place))

    found: dict[Place, tuple[int, int]] = {}
    for code, label, kind, fen in (*summed(Charge.amount), *summed(Adjustment.amount, Adjustment)):
        due, _ = found.get((code, label, kind), (0, 0))
        found[code, label, kind] = (due + int(fen), 0)
    for code, label, kind, fen in summed(Allocation.amount, Allocation):
        due, _ = found.get((code, label, kind), (0, 0))
        found[code, label, kind] = (due, int(fen))
    return found


def received(connection: Connection, first: date, last: date) -> Mapping[date, Day]:
    """What came in on the days between two days, openings left out; days on which nothing did are not there."""
    cash = case((Payment.method == "cash", Payment.amount), else_=0)
    query = (
        select(Payment.on, func.sum(Payment.amount), func.count(Receipt.id), func.sum(cash))
        .outerjoin(Receipt, Receipt.payment_id == Payment.id)
        .where(Payment.on.between(first, last), Payment.method != "opening")
        .group_by(Payment.on)
    )
    return {day: Day(int(fen), count, int(part)) for day, fen, count, part in connection.execute(query)}


def overdue(connection: Connection, today: date, old: date) -> tuple[int, int, int]:
    """What is past due in fen, at how many houses, and how much of it was due before `old`."""
    aged = case((OpenCharge.due_date < old, OpenCharge.open), else_=0)
    query = select(
        func.coalesce(func.sum(OpenCharge.open), 0),
        func.count(OpenCharge.house_id.distinct()),
        func.coalesce(func.sum(aged), 0),
    ).where(OpenCharge.due_date < today)
    fen, houses, of_old = connection.execute(query).one()
    return int(fen), int(houses), int(of_old)


def of_items(connection: Connection, first: date, last: date, until: date) -> Mapping[int, tuple[int, int]]:
    """For the charges that begin between two days, by item: their net and what was allocated to them up to a day, in
    fen. What was posted by then counts as it stood then, what was posted later as it stands.
    """
    mine = and_(_PRINCIPAL, Charge.period_from.between(first, last))
    found: dict[int, tuple[int, int]] = {}
    charges = select(Charge.item_id, func.sum(Charge.amount)).where(mine).group_by(Charge.item_id)
    changes = (
        select(Charge.item_id, func.sum(Adjustment.amount))
        .join(Charge, Charge.id == Adjustment.charge_id)
        .where(mine, (Adjustment.on <= until) | (Charge.on > until))
        .group_by(Charge.item_id)
    )
    for item, fen in (*connection.execute(charges), *connection.execute(changes)):
        found[item] = (found.get(item, (0, 0))[0] + int(fen), 0)
    paid = (
        select(Charge.item_id, func.sum(Allocation.amount))
        .join(Charge, Charge.id == Allocation.charge_id)
        .where(mine, Allocation.on <= until)
        .group_by(Charge.item_id)
    )
    for item, fen in connection.execute(paid):
        found[item] = (found.get(item, (0, 0))[0], int(fen))
    return found


def cleared(connection: Connection, first: date, last: date) -> int:
    """往期清欠: what was allocated between two days to charges that begin before the first of them, in fen."""
    query = (
        select(func.coalesce(func.sum(Allocation.amount), 0))
        .join(Charge, Charge.id == Allocation.charge_id)
        .where(_PRINCIPAL, Charge.period_from < first, Allocation.on.between(first, last))
    )
    return int(connection.execute(query).scalar_one())
