"""The one rounding (HANDBOOK §1.2): on the exact product, to the item's unit, symmetric about zero.

Symmetry makes a reversal the exact opposite of what it reverses.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from app.domain.money import ZERO, Fen


class Unit(StrEnum):
    """What an amount is rounded to."""

    FEN = "fen"
    JIAO = "jiao"
    YUAN = "yuan"

    @property
    def fen(self) -> int:
        """Its size in fen."""
        return _FEN[self]


class Rule(StrEnum):
    """Which way a remainder goes."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


_FEN = {Unit.FEN: 1, Unit.JIAO: 10, Unit.YUAN: 100}


def round_ratio(numerator: int, denominator: int, unit: Unit = Unit.FEN, rule: Rule = Rule.HALF_UP) -> Fen:
    """Round the exact value numerator/denominator **fen** to the unit by the rule."""
    step = _FEN[unit]
    denominator *= step
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    size = -numerator if numerator < 0 else numerator
    if rule == Rule.HALF_UP:
        whole = (2 * size + denominator) // (2 * denominator)
    else:
        whole, rest = divmod(size, denominator)
        if rule == Rule.UP:
            whole += rest > 0
        elif rule == Rule.HALF_EVEN:
            whole += 2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1)
    return Fen(-whole * step if numerator < 0 else whole * step)


def round_yuan(exact: Fraction, unit: Unit = Unit.FEN, rule: Rule = Rule.HALF_UP) -> Fen:
    """Round an exact amount in **yuan**."""
    return round_ratio(exact.numerator * 100, exact.denominator, unit, rule)


def small_change(due: Fen, unit: Unit) -> tuple[Fen, Fen]:
    """Small change let off at the counter (抹零): what is payable and what is waived. It only ever cuts, so where
    nothing is due nothing is waived.
    """
    waived = Fen(due % _FEN[unit]) if due > 0 else ZERO
    return Fen(due - waived), waived


def percent(numerator: int, denominator: int) -> str | None:
    """A share in percent with two decimals, half up; None when the denominator is 0."""
    if denominator == 0:
        return None
    hundredths = round_ratio(numerator * 10_000, denominator)
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{rest:02d}"
