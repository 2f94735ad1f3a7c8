"""物业费: (gross area × price + fixed part) × months × factor, one rounding (HANDBOOK §2.1; 物业管理条例 art. 40)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import lcm
from typing import cast

from app.domain.charge import Basis, Kind, Line, Part, factor_of, line_amount, missing
from app.domain.kinds import fields
from app.domain.money import Fen
from app.domain.period import When
from app.domain.quantity import AREA_SCALE, FACTOR_SCALE, PRICE_SCALE, Price
from app.domain.rounding import round_ratio

# area 1e-4 × price 1e-6 × factor 1e-6 is 1e-16 yuan; in fen 1e-14.
_SCALE = AREA_SCALE * PRICE_SCALE * FACTOR_SCALE // 100


@dataclass(frozen=True, slots=True)
class AreaParams:
    """Price in 1e-6 yuan/m²/month; fixed part 附加费 in 1e-6 yuan/month."""

    price: int
    fixed: int = 0

    def as_json(self) -> dict[str, object]:
        """As stored."""
        stored: dict[str, object] = {"price": Price(self.price).show()}
        return {**stored, "fixed": Price(self.fixed).show()} if self.fixed else stored


def parse_params(raw: Mapping[str, object]) -> AreaParams:
    """Check `{"price": "2.80", "fixed": "20"}`."""
    fields.only(raw, "price", "fixed")
    return AreaParams(fields.required_price(raw), fields.price(raw, "fixed") or 0)


def line(basis: Basis) -> Line:
    """The line of one house.

    Raises: `no_area`, `factor_fine`.
    """
    area = basis.area
    if area is None:
        raise missing("no_area", "房屋没有建筑面积。")
    segments = basis.segments
    factors = [factor_of(basis, segment) for segment in segments]
    shown: tuple[Fen, ...]
    if len(segments) == 1:
        segment = segments[0]
        params = cast(AreaParams, segment.version.params)
        exact = (area * params.price + params.fixed * AREA_SCALE) * segment.months_num * factors[0]
        amount = round_ratio(exact, _SCALE * segment.months_den, basis.unit, basis.rule)
        shown = (amount,)
    else:
        common = lcm(*(segment.months_den for segment in segments))
        exacts = []
        for segment, factor in zip(segments, factors, strict=True):
            params = cast(AreaParams, segment.version.params)
            weight = segment.months_num * (common // segment.months_den) * factor
            exacts.append((area * params.price + params.fixed * AREA_SCALE) * weight)
        amount, shown = line_amount(exacts, _SCALE * common, basis.unit, basis.rule)
    parts = []
    for segment, part, factor in zip(segments, shown, factors, strict=True):
        params = cast(AreaParams, segment.version.params)
        parts.append(
            Part(
                segment.version.id,
                segment.from_,
                segment.to,
                area,
                params.price,
                params.fixed,
                segment.months_num,
                segment.months_den,
                factor,
                None,
                None,
                None,
                part,
            )
        )
    return Line(amount, tuple(parts))


KIND = Kind("area", "按面积", When.ADVANCE, "m²", parse_params, line, needs_area=True)
