"""A fee by a formula over area, usage, people, floor, months: parsed, checked, exact, rounded once (HANDBOOK §1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import cast

from app.domain.charge import Basis, Kind, Line, Part, factor_of, line_amount, missing
from app.domain.formula import WORDS, Formula, parse
from app.domain.kinds import fields
from app.domain.period import When
from app.domain.problem import problem
from app.domain.quantity import AREA_SCALE, FACTOR_SCALE, QUANTITY_SCALE, Area, Quantity
from app.domain.tariff import Segment

_FEN = 100
_ABSENT = {
    "area": ("no_area", "房屋没有建筑面积。"),
    "usage": ("no_reading", "没有可以出账的读数。"),
    "people": ("no_people", "房屋没有登记人数。"),
    "floor": ("no_floor", "房屋没有楼层。"),
}


@dataclass(frozen=True, slots=True)
class FormulaParams:
    """A checked formula."""

    formula: Formula

    @property
    def needs_household(self) -> bool:
        """Whether people or floor of the house go into it."""
        return bool(self.formula.needs & {"people", "floor"})

    @property
    def needs_reading(self) -> bool:
        """Whether the usage of the house's meters goes into it."""
        return "usage" in self.formula.needs

    def as_json(self) -> dict[str, object]:
        """As stored."""
        return {"formula": self.formula.text}


def parse_params(raw: Mapping[str, object]) -> FormulaParams:
    """Check `{"formula": "面积 * 2.35 * 月数"}`.

    Raises: what `app.domain.formula.parse` raises; `formula.missing`.
    """
    fields.only(raw, "formula")
    text = raw.get("formula")
    if not isinstance(text, str) or not text.strip():
        raise problem("formula.missing", "还没有写公式。", "如：面积 * 2.35 * 月数。")
    return FormulaParams(parse(text))


def line(basis: Basis) -> Line:
    """The line: the formula of each segment × factor, one rounding on the sum. A formula without 月数 is an amount for
    the whole period: that of the first day holds.

    Raises: `no_area`, `no_reading`, `no_people`, `no_floor`, `formula_zero`, `formula_negative`, `factor_fine`.
    """
    exact, inputs = [], []
    segments = basis.segments
    if any("months" not in cast(FormulaParams, segment.version.params).formula.needs for segment in segments):
        segments = (replace(segments[0], to=segments[-1].to),)
    for segment in segments:
        formula = cast(FormulaParams, segment.version.params).formula
        values = _values(basis, segment, formula)
        exact.append(formula.value(values) * _FEN * Fraction(factor_of(basis, segment), FACTOR_SCALE))
        inputs.append({"formula": formula.text, **{WORDS[name]: _shown(name, basis, segment) for name in values}})
    common = lcm(*(value.denominator for value in exact))
    amount, shown = line_amount(
        [value.numerator * (common // value.denominator) for value in exact], common, basis.unit, basis.rule
    )
    use = basis.use
    parts = tuple(
        Part(
            segment.version.id, segment.from_, segment.to, use.usage if use else 0, 0, 0, segment.months_num,
            segment.months_den, factor_of(basis, segment), None, use.previous if use else None,
            use.current if use else None, fen, said,
        )
        for segment, fen, said in zip(segments, shown, inputs, strict=True)
    )  # fmt: skip
    return Line(amount, parts)


def _values(basis: Basis, segment: Segment, formula: Formula) -> dict[str, Fraction]:
    known = {
        "area": None if basis.area is None else Fraction(basis.area, AREA_SCALE),
        "usage": None if basis.use is None else Fraction(basis.use.usage, QUANTITY_SCALE),
        "people": None if basis.people is None else Fraction(basis.people),
        "floor": None if basis.floor is None else Fraction(basis.floor),
        "months": Fraction(segment.months_num, segment.months_den),
    }
    found: dict[str, Fraction] = {}
    for name in sorted(formula.needs):
        value = known[name]
        if value is None:
            raise missing(*_ABSENT[name])
        found[name] = value
    return found


def _shown(name: str, basis: Basis, segment: Segment) -> str:
    if name == "area":
        return Area(basis.area or 0).show()
    if name == "usage":
        return Quantity(basis.use.usage if basis.use else 0).show()
    if name == "months":
        whole = segment.months_den == 1
        return str(segment.months_num) if whole else f"{segment.months_num}/{segment.months_den}"
    return str(basis.people if name == "people" else basis.floor)


KIND = Kind("formula", "按公式", When.ADVANCE, "", parse_params, line)
