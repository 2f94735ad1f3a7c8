"""到账: when a channel paid out what it took for us, and what it kept; the payment stays what the payer gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.security.permissions import Permission
from app.services import receipts
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.run import Payout
from db.work import Work


@dataclass(frozen=True, slots=True)
class PaidOut:
    """A receipt whose money has come: the part that went through channels, and what they kept, in fen."""

    receipt: str
    on: date
    amount_fen: int
    fee_fen: int


@use_case(Permission.RUN_BILLS, audit="payment.settled", touches=frozenset({"ledger"}))
def note(work: Work, number: str, on: date | None = None, fee: int = 0) -> PaidOut:
    """Note that the money of a receipt that was not cash has come, and the channel's fee (fen), which is the office's
    cost (HANDBOOK §9.8). What was noted before is replaced.

    Raises Refused `settled_cash`, `settled_day`, `settled_fee`, `unknown_receipt`.
    """
    row, day = receipts.find(work, number), on or work.today
    parts = [part for part in receipts.together(work, row.id) if part.method != "cash"]
    if not parts:
        raise refuse("settled_cash", "收据 {number} 收的是现金，没有到账日期。", "请核对收据号。", number=row.number)
    amount = sum(part.amount for part in parts)
    if not row.on <= day <= work.today:
        raise refuse("settled_day", "到账日期应在收款日 {on} 和今天之间。", "请核对日期。", on=row.on, field="date")
    if not 0 <= fee <= abs(amount):
        raise refuse("settled_fee", "手续费应在 0 和收款金额之间。", "请核对手续费。", field="fee")
    known = work.execute(select(Payout.id).where(Payout.payment_id == row.id)).scalar()
    if known is None:
        columns = ("payment_id", "on", "fee", "user_id", "seq")
        work.insert(Payout, columns, [(row.id, day.isoformat(), fee, work.user_id, work.seq)])
    else:
        changed = ("on", "fee", "user_id", "seq")
        work.change_many("payout", ("id",), changed, [(day.isoformat(), fee, work.user_id, work.seq, known)])
    detail = {"receipt": row.number, "on": day.isoformat(), "fee_fen": fee}
    work.audit("payment.settled", "payment", row.id, detail=detail)
    return PaidOut(row.number, day, amount, fee)
