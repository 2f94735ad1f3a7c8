"""收据: taking one back on its day (作废) or later (红冲), with a second person."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from app.domain.kinds import LIABLE
from app.domain.money import yuan
from app.domain.period import Period
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
from db.models.audit import Audit
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Receipt, Refund
from db.models.projection import OpenCharge
from db.models.tariff import FeeItem
from db.queries.taken_back import TAKEN_BACK
from db.work import Work

DIGITS = 8
"""Digits that a receipt's number ends with."""


@dataclass(frozen=True, slots=True)
class ReceiptUndone:
    """A receipt that was taken back; `reversal` is the number of the opposite one (the same for a void)."""

    receipt: str
    reversal: str
    amount_fen: int


def together(work: Work, payment_id: int) -> Sequence[Row[Any]]:
    """All payments of the receipt whose first payment this is, in their order. For bodies of use cases."""
    rows: Sequence[Row[Any]] = work.execute(
        select(Payment).where((Payment.id == payment_id) | (Payment.with_payment == payment_id)).order_by(Payment.id)
    ).all()
    return rows


def amount_of(work: Work, payment_id: int) -> int:
    """The whole amount of a receipt, in fen. For bodies of use cases."""
    return sum(row.amount for row in together(work, payment_id))


def called(work: Work, typed: str) -> str:
    """The number of the receipt that somebody calls by it, or by the digits it ends with: 217 is this year's
    S2026-00000217. For bodies of use cases that only read.
    """
    plain = unicodedata.normalize("NFKC", typed).strip().upper()
    if not plain.isdecimal() or len(plain) > DIGITS:
        return plain
    tail = f"%{work.today.year}-{int(plain):0{DIGITS}}"
    found = work.execute(select(Receipt.number).where(Receipt.number.like(tail)).order_by(Receipt.id.desc())).scalar()
    return str(found) if found is not None else plain


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
    parts = [part.id for part in together(work, row.id)]
    refunded = work.execute(select(func.sum(Refund.amount)).where(Refund.payment_id.in_(parts))).scalar()
    if refunded:
        raise refuse(
            "refunded", "收据 {number} 已经退过款（预存或押金）。",
            "退出去的钱不能再收回账上；要更正，请按实际另收或另退一笔。", number=row.number,
        )  # fmt: skip


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
    parts = together(work, row.id)
    back = [
        (part.house_id, part.payer_id, -part.amount, part.method, kind, work.user_id, part.id, None) for part in parts
    ]
    (first,) = work.append(Payment, on, back[:1])
    work.append(Payment, on, [(*part, first) for part in back[1:]])
    rows = standing_allocations(work, Allocation.payment_id.in_([part.id for part in parts]))
    undo_allocations(work, rows, on)
    for part in parts:
        # What settled a charge goes back with it; what lay as prepaid, or was set off from there, leaves the balance.
        paid = sum(a.amount for a in rows if a.payment_id == part.id and a.kind != "set_off")
        move_prepaid(work, {(part.house_id, part.payer_id): paid - part.amount})
    _undo_late_fees(work, rows, on)
    _undo_let_off(work, {allocation.seq for allocation in rows}, on)
    _undo_months_ahead(work, {part.seq for part in parts}, on)


def _undo_let_off(work: Work, seqs: set[int], on: date) -> None:
    """What was let off only because it was paid (small change, free months) is owed again, unless taken back since."""
    cut = work.execute(
        select(Adjustment.charge_id, Adjustment.amount, Adjustment.kind)
        .where(Adjustment.seq.in_(seqs), Adjustment.kind.in_(("small_change", "prepay_gift")), Adjustment.amount < 0)
        .where(Adjustment.charge_id.not_in(TAKEN_BACK))
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
    _reverse_charges(work, fees, on)


def _undo_months_ahead(work: Work, seqs: set[int], on: date) -> None:
    """What was posted only because it was prepaid, and has not begun yet, is nobody's debt: the runs will bill it. What
    something else has moved since stays.
    """
    ahead = work.execute(
        select(Charge.id, Charge.amount)
        .join(Audit, Audit.id == Charge.seq)
        .join(OpenCharge, OpenCharge.charge_id == Charge.id)
        .where(Charge.seq.in_(seqs), Audit.action == "payment.prepaid", Charge.period_from > Period.of(work.today).last)
        .where(OpenCharge.open == Charge.amount)
    ).all()
    _reverse_charges(work, ahead, on)


def _reverse_charges(work: Work, charges: Sequence[Row[Any]], on: date) -> None:
    """Take these charges back as a whole; nothing of them is paid."""
    work.append(Adjustment, on, [(charge.id, -charge.amount, "reversal", work.user_id) for charge in charges])
    lower_open(work, {charge.id: charge.amount for charge in charges})


def may_void(work: Work, row: Row[Any]) -> bool:
    """Whether a receipt can still be voided; else it is reversed. For bodies of use cases."""
    try:
        _check_void(work, row)
    except Refused:
        return False
    return True


def take_back(work: Work, row: Row[Any], *, as_void: bool, on: date | None = None) -> str:
    """Void a receipt, or reverse it on a day (default today); gives the number of the opposite one.

    The caller audits. For bodies of use cases.
    """
    _check(work, row)
    if as_void:
        _check_void(work, row)
        _undo(work, row, "void", row.on)
        return str(row.number)
    number, day = receipt_number(work), on or work.today
    _undo(work, row, "reversal", day)
    opposite = opposite_of(work, row.id)
    if opposite is None:
        raise AssertionError("no opposite payment")
    work.append(Receipt, day, [(number, opposite.id, "reversal")])
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
    return ReceiptUndone(row.number, row.number, -amount_of(work, row.id))


def _reverse(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> ReceiptUndone:
    row = find(work, str(arguments["number"]))
    noticed = arguments.get("returned")
    number = take_back(work, row, as_void=False, on=date.fromisoformat(str(noticed)) if noticed else None)
    detail = {"receipt": row.number, "reversal": number, "reason": reason}
    if noticed:
        detail["returned"] = noticed
    work.audit(
        "receipt.reversed",
        "payment",
        row.id,
        detail=detail,
        sole=given.sole,
        approver_id=given.approver_id,
    )
    work.touched.add("ledger")
    return ReceiptUndone(row.number, number, -amount_of(work, row.id))


PERFORM["receipt.void"] = _void
PERFORM["receipt.reverse"] = _reverse


def _ask_or_do(
    work: Work, act: str, number: str, reason: str | None, second: Approver | None, returned: date | None = None
) -> ReceiptUndone | Waiting:
    why, row = need_reason(reason), find(work, number)
    _check(work, row)
    arguments = {"number": row.number}
    if returned is not None:
        _check_returned(work, row, returned)
        arguments["returned"] = returned.isoformat()
    perform, audit = (_void, "receipt.voided") if act == "receipt.void" else (_reverse, "receipt.reversed")
    summary = f"收据 {row.number}，{yuan(amount_of(work, row.id))} 元"
    return perform_or_ask(work, act, perform, arguments, why, summary, second, audit=audit, about=("payment", row.id))


@use_case(Permission.REQUEST_VOID, audit="receipt.voided", touches=frozenset({"ledger"}))
def void(work: Work, number: str, reason: str | None, *, second: Approver | None = None) -> ReceiptUndone | Waiting:
    """作废: take a receipt back on the day it was entered; it keeps its number."""
    _check_void(work, find(work, number))
    return _ask_or_do(work, "receipt.void", number, reason, second)


def _check_returned(work: Work, row: Row[Any], day: date) -> None:
    if row.method == "cash":
        raise refuse("returned_cash", "收据 {number} 收的是现金，不会退票。", "请改用红冲。", number=row.number)
    if not row.on <= day <= work.today:
        raise refuse(
            "returned_day", "退票日期应在收款日 {on} 和今天之间。", "请填银行通知的日期。", on=row.on, field="date"
        )
    work.require_open(day)
    parts = [part.id for part in together(work, row.id)]
    used = work.execute(select(func.max(Allocation.on)).where(Allocation.payment_id.in_(parts))).scalar()
    if used is not None and used > day:
        raise refuse(
            "returned_used", "这笔钱在 {used} 还抵扣过费用。", "退票日期请填 {used} 或以后。", used=used, field="date"
        )


@use_case(Permission.REQUEST_REVERSAL, audit="receipt.reversed", touches=frozenset({"ledger"}))
def reverse(
    work: Work, number: str, reason: str | None, returned: date | None = None, *, second: Approver | None = None
) -> ReceiptUndone | Waiting:
    """红冲: take a receipt back later; the opposite takes the next number. A manager approves.

    `returned` is the day of the bank's notice of a payment that bounced or was recalled (退票, HANDBOOK §9.8): the
    charges are open again with their old due dates from that day. Raises Refused `returned_cash`, `returned_day`,
    `returned_used`.
    """
    return _ask_or_do(work, "receipt.reverse", number, reason, second, returned)
