"""The entries of a month as vouchers need them (app/domain/vouchers.py), and how its older charges stood before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, exists, func, select, union
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.domain.vouchers import LOSSES, Entry, Standing
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Refund
from db.models.tariff import FeeItem, FeeRule
from db.queries import ledger

_CHARGE = (
    Charge.id.label("charge"),
    Charge.item_id,
    FeeItem.code,
    FeeItem.name,
    Charge.part,
    Charge.period_from,
    Charge.kind.label("charge_kind"),
)


def entries(connection: Connection, first: date, last: date) -> list[Entry]:
    """Every entry `on` a day from `first` to `last`, by day; charges before adjustments before money."""
    found = _Found(connection, first, last)
    rows = [*found.charges(), *found.adjustments(), *found.payments(), *found.allocations(), *found.refunds()]
    return sorted(rows, key=lambda entry: entry.on)


def standings(connection: Connection, first: date, last: date) -> dict[int, Standing]:
    """How every charge that these days touch stood before `first`, where anything of it lies before.

    Money may be dated before its charge: until then it is prepaid.
    """
    early = exists().where(Allocation.charge_id == Charge.id, Allocation.on < first)
    touched = union(
        select(Adjustment.charge_id).where(Adjustment.on.between(first, last)),
        select(Allocation.charge_id).where(Allocation.on.between(first, last)),
        select(Charge.id).where(Charge.on.between(first, last), early),
    )

    def summed(column: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(select(func.sum(column)).where(*where).scalar_subquery(), 0)

    adjusted = (Adjustment.charge_id == Charge.id, Adjustment.on < first)
    rows = connection.execute(
        select(
            Charge.id,
            case((Charge.on < first, Charge.amount), else_=0),
            summed(Adjustment.amount, *adjusted),
            summed(Adjustment.amount, *adjusted, Adjustment.kind.in_(LOSSES)),
            summed(Allocation.amount, Allocation.charge_id == Charge.id, Allocation.on < first),
        ).where(Charge.id.in_(touched))
    )
    return {
        charge: Standing(amount + int(more) - int(paid), amount + int(more) - int(lost))
        for charge, amount, more, lost, paid in rows
    }


class _Found:
    """The entries between two days."""

    def __init__(self, connection: Connection, first: date, last: date) -> None:
        self._connection, self._first, self._last = connection, first, last
        self._deposits = ledger.deposit_items(connection)
        self._rates = _rates(connection)

    def _within(self, column: InstrumentedAttribute[date]) -> ColumnElement[bool]:
        return column.between(self._first, self._last)

    def _entry(self, row: Any, what: str, kind: str, **more: Any) -> Entry:
        return Entry(
            row.on, what, kind, row.amount, charge=row.charge, item=row.code, name=row.name, part=row.part,
            deposit=row.item_id in self._deposits, rate=self._rate(row.item_id, row.period_from), **more,
        )  # fmt: skip

    def _rate(self, item_id: int, day: date) -> int:
        days, rates = self._rates.get(item_id, ((), ()))
        place = bisect_right(days, day) - 1
        return rates[place] if place >= 0 else 0

    def charges(self) -> Iterator[Entry]:
        query = (
            select(*_CHARGE, Charge.on, Charge.amount, Charge.run_id, Charge.billing_month)
            .join(FeeItem, FeeItem.id == Charge.item_id)
            .where(self._within(Charge.on))
            .order_by(Charge.id)
        )
        for row in self._connection.execute(query):
            opening = row.charge_kind == "opening"
            more = {"run": row.run_id or 0, "month": row.billing_month or "", "opening": opening}
            yield self._entry(row, "charge", row.charge_kind, **more)

    def adjustments(self) -> Iterator[Entry]:
        query = (
            select(*_CHARGE, Adjustment.on, Adjustment.amount, Adjustment.kind)
            .join(Charge, Charge.id == Adjustment.charge_id)
            .join(FeeItem, FeeItem.id == Charge.item_id)
            .where(self._within(Adjustment.on))
            .order_by(Adjustment.id)
        )
        for row in self._connection.execute(query):
            # A charge of the opening is reversed only where the whole opening is taken back.
            opening = row.charge_kind == "opening" and row.kind == "reversal"
            yield self._entry(row, "adjustment", row.kind, opening=opening)

    def payments(self) -> Iterator[Entry]:
        query = select(Payment.on, Payment.amount, Payment.method, Payment.kind, Payment.with_payment).where(
            self._within(Payment.on), Payment.method != "opening"
        )
        for on, fen, method, kind, part_of in self._connection.execute(query.order_by(Payment.id)):
            yield Entry(on, "payment", kind if part_of is None else "part", fen, method)

    def allocations(self) -> Iterator[Entry]:
        back = aliased(Payment)
        whole = exists().where(
            Adjustment.charge_id == Allocation.charge_id,
            Adjustment.seq == Allocation.seq,
            Adjustment.kind == "reversal",
        )
        query = (
            select(
                *_CHARGE, Allocation.on, Allocation.amount, Allocation.kind,
                case(((Payment.seq == Allocation.seq) | back.id.is_not(None), True), else_=False).label("together"),
                case((Payment.method == "opening", (Allocation.amount > 0) | whole), else_=False).label("opening"),
            )
            .join(Charge, Charge.id == Allocation.charge_id)
            .join(FeeItem, FeeItem.id == Charge.item_id)
            .outerjoin(Payment, Payment.id == Allocation.payment_id)
            .outerjoin(back, (back.reverses == Payment.id) & (back.seq == Allocation.seq))
            .where(self._within(Allocation.on))
            .order_by(Allocation.id)
        )  # fmt: skip
        for row in self._connection.execute(query):
            paid = row.kind == "paid"
            yield self._entry(
                row, "allocation", row.kind, settles=paid and bool(row.together), opening=paid and bool(row.opening)
            )

    def refunds(self) -> Iterator[Entry]:
        query = select(Refund.on, Refund.amount, Refund.method).where(
            self._within(Refund.on), Refund.method != "opening"
        )
        for on, fen, method in self._connection.execute(query.order_by(Refund.id)):
            yield Entry(on, "refund", "", fen, method)


def _rates(connection: Connection) -> Mapping[int, tuple[list[date], list[int]]]:
    """The VAT in each item's prices by the day from which it holds."""
    found: dict[int, tuple[list[date], list[int]]] = {}
    rows = connection.execute(
        select(FeeRule.item_id, FeeRule.valid_from, FeeRule.vat_rate).order_by(FeeRule.item_id, FeeRule.valid_from)
    )
    for item_id, day, rate in rows:
        days, rates = found.setdefault(item_id, ([], []))
        days.append(day)
        rates.append(rate or 0)
    return found
