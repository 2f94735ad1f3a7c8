"""Late fee 违约金 (HANDBOOK §3; 民法典 art. 585, 合同编通则解释 art. 65, 买卖合同解释 art. 18).

None until the fee item says that the contract has it. Only principal bears it, nothing compounds, the sum of a charge
is rounded once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.money import ZERO, Fen
from app.domain.quantity import FACTOR_SCALE, RATE_SCALE
from app.domain.rounding import Rule, Unit, round_ratio

WARN_ABOVE = 50_000
"""A daily rate above 0.0005 (in 1e-8) is often cut in court: warn."""


def rate_warnings(rate: int | None) -> tuple[str, ...]:
    """What to say of a contract's daily rate (1e-8; None: it has none), as sentences (民法典 art. 585)."""
    if rate is None or rate <= WARN_ABOVE:
        return ()
    return ("违约金日利率高于万分之五，法院常会调低（民法典第 585 条）。",)


@dataclass(frozen=True, slots=True)
class AnnualRate:
    """A yearly rate (1e-8), such as the one-year LPR, times a multiplier (1e-6), over a year of so many days."""

    rate: int
    multiplier: int = FACTOR_SCALE
    day_basis: int = 365


@dataclass(frozen=True, slots=True)
class LateFee:
    """What is quoted as of a day: days overdue (until settled), the fee less what is posted and waived, whether the
    cap held it, and the principal still open.
    """

    days: int
    fee: Fen
    capped: bool
    outstanding: Fen


@dataclass(frozen=True, slots=True)
class Bearing:
    """So much of a principal was open after one day up to and with another; each of these days bears the fee."""

    open: Fen
    after: date
    until: date

    @property
    def days(self) -> int:
        """How many days that is."""
        return (self.until - self.after).days


def bearing_spans(
    principal: Fen, due: date, as_of: date, payments: Iterable[tuple[date, Fen]]
) -> tuple[list[Bearing], int, date]:
    """What was open of a principal while it was overdue, in order; what is left as of the day (below 0: too much was
    taken off), and the day it was settled last (its due date where that never happened later).
    """
    balance, paid_to, settled = int(principal), due, due
    spans = []
    for day, amount in sorted(payments):
        if day > as_of:
            break
        if day > paid_to:
            if balance > 0:
                spans.append(Bearing(Fen(balance), paid_to, day))
            paid_to = day
        open_before = balance > 0
        balance -= amount
        if open_before and balance <= 0:
            settled = day
    if balance > 0 and as_of > paid_to:
        spans.append(Bearing(Fen(balance), paid_to, as_of))
    return spans, balance, settled


def late_fee(
    principal: Fen,
    due: date,
    as_of: date,
    payments: Iterable[tuple[date, Fen]],
    rate: int | AnnualRate,
    cap: int | None = FACTOR_SCALE,
    grace: int = 0,
    waived: Fen = ZERO,
    posted: Fen = ZERO,
    unit: Unit = Unit.FEN,
    rule: Rule = Rule.HALF_UP,
) -> LateFee:
    """The late fee of one charge as of a day, from its stored due date (not counted; 民法典 art. 201).

    `payments` are what was allocated to (or adjusted off) the principal, by day; a payment bears its own day. `rate`
    is daily, 1e-8, or an `AnnualRate`. `cap` is a share of the original principal in 1e-6, None for no cap. Settled
    or still open within `grace` days: nothing; after that it counts from the due date.
    """
    spans, balance, settled = bearing_spans(principal, due, as_of, payments)
    bearing = sum(span.open * span.days for span in spans)
    outstanding = Fen(max(0, balance))
    if outstanding:
        settled = as_of
    days = max(0, (settled - due).days)
    if days <= grace:
        return LateFee(days, ZERO, False, outstanding)
    numerator, denominator = _exact(bearing, rate)
    # Compared as exact values: held to the cap before the one rounding.
    capped = cap is not None and numerator * FACTOR_SCALE > principal * cap * denominator
    whole = (
        round_ratio(principal * (cap or 0), FACTOR_SCALE, unit, rule)
        if capped
        else round_ratio(numerator, denominator, unit, rule)
    )
    return LateFee(days, Fen(max(0, whole - posted - waived)), capped, outstanding)


def untouched_share(days: int, rate: int, cap: int | None = FACTOR_SCALE, grace: int = 0) -> tuple[int, int]:
    """What share of a principal that nothing reduced is due as late fee after so many days, as a fraction.

    For many charges at once: `(2 * principal * numerator + denominator) // (2 * denominator)` is then each one's
    `late_fee`, in fen, half up. `rate` 1e-8 a day, `cap` 1e-6 of the principal.
    """
    if days <= max(grace, 0):
        return 0, 1
    if cap is not None and days * rate * FACTOR_SCALE > cap * RATE_SCALE:
        return cap, FACTOR_SCALE
    return days * rate, RATE_SCALE


def _exact(bearing: int, rate: int | AnnualRate) -> tuple[int, int]:
    """The fee in fen as a fraction; `bearing` is Σ open fen × days."""
    if isinstance(rate, AnnualRate):
        return bearing * rate.rate * rate.multiplier, RATE_SCALE * FACTOR_SCALE * rate.day_basis
    return bearing * rate, RATE_SCALE
