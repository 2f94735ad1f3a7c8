"""The payments that a bank line may be: they stand, came by bank or another channel, and have no line yet."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.bank_match import Booked
from db.models.bank import BankLine
from db.models.ledger import Payment
from db.work import Work

CHANNELS = ("bank", "pos", "wechat", "alipay")
"""Ways to pay that a bank or channel lists."""


def free_payments(work: Work) -> list[Booked]:
    """Payments that stand and that no line was found for, oldest first."""
    back = select(Payment.reverses).where(Payment.reverses.is_not(None))
    taken = select(BankLine.payment_id).where(
        BankLine.payment_id.is_not(None), BankLine.state.in_(("matched", "booked"))
    )
    rows = work.execute(
        select(Payment.id, Payment.on, Payment.amount, Payment.reference)
        .where(
            Payment.kind == "normal", Payment.method.in_(CHANNELS), Payment.id.not_in(back), Payment.id.not_in(taken)
        )
        .order_by(Payment.id)
    )
    return [Booked(row[0], row[1], row[2], row[3] or "") for row in rows]
