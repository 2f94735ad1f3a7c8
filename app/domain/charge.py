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
class Share:
    """A house's part of a cost that was divided (HANDBOOK §2.5): the cost, this house's amount, its weight and the sum
    of all weights (1e-4), and by what was weighed.
    """

    cost: Fen
    amount: Fen
    weight: int
    total_weight: int
    basis: str


@dataclass(frozen=True, slots=True)
class Basis:
    """All that a fee kind may need for one line; each takes what concerns it.

    `area` 1e-4 m², `count` 1e-4 pieces, `factor` 1e-6. `amount` is an agreed sum that stands in place of the
    tariff's (a quote for a paid repair). `people` and `floor` are of the house (None: not known); `base` is what the
    items come to of which a percentage is taken; `shares` the parts of the costs that were divided.
    """

    segments: tuple[Segment, ...]
    area: int | None = None
    count: int = ONE_PIECE
    factor: int = ONE
    use: MeterUse | None = None
    amount: Fen | None = None
    people: int | None = None
    floor: int | None = None
    base: Fen | None = None
    shares: tuple[Share, ...] = ()
    unit: Unit = Unit.FEN
    rule: Rule = Rule.HALF_UP


@dataclass(frozen=True, slots=True)
class Part:
    """One segment of a line. `quantity` 1e-4, `price` 1e-6 yuan, `fixed` 1e-6 yuan a month, `factor` 1e-6, months an
    exact fraction; `shown` is its share of the rounded amount. `inputs` holds what else the kind computed with.
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
    inputs: Mapping[str, str] | None = None


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
    liability: bool = False
    """What is taken is owed back (押金): no income, no late fee, no VAT, not in the collection rate."""


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


def factor_of(basis: Basis, segment: Segment) -> int:
    """The factor (1e-6) of a segment: the house's own times that of the discount on these days.

    Raises: `factor_fine` where six places do not hold the product: a factor is never rounded before the amount is.
    """
    if segment.factor == ONE:
        return basis.factor
    product, left = divmod(basis.factor * segment.factor, ONE)
    if left:
        raise problem("factor_fine", "房屋的系数与折扣相乘超过六位小数。", "请减少折扣的小数位数。")
    return product


def missing(code: str, sentence: str) -> Problem:
    """The refusal of a line that lacks its area, reading or amount."""
    return problem(code, sentence)
