"""Water, power, heat by meter: usage × price, perhaps in tiers (HANDBOOK §2.1, §2.3, §2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from app.domain.charge import Basis, Kind, Line, MeterUse, Part, factor_of, line_amount, missing
from app.domain.kinds import fields
from app.domain.money import Fen
from app.domain.period import Cycle, When, period_containing
from app.domain.problem import Problem, problem
from app.domain.quantity import FACTOR_SCALE, PRICE_SCALE, QUANTITY_SCALE, Price, Quantity
from app.domain.tiers import Slice, Tier, slices

_SCALE = PRICE_SCALE * QUANTITY_SCALE * FACTOR_SCALE // 100


@dataclass(frozen=True, slots=True)
class MeterParams:
    """Tiers (one without bound: a plain price); people included, allowance in 1e-4 for each one more; how often the
    cumulative quantity starts anew, and from which month.
    """

    tiers: tuple[Tier, ...]
    base_people: int = 0
    allowance: int = 0
    resets: Cycle = Cycle.YEAR
    anchor_month: int = 1

    @property
    def tiered(self) -> bool:
        """Whether there is more than one price."""
        return len(self.tiers) > 1

    def as_json(self) -> dict[str, object]:
        """As stored."""
        if not self.tiered:
            return {"price": Price(self.tiers[0].price).show()}
        tiers = [
            {"up_to": None if tier.up_to is None else Quantity(tier.up_to).show(), "price": Price(tier.price).show()}
            for tier in self.tiers
        ]
        return {
            "tiers": tiers,
            "base_people": self.base_people,
            "allowance": Quantity(self.allowance).show(),
            "resets": self.resets.value,
            "anchor_month": self.anchor_month,
        }


def parse_params(raw: Mapping[str, object]) -> MeterParams:
    """Check `{"price": "3.50"}` or `{"tiers": [{"up_to": "180", "price": "3.50"}, {"up_to": null, "price": "8"}],
    "base_people": 4, "allowance": "30", "resets": "year", "anchor_month": 1}`.

    Raises: `tariff.tiers` unless bounds grow and only the last tier is open.
    """
    if "tiers" not in raw:
        fields.only(raw, "price")
        return MeterParams((Tier(None, fields.required_price(raw)),))
    fields.only(raw, "tiers", "base_people", "allowance", "resets", "anchor_month")
    resets = raw.get("resets", Cycle.YEAR)
    anchor = fields.whole(raw, "anchor_month")
    if resets not in (Cycle.YEAR, Cycle.MONTH) or (anchor is not None and not 1 <= anchor <= 12):
        raise fields.bad("resets")
    return MeterParams(
        _tiers(raw["tiers"]),
        fields.whole(raw, "base_people") or 0,
        fields.quantity(raw, "allowance") or 0,
        Cycle(str(resets)),
        anchor or 1,
    )


def tier_year_start(params: MeterParams, closing: date) -> date:
    """The first day of the tier year a usage belongs to: that of its closing reading."""
    return period_containing(params.resets, params.anchor_month, closing)[0]


def line(basis: Basis) -> Line:
    """The line of one meter, at the version of the closing reading's day (the last segment given).

    Raises: `no_reading`, `factor_fine`.
    """
    return together((basis,))[0]


def together(bases: Sequence[Basis]) -> tuple[Line, ...]:
    """What several usages of one charge come to (two meters, or a register and the one that followed it): rounded
    once, on their sum; each shows round(sum up to it) − round(sum before it).

    Raises: `no_reading`, `factor_fine`.
    """
    cuts = [_cut(basis) for basis in bases]
    exact = [
        part.quantity * part.price * factor_of(basis, basis.segments[-1])
        for basis, cut in zip(bases, cuts, strict=True)
        for part in cut
    ]
    _, shown = line_amount(exact, _SCALE, bases[0].unit, bases[0].rule)
    left = iter(shown)
    return tuple(_line(basis, cut, [next(left) for _ in cut]) for basis, cut in zip(bases, cuts, strict=True))


def _cut(basis: Basis) -> tuple[Slice, ...]:
    use = basis.use
    if use is None:
        raise missing("no_reading", "没有可以出账的读数。")
    params = cast(MeterParams, basis.segments[-1].version.params)
    return slices(params.tiers, use.cumulative_before, use.usage, use.people, params.base_people, params.allowance) or (
        Slice(1, 0, params.tiers[0].price),
    )


def _line(basis: Basis, cut: Sequence[Slice], shown: Sequence[Fen]) -> Line:
    use, segment = cast(MeterUse, basis.use), basis.segments[-1]
    tiered, factor = cast(MeterParams, segment.version.params).tiered, factor_of(basis, segment)
    parts = tuple(
        Part(
            segment.version.id,
            basis.segments[0].from_,
            segment.to,
            part.quantity,
            part.price,
            0,
            1,
            1,
            factor,
            part.tier if tiered else None,
            use.previous,
            use.current,
            fen,
        )
        for part, fen in zip(cut, shown, strict=True)
    )
    return Line(Fen(sum(shown)), parts)


def _tiers(raw: object) -> tuple[Tier, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw:
        raise _bad_tiers()
    tiers: list[Tier] = []
    for entry in raw:
        if not isinstance(entry, Mapping):
            raise _bad_tiers()
        fields.only(entry, "up_to", "price")
        tiers.append(Tier(fields.quantity(entry, "up_to"), fields.required_price(entry)))
    bounds = [tier.up_to for tier in tiers[:-1]]
    finite = [bound for bound in bounds if bound is not None]
    if tiers[-1].up_to is not None or len(finite) < len(bounds):
        raise _bad_tiers()
    if any(low >= high for low, high in zip([0, *finite], finite, strict=False)):
        raise _bad_tiers()
    return tuple(tiers)


def _bad_tiers() -> Problem:
    return problem("tariff.tiers", "阶梯的上限应逐档增大，只有最后一档没有上限。")


KIND = Kind("meter", "按表计量", When.ARREAR, "", parse_params, line, needs_reading=True)
