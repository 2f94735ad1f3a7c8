"""A month before it is shut: which month is next, who has not closed his days, and what its entries add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.control_sums import ControlSums, MethodSum
from db.models.closing import DailyClose, Shift
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Refund
from db.models.month import MonthClose
from db.models.security import User
from db.queries import ledger


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A cashier with days that he has not closed: the first of them, and whether he can still log in."""

    name: str
    enabled: bool
    day: date


def first_entry(connection: Connection) -> date | None:
    """The day of the oldest charge or payment that the opening did not bring in."""
    days = (
        connection.execute(select(func.min(Charge.on)).where(Charge.kind != "opening")).scalar(),
        connection.execute(select(func.min(Payment.on)).where(Payment.method != "opening")).scalar(),
    )
    return min((day for day in days if day is not None), default=None)


def newest(connection: Connection) -> Row[Any] | None:
    """The last month that is closed."""
    row: Row[Any] | None = connection.execute(
        select(MonthClose).where(MonthClose.state == "closed").order_by(MonthClose.last.desc()).limit(1)
    ).first()
    return row


def unclosed(connection: Connection, until: date) -> list[Unclosed]:
    """Who has payments, refunds or an open shift on a day up to `until` that he has not closed, oldest day first."""
    last = select(DailyClose.user_id, func.max(DailyClose.on).label("on")).group_by(DailyClose.user_id).subquery()
    found: dict[int, date] = {}

    def add(query: Select[int, date]) -> None:
        for user_id, day in connection.execute(query):
            found[user_id] = min(found.get(user_id, day), day)

    for table in (Payment, Refund):
        mine = table.method != "opening"
        if table is Payment:
            # A void stands on the day of the receipt that it takes back, whose cashier closes it.
            mine = mine & (Payment.kind != "void")
        add(
            select(table.user_id, func.min(table.on))
            .outerjoin(last, last.c.user_id == table.user_id)
            .where(mine, table.on <= until, last.c.on.is_(None) | (table.on > last.c.on))
            .group_by(table.user_id)
        )
    add(
        select(Shift.user_id, func.min(Shift.on))
        .where(Shift.closed_by.is_(None), Shift.on <= until)
        .group_by(Shift.user_id)
    )
    users = {row.id: row for row in connection.execute(select(User).where(User.id.in_(found)))}
    rows = [Unclosed(users[user].name, bool(users[user].enabled), day) for user, day in found.items()]
    return sorted(rows, key=lambda row: (row.day, row.name))


def control_sums(connection: Connection, first: date, last: date, today: date) -> ControlSums:
    """The control sums of the days from `first` to `last`, which lies before `today`."""
    deposits = ledger.deposit_items(connection)

    def summed(query: Select[Any]) -> int:
        return int(connection.execute(query).scalar_one())

    def within(column: InstrumentedAttribute[date]) -> ColumnElement[bool]:
        return column.between(first, last)

    charged = select(func.coalesce(func.sum(Charge.amount), 0)).where(
        within(Charge.on), Charge.kind != "opening", Charge.item_id.not_in(deposits)
    )
    # The opening taken back as a whole leaves reversals of its charges; they are no adjustment of the month.
    adjusted = (
        select(func.coalesce(func.sum(Adjustment.amount), 0))
        .join(Charge, Charge.id == Adjustment.charge_id)
        .where(
            within(Adjustment.on),
            Charge.item_id.not_in(deposits),
            (Charge.kind != "opening") | (Adjustment.kind != "reversal"),
        )
    )
    set_off = select(func.coalesce(func.sum(Allocation.amount), 0)).where(
        within(Allocation.on), Allocation.kind == "set_off"
    )
    received = _by_method(connection, Payment, within(Payment.on))
    refunded = _by_method(connection, Refund, within(Refund.on))
    arrears = sum(ledger.open_by_item(connection, last, today).values())
    return ControlSums(
        summed(charged),
        summed(adjusted),
        tuple(_methods(received, refunded)),
        summed(set_off),
        arrears - _net(connection, last) + _money(connection, last),
        ledger.deposits_held(connection, last),
        arrears,
    )


def _by_method(connection: Connection, table: type[Payment | Refund], when: ColumnElement[bool]) -> dict[str, int]:
    query = select(table.method, func.sum(table.amount)).where(when, table.method != "opening").group_by(table.method)
    return {method: int(fen) for method, fen in connection.execute(query)}


def _methods(received: Mapping[str, int], refunded: Mapping[str, int]) -> Iterable[MethodSum]:
    for method in sorted(received.keys() | refunded.keys()):
        yield MethodSum(method, received.get(method, 0), refunded.get(method, 0))


def _net(connection: Connection, until: date) -> int:
    """All charges with their adjustments up to a day, in fen."""
    return sum(
        int(connection.execute(select(func.coalesce(func.sum(table.amount), 0)).where(table.on <= until)).scalar_one())
        for table in (Charge, Adjustment)
    )


def _money(connection: Connection, until: date) -> int:
    """All payments less refunds up to a day, in fen: owed = net − money + prepaid (DATA.md, `import opening`)."""
    paid, back = (
        int(connection.execute(select(func.coalesce(func.sum(table.amount), 0)).where(table.on <= until)).scalar_one())
        for table in (Payment, Refund)
    )
    return paid - back
