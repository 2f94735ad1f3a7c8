"""The values on a receipt, and the state that is printed across it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from app.domain import anchor
from app.domain.money import yuan
from app.domain.period import stretches
from app.services import look_up, settings
from app.services.bill_papers import span
from app.services.purse import ways_of
from app.services.receipts import find, opposite_of, together
from db.models.audit import Audit, Change
from db.models.estate import House
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Receipt
from db.models.run import Bill
from db.models.security import User
from db.models.tariff import FeeItem
from db.queries import owed
from db.work import Work
from reports.papers import ReceiptLine, ReceiptPaper

ABREAST = 2
"""So many stretches of months stand in one line of a receipt."""
PARTS = {"late_fee": "违约金", "cost": "费用"}


def allocations(work: Work, payments: Sequence[int]) -> Sequence[Row[Any]]:
    """What these payments were applied to when they were taken."""
    rows: Sequence[Row[Any]] = work.execute(
        select(
            Allocation.amount, Charge.part, Charge.period_from, Charge.period_to, FeeItem.code, FeeItem.name,
            House.number, Bill.number.label("bill"), House.id.label("house_id"),
        )
        .join(Charge, Charge.id == Allocation.charge_id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .join(House, House.id == Charge.house_id)
        .join(Payment, Payment.id == Allocation.payment_id)
        .outerjoin(Bill, Bill.id == Charge.bill_id)
        .where(
            Allocation.payment_id.in_(payments), Allocation.kind == "paid", Allocation.reverses.is_(None),
            Allocation.seq == Payment.seq,
        )
        .order_by(FeeItem.code, Charge.part.desc(), Charge.period_from, Allocation.id)
    ).all()  # fmt: skip
    return rows


def lines(rows: Sequence[Row[Any]], house_id: int, sign: int) -> tuple[ReceiptLine, ...]:
    """One line an item: months that follow one another are joined, those apart are named apart: what was not paid must
    not read as if it were. What is paid in more than ABREAST stretches stands on more lines.
    """
    groups: dict[tuple[str, str, int], list[Row[Any]]] = {}
    for row in rows:
        groups.setdefault((row.code, row.part, row.house_id), []).append(row)
    found = []
    for (_code, part, of_house), some in groups.items():
        name = some[0].name if of_house == house_id else f"{some[0].name} {some[0].number}"
        shown = f"{name}{PARTS[part]}" if part in PARTS else name
        months = stretches((row.period_from, row.period_to) for row in some)
        for at in range(0, len(months), ABREAST):
            here = months[at : at + ABREAST]
            fen = sum(row.amount for row in some if here[0][0] <= row.period_from <= here[-1][1])
            found.append(ReceiptLine(shown, "、".join(span(first, last) for first, last in here), sign * fen))
    return tuple(found)


def _detail(work: Work, seq: int) -> dict[str, Any]:
    """What the record of an act keeps of it."""
    found: dict[str, Any] = json.loads(work.execute(select(Change.detail).where(Change.seq == seq)).scalar() or "{}")
    return found


def _designation(work: Work, seq: int) -> str:
    named = _detail(work, seq).get("designated", [])
    names = dict(work.execute(select(FeeItem.code, FeeItem.name)).all())
    return "、".join(
        f"{names.get(item, item)} {period}" + (f" {yuan(amount)}" if amount is not None else "")
        for item, period, amount in named
    )


def _gifts(work: Work, seq: int) -> list[ReceiptLine]:
    """The months that came free with those that were paid ahead: the payer takes the promise home."""
    rows = work.execute(
        select(FeeItem.name, func.min(Charge.period_from).label("first"), func.max(Charge.period_to).label("last"))
        .join(Charge, Charge.item_id == FeeItem.id)
        .join(Adjustment, Adjustment.charge_id == Charge.id)
        .where(Adjustment.seq == seq, Adjustment.kind == "prepay_gift")
        .group_by(FeeItem.name)
    )
    return [ReceiptLine(f"{row.name}（赠送）", span(row.first, row.last), 0) for row in rows]


def _corrects(work: Work, seq: int) -> str:
    """The receipt in whose place a payment was booked."""
    said = _detail(work, seq)
    return str(said["receipt"]) if said.get("rebooked") else ""


def paper(work: Work, number: str) -> tuple[ReceiptPaper, str]:
    """The values of a receipt and its state today (empty, 已作废 or 已红冲)."""
    row = find(work, number)
    original = row if row.reverses is None else _original(work, row.reverses)
    rows = allocations(work, [part.id for part in together(work, original.id)])
    sign = 1 if row.reverses is None else -1
    said = settings.values(work)
    opposite = opposite_of(work, row.id)
    state = "" if opposite is None else "已作废" if opposite.kind == "void" else "已红冲"
    taken_back = f"已由 {opposite.number} 红冲" if opposite is not None and opposite.number else state
    parts = together(work, row.id)
    amount = sum(part.amount for part in parts)
    pairs = dict.fromkeys((part.house_id, part.payer_id) for part in parts)
    left = sum(
        charge.open
        for house_id, payer_id in pairs
        for charge in owed.open_charges(work.connection, owed.group(work.connection, house_id), payer_id)
    )
    seq = _seq(work, row.id)
    undoing = seq if row.reverses is not None else None if opposite is None else _seq(work, opposite.id)
    allocated = sum(allocation.amount for allocation in rows)
    bills = sorted({allocation.bill for allocation in rows if allocation.bill})
    numbers = dict(work.execute(select(House.id, House.number).where(House.id.in_([h for h, _ in pairs]))).all())
    house = "、".join(dict.fromkeys(numbers[house_id] for house_id, _ in pairs))
    values = ReceiptPaper(
        row.number,
        row.on.isoformat(),
        said["letterhead"],
        said["office_name"],
        said["telephone"],
        house,
        look_up.party_name(work, row.payer_id),
        ways_of(parts),
        bills[0] if len(bills) == 1 else f"{bills[0]} 等 {len(bills)} 张" if bills else "",
        (*lines(rows, row.house_id, sign), *(_gifts(work, seq) if row.reverses is None else ())),
        amount,
        sign * (abs(amount) - allocated),
        left,
        work.execute(select(User.name).where(User.id == row.user_id)).scalar_one(),
        _designation(work, seq) if row.reverses is None else "",
        "" if row.reverses is None else original.number,
        _corrects(work, seq) if row.reverses is None else "",
        taken_back,
        "" if undoing is None else _reason(work, undoing),
        check=_check(work, seq),
    )
    return values, state


def _seq(work: Work, payment_id: int) -> int:
    """The record of the act that booked a payment."""
    return int(work.execute(select(Payment.seq).where(Payment.id == payment_id)).scalar_one())


def _check(work: Work, seq: int) -> str:
    """The payment's record in the chain, as `verify --anchor` takes it (RELIABILITY §4)."""
    digest = work.execute(select(Audit.digest).where(Audit.id == seq)).scalar_one()
    return f"{seq}:{anchor.shortest(digest)}"


def _original(work: Work, payment_id: int) -> Row[Any]:
    found: Row[Any] = work.execute(
        select(Payment.id, Receipt.number)
        .join(Receipt, Receipt.payment_id == Payment.id)
        .where(Payment.id == payment_id)
    ).one()
    return found


def _reason(work: Work, seq: int) -> str:
    said = _detail(work, seq)
    moved = f"，改记 {said['rebooked']}" if said.get("rebooked") else ""
    bounced = f"{said['returned']} 退票：" if said.get("returned") else ""
    return f"{bounced}{said.get('reason', '')}{moved}"
