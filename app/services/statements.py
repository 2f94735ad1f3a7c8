"""对账单: every entry of a house from first to last, with the running balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from app.domain.period import Period
from app.security.permissions import Permission
from app.services import late_fees, look_up
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Adjustment, Charge, ChargePart, Payment, Receipt, Refund
from db.models.projection import OpenCharge, PayerBalance
from db.models.run import Bill
from db.models.tariff import FeeItem
from db.queries import owed
from db.queries.sums import total
from db.work import Work


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry: charges and refunds raise the balance, payments lower it; fen."""

    on: date
    kind: str
    number: str | None
    item: str | None
    period: str | None
    amount_fen: int
    balance_fen: int
    first: date | None
    last: date | None
    item_name: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A house's account from `first` (None: its first entry) to `last`.

    `owed_fen` is posted entries only, as of the last day; the late fee quoted to that day stands beside it. With a
    first day the entries begin with what was carried over.
    """

    house: str
    entries: tuple[EntryRow, ...]
    owed_fen: int
    prepaid_fen: int
    late_fee_fen: int
    first: date | None
    last: date
    opening_fen: int


def _charges(work: Work, houses: list[int]) -> list[tuple[Any, ...]]:
    rows = work.execute(
        select(Charge, FeeItem.code, FeeItem.name, Bill.number)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .outerjoin(Bill, Bill.id == Charge.bill_id)
        .where(Charge.house_id.in_(houses))
    ).all()
    kept = select(ChargePart.charge_id).join(Charge, Charge.id == ChargePart.charge_id)
    history = set(
        work.execute(
            kept.where(Charge.house_id.in_(houses), Charge.kind == "opening", ChargePart.inputs.is_not(None))
        ).scalars()
    )
    return [
        (row.on, row.seq, 1, "history" if row.id in history else _charge_kind(row), row.number, row.code,
         row.amount, row.period_from, row.period_to, row.name)
        for row in rows
    ]  # fmt: skip


def _charge_kind(row: Row[Any]) -> str:
    if row.kind == "opening":
        return "opening"
    return "charge" if row.part == "principal" else str(row.part)


def _adjustments(work: Work, houses: list[int]) -> list[tuple[Any, ...]]:
    rows = work.execute(
        select(Adjustment, Charge.period_from, Charge.period_to, FeeItem.code, FeeItem.name)
        .join(Charge, Charge.id == Adjustment.charge_id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .where(Charge.house_id.in_(houses))
    )
    return [
        (row.on, row.seq, 2, row.kind, None, row.code, row.amount, row.period_from, row.period_to, row.name)
        for row in rows
    ]


def _payments(work: Work, houses: list[int]) -> list[tuple[Any, ...]]:
    rows = work.execute(
        select(Payment, Receipt.number)
        .outerjoin(Receipt, Receipt.payment_id == func.coalesce(Payment.with_payment, Payment.id))
        .where(Payment.house_id.in_(houses))
    ).all()
    numbers = {row.id: row.number for row in rows}
    kinds = {"normal": "payment", "opening": "opening_prepaid"}
    return [
        (row.on, row.seq, 3, kinds.get(row.kind, row.kind),
         row.number or numbers.get(row.reverses) or _old_number(row), None,
         -row.amount, None, None, None)
        for row in rows
    ]  # fmt: skip


def _old_number(row: Row[Any]) -> str | None:
    """The receipt that was given before the program."""
    return row.reference if row.kind == "opening_history" else None


def _refunds(work: Work, houses: list[int]) -> list[tuple[Any, ...]]:
    rows = work.execute(
        select(Refund)
        .outerjoin(Payment, Payment.id == Refund.payment_id)
        .outerjoin(Charge, Charge.id == Refund.credit_charge)
        .where(func.coalesce(Payment.house_id, Charge.house_id).in_(houses))
    )
    return [(row.on, row.seq, 4, "refund", None, None, row.amount, None, None, None) for row in rows]


def check_span(work: Work, first: date | None, last: date | None) -> date:
    """The last day, default today; for bodies of use cases. Raises Refused `future_day`, `bad_span`."""
    until = last or work.today
    if until > work.today:
        raise refuse("future_day", "{day} 在将来，还没有账。", "请选今天或以前的一天。", day=until, field="to")
    if first is not None and first > until:
        raise refuse("bad_span", "{first} 在 {last} 之后。", "请改正起止日期。", first=first, last=until, field="from")
    return until


def account(work: Work, number: str, first: date | None = None, last: date | None = None) -> Statement:
    """The account of a house together with the spaces billed with it; for bodies of use cases."""
    until = check_span(work, first, last)
    house = look_up.house(work, number)
    houses = owed.group(work.connection, house.id)
    found = [*_charges(work, houses), *_adjustments(work, houses), *_payments(work, houses), *_refunds(work, houses)]
    found.sort(key=lambda entry: entry[:3])
    carried = sum(entry[6] for entry in found if first is not None and entry[0] < first)
    entries, balance = [], carried
    if first is not None:
        entries.append(EntryRow(first, "carried", None, None, None, carried, carried, None, None, None))
    for on, _seq, _rank, kind, entry_number, code, amount, begins, ends, name in found:
        if on > until or (first is not None and on < first):
            continue
        balance += amount
        period = str(Period.of(begins)) if begins else None
        entries.append(EntryRow(on, kind, entry_number, code, period, amount, balance, begins, ends, name))
    opened = owed.open_on(work.connection, houses, until)
    return Statement(
        house.number,
        tuple(entries),
        sum(opened.values()),
        sum(opened.values()) - balance,
        sum(late_fees.quote_on(work, sorted(opened), until).values()),
        first,
        until,
        carried,
    )


@use_case(Permission.SEE_MONEY)
def statement(work: Work, number: str, first: date | None = None, last: date | None = None) -> Statement:
    """The account of a house between two days, on screen."""
    return account(work, number, first, last)


@dataclass(frozen=True, slots=True)
class Totals:
    """The office's figures in fen; `owed` = charged + adjusted − paid + prepaid + refunded."""

    houses: int
    charged_fen: int
    adjusted_fen: int
    paid_fen: int
    prepaid_fen: int
    owed_fen: int
    receipts: int


def totals(work: Work) -> Totals:
    """All entries added up; for bodies of use cases."""

    connection = work.connection
    return Totals(
        int(work.execute(select(func.count(House.id))).scalar_one()),
        total(connection, Charge.amount),
        total(connection, Adjustment.amount),
        total(connection, Payment.amount),
        total(connection, PayerBalance.prepaid),
        total(connection, OpenCharge.open),
        int(work.execute(select(func.count(Receipt.id))).scalar_one()),
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """How far the office has got: its totals and the bills it made."""

    totals: Totals
    bills: int


@use_case(Permission.SEE_MONEY)
def overview(work: Work) -> Overview:
    """The office at a glance."""
    return Overview(totals(work), int(work.execute(select(func.count(Bill.id))).scalar_one()))
