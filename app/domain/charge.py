"""What a charge line is: an amount, and how it arose (HANDBOOK §1.2, §2.1).

One function multiplies out and rounds: `line_amount`. What the parts show is rounded cumulatively, so that they add
up to the amount.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.money import Fen
from app.domain.period import When
from app.domain.problem import Problem, problem
from app.domain.quantity import FACTOR_SCALE, QUANTITY_SCALE
from app.domain.rounding import Rule, Unit, round_ratio
from app.domain.tariff import Params, Segment

ONE = FACTOR_SCALE
"""The factor 1."""
ONE_PIECE = QUANTITY_SCALE
"""The quantity 1."""


@dataclass(frozen=True, slots=True)
class MeterUse:
    """What a meter line is computed from, all in 1e-4 of the meter's unit.

    `cumulative_before`: billed since the tier year began. `people`: of the household, for the tiers' bounds.
    """

    usage: int
    previous: int | None = None
    current: int | None = None
    cumulative_before: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class Basis:
    """All that a fee kind may need for one line; each takes what concerns it.

    `area` 1e-4 m², `count` 1e-4 pieces, `factor` 1e-6. `amount` is an agreed sum that stands in place of the
    tariff's (a quote for a paid repair).
    """

    segments: tuple[Segment, ...]
    area: int | None = None
    count: int = ONE_PIECE
    factor: int = ONE
    use: MeterUse | None = None
    amount: Fen | None = None
    unit: Unit = Unit.FEN
    rule: Rule = Rule.HALF_UP


@dataclass(frozen=True, slots=True)
class Part:
    """One segment of a line. `quantity` 1e-4, `price` 1e-6 yuan, `fixed` 1e-6 yuan a month, `factor` 1e-6, months an
    exact fraction; `shown` is its share of the rounded amount.
    """

    version_id: int | None
    from_: date
    to: date
    quantity: int
    price: int
    fixed: int
    months_num: int
    months_den: int
    factor: int
    tier: int | None
    previous: int | None
    current: int | None
    shown: Fen


@dataclass(frozen=True, slots=True)
class Line:
    """A charge line; the parts' `shown` add up to the amount."""

    amount: Fen
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A fee kind: its words, what it needs, and its two functions.

    `parse_params` checks and normalises what a tariff version stores; `line` is pure integer arithmetic.
    """

    code: str
    title: str
    when: When
    unit_word: str
    parse_params: Callable[[Mapping[str, object]], Params]
    line: Callable[[Basis], Line]
    needs_area: bool = False
    needs_reading: bool = False
    periodic: bool = True


def line_amount(numerators: Sequence[int], denominator: int, unit: Unit, rule: Rule) -> tuple[Fen, tuple[Fen, ...]]:
    """Round the sum of exact parts (numerator/denominator, in fen) once; beside it what each part shows:
    round(sum to k) − round(sum to k−1).
    """
    shown: list[Fen] = []
    total = 0
    rounded = Fen(0)
    for numerator in numerators:
        total += numerator
        up_to = round_ratio(total, denominator, unit, rule)
        shown.append(Fen(up_to - rounded))
        rounded = up_to
    return rounded, tuple(shown)


def missing(code: str, sentence: str) -> Problem:
    """The refusal of a line that lacks its area, reading or amount."""
    return problem(code, sentence)
