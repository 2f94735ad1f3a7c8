"""收据: taking one back on its day (作废) or later (红冲), with a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from app.domain.kinds import LIABLE
from app.domain.money import yuan
from app.domain.problem import Problem
from app.security.permissions import Permission
from app.services import settings
from app.services.billing import standing_allocations, undo_allocations
from app.services.entrance import Approver
from app.services.payments import receipt_number
from app.services.projections import lower_open, move_prepaid
from app.services.refused import Refused, refuse
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Receipt, Refund
from db.models.tariff import FeeItem
from db.work import Work


@dataclass(frozen=True, slots=True)
class ReceiptUndone:
    """A receipt that was taken back; `reversal` is the number of the opposite one (the same for a void)."""

    receipt: str
    reversal: str
    amount_fen: int


def find(work: Work, number: str) -> Row[Any]:
    """The receipt with its payment. Raises Refused `unknown_receipt`. For bodies of use cases."""
    row: Row[Any] | None = work.execute(
        select(
            Receipt.id.label("receipt_id"), Receipt.number, Receipt.kind.label("receipt_kind"), Receipt.entered_at,
            Payment.id, Payment.house_id, Payment.payer_id, Payment.amount, Payment.method, Payment.on,
            Payment.reverses, Payment.user_id, Payment.kind,
        )
        .join(Payment, Payment.id == Receipt.payment_id)
        .where(Receipt.number == number.strip().upper())
    ).first()  # fmt: skip
    if row is None:
        raise refuse("unknown_receipt", "没有这张收据：{number}。", "请核对收据号。", number=number, field="number")
    return row


def opposite_of(work: Work, payment_id: int) -> Row[Any] | None:
    """The payment that takes this one back, if there is one, with its own receipt's number (None for a void)."""
    row: Row[Any] | None = work.execute(
        select(Payment.id, Payment.on, Payment.kind, Receipt.number)
        .outerjoin(Receipt, Receipt.payment_id == Payment.id)
        .where(Payment.reverses == payment_id)
    ).first()
    return row


def entry_day(work: Work, entered_at: str) -> date:
    """The office's day on which something was entered."""
    offset = int(settings.value(work, "utc_offset"))
    return (datetime.fromisoformat(entered_at) + timedelta(minutes=offset)).date()


def _check(work: Work, row: Row[Any]) -> None:
    if row.reverses is not None:
        raise refuse("is_reversal", "{number} 本身就是红冲收据。", "请输入原收据号。", number=row.number)
    if opposite_of(work, row.id) is not None:
        raise refuse("already_undone", "收据 {number} 已经作废或红冲过了。", number=row.number)
    refunded = work.execute(select(func.sum(Refund.amount)).where(Refund.payment_id == row.id)).scalar()
    if refunded:
        raise refuse("refunded", "收据 {number} 的预存已经退过款。", "请先处理退款。", number=row.number)


def _check_void(work: Work, row: Row[Any]) -> None:
    """A void goes back to the day of the receipt: it must be today's, and its cashier must not have closed it."""
    if entry_day(work, row.entered_at) != work.today:
        raise refuse(
            "not_today",
            "收据 {number} 不是今天开的，不能作废。",
            "请改用红冲。",
            number=row.number,
        )
    try:
        work.require_open(row.on, row.user_id)
    except Problem:
        raise refuse(
            "day_closed",
            "收据 {number} 的收款员已经日结，不能作废。",
            "请改用红冲。",
            number=row.number,
        ) from None


def _undo(work: Work, row: Row[Any], kind: str, on: date) -> None:
    work.append(Payment, on, [(row.house_id, row.payer_id, -row.amount, row.method, kind, work.user_id, row.id)])
    rows = standing_allocations(work, Allocation.payment_id == row.id)
    prepaid = row.amount - sum(allocation.amount for allocation in rows)
    undo_allocations(work, rows, on)
    set_off = sum(allocation.amount for allocation in rows if allocation.kind == "set_off")
    move_prepaid(work, {(row.house_id, row.payer_id): -(prepaid + set_off)})
    _undo_late_fees(work, rows, on)
    _undo_let_off(work, {allocation.seq for allocation in rows}, on)


def _undo_let_off(work: Work, seqs: set[int], on: date) -> None:
    """What was let off only because it was paid (small change, free months) is owed again."""
    cut = work.execute(
        select(Adjustment.charge_id, Adjustment.amount, Adjustment.kind).where(
            Adjustment.seq.in_(seqs), Adjustment.kind.in_(("small_change", "prepay_gift")), Adjustment.amount < 0
        )
    ).all()
    work.append(Adjustment, on, [(row.charge_id, -row.amount, row.kind, work.user_id) for row in cut])
    lower_open(work, {row.charge_id: row.amount for row in cut})


def _undo_late_fees(work: Work, rows: Sequence[Row[Any]], on: date) -> None:
    """What was posted only because it was paid (a late fee, a deposit) is reversed with the payment."""
    charges = [row.charge_id for row in rows if row.kind == "paid"]
    seqs = {row.seq for row in rows}
    fees = work.execute(
        select(Charge.id, Charge.amount)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .where(
            Charge.id.in_(charges),
            (Charge.part == "late_fee") | FeeItem.kind.in_(LIABLE),
            Charge.seq.in_(seqs),
        )
    ).all()
    work.append(Adjustment, on, [(fee.id, -fee.amount, "reversal", work.user_id) for fee in fees])
    lower_open(work, {fee.id: fee.amount for fee in fees})


def may_void(work: Work, row: Row[Any]) -> bool:
    """Whether a receipt can still be voided; else it is reversed. For bodies of use cases."""
    try:
        _check_void(work, row)
    except Refused:
        return False
    return True


def take_back(work: Work, row: Row[Any], *, as_void: bool) -> str:
    """Void or reverse a receipt; gives the number of the opposite one. The caller audits. For bodies of use cases."""
    _check(work, row)
    if as_void:
        _check_void(work, row)
        _undo(work, row, "void", row.on)
        return str(row.number)
    number = receipt_number(work)
    _undo(work, row, "reversal", work.today)
    opposite = opposite_of(work, row.id)
    if opposite is None:
        raise AssertionError("no opposite payment")
    work.append(Receipt, work.today, [(number, opposite.id, "reversal")])
    return number


def _void(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> ReceiptUndone:
    row = find(work, str(arguments["number"]))
    take_back(work, row, as_void=True)
    work.audit(
        "receipt.voided",
        "payment",
        row.id,
        detail={"receipt": row.number, "reason": reason},
        sole=given.sole,
        approver_id=given.approver_id,
    )
    work.touched.add("ledger")
    return ReceiptUndone(row.number, row.number, -row.amount)


def _reverse(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> ReceiptUndone:
    row = find(work, str(arguments["number"]))
    number = take_back(work, row, as_void=False)
    work.audit(
        "receipt.reversed",
        "payment",
        row.id,
        detail={"receipt": row.number, "reversal": number, "reason": reason},
        sole=given.sole,
        approver_id=given.approver_id,
    )
    work.touched.add("ledger")
    return ReceiptUndone(row.number, number, -row.amount)


PERFORM["receipt.void"] = _void
PERFORM["receipt.reverse"] = _reverse


def _ask_or_do(
    work: Work, act: str, number: str, reason: str | None, second: Approver | None
) -> ReceiptUndone | Waiting:
    why, row = need_reason(reason), find(work, number)
    _check(work, row)
    arguments = {"number": row.number}
    perform, audit = (_void, "receipt.voided") if act == "receipt.void" else (_reverse, "receipt.reversed")
    summary = f"收据 {row.number}，{yuan(row.amount)} 元"
    return perform_or_ask(work, act, perform, arguments, why, summary, second, audit=audit, about=("payment", row.id))


@use_case(Permission.REQUEST_VOID, audit="receipt.voided", touches=frozenset({"ledger"}))
def void(work: Work, number: str, reason: str | None, *, second: Approver | None = None) -> ReceiptUndone | Waiting:
    """作废: take a receipt back on the day it was entered; it keeps its number."""
    _check_void(work, find(work, number))
    return _ask_or_do(work, "receipt.void", number, reason, second)


@use_case(Permission.REQUEST_REVERSAL, audit="receipt.reversed", touches=frozenset({"ledger"}))
def reverse(work: Work, number: str, reason: str | None, *, second: Approver | None = None) -> ReceiptUndone | Waiting:
    """红冲: take a receipt back later; the opposite takes the next number. A manager approves."""
    return _ask_or_do(work, "receipt.reverse", number, reason, second)
