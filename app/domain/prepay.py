"""Paying ahead: N months paid, M free (HANDBOOK §2.9), and how far ahead (§2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.money import Fen
from app.domain.period import add_months
from app.domain.problem import problem

LONGEST_MONTHS = 12
"""The longest prepayment (郑州市物业管理条例 art. 42, 杭州市物业管理条例 art. 55; elsewhere a setting)."""
LONGEST_OFFER = 36
"""What an offer may not go beyond, in months."""


@dataclass(frozen=True, slots=True)
class Gift:
    """What is paid, what an adjustment lets off, and the last day covered."""

    payable: Fen
    waived: Fen
    coverage_end: date


def prepay_gift(monthly: Fen, months_paid: int, months_free: int, start: date) -> Gift:
    """N + M monthly charges are posted, N settled with money, M with an adjustment: the ledger stays explainable."""
    end = add_months(start, months_paid + months_free) - timedelta(days=1)
    return Gift(Fen(monthly * months_paid), Fen(monthly * months_free), end)


def refund_on_early_end(paid: Fen, monthly: Fen, months_used: int) -> Fen:
    """What goes back when it ends early: the used months count at the monthly price, gift or not."""
    return Fen(max(0, paid - monthly * months_used))


def parse_offers(text: str) -> dict[int, int]:
    """What an office offers to everybody, `12:1，6:0` as {12: 1, 6: 0}: so many months paid, so many free.

    Raises: `prepay.offers`.
    """
    found: dict[int, int] = {}
    for part in text.replace("，", ",").replace("：", ":").split(","):
        if not part.strip():
            continue
        paid, _, free = (each.strip() for each in part.partition(":"))
        if (
            not (paid.isdecimal() and free.isdecimal())
            or not 0 <= int(free) <= int(paid) <= LONGEST_OFFER
            or paid == "0"
        ):
            raise problem("prepay.offers", "预交优惠应写成 交几个月:送几个月，如 12:1。", "几个之间用逗号。")
        found[int(paid)] = int(free)
    return found


def free_of(offers: str, months: int) -> int:
    """How many free months the office gives to who pays so many: the best offer that is reached."""
    return max((free for paid, free in parse_offers(offers).items() if paid <= months), default=0)


def within(months: int, longest: int) -> bool:
    """Whether a prepayment keeps to the longest one; free months count for nothing, since nobody paid for them."""
    return months <= longest
