"""A cashier's entries: a void belongs to whose receipt it takes back, all else to who entered it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.models.audit import Audit
from db.models.closing import DailyClose
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Receipt, Refund
from db.models.security import User
from db.models.tariff import FeeItem


@dataclass(frozen=True, slots=True)
class Entry:
    """A payment or its opposite: its own receipt's number, and of what it takes back.

    A void has no number of its own; nor have the further payments of a receipt that was paid in several ways.
    """

    on: date
    amount: int
    method: str
    kind: str
    number: str | None
    of: str | None


def _within(column: InstrumentedAttribute[date], after: date | None, until: date) -> ColumnElement[bool]:
    return column <= until if after is None else (column > after) & (column <= until)


def entries(connection: Connection, user_id: int, after: date | None, until: date) -> list[Entry]:
    """The counter's entries of a cashier with `after` < on ≤ `until`, in the order they were made."""
    original, own, of = aliased(Payment), aliased(Receipt), aliased(Receipt)
    columns = (Payment.id, Payment.on, Payment.amount, Payment.method, Payment.kind, own.number, of.number)
    mine = (
        select(*columns)
        .outerjoin(own, own.payment_id == Payment.id)
        .outerjoin(of, of.payment_id == Payment.reverses)
        .where(
            Payment.user_id == user_id,
            _within(Payment.on, after, until),
            Payment.method != "opening",
            Payment.kind != "void",
        )
    )
    voids = (
        select(*columns)
        .select_from(original)
        .join(Payment, Payment.reverses == original.id)
        .outerjoin(own, own.payment_id == Payment.id)
        .outerjoin(of, of.payment_id == original.id)
        .where(original.user_id == user_id, _within(original.on, after, until), Payment.kind == "void")
    )
    rows = sorted([*connection.execute(mine), *connection.execute(voids)], key=lambda row: row[0])
    return [Entry(*tuple(row)[1:]) for row in rows]


def refunds(connection: Connection, user_id: int, after: date | None, until: date) -> list[tuple[str, int]]:
    """What a cashier gave back of prepaid balances: method and fen."""
    query = select(Refund.method, Refund.amount).where(
        Refund.user_id == user_id, _within(Refund.on, after, until), Refund.method != "opening"
    )
    return [(method, amount) for method, amount in connection.execute(query)]


def small_change(connection: Connection, user_id: int, after: date | None, until: date) -> int:
    """抹零 that a cashier let off, in fen, as a positive figure."""
    query = select(func.coalesce(func.sum(-Adjustment.amount), 0)).where(
        Adjustment.user_id == user_id, Adjustment.kind == "small_change", _within(Adjustment.on, after, until)
    )
    return int(connection.execute(query).scalar_one())


def prepay_gifts(connection: Connection, user_id: int, after: date | None, until: date) -> int:
    """Free months that a cashier let off, less those taken back, in fen."""
    query = select(func.coalesce(func.sum(-Adjustment.amount), 0)).where(
        Adjustment.user_id == user_id, Adjustment.kind == "prepay_gift", _within(Adjustment.on, after, until)
    )
    return int(connection.execute(query).scalar_one())


def deposits(
    connection: Connection, liable: Collection[str], user_id: int, after: date | None, until: date
) -> tuple[int, int]:
    """What of a cashier's money were deposits (items of these kinds): taken, voids apart, and given back, in fen."""
    back = aliased(Payment)
    held = (
        select(Allocation.payment_id, Allocation.amount, Allocation.on)
        .join(Charge, Charge.id == Allocation.charge_id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .join(Payment, Payment.id == Allocation.payment_id)
        .where(Allocation.reverses.is_(None), Allocation.kind == "paid")
        .where(FeeItem.kind.in_(liable) | (Payment.kind == "opening_deposit"))
    )
    voided = select(back.id).where(back.reverses == Payment.id, back.kind == "void").exists()
    mine = held.where(Payment.user_id == user_id, Payment.kind == "normal", ~voided)
    taken = mine.where(_within(Allocation.on, after, until)).subquery()
    returned = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.user_id == user_id,
        _within(Refund.on, after, until),
        Refund.payment_id.in_(held.with_only_columns(Allocation.payment_id)),
        Refund.seq.in_(select(Adjustment.seq).where(Adjustment.kind == "deposit_return")),
    )
    into = connection.execute(select(func.coalesce(func.sum(taken.c.amount), 0))).scalar_one()
    return int(into), int(connection.execute(returned).scalar_one())


def sole_acts(connection: Connection, user_id: int) -> list[str]:
    """The actions that a user did single-handed since the record of his last close, in their order."""
    last = select(func.coalesce(func.max(DailyClose.seq), 0)).where(DailyClose.user_id == user_id).scalar_subquery()
    query = select(Audit.action).where(Audit.id > last, Audit.user_id == user_id, Audit.sole).order_by(Audit.id)
    return list(connection.execute(query).scalars())


@dataclass(frozen=True, slots=True)
class CashierDay:
    """A cashier's receipts of a day and what he took net of voids, reversals and refunds, in fen."""

    user_id: int
    name: str
    receipts: int
    net: int


def cashiers(connection: Connection, day: date) -> list[CashierDay]:
    """Everybody with entries on a day."""
    original = aliased(Payment)
    owner = case((Payment.kind == "void", original.user_id), else_=Payment.user_id)
    everybody = select(User.id)
    rows = connection.execute(
        select(
            owner,
            func.sum(case(((Payment.kind == "normal") & Payment.with_payment.is_(None), 1), else_=0)),
            func.sum(Payment.amount),
        )
        .outerjoin(original, original.id == Payment.reverses)
        .where(Payment.user_id.in_(everybody), Payment.on == day, Payment.method != "opening")
        .group_by(owner)
    )
    found = {user: (int(count), int(net)) for user, count, net in rows}
    given = select(Refund.user_id, func.sum(Refund.amount)).where(Refund.on == day, Refund.method != "opening")
    for user, amount in connection.execute(given.group_by(Refund.user_id)):
        count, net = found.get(user, (0, 0))
        found[user] = (count, net - int(amount))
    names = dict(connection.execute(select(User.id, User.name).where(User.id.in_(found))).all())
    return [CashierDay(user, names[user], *found[user]) for user in sorted(found)]
