"""退款: prepaid balance given back to the payer, by two persons; never by taking an allocation away (HANDBOOK §4).

What was charged too much and is the payer's again is given back like what he paid in advance (最高法 物业服务纠纷解释
art. 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.money import yuan
from app.security.permissions import Permission
from app.services import look_up
from app.services.entrance import Approver
from app.services.one_off import payer_of
from app.services.projections import move_prepaid
from app.services.purse import METHODS, check_method
from app.services.refused import refuse
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.ledger import Refund
from db.queries import owed
from db.work import Work


@dataclass(frozen=True, slots=True)
class Refunded:
    """What was given back, and what is left of the prepaid balance, in fen."""

    house: str
    amount_fen: int
    method: str
    prepaid_fen: int


def _check(work: Work, house: Any, payer: int, amount: int) -> list[owed.Source]:
    """The payments and credits that the money comes from, oldest first."""
    if amount <= 0:
        raise refuse("amount_not_positive", "退款金额应大于 0。", "请改正金额。", field="amount")
    sources = owed.sources(work.connection, house.id, payer)
    left = sum(source.left for source in sources)
    if amount > left:
        raise refuse(
            "refund_too_much", "{house} 可退的预存只有 {left} 元。", "请改正金额。", house=house.number,
            left=yuan(left), field="amount",
        )  # fmt: skip
    return sources


@use_case(Permission.REFUND, audit="payment.refunded", touches=frozenset({"ledger"}))
def refund(
    work: Work, number: str, amount: int, method: str, reason: str | None, *, second: Approver | None = None
) -> Refunded | Waiting:
    """Give back so much (fen) of the prepaid balance that the party billed today has at this house.

    Raises Refused `refund_too_much`, `unknown_method`, `reason_needed`, `not_approver`.
    """
    check_method(work, method)
    why, house = need_reason(reason), look_up.house(work, number)
    _check(work, house, payer_of(work, house), amount)
    arguments = {"house": house.number, "amount": amount, "method": method}
    summary = f"{house.number} 退预存 {yuan(amount)} 元（{METHODS[method]}）"
    return perform_or_ask(
        work, "payment.refund", _perform, arguments, why, summary, second, audit="payment.refunded",
        about=("house", house.id),
    )  # fmt: skip


def give(work: Work, house: Any, payer: int, amount: int, method: str) -> None:
    """Give so much back, oldest money first. The caller audits. For bodies of use cases. Raises as `refund`."""
    left, rows = amount, []
    for source in _check(work, house, payer, amount):
        now = min(left, source.left)
        if now:
            rows.append((source.payment_id, now, method, work.user_id, source.credit_charge))
            left -= now
    work.append(Refund, work.today, rows)
    move_prepaid(work, {(house.id, payer): -amount})


def _perform(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> Refunded:
    house, amount, method = look_up.house(work, str(arguments["house"])), int(arguments["amount"]), arguments["method"]
    payer = payer_of(work, house)
    give(work, house, payer, amount, str(method))
    detail = {"house": house.number, "amount_fen": amount, "method": method, "reason": reason}
    work.audit("payment.refunded", "house", house.id, detail=detail, sole=given.sole, approver_id=given.approver_id)
    work.touched.add("ledger")
    prepaid = owed.prepaid(work.connection, (house.id,), payer).get((house.id, payer), 0)
    return Refunded(house.number, amount, str(method), prepaid)


PERFORM["payment.refund"] = _perform
