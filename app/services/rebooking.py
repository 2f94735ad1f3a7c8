"""错收: a receipt for the wrong house or method taken back and booked where it belongs, in one act (HANDBOOK §9.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from app.domain.allocation import DebtPart, allocate
from app.domain.money import Fen, yuan
from app.security.permissions import ACTS, Permission
from app.services import late_fees, look_up
from app.services.agreed_order import order_on
from app.services.entrance import Approver
from app.services.payment_debts import gather
from app.services.payments import book
from app.services.projections import lower_open
from app.services.purse import METHODS, Tender, check_method, ways_of
from app.services.receipts import find, may_void, take_back, together
from app.services.refused import refuse
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Adjustment
from db.queries import owed
from db.work import Work


@dataclass(frozen=True, slots=True)
class Rebooked:
    """The old receipt, its opposite (the same for a void), and the new one with its house and method."""

    receipt: str
    reversal: str
    rebooked: str
    house: str
    method: str
    amount_fen: int
    paid: str = ""
    """The way, or with several what each one gave, in words."""


@use_case(Permission.REQUEST_VOID, audit="receipt.rebooked", touches=frozenset({"ledger"}))
def rebook(
    work: Work,
    number: str,
    house: str | None,
    method: str | None,
    reason: str | None,
    *,
    second: Approver | None = None,
) -> Rebooked | Waiting:
    """Take a receipt back (void on its day, reversal later, with that act's approval) and book its money anew: for
    another house, by another method, or both. Both receipts name each other; the late fee that arose only meanwhile
    is adjusted to 0.

    Raises Refused `nothing_to_rebook`, `rebook_deposit`, and what taking back and taking raise.
    """
    why, row = need_reason(reason), find(work, number)
    if method is not None:
        check_method(work, method)
    target = look_up.house(work, house) if house is not None and house.strip() else None
    parts = together(work, row.id)
    if (target is None or target.id == row.house_id) and (method is None or {method} == {p.method for p in parts}):
        raise refuse("nothing_to_rebook", "房号和方式都没有变。", "请改房号或收款方式。", field="house")
    if row.kind == "normal" and _holds_deposit(work, row.id):
        raise refuse(
            "rebook_deposit", "收据 {number} 收的是押金。", "请作废或红冲后，在收押金里重收。", number=row.number
        )
    as_void = may_void(work, row)
    approvers = ACTS["receipt.void" if as_void else "receipt.reverse"].approvers
    arguments = {
        "number": row.number, "house": None if target is None else target.number, "method": method, "void": as_void,
    }  # fmt: skip
    where = target.number if target is not None else "、".join(_numbers_of(work, parts))
    way = ways_of(parts) if method is None else METHODS[method]
    summary = f"收据 {row.number} {yuan(sum(part.amount for part in parts))} 元改记 {where}（{way}）"
    return perform_or_ask(
        work, "receipt.rebook", _perform, arguments, why, summary, second, audit="receipt.rebooked",
        about=("payment", row.id), approvers=approvers,
    )  # fmt: skip


def _numbers_of(work: Work, parts: Sequence[Row[Any]]) -> list[str]:
    """The houses of a receipt, that of its first payment first."""
    ids = list(dict.fromkeys(part.house_id for part in parts))
    numbers = dict(work.execute(select(House.id, House.number).where(House.id.in_(ids))).all())
    return [str(numbers[house_id]) for house_id in ids]


def _tenders(parts: Sequence[Row[Any]], method: str | None, why: str) -> tuple[Tender, ...]:
    """The same ways again, or all of it by another one."""
    if method is not None:
        return (Tender(method, sum(part.amount for part in parts), why),)
    ways: dict[tuple[str, str | None], int] = {}
    for part in parts:
        ways[part.method, part.reference] = ways.get((part.method, part.reference), 0) + part.amount
    return tuple(Tender(way, fen, reference) for (way, reference), fen in ways.items())


def _holds_deposit(work: Work, payment_id: int) -> bool:
    return (
        work.driver(
            "SELECT 1 FROM allocation a JOIN charge c ON c.id = a.charge_id JOIN fee_item i ON i.id = c.item_id "
            "WHERE a.payment_id = ? AND i.kind = 'deposit' LIMIT 1",
            (payment_id,),
        ).first()
        is not None
    )


def _perform(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> Rebooked:
    row = find(work, str(arguments["number"]))
    parts = together(work, row.id)
    where, *also = [str(arguments["house"])] if arguments["house"] else _numbers_of(work, parts)
    # As it was approved: a reversal takes another approval than a void, which is refused once its day is over.
    as_void = bool(arguments["void"])
    reversal = take_back(work, row, as_void=as_void)
    day = row.on if as_void else work.today
    first, *more = _tenders(parts, arguments["method"], f"更正 {row.number}")
    whole = first.amount + sum(one.amount for one in more)
    needless = _needless(work, (where, *also), whole, row.on, day)
    _, answer = book(work, where, whole, first.method, day, (), first.reference, more=more, also=also, late_on=row.on)
    _let_off(work, needless, day)
    ways = [way for way, _ in answer.ways]
    detail = {
        "receipt": row.number, "reversal": reversal, "rebooked": answer.receipt, "house": where, "method": ways[0],
        "amount_fen": whole, "reason": reason,
    }  # fmt: skip
    work.audit("receipt.rebooked", "payment", row.id, detail=detail, sole=given.sole, approver_id=given.approver_id)
    work.touched.add("ledger")
    paid = ways_of(together(work, find(work, answer.receipt).id))
    return Rebooked(str(row.number), reversal, answer.receipt, where, ways[0], whole, paid)


def _needless(work: Work, numbers: Sequence[str], money: int, then: date, day: date) -> list[tuple[owed.Open, int]]:
    """The late fee (fen) that these houses' debts bear on a day only because the money that came in `then` lay
    elsewhere. What it does not settle bears its late fee all the same.
    """
    charges: list[owed.Open] = []
    for number in numbers:
        house = look_up.house(work, number)
        payer = look_up.payer_on(work, house.id, work.today)
        members = owed.group(work.connection, house.id)
        charges += [each for each in owed.open_charges(work.connection, members, payer) if each.on <= day]
    by_id = {charge.charge_id: charge for charge in charges}
    burdens = late_fees.Burdens(work, charges)
    borne = burdens.quote(charges, day)
    debts = gather(charges, burdens.quote(charges, then), burdens.rates).debts
    for line in allocate(Fen(money), day, debts, (), *order_on(work, day)).lines:
        if line.part is DebtPart.PRINCIPAL:
            charge = by_id[int(str(line.id))]
            burdens.pay(charge.charge_id, max(then, charge.on), line.amount)
    left = burdens.quote(charges, day)
    found = [(by_id[charge_id], fen - left.get(charge_id, 0)) for charge_id, fen in borne.items()]
    return [(charge, fen) for charge, fen in found if fen > 0]


def _let_off(work: Work, fees: Sequence[tuple[owed.Open, int]], day: date) -> None:
    """These late fees, posted and adjusted to 0."""
    if not fees:
        return
    posted = late_fees.post(work, fees, day)
    rows = [(new, fen) for new, (_, fen) in zip(posted, fees, strict=True)]
    work.append(Adjustment, day, [(new, -fen, "waiver", work.user_id) for new, fen in rows])
    lower_open(work, dict(rows))


PERFORM["receipt.rebook"] = _perform
