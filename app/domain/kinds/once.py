"""A single amount: card, key, paid repair 有偿维修, removal of fitting-out rubbish (HANDBOOK §2.1, §8.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from app.domain.charge import Basis, Kind, Line, Part, line_amount
from app.domain.kinds import fields
from app.domain.period import When
from app.domain.quantity import FACTOR_SCALE, PRICE_SCALE, QUANTITY_SCALE, Price

_SCALE = PRICE_SCALE * QUANTITY_SCALE * FACTOR_SCALE // 100
_PRICE_IN_FEN = PRICE_SCALE // 100


@dataclass(frozen=True, slots=True)
class OnceParams:
    """Price of one piece in 1e-6 yuan."""

    price: int

    def as_json(self) -> dict[str, object]:
        """As stored."""
        return {"price": Price(self.price).show()}


def parse_params(raw: Mapping[str, object]) -> OnceParams:
    """Check `{"price": "20"}`."""
    fields.only(raw, "price")
    return OnceParams(fields.required_price(raw))


def line(basis: Basis) -> Line:
    """The line: price × count × factor at the first segment's version, or the agreed amount. Months do not count."""
    segment = basis.segments[0]
    if basis.amount is None:
        price, count, factor = cast(OnceParams, segment.version.params).price, basis.count, basis.factor
    else:
        price, count, factor = basis.amount * _PRICE_IN_FEN, QUANTITY_SCALE, FACTOR_SCALE
    amount, shown = line_amount([price * count * factor], _SCALE, basis.unit, basis.rule)
    if basis.amount is not None:
        amount, shown = basis.amount, (basis.amount,)
    part = Part(
        segment.version.id, segment.from_, segment.to, count, price, 0, 1, 1, factor, None, None, None, shown[0]
    )
    return Line(amount, (part,))


KIND = Kind("once", "一次性", When.ADVANCE, "次", parse_params, line, periodic=False)
