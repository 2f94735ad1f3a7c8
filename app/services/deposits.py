"""押金: taken with a receipt, held as owed back, given back whole or less what is deducted (HANDBOOK §2.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from app.domain.kinds import LIABLE
from app.domain.money import yuan
from app.security.permissions import Permission
from app.services import look_up
from app.services.billing import standing_allocations, undo_allocations
from app.services.entrance import Approver
from app.services.one_off import line_of, once_item, payer_of, put_charge
from app.services.payments import receipt_number
from app.services.projections import lower_open, move_prepaid
from app.services.purse import METHODS, check_method, reference_of
from app.services.receipts import find, opposite_of
from app.services.refused import refuse
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Receipt, Refund
from db.models.tariff import FeeItem
from db.work import Work


@dataclass(frozen=True, slots=True)
class Held:
    """A deposit that is held: its receipt (empty for one of the opening), the day, what for, how much (fen)."""

    receipt: str
    house: str
    item: str
    item_name: str
    on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Deduction:
    """What a deposit is kept for: an item charged once, the amount in fen, and what happened."""

    item: str
    amount: int
    note: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A deposit that was given back: whole, what was deducted, what was paid out, in fen."""

    receipt: str
    house: str
    amount_fen: int
    deducted_fen: int
    returned_fen: int


@use_case(Permission.TAKE_PAYMENT, audit="deposit.taken", touches=frozenset({"ledger"}))
def take(
    work: Work,
    number: str,
    code: str,
    amount: int | None = None,
    method: str = "cash",
    reference: str | None = None,
) -> Held:
    """Take a deposit from the party billed today; the price of the item, or an agreed amount (fen). `reference` is the
    channel's own number.

    Raises Refused `not_a_deposit`, `no_payer`, `unknown_method`, `bad_amount`, `reference_used`; Problem `no_tariff`.
    """
    check_method(work, method)
    channel = reference_of(work, reference)
    house, item = look_up.house(work, number), look_up.item(work, code)
    if item.kind not in LIABLE:
        raise refuse("not_a_deposit", "{code} 不是押金项目。", "请选押金项目。", code=code, field="item")
    payer, day = payer_of(work, house), work.today
    line = line_of(work, house, item, 1, amount, day)
    if line.amount <= 0:
        raise refuse("bad_amount", "押金应大于 0。", "请改正金额。", field="amount")
    charge_id = put_charge(work, house, item, payer, line, day)
    row = (house.id, payer, line.amount, method, "normal", work.user_id, None, channel)
    (payment_id,) = work.append(Payment, day, [row])
    receipt = receipt_number(work)
    work.append(Receipt, day, [(receipt, payment_id, "normal")])
    work.append(Allocation, day, [(charge_id, "paid", line.amount, payment_id, None, None)])
    lower_open(work, {charge_id: line.amount})
    detail = {"receipt": receipt, "item": item.code, "method": method}
    work.audit("deposit.taken", "payment", payment_id, detail=detail)
    return Held(receipt, house.number, item.code, item.name, day, line.amount)


def _held(work: Work, *conditions: Any) -> list[tuple[Held, Row[Any]]]:
    """Deposits that are held: their charge is paid and not given back, oldest first."""
    adjusted = select(Adjustment.charge_id, func.sum(Adjustment.amount).label("a")).group_by(Adjustment.charge_id)
    allocated = select(Allocation.charge_id, func.sum(Allocation.amount).label("b")).group_by(Allocation.charge_id)
    first = (
        select(Allocation.charge_id, func.min(Allocation.payment_id).label("payment"))
        .where(Allocation.reverses.is_(None))
        .group_by(Allocation.charge_id)
    )
    more, paid, whose = adjusted.subquery(), allocated.subquery(), first.subquery()
    opening = select(Payment.id).where(Payment.kind == "opening_deposit")
    rows = work.execute(
        select(
            Charge.id, Charge.house_id, Charge.payer_id, Charge.period_from, House.number, FeeItem.code, FeeItem.name,
            paid.c.b.label("held"), whose.c.payment, Receipt.number.label("receipt"),
        )
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .join(House, House.id == Charge.house_id)
        .join(paid, paid.c.charge_id == Charge.id)
        .join(whose, whose.c.charge_id == Charge.id)
        .outerjoin(more, more.c.charge_id == Charge.id)
        .outerjoin(Receipt, Receipt.payment_id == whose.c.payment)
        .where(
            paid.c.b > 0, FeeItem.kind.in_(LIABLE) | whose.c.payment.in_(opening),
            Charge.amount + func.coalesce(more.c.a, 0) > 0, *conditions,
        )
        .order_by(House.sort_key, Charge.id)
    ).all()  # fmt: skip
    return [
        (Held(row.receipt or "", row.number, row.code, row.name, row.period_from, int(row.held)), row) for row in rows
    ]


@use_case(Permission.SEE_MONEY)
def listing(work: Work, number: str | None = None) -> tuple[Held, ...]:
    """The deposits that are held, of a house or of all."""
    conditions = () if number is None else (Charge.house_id == look_up.house(work, number).id,)
    return tuple(held for held, _ in _held(work, *conditions))


def _find(work: Work, number: str, receipt: str, item: str | None) -> tuple[Held, Row[Any]]:
    house = look_up.house(work, number)
    wanted = receipt.strip().upper()
    if wanted:
        row = find(work, wanted)
        if opposite_of(work, row.id) is not None:
            raise refuse("already_undone", "收据 {number} 已经作废或红冲过了。", number=wanted, field="receipt")
    found = [
        pair
        for pair in _held(work, Charge.house_id == house.id)
        if pair[0].receipt == wanted and (item is None or pair[0].item == item)
    ]
    if not found:
        raise refuse(
            "no_deposit", "{house} 没有这笔押金：{receipt}。", "请核对收据号；期初押金不填收据号。", house=house.number,
            receipt=wanted or "期初", field="receipt",
        )  # fmt: skip
    return found[0]


def _check_deductions(work: Work, held: Held, deductions: Sequence[Deduction]) -> int:
    for deduction in deductions:
        once_item(work, deduction.item)
        if deduction.amount <= 0:
            raise refuse("bad_amount", "扣款应大于 0。", "请改正扣款。", field="deduct")
        if not deduction.note.strip():
            raise refuse("note_needed", "扣款要写明原因。", "请写明扣什么。", field="deduct")
    total = sum(deduction.amount for deduction in deductions)
    if total > held.amount_fen:
        raise refuse("deduct_too_much", "扣款 {total} 元超过押金 {held} 元。", "请改正扣款，不足的另收。",
                     total=yuan(total), held=yuan(held.amount_fen), field="deduct")  # fmt: skip
    return total


@use_case(Permission.REFUND, audit="deposit.returned", touches=frozenset({"ledger"}))
def give_back(
    work: Work,
    number: str,
    receipt: str,
    method: str,
    reason: str | None,
    deductions: Sequence[Deduction] = (),
    item: str | None = None,
    *,
    second: Approver | None = None,
) -> Returned | Waiting:
    """Give a deposit back, whole or less what is deducted; each deduction is a charge of its own that is paid by it.

    `receipt` is the deposit's; an empty one means a deposit of the opening. Raises Refused `no_deposit`,
    `deduct_too_much`, `not_once`, `note_needed`, `reason_needed`, `not_approver`.
    """
    check_method(work, method)
    why = need_reason(reason)
    held, row = _find(work, number, receipt, item)
    deducted = _check_deductions(work, held, deductions)
    arguments = {
        "house": held.house, "receipt": held.receipt, "item": held.item, "method": method,
        "deduct": [[each.item, each.amount, each.note.strip()[:100]] for each in deductions],
    }  # fmt: skip
    summary = f"{held.house} 退{held.item_name} {yuan(held.amount_fen)} 元，扣 {yuan(deducted)} 元（{METHODS[method]}）"
    return perform_or_ask(
        work, "deposit.return", _perform, arguments, why, summary, second, audit="deposit.returned",
        about=("charge", row.id),
    )  # fmt: skip


def _perform(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> Returned:
    held, row = _find(work, str(arguments["house"]), str(arguments["receipt"]), str(arguments["item"]))
    deductions = [Deduction(code, int(fen), note) for code, fen, note in arguments["deduct"]]
    deducted = _check_deductions(work, held, deductions)
    back = release(work, held, row, deductions, str(arguments["method"]))
    detail = {
        "house": held.house, "receipt": held.receipt, "amount_fen": held.amount_fen, "returned_fen": back,
        "method": arguments["method"], "deduct_fen": arguments["deduct"], "reason": reason,
    }  # fmt: skip
    work.audit("deposit.returned", "charge", row.id, detail=detail, sole=given.sole, approver_id=given.approver_id)
    work.touched.add("ledger")
    return Returned(held.receipt, held.house, held.amount_fen, deducted, back)


def held_by(work: Work, house_id: int, payer: int) -> list[tuple[Held, Row[Any]]]:
    """The deposits that a payer has at a house. For bodies of use cases."""
    return _held(work, Charge.house_id == house_id, Charge.payer_id == payer)


def held_at(work: Work, house_id: int) -> list[Held]:
    """The deposits that are held at a house. For bodies of use cases."""
    return [held for held, _ in _held(work, Charge.house_id == house_id)]


def release(work: Work, held: Held, row: Row[Any], deductions: Sequence[Deduction], method: str) -> int:
    """Pay a deposit out less what is deducted; gives what went out, in fen. The caller audits. For bodies."""
    deducted = sum(each.amount for each in deductions)
    day, whose = work.today, (row.house_id, row.payer_id)
    _free(work, row, held.amount_fen)
    house = look_up.house(work, held.house)
    for each in deductions:
        kept = once_item(work, each.item)
        line = line_of(work, house, kept, 1, each.amount, day)
        charge_id = put_charge(work, house, kept, row.payer_id, line, day)
        work.append(Allocation, day, [(charge_id, "paid", line.amount, row.payment, None, None)])
        lower_open(work, {charge_id: line.amount})
    back = held.amount_fen - deducted
    if back:
        work.append(Refund, day, [(row.payment, back, method, work.user_id)])
    move_prepaid(work, {whose: -held.amount_fen})
    return back


def _free(work: Work, row: Row[Any], amount: int) -> None:
    """The deposit is no longer asked for, and its money is the payer's again: opposite allocation, opposite charge."""
    rows = standing_allocations(work, Allocation.charge_id == row.id)
    undo_allocations(work, rows, work.today)
    work.append(Adjustment, work.today, [(row.id, -amount, "deposit_return", work.user_id)])
    lower_open(work, {row.id: amount})
    # A paid allocation that is taken back is nobody's until here; one that was set off is prepaid again already.
    paid = sum(each.amount for each in rows if each.kind == "paid")
    move_prepaid(work, {(row.house_id, row.payer_id): paid})


PERFORM["deposit.return"] = _perform
