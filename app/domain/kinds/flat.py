"""A price a month, times a count or the people of the house: parking by the month (月租), rubbish (HANDBOOK §2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import lcm
from typing import cast

from app.domain.charge import Basis, Kind, Line, Part, factor_of, line_amount, missing
from app.domain.kinds import fields
from app.domain.money import Fen
from app.domain.period import When
from app.domain.quantity import FACTOR_SCALE, PRICE_SCALE, QUANTITY_SCALE, Price
from app.domain.rounding import round_ratio

_SCALE = PRICE_SCALE * QUANTITY_SCALE * FACTOR_SCALE // 100


@dataclass(frozen=True, slots=True)
class FlatParams:
    """Price in 1e-6 yuan/month; for each person of the house where `per_head`."""

    price: int
    per_head: bool = False

    @property
    def needs_household(self) -> bool:
        """Whether the people of the house go into it."""
        return self.per_head

    def as_json(self) -> dict[str, object]:
        """As stored."""
        stored: dict[str, object] = {"price": Price(self.price).show()}
        return {**stored, "per": "head"} if self.per_head else stored


def parse_params(raw: Mapping[str, object]) -> FlatParams:
    """Check `{"price": "150"}`; `"per": "head"` for a price a person, `"house"` (the default) for one a house."""
    fields.only(raw, "price", "per")
    if raw.get("per", "house") not in ("house", "head"):
        raise fields.bad("per")
    return FlatParams(fields.required_price(raw), raw.get("per") == "head")


def line(basis: Basis) -> Line:
    """The line of one house: price × months × count × factor; a price a person times the people of the house too.

    Raises: `no_people` where they are not known; `factor_fine`.
    """
    segments = basis.segments
    factors = [factor_of(basis, segment) for segment in segments]
    counts = [_count(basis, cast(FlatParams, segment.version.params)) for segment in segments]
    shown: tuple[Fen, ...]
    if len(segments) == 1:
        segment = segments[0]
        exact = cast(FlatParams, segment.version.params).price * segment.months_num * counts[0] * factors[0]
        amount = round_ratio(exact, _SCALE * segment.months_den, basis.unit, basis.rule)
        shown = (amount,)
    else:
        common = lcm(*(segment.months_den for segment in segments))
        exacts = [
            cast(FlatParams, segment.version.params).price
            * (segment.months_num * (common // segment.months_den) * count * factor)
            for segment, count, factor in zip(segments, counts, factors, strict=True)
        ]
        amount, shown = line_amount(exacts, _SCALE * common, basis.unit, basis.rule)
    parts = [
        Part(
            segment.version.id,
            segment.from_,
            segment.to,
            count,
            cast(FlatParams, segment.version.params).price,
            0,
            segment.months_num,
            segment.months_den,
            factor,
            None,
            None,
            None,
            part,
        )
        for segment, part, count, factor in zip(segments, shown, counts, factors, strict=True)
    ]
    return Line(amount, tuple(parts))


def _count(basis: Basis, params: FlatParams) -> int:
    """The pieces (1e-4) that a price is for: the count, times the people where it is one a person."""
    if not params.per_head:
        return basis.count
    if basis.people is None:
        raise missing("no_people", "房屋没有登记人数。")
    return basis.count * basis.people


KIND = Kind("flat", "按月固定", When.ADVANCE, "份", parse_params, line)
