"""Paying ahead: N months paid, M free (HANDBOOK §2.9), and how far ahead (§2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.money import Fen
from app.domain.period import add_months

LONGEST_MONTHS = 12
"""The longest prepayment (郑州市物业管理条例 art. 42, 杭州市物业管理条例 art. 55; elsewhere a setting)."""


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
