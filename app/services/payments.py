"""收款: take money, give a receipt number, allocate by the order of the law; the rest is prepaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.allocation import Allocation as Allocated
from app.domain.allocation import DebtPart, Designation, allocate
from app.domain.money import Fen, yuan
from app.domain.period import Period
from app.domain.rounding import Unit
from app.domain.rounding import small_change as cut_small_change
from app.domain.tender import Share, spread
from app.security.permissions import Permission
from app.services import former_payers, late_fees, settings
from app.services.agreed_order import order_on
from app.services.numbers import draw_many
from app.services.payment_debts import Debts, left_behind, targets
from app.services.projections import lower_open, move_prepaid
from app.services.purse import Purse, Tender, Wish, designations, find_purse, in_order
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.ledger import Adjustment, Allocation, Payment, Receipt
from db.queries import owed
from db.work import Work


@dataclass(frozen=True, slots=True)
class AllocatedRow:
    """A part of the money: item, first month served with its days, part, fen, the house whose debt it is."""

    item: str
    item_name: str
    period: str
    part: str
    amount_fen: int
    first: date
    last: date
    house: str = ""


@dataclass(frozen=True, slots=True)
class PaymentAnswer:
    """A payment that is booked; `ways` are method and fen in the order given, `houses` those it was taken for."""

    receipt: str
    house: str
    amount_fen: int
    allocated: tuple[AllocatedRow, ...]
    prepaid_fen: int
    ways: tuple[tuple[str, int], ...] = ()
    houses: tuple[str, ...] = ()


def receipt_number(work: Work) -> str:
    """The next number of the receipts' series: prefix, year of the entry day, eight digits; no hole, no reuse."""
    return receipt_numbers(work, 1)[0]


def receipt_numbers(work: Work, n: int) -> list[str]:
    """The next n numbers of the receipts' series."""
    prefix, year = settings.value(work, "receipt_prefix"), work.today.year
    return [f"{prefix}{year}-{number:08}" for number in draw_many(work, f"receipt:{year}", n)]


def next_number(work: Work) -> str:
    """The number that the next receipt would get; nothing is drawn."""
    prefix, year = settings.value(work, "receipt_prefix"), work.today.year
    coming = work.driver("SELECT next FROM number_series WHERE series = ?", (f"receipt:{year}",)).scalar()
    return f"{prefix}{year}-{int(coming or 1):08}"


@use_case(Permission.TAKE_PAYMENT)
def rehearse(
    work: Work,
    number: str,
    amount: int,
    method: str = "cash",
    on: date | None = None,
    wishes: Sequence[Wish] = (),
    also: Sequence[str] = (),
) -> PaymentAnswer:
    """What a payment would settle, by the same rules; nothing is written, no number is drawn (it is empty)."""
    purse = find_purse(work, (number, *also), amount, (Tender(method, amount),), on or work.today, wishes)
    rows = []
    for line in purse.result.lines:
        base_id = int(str(line.id))
        charge = purse.found.principals.get(base_id) or purse.found.extras[base_id][0]
        rows.append(_row(purse, charge, str(line.part), int(line.amount)))
    return PaymentAnswer("", purse.house.number, amount, tuple(rows), int(purse.result.prepaid))


@use_case(Permission.TAKE_PAYMENT, audit="payment.taken", touches=frozenset({"ledger"}))
def take(
    work: Work,
    number: str,
    amount: int,
    method: str = "cash",
    on: date | None = None,
    wishes: Sequence[Wish] = (),
    small_change: bool = False,
    reference: str | None = None,
    more: Sequence[Tender] = (),
    also: Sequence[str] = (),
    payer: str | None = None,
) -> PaymentAnswer:
    """Take a payment for a house (and the spaces billed with it) from the party billed today; amount in fen. `payer`
    names one who was billed before and still owes (after a sale, say).

    `more` are parts of the amount that are given in another way than `method`, `also` further houses of the same
    person: all on one receipt. `reference` is the channel's own number. With `small_change` (抹零, where the office
    has it) the amount is what is due cut to jiao or yuan; the rest is adjusted away without anybody's approval, and
    the daily close lists it (HANDBOOK §1.2). A late fee that is allocated is posted, exactly that much. Raises Refused
    for 0, a negative, a future day, an unknown house or debt, `other_payer`, `reference_used`, `ways_exceed_amount`.
    """
    of_payer = None if payer is None else former_payers.party(work, number, payer)
    payment_id, answer = book(
        work, number, amount, method, on or work.today, wishes, reference,
        small_change=small_change, more=more, also=also, of_payer=of_payer,
    )  # fmt: skip
    detail = {
        "receipt": answer.receipt,
        "method": method,
        "designated": [[wish.item, wish.period, wish.amount] for wish in wishes],
    }
    if more:
        detail["ways"] = [list(way) for way in answer.ways]
    if also:
        detail["houses"] = list(answer.houses)
    work.audit("payment.taken", "payment", payment_id, detail=detail)
    return answer


def book(
    work: Work,
    number: str,
    amount: int,
    method: str,
    day: date,
    wishes: Sequence[Wish],
    reference: str | None = None,
    *,
    small_change: bool = False,
    more: Sequence[Tender] = (),
    also: Sequence[str] = (),
    of_payer: int | None = None,
    late_on: date | None = None,
) -> tuple[int, PaymentAnswer]:
    """Book a payment with its receipt and allocations; gives its id. `of_payer` in place of the party billed today,
    `late_on` in place of the day to which late fees are quoted. The caller audits. For bodies of use cases.
    """
    tenders = in_order(amount, method, reference, more)
    purse = find_purse(work, (number, *also), amount, tenders, day, wishes, of_payer, late_on)
    found, result = purse.found, purse.result
    let_off: tuple[int, int] | None = None
    if small_change:
        result, let_off = _cut(work, found, designations(work, found, wishes), amount, day)
    _require_open_then(work, result, day)
    settled = [
        row for line in result.lines for row in _settle(work, purse, int(str(line.id)), line.part, line.amount, day)
    ]
    shares = spread(
        [(purse.home_of(charge), fen) for charge, _id, fen, _shown in settled], [one.amount for one in tenders], 0
    )
    ids = _append_payments(work, purse, tenders, shares, day)
    receipt = receipt_number(work)
    work.append(Receipt, day, [(receipt, ids[0], "normal")])
    rows = [
        (settled[use.line][1], "paid", use.amount, payment_id, None, None)
        for payment_id, share in zip(ids, shares, strict=True)
        for use in share.uses
    ]
    work.append(Allocation, day, rows)
    lower_open(work, _sum_by_charge([(charge_id, fen) for _charge, charge_id, fen, _shown in settled]))
    if behind := left_behind(found, result.lines):
        late_fees.post(work, behind, day)
    if let_off is not None:
        charge_id, fen = let_off
        work.append(Adjustment, day, [(charge_id, -fen, "small_change", work.user_id)])
        lower_open(work, {charge_id: fen})
    first = purse.homes[0]
    move_prepaid(work, {(first.house.id, first.payer): int(result.prepaid)})
    ways: dict[str, int] = {}
    for one in tenders:
        ways[one.method] = ways.get(one.method, 0) + one.amount
    return ids[0], PaymentAnswer(
        receipt,
        first.house.number,
        amount,
        tuple(shown for *_, shown in settled),
        int(result.prepaid),
        tuple(ways.items()),
        tuple(home.house.number for home in purse.homes),
    )


def _append_payments(
    work: Work, purse: Purse, tenders: Sequence[Tender], shares: Sequence[Share], day: date
) -> list[int]:
    """A payment for each way and house; all but the first name it. Gives their ids."""
    rows = [
        (
            purse.homes[share.house].house.id, purse.homes[share.house].payer, share.amount,
            tenders[share.tender].method, "normal", work.user_id, None, tenders[share.tender].reference,
        )
        for share in shares
    ]  # fmt: skip
    (first,) = work.append(Payment, day, rows[:1])
    return [first, *work.append(Payment, day, [(*row, first) for row in rows[1:]])]


def _cut(
    work: Work, found: Debts, named: Sequence[Designation], amount: int, day: date
) -> tuple[Allocated, tuple[int, int] | None]:
    """How a payment settles all that is due when its small change is let off; the charge and the fen that are.

    Raises Refused `small_change_off`, `small_change_part`, `small_change_amount`.
    """
    rule = settings.value(work, "small_change")
    if rule == "off":
        raise refuse("small_change_off", "办公室没有开抹零。", "请按应收全额收，或由经理在设置里打开。")
    if any(one.limit is not None for one in named):
        raise refuse("small_change_part", "只交一部分时不能抹零。", "请收整笔，或不抹零。")
    chosen = {one.id for one in named} or {debt.id for debt in found.debts}
    debts = tuple(debt for debt in found.debts if debt.id in chosen)
    due = Fen(sum(debt.balance for debt in debts))
    payable, waived = cut_small_change(due, Unit(rule))
    if amount != payable:
        raise refuse("small_change_amount", "抹零后应收 {payable} 元，不是 {amount} 元。", "请按抹零后的金额收。",
                     payable=yuan(payable), amount=yuan(amount), field="amount")  # fmt: skip
    whole = allocate(due, day, debts, named, *order_on(work, day))
    if not waived:
        return whole, None
    lines = list(whole.lines)
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if line.part is DebtPart.PRINCIPAL and line.amount > waived:
            lines[at] = replace(line, amount=Fen(line.amount - waived))
            charge = found.principals[int(str(line.id))]
            return replace(whole, lines=tuple(lines)), (charge.charge_id, int(waived))
    raise refuse("small_change_amount", "没有一笔够抹零。", "请按应收全额收。", field="amount")


def _require_open_then(work: Work, result: Allocated, day: date) -> None:
    """A payment may not be dated back to before the day on which another one of the same charge was taken back: on the
    days between the charge would be paid twice. Raises Refused `settled_then`.
    """
    if day == work.today or not result.lines:
        return
    charges = sorted({int(str(line.id)) for line in result.lines})
    last = owed.last_taken_back(work.connection, charges)
    if last is not None and day < last:
        raise refuse(
            "settled_then",
            "这户在 {day} 的费用当时已由另一笔收款付清，那笔到 {last} 才红冲。",
            "收款日期请填 {last} 或以后。",
            day=day,
            last=last,
            field="date",
        )


def _sum_by_charge(pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for charge_id, fen in pairs:
        found[charge_id] = found.get(charge_id, 0) + fen
    return found


_Settled = tuple[owed.Open, int, int, AllocatedRow]
"""The charge that decides the house, the charge that is settled, fen, and how it is told."""


def _settle(work: Work, purse: Purse, base_id: int, part: DebtPart, amount: int, on: date) -> list[_Settled]:
    """The charges that one part's money goes to; an unposted late fee is posted for exactly what it receives."""
    settled: list[_Settled] = []
    for target in targets(purse.found, base_id, part, amount):
        charge, fen = target.charge, target.fen
        if target.posts:
            (charge_id,) = late_fees.post(work, [(charge, fen)], on)
        else:
            charge_id = charge.charge_id
        settled.append((charge, charge_id, fen, _row(purse, charge, str(part), fen)))
    return settled


def _row(purse: Purse, charge: owed.Open, part: str, amount: int) -> AllocatedRow:
    return AllocatedRow(
        charge.item,
        charge.item_name,
        str(Period.of(charge.period_from)),
        part,
        amount,
        charge.period_from,
        charge.period_to,
        purse.numbers[charge.house_id],
    )
