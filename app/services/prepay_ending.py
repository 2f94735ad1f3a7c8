"""预交提前结束: the months not used go back to the prepaid balance; the used ones count at their price (HANDBOOK §2.9).

Free months come last, so what is given back is what was paid less the used months, and never less than nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from app.domain.period import Period
from app.security.permissions import Permission
from app.services import look_up
from app.services.billing import standing_allocations, undo_allocations
from app.services.prepay import GIFT
from app.services.projections import lower_open, move_prepaid
from app.services.receipts import find, opposite_of
from app.services.refused import refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.audit import Audit
from db.models.estate import House
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Receipt
from db.models.tariff import FeeItem
from db.queries.taken_back import TAKEN_BACK
from db.work import Work


@dataclass(frozen=True, slots=True)
class Standing:
    """A prepayment that still has months to come: its receipt, and the last day it covers."""

    receipt: str
    item_name: str
    last: date


@dataclass(frozen=True, slots=True)
class Ended:
    """What ending gives back: periods from `first` on that are not used, their money and the gift on them, in fen."""

    receipt: str
    house: str
    item: str
    item_name: str
    first: date
    last: date
    periods: int
    back_fen: int
    gift_fen: int


@dataclass(frozen=True, slots=True)
class _Unused:
    """The receipt, its charges to be taken back, what was paid on them, and what was let off of each."""

    receipt: Row[Any]
    charges: Sequence[Row[Any]]
    paid: Sequence[Row[Any]]
    gifts: dict[int, int]
    answer: Ended


def _reversed() -> ColumnElement[bool]:
    return Charge.id.in_(TAKEN_BACK)


def _unused(work: Work, number: str, month: str | None) -> _Unused:
    receipt = find(work, number)
    since = (Period.parse(month) if month else Period.of(work.today).plus(1)).first
    made = work.execute(select(Payment.seq).where(Payment.id == receipt.id)).scalar_one()
    action = work.execute(select(Audit.action).where(Audit.id == made)).scalar()
    if action != "payment.prepaid":
        raise refuse("not_prepaid", "收据 {number} 不是预交。", "请核对收据号。", number=receipt.number, field="number")
    if opposite_of(work, receipt.id) is not None:
        raise refuse("already_undone", "收据 {number} 已经作废或红冲过了。", number=receipt.number, field="number")
    charges = work.execute(
        select(Charge, FeeItem.code, FeeItem.name)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .where(Charge.seq == made, Charge.period_from >= since, ~_reversed())
        .order_by(Charge.period_from)
    ).all()
    if not charges:
        raise refuse(
            "nothing_left", "收据 {number} 从 {month} 起没有预交的月份。", "请核对从哪个月起结束。",
            number=receipt.number, month=Period.of(since), field="month",
        )  # fmt: skip
    ids = [charge.id for charge in charges]
    paid = standing_allocations(work, Allocation.charge_id.in_(ids))
    adjusted = select(Adjustment.charge_id, Adjustment.kind, func.sum(Adjustment.amount))
    rows = work.execute(adjusted.where(Adjustment.charge_id.in_(ids)).group_by(Adjustment.charge_id, Adjustment.kind))
    let_off = {(charge, kind): -int(fen) for charge, kind, fen in rows if fen}
    if any(row.payment_id != receipt.id for row in paid) or any(kind != GIFT for _, kind in let_off):
        raise refuse(
            "prepay_changed", "收据 {number} 预交的月份后来又调整过。", "请逐笔更正。", number=receipt.number,
            field="number",
        )  # fmt: skip
    gifts = {charge: fen for (charge, _), fen in let_off.items()}
    house = work.execute(select(House.number).where(House.id == receipt.house_id)).scalar_one()
    answer = Ended(
        receipt.number, house, charges[0].code, charges[0].name, charges[0].period_from, charges[-1].period_to,
        len(charges), sum(row.amount for row in paid), sum(gifts.values()),
    )  # fmt: skip
    return _Unused(receipt, charges, paid, gifts, answer)


@use_case(Permission.SEE_MONEY)
def standing(work: Work, number: str) -> tuple[Standing, ...]:
    """The prepayments of a house that reach beyond this month, the oldest first."""
    return of_house(work, look_up.house(work, number).id)


def of_house(work: Work, house_id: int) -> tuple[Standing, ...]:
    """The same inside another use case."""
    rows = work.execute(
        select(Receipt.number, FeeItem.name, func.max(Charge.period_to))
        .select_from(Charge)
        .join(Audit, Audit.id == Charge.seq)
        .join(Payment, Payment.seq == Charge.seq)
        .join(Receipt, Receipt.payment_id == Payment.id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .where(Charge.house_id == house_id, Charge.period_to > Period.of(work.today).last, ~_reversed())
        .where(Audit.action == "payment.prepaid", Payment.house_id == house_id)
        .where(Payment.id.not_in(select(Payment.reverses).where(Payment.reverses.is_not(None))))
        .group_by(Receipt.number, FeeItem.name)
        .order_by(Receipt.number)
    )
    return tuple(Standing(*row) for row in rows)


@use_case(Permission.RUN_BILLS)
def rehearse(work: Work, number: str, month: str | None = None) -> Ended:
    """What ending the prepayment of a receipt from a month on gives back (default: the next month). Writes nothing.

    Raises Refused `unknown_receipt`, `not_prepaid`, `already_undone`, `nothing_left`, `prepay_changed`.
    """
    return _unused(work, number, month).answer


@use_case(Permission.RUN_BILLS, audit="prepay.ended", touches=frozenset({"ledger"}))
def end(work: Work, number: str, month: str | None, reason: str | None) -> Ended:
    """Take the months from `month` on back, the free ones too; their money is prepaid balance, to be used or refunded.

    Raises Refused as `rehearse`; `reason_needed`.
    """
    why = need_reason(reason)
    found = _unused(work, number, month)
    day = work.today
    undo_allocations(work, found.paid, day)
    opened = [(charge, fen, GIFT, work.user_id) for charge, fen in found.gifts.items()]
    closed = [(charge.id, -charge.amount, "reversal", work.user_id) for charge in found.charges]
    work.append(Adjustment, day, [*opened, *closed])
    taken = {charge.id: charge.amount - found.gifts.get(charge.id, 0) for charge in found.charges}
    lower_open(work, taken)
    move_prepaid(work, {(found.receipt.house_id, found.receipt.payer_id): found.answer.back_fen})
    detail = {
        "receipt": found.answer.receipt, "house": found.answer.house, "item": found.answer.item,
        "from": found.answer.first.isoformat(), "to": found.answer.last.isoformat(),
        "back_fen": found.answer.back_fen, "gift_fen": found.answer.gift_fen, "reason": why,
    }  # fmt: skip
    work.audit("prepay.ended", "payment", found.receipt.id, detail=detail)
    return found.answer
