"""What a payment is for: the houses it is taken for, the debts it may settle, the ways it is given in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from app.domain.allocation import Allocation, Designation, allocate
from app.domain.money import Fen, yuan
from app.domain.period import Period
from app.services import late_fees, look_up
from app.services.agreed_order import order_on
from app.services.payment_debts import Debts, gather
from app.services.refused import refuse
from db.models.estate import House
from db.models.ledger import Payment, Receipt
from db.queries import owed
from db.work import Work

METHODS: Mapping[str, str] = {"cash": "现金", "wechat": "微信", "alipay": "支付宝", "pos": "刷卡", "bank": "转账"}
"""Ways to pay at the counter."""
WAYS: Mapping[str, str] = {**METHODS, "opening": "期初"}
"""What a way to pay is called; what the office began with came in no way that is known."""

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
class Tender:
    """A part of the money that is given in another way than the rest: method, fen, the channel's own number."""

    method: str
    amount: int
    reference: str | None = None


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


def _check(work: Work, amount: int, tenders: Sequence[Tender], on: date) -> None:
    if amount <= 0:
        raise refuse("amount_not_positive", "收款金额应大于 0。", "请改正金额。", field="amount")
    if amount > MOST_FEN:
        raise refuse("amount_too_large", "收款金额太大。", "请核对金额的单位是元。", field="amount")
    for tender in tenders:
        check_method(work, tender.method)
        if tender.amount <= 0:
            raise refuse(
                "ways_exceed_amount", "各种方式的金额合起来超过了收款金额。", "请核对每种方式的金额。", field="amount"
            )
    if on > work.today:
        raise refuse("future_day", "收款日期 {day} 在将来。", "请选今天或以前的一天。", day=on, field="date")
    _check_references(work, [tender.reference for tender in tenders if tender.reference])


def reference_of(work: Work, typed: str | None) -> str | None:
    """A channel's own number as it is kept; None where there is none. Raises Refused `reference_used`. For bodies of
    use cases.
    """
    reference = (typed or "").strip() or None
    _check_references(work, [reference] if reference else [])
    return reference


def _check_references(work: Work, references: Sequence[str]) -> None:
    """Raise Refused `reference_used` for a channel's number under which money stands in the books already."""
    if len(set(references)) < len(references):
        raise refuse("reference_used", "同一个流水号写了两次。", "请核对流水号。", field="reference")
    if not references:
        return
    back, first = aliased(Payment), aliased(Payment)
    row = work.execute(
        select(Payment.reference, Receipt.number)
        .outerjoin(back, back.reverses == Payment.id)
        .outerjoin(first, first.id == Payment.with_payment)
        .outerjoin(Receipt, Receipt.payment_id == func.coalesce(first.id, Payment.id))
        .where(Payment.reference.in_(references), Payment.reverses.is_(None), back.id.is_(None))
        .limit(1)
    ).first()
    if row is not None:
        raise refuse(
            "reference_used",
            "流水号 {reference} 已经记过（{receipt}）。",
            "请核对流水号；同一笔钱不要记两次。",
            reference=row.reference,
            receipt=row.number or "",
            field="reference",
        )


def in_order(amount: int, method: str, reference: str | None, more: Sequence[Tender]) -> tuple[Tender, ...]:
    """All ways, in order: the first one takes what the others leave."""
    kept = [Tender(one.method, one.amount, (one.reference or "").strip() or None) for one in more]
    first = Tender(method, amount - sum(one.amount for one in kept), (reference or "").strip() or None)
    return (first, *kept)


def _debts(work: Work, charges: Sequence[owed.Open], on: date) -> Debts:
    rules = owed.late_rules(work.connection)
    quotes = late_fees.quote(work, charges, on, rules)
    return gather(charges, quotes, late_fees.rates(work, charges, rules))


def designations(work: Work, found: Debts, wishes: Sequence[Wish]) -> list[Designation]:
    """The debts that the payer names, in his order. Raises Refused `unknown_debt`, `amount_not_positive`."""
    leading = found.leading()
    left = {int(str(debt.id)): debt.balance for debt in found.debts}
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
        if wish.amount is None:
            named.extend(Designation(base_id) for base_id in hits)
            continue
        # What is named for an item and a month is one sum, however many charges of it there are.
        rest = wish.amount
        for base_id in hits:
            now = min(rest, left[base_id])
            if now:
                named.append(Designation(base_id, Fen(now)))
                left[base_id] -= now
                rest -= now
    return named


@dataclass(frozen=True, slots=True)
class Home:
    """A house that is paid for, the party billed for it today, and the house with the spaces paid together with it."""

    house: Row[Any]
    payer: int
    members: frozenset[int]


@dataclass(frozen=True, slots=True)
class Purse:
    """What a payment is for: the houses (that of the receipt first), the debts, and how the money goes to them."""

    homes: tuple[Home, ...]
    found: Debts
    result: Allocation
    numbers: Mapping[int, str]
    """The numbers of the houses that owe something."""

    @property
    def house(self) -> Row[Any]:
        """The house of the receipt."""
        return self.homes[0].house

    def home_of(self, charge: owed.Open) -> int:
        """The place of the house that a charge is paid with."""
        return next(place for place, home in enumerate(self.homes) if charge.house_id in home.members)


def _homes(work: Work, numbers: Sequence[str], of_payer: int | None) -> tuple[Home, ...]:
    """Raises Refused `no_payer`, `other_payer`."""
    homes: list[Home] = []
    for number in numbers:
        house = look_up.house(work, number)
        if any(house.id in home.members for home in homes):
            continue
        payer = of_payer if of_payer is not None else look_up.payer_on(work, house.id, work.today)
        if payer is None:
            raise refuse("no_payer", "{house} 还没有付款人。", "请先登记业主。", house=house.number, field="house")
        homes.append(Home(house, payer, frozenset(owed.group(work.connection, house.id))))
    if len(homes) > 1 and not look_up.one_person(work, [home.payer for home in homes]):
        raise refuse("other_payer", "这几户的付款人不是同一个人。", "请分别收款。", field="house")
    return tuple(homes)


def find_purse(
    work: Work,
    numbers: Sequence[str],
    amount: int,
    tenders: Sequence[Tender],
    day: date,
    wishes: Sequence[Wish],
    of_payer: int | None = None,
    late_on: date | None = None,
) -> Purse:
    """Where the money for these houses goes, that of the receipt first; `of_payer` in place of who is billed today,
    `late_on` in place of the day to which late fees are quoted.

    Raises Refused for what is no payment.
    """
    _check(work, amount, tenders, day)
    homes = _homes(work, numbers, of_payer)
    charges = [
        charge
        for home in homes
        for charge in owed.open_charges(work.connection, home.members, home.payer)
        if charge.on <= day
    ]
    found = _debts(work, charges, late_on or day)
    named = designations(work, found, wishes)
    result = allocate(Fen(amount), day, found.debts, named, *order_on(work, day))
    return Purse(homes, found, result, _numbers(work, homes, charges))


def _numbers(work: Work, homes: Sequence[Home], charges: Sequence[owed.Open]) -> Mapping[int, str]:
    known: dict[int, str] = {home.house.id: home.house.number for home in homes}
    if spaces := {charge.house_id for charge in charges} - known.keys():
        known.update(work.execute(select(House.id, House.number).where(House.id.in_(spaces))).all())
    return known


def ways_of(parts: Sequence[Row[Any]]) -> str:
    """How a receipt was paid: `现金`, or with several ways what each one gave."""
    ways: dict[str, int] = {}
    for part in parts:
        ways[part.method] = ways.get(part.method, 0) + part.amount
    if len(ways) == 1:
        return WAYS[parts[0].method]
    return "、".join(f"{WAYS[method]} {yuan(fen)}" for method, fen in ways.items())
