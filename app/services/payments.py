"""收款: take money, give a receipt number, allocate by the order of the law; the rest is prepaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from app.domain.allocation import Allocation as Allocated
from app.domain.allocation import Debt, DebtPart, Designation, allocate
from app.domain.money import Fen, yuan
from app.domain.period import Period
from app.domain.rounding import Unit
from app.domain.rounding import small_change as cut_small_change
from app.security.permissions import Permission
from app.services import late_fees, look_up, settings
from app.services.numbers import draw
from app.services.projections import lower_open, move_prepaid
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.ledger import Adjustment, Allocation, Payment, Receipt
from db.queries import owed
from db.work import Work

METHODS: Mapping[str, str] = {"cash": "现金", "wechat": "微信", "alipay": "支付宝", "pos": "刷卡", "bank": "转账"}
"""Ways to pay at the counter."""

MOST_FEN = 10**11


@dataclass(frozen=True, slots=True)
class Wish:
    """What the payer designates: an item's code, the first month served, and how much (fen; None: all of it).

    `house` tells spaces that are paid together with a house from one another.
    """

    item: str
    period: str
    amount: int | None = None
    house: str | None = None


@dataclass(frozen=True, slots=True)
class AllocatedRow:
    """A part of the money: item, first month served with its days, part, fen."""

    item: str
    item_name: str
    period: str
    part: str
    amount_fen: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PaymentAnswer:
    """A payment that is booked."""

    receipt: str
    house: str
    amount_fen: int
    allocated: tuple[AllocatedRow, ...]
    prepaid_fen: int


def check_method(_work: Work, method: str) -> None:
    """Raise Refused `unknown_method` for what is no way to pay. For bodies of use cases."""
    if method not in METHODS:
        raise refuse(
            "unknown_method",
            "没有这种收款方式：{method}。",
            "可用：" + "、".join(METHODS),
            method=method,
            field="method",
        )


def _check(work: Work, amount: int, method: str, on: date) -> None:
    if amount <= 0:
        raise refuse("amount_not_positive", "收款金额应大于 0。", "请改正金额。", field="amount")
    if amount > MOST_FEN:
        raise refuse("amount_too_large", "收款金额太大。", "请核对金额的单位是元。", field="amount")
    check_method(work, method)
    if on > work.today:
        raise refuse("future_day", "收款日期 {day} 在将来。", "请选今天或以前的一天。", day=on, field="date")


def receipt_number(work: Work) -> str:
    """The next number of the receipts' series: prefix, year of the entry day, eight digits; no hole, no reuse."""
    prefix = settings.value(work, "receipt_prefix")
    return f"{prefix}{work.today.year}-{draw(work, f'receipt:{work.today.year}'):08}"


def next_number(work: Work) -> str:
    """The number that the next receipt would get; nothing is drawn."""
    prefix, year = settings.value(work, "receipt_prefix"), work.today.year
    coming = work.driver("SELECT next FROM number_series WHERE series = ?", (f"receipt:{year}",)).scalar()
    return f"{prefix}{year}-{int(coming or 1):08}"


@dataclass(frozen=True, slots=True)
class _Debts:
    """What a payment may settle: principals with their posted late fees and costs, and the quote."""

    principals: Mapping[int, owed.Open]
    extras: Mapping[int, Sequence[owed.Open]]
    quotes: Mapping[int, int]
    debts: tuple[Debt, ...]


def _debts(work: Work, charges: Sequence[owed.Open], on: date) -> _Debts:
    rules = owed.late_rules(work.connection)
    quotes = late_fees.quote(work, charges, on, rules)
    rates = late_fees.rates(work, charges, rules)
    principals: dict[int, owed.Open] = {}
    extras: dict[int, list[owed.Open]] = {}
    for charge in charges:
        if charge.part == "principal":
            principals[charge.charge_id] = charge
        else:
            extras.setdefault(charge.base_charge or charge.charge_id, []).append(charge)
    debts = []
    for base_id in dict.fromkeys([*principals, *extras]):
        principal = principals.get(base_id)
        more = extras.get(base_id, [])
        due = principal.due_date if principal else min(charge.due_date for charge in more)
        late = sum(charge.open for charge in more if charge.part == "late_fee") + quotes.get(base_id, 0)
        cost = sum(charge.open for charge in more if charge.part == "cost")
        opened = Fen(principal.open if principal else 0)
        debts.append(Debt(base_id, due, opened, Fen(late), Fen(cost), rate=rates.get(base_id, 0)))
    return _Debts(principals, extras, quotes, tuple(debts))


def _designations(work: Work, found: _Debts, wishes: Sequence[Wish]) -> list[Designation]:
    leading = {base: found.principals.get(base) or more[0] for base, more in found.extras.items()}
    leading.update(found.principals)
    named: list[Designation] = []
    for wish in wishes:
        home = look_up.house(work, wish.house).id if wish.house is not None else None
        hits = [
            base_id
            for base_id, charge in leading.items()
            if charge.item == wish.item
            and str(Period.of(charge.period_from)) == wish.period
            and home in (None, charge.house_id)
        ]
        if not hits:
            raise refuse(
                "unknown_debt",
                "没有这笔未交的费用：{item} {period}。",
                "请用 statement 核对项目代码和账期。",
                item=wish.item,
                period=wish.period,
                field="for",
            )
        if wish.amount is not None and wish.amount <= 0:
            raise refuse("amount_not_positive", "指定的金额应大于 0。", "请改正指定的金额。", field="for")
        limit = None if wish.amount is None else Fen(wish.amount)
        named.extend(Designation(base_id, limit) for base_id in hits)
    return named


@dataclass(frozen=True, slots=True)
class _Purse:
    """What a payment is for: the house, its payer, the debts, and how the money goes to them."""

    house: Row[Any]
    payer: int
    found: _Debts
    result: Allocated


def _purse(
    work: Work, number: str, amount: int, method: str, day: date, wishes: Sequence[Wish], of_payer: int | None = None
) -> _Purse:
    _check(work, amount, method, day)
    house = look_up.house(work, number)
    payer = of_payer if of_payer is not None else look_up.payer_on(work, house.id, work.today)
    if payer is None:
        raise refuse("no_payer", "{house} 还没有付款人。", "请先登记业主。", house=house.number, field="house")
    group = owed.group(work.connection, house.id)
    charges = [charge for charge in owed.open_charges(work.connection, group, payer) if charge.on <= day]
    found = _debts(work, charges, day)
    return _Purse(house, payer, found, allocate(Fen(amount), day, found.debts, _designations(work, found, wishes)))


@dataclass(frozen=True, slots=True)
class Former:
    """Somebody who is no longer billed for a house but owes there: posted fen, and the late fee to today besides."""

    payer: str
    owed_fen: int
    late_fee_fen: int

    @property
    def due_fen(self) -> int:
        """All that settles it today, in fen."""
        return self.owed_fen + self.late_fee_fen


def _owing_before(work: Work, number: str) -> dict[int, list[owed.Open]]:
    """What parties that are not billed today owe at a house and the spaces billed with it."""
    house = look_up.house(work, number)
    today = look_up.payer_on(work, house.id, work.today)
    found: dict[int, list[owed.Open]] = {}
    for charge in owed.open_charges(work.connection, owed.group(work.connection, house.id)):
        if charge.payer_id != today:
            found.setdefault(charge.payer_id, []).append(charge)
    return found


def _former(work: Work, number: str, name: str) -> int:
    owing = _owing_before(work, number)
    names = look_up.party_names(work, owing)
    found = [payer for payer in owing if names[payer] == name.strip()]
    if len(found) != 1:
        raise refuse(
            "unknown_payer", "{house} 以前的付款人里没有欠费的 {name}。",
            "可选：" + ("、".join(names.values()) or "（没有）"), house=number, name=name, field="payer",
        )  # fmt: skip
    return found[0]


@use_case(Permission.SEE_MONEY)
def former(work: Work, number: str) -> tuple[Former, ...]:
    """Who was billed for a house before and still owes there."""
    owing = _owing_before(work, number)
    names = look_up.party_names(work, owing)
    return tuple(
        Former(
            names[payer],
            sum(charge.open for charge in charges),
            sum(late_fees.quote(work, charges, work.today).values()),
        )
        for payer, charges in owing.items()
    )


@use_case(Permission.TAKE_PAYMENT)
def rehearse(
    work: Work, number: str, amount: int, method: str = "cash", on: date | None = None, wishes: Sequence[Wish] = ()
) -> PaymentAnswer:
    """What a payment would settle, by the same rules; nothing is written, no number is drawn (it is empty)."""
    purse = _purse(work, number, amount, method, on or work.today, wishes)
    rows = []
    for line in purse.result.lines:
        base_id = int(str(line.id))
        charge = purse.found.principals.get(base_id) or purse.found.extras[base_id][0]
        rows.append(_row(charge, str(line.part), int(line.amount)))
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
    payer: str | None = None,
) -> PaymentAnswer:
    """Take a payment for a house (and the spaces billed with it) from the party billed today; amount in fen. `payer`
    names one who was billed before and still owes (after a sale, say).

    With `small_change` (抹零, where the office has it) the amount is what is due cut to jiao or yuan; the rest is
    adjusted away without anybody's approval, and the daily close lists it (HANDBOOK §1.2). A late fee that is
    allocated is posted, exactly that much. Raises Refused for 0, a negative, a future day, an unknown house or debt.
    """
    of_payer = None if payer is None else _former(work, number, payer)
    payment_id, answer = book(
        work, number, amount, method, on or work.today, wishes, small_change=small_change, of_payer=of_payer
    )
    detail = {
        "receipt": answer.receipt,
        "method": method,
        "designated": [[wish.item, wish.period, wish.amount] for wish in wishes],
    }
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
    of_payer: int | None = None,
) -> tuple[int, PaymentAnswer]:
    """Book a payment with its receipt and allocations; gives its id. `of_payer` in place of the party billed today. The
    caller audits. For bodies of use cases.
    """
    purse = _purse(work, number, amount, method, day, wishes, of_payer)
    house, payer, found, result = purse.house, purse.payer, purse.found, purse.result
    let_off: tuple[int, int] | None = None
    if small_change:
        result, let_off = _cut(work, found, _designations(work, found, wishes), amount, day)
    _require_open_then(work, result, day)
    row = (house.id, payer, amount, method, "normal", work.user_id, None, reference)
    (payment_id,) = work.append(Payment, day, [row])
    receipt = receipt_number(work)
    work.append(Receipt, day, [(receipt, payment_id, "normal")])
    rows = [
        row for line in result.lines for row in _settle(work, found, int(str(line.id)), line.part, line.amount, day)
    ]
    work.append(Allocation, day, [(charge_id, "paid", fen, payment_id, None, None) for charge_id, fen, _shown in rows])
    lower_open(work, _sum_by_charge([(charge_id, fen) for charge_id, fen, _shown in rows]))
    if let_off is not None:
        charge_id, fen = let_off
        work.append(Adjustment, day, [(charge_id, -fen, "small_change", work.user_id)])
        lower_open(work, {charge_id: fen})
    move_prepaid(work, {(house.id, payer): int(result.prepaid)})
    shown = tuple(shown for _id, _fen, shown in rows)
    return payment_id, PaymentAnswer(receipt, house.number, amount, shown, int(result.prepaid))


def _cut(
    work: Work, found: _Debts, named: Sequence[Designation], amount: int, day: date
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
    whole = allocate(due, day, debts, named)
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


_Settled = tuple[int, int, AllocatedRow]


def _settle(work: Work, found: _Debts, base_id: int, part: DebtPart, amount: int, on: date) -> list[_Settled]:
    """The charges that one part's money goes to; an unposted late fee is posted for exactly what it receives."""
    if part is DebtPart.PRINCIPAL:
        charge = found.principals[base_id]
        return [(charge.charge_id, amount, _row(charge, "principal", amount))]
    settled: list[_Settled] = []
    left = amount
    for charge in found.extras.get(base_id, ()):
        if charge.part == part and left:
            now = min(left, charge.open)
            settled.append((charge.charge_id, now, _row(charge, str(part), now)))
            left -= now
    if left:
        base = found.principals[base_id]
        (charge_id,) = late_fees.post(work, [(base, left)], on)
        settled.append((charge_id, left, _row(base, str(part), left)))
    return settled


def _row(charge: owed.Open, part: str, amount: int) -> AllocatedRow:
    return AllocatedRow(
        charge.item,
        charge.item_name,
        str(Period.of(charge.period_from)),
        part,
        amount,
        charge.period_from,
        charge.period_to,
    )
