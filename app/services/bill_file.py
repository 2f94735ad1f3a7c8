"""A bill and a receipt at length: their lines, how each arose, where the money went, how often they were printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from app.domain.money import yuan
from app.domain.period import Period
from app.security.permissions import Permission
from app.services import look_up, receipt_papers, receipts
from app.services.bill_papers import line_of, span
from app.services.moments import local_minute, offset_of
from app.services.purse import WAYS, ways_of
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.document import Document, PrintLog
from db.models.estate import House
from db.models.ledger import Adjustment, Allocation, Charge, ChargePart, Payment, Receipt
from db.models.projection import OpenCharge
from db.models.run import Bill, BillRun, Payout
from db.models.security import User
from db.models.tariff import FeeItem
from db.work import Work

PARTS = {"late_fee": "违约金", "cost": "费用"}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line: item, period, how it arose, amount (net), what is open; fen."""

    item: str
    period: str
    how: str
    amount: int
    open: int


@dataclass(frozen=True, slots=True)
class Applied:
    """Money that was applied to a bill: when, by which receipt (set-off: none), how much; fen."""

    on: date
    receipt: str | None
    how: str
    amount: int


@dataclass(frozen=True, slots=True)
class Print:
    """A print: when, by whom, which copy."""

    at: str
    by: str
    copy: int


@dataclass(frozen=True, slots=True)
class BillFile:
    """A bill."""

    number: str
    house: str
    payer: str
    month: str
    due: date | None
    void: bool
    lines: tuple[FileLine, ...]
    applied: tuple[Applied, ...]
    prints: tuple[Print, ...]


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """A receipt. `undone` says when and how it was taken back, `undoes` the receipt that it takes back."""

    number: str
    house: str
    payer: str
    method: str
    on: date
    amount: int
    rest: int
    undone: str
    undoes: str | None
    today: bool
    lines: tuple[FileLine, ...]
    prints: tuple[Print, ...]
    settled: str
    """When the channel paid out, and its fee; empty where nobody noted it."""


def _prints(work: Work, document_ids: Sequence[int]) -> tuple[Print, ...]:
    offset = offset_of(work)
    rows = work.execute(
        select(PrintLog.at, User.name, PrintLog.copy)
        .join(User, User.id == PrintLog.user_id)
        .where(PrintLog.document_id.in_(document_ids))
        .order_by(PrintLog.id.desc())
        .limit(20)
    )
    return tuple(Print(local_minute(row.at, offset), row.name, row.copy) for row in rows)


@use_case(Permission.SEE_MONEY)
def bill(work: Work, number: str) -> BillFile:
    """A bill by its number. Raises Refused `unknown_bill`."""
    row = work.execute(
        select(Bill, BillRun.month, BillRun.state, House.number.label("house"))
        .join(BillRun, BillRun.id == Bill.run_id)
        .join(House, House.id == Bill.house_id)
        .where(Bill.number == number)
    ).first()
    if row is None:
        raise refuse("unknown_bill", "没有这张账单：{number}。", "请核对账单号。", number=number, field="number")
    charges = work.execute(
        select(Charge, FeeItem.name, House.number.label("house"))
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .join(House, House.id == Charge.house_id)
        .where(Charge.bill_id == row.id)
        .order_by(Charge.id)
    ).all()
    ids = [charge.id for charge in charges]
    return BillFile(
        row.number,
        row.house,
        look_up.party_name(work, row.payer_id),
        row.month,
        max((charge.due_date for charge in charges), default=None),
        row.state == "void",
        _lines(work, charges, ids, row.house),
        _applied(work, ids),
        _prints(work, [row.document_id] if row.document_id is not None else []),
    )


def _lines(work: Work, charges: Sequence[Row[Any]], ids: Sequence[int], house: str) -> tuple[FileLine, ...]:
    parts: dict[int, list[Row[Any]]] = {}
    query = (
        select(ChargePart, FeeItem.kind.label("item_kind"))
        .join(Charge, Charge.id == ChargePart.charge_id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .where(ChargePart.charge_id.in_(ids))
        .order_by(ChargePart.id)
    )
    for part in work.execute(query):
        parts.setdefault(part.charge_id, []).append(part)
    adjusted = dict(
        work.execute(
            select(Adjustment.charge_id, func.sum(Adjustment.amount))
            .where(Adjustment.charge_id.in_(ids))
            .group_by(Adjustment.charge_id)
        ).all()
    )
    opened = dict(
        work.execute(select(OpenCharge.charge_id, OpenCharge.open).where(OpenCharge.charge_id.in_(ids))).all()
    )
    return tuple(
        FileLine(
            _name(charge, house),
            _period(charge),
            line_of(parts[charge.id]) if charge.id in parts else "",
            charge.amount + int(adjusted.get(charge.id, 0)),
            opened.get(charge.id, 0),
        )
        for charge in charges
    )


def _name(charge: Row[Any], house: str) -> str:
    name = charge.name + PARTS.get(charge.part, "")
    return name if charge.house == house else f"{name} {charge.house}"


def _period(charge: Row[Any]) -> str:
    first, last = Period.of(charge.period_from), Period.of(charge.period_to)
    return str(first) if first == last else span(charge.period_from, charge.period_to)


def _applied(work: Work, ids: Sequence[int]) -> tuple[Applied, ...]:
    rows = work.execute(
        select(Allocation.on, Receipt.number, Allocation.kind, Payment.method, func.sum(Allocation.amount).label("fen"))
        .outerjoin(Payment, Payment.id == Allocation.payment_id)
        .outerjoin(Receipt, Receipt.payment_id == func.coalesce(Payment.with_payment, Payment.id))
        .where(Allocation.charge_id.in_(ids))
        .group_by(Allocation.on, Receipt.number, Allocation.kind, Payment.method)
        .order_by(Allocation.on, Receipt.number)
    )
    return tuple(
        Applied(row.on, row.number, "预存抵扣" if row.kind == "set_off" else WAYS[row.method], int(row.fen))
        for row in rows
    )


@use_case(Permission.SEE_MONEY)
def receipt(work: Work, number: str) -> ReceiptFile:
    """A receipt by its number, or by the last digits of one of this year. Raises Refused `unknown_receipt`."""
    row = receipts.find(work, receipts.called(work, number))
    source = row.reverses if row.reverses is not None else row.id
    sign = -1 if row.reverses is not None else 1
    applied = receipt_papers.allocations(work, [part.id for part in receipts.together(work, source)])
    lines = receipt_papers.lines(applied, row.house_id, sign)
    opposite = receipts.opposite_of(work, row.id)
    undone = ""
    if opposite is not None:
        word = "作废" if opposite.kind == "void" else f"红冲，红冲收据 {opposite.number}"
        undone = f"{opposite.on.isoformat()} 已{word}"
    original = None
    if row.reverses is not None:
        original = work.execute(select(Receipt.number).where(Receipt.payment_id == row.reverses)).scalar()
    documents = select(Document.id).where(Document.kind == "receipt", Document.number == row.number)
    allocated = sum(line.amount for line in lines)
    parts = receipts.together(work, row.id)
    amount = sum(part.amount for part in parts)
    return ReceiptFile(
        row.number,
        str(work.execute(select(House.number).where(House.id == row.house_id)).scalar_one()),
        look_up.party_name(work, row.payer_id),
        ways_of(parts),
        row.on,
        amount,
        amount - allocated,
        undone,
        original,
        receipts.entry_day(work, row.entered_at) == work.today,
        tuple(FileLine(line.item, line.period, "", line.amount, 0) for line in lines),
        _prints(work, list(work.execute(documents).scalars())),
        _settled(work, row.id),
    )


def _settled(work: Work, payment_id: int) -> str:
    row = work.execute(select(Payout).where(Payout.payment_id == payment_id)).first()
    if row is None:
        return ""
    return f"{row.on.isoformat()} 到账" + (f"，手续费 {yuan(row.fee)}" if row.fee else "")
