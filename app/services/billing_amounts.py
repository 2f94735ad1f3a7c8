"""What a payer's days of an item come to, with the parts that the amount arises from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import cast

from app.domain.charge import ONE_PIECE, Basis, Line, MeterUse
from app.domain.kinds import meter as metered
from app.domain.kinds import percent
from app.domain.kinds.meter import MeterParams, tier_year_start
from app.domain.kinds.percent import PercentParams
from app.domain.money import Fen
from app.domain.problem import Problem
from app.domain.tariff import Version, version_on
from app.services.billing_cut import by_tier_year, due_runs
from app.services.billing_items import RunItem, percentage_of
from app.services.billing_line import Days, Missing, PartRow
from app.services.billing_prices import Prices, versions_of
from db.queries import billing as read

_DAY = timedelta(days=1)

Amount = tuple[int, tuple[PartRow, ...]]
"""An amount in fen and its parts."""


@dataclass(slots=True)
class Bases:
    """What the items of which percentages are taken come to, in fen by house, payer and item."""

    ids: Mapping[str, int]
    taken: frozenset[int]
    sums: dict[tuple[int, int, int], int]
    awaited: set[tuple[int, int]] = field(default_factory=set)
    """House and item whose line of this month is still to come: a percentage is taken of the whole or not at all."""

    def add(self, house_id: int, payer: int, item_id: int, amount: int) -> None:
        """Count a planned line, where a percentage is taken of its item."""
        if item_id in self.taken:
            key = (house_id, payer, item_id)
            self.sums[key] = self.sums.get(key, 0) + amount

    def wait(self, house_id: int, item_id: int) -> None:
        """Note that a house's line of an item cannot be said yet."""
        self.awaited.add((house_id, item_id))

    def waits(self, item: RunItem, house: read.HouseInput, on: date) -> bool:
        """Whether something of what a percentage is taken of is still to come."""
        return any((house.id, item_id) in self.awaited for item_id in self._under(item, house, on))

    def _under(self, item: RunItem, house: read.HouseInput, on: date) -> list[int]:
        version = version_on(versions_of(item, house), on)
        return [self.ids.get(code, 0) for code in cast(PercentParams, version.params).of]

    def of(self, item: RunItem, house: read.HouseInput, days: Days) -> Fen | None:
        """What a percentage is taken of; None where the house has none of those items this month, or not yet."""
        if self.waits(item, house, days.first):
            return None
        keys = [(house.id, days.payer, item_id) for item_id in self._under(item, house, days.first)]
        found = [self.sums[key] for key in keys if key in self.sums]
        return Fen(sum(found)) if found else None


def no_bases() -> Bases:
    """Before any item is known."""
    return Bases({}, frozenset(), {})


def bases_of(items: Sequence[RunItem]) -> Bases:
    """Which of these items percentages are taken of; their sums are still to be read."""
    ids = {item.code: item.id for item in items}
    codes = {code for item in items for code in percentage_of(item)}
    return Bases(ids, frozenset(ids[code] for code in codes if code in ids), {})


@dataclass(slots=True)
class Amounts:
    """Amounts at the prices of a run, with the people of each house by day."""

    prices: Prices
    people: Mapping[int, Sequence[tuple[date, int]]]
    bases: Bases = field(default_factory=no_bases)

    def of(self, item: RunItem, house: read.HouseInput, held: read.Held, days: Days, *, full: bool = False) -> Amount:
        """The amount of a payer's days. Who came later in the period gets the rest of the whole, so that all parts add
        up to the undivided charge (HANDBOOK §2.6). Raises Missing.
        """
        amount, parts = self._alone(item, house, held, days, full=full)
        since = days.cut.since
        if since is None or item.needs_reading or item.kind is percent.KIND:
            return amount, parts
        to_here, _ = self._alone(item, house, held, replace(days, first=since), full=full)
        before, _ = self._alone(item, house, held, replace(days, first=since, last=days.first - _DAY), full=full)
        rest = to_here - before
        end, meter, reading = parts[-1]
        closed = (replace(end, shown=Fen(end.shown + rest - amount)), meter, reading)
        return rest, (*parts[:-1], closed)

    def _alone(self, item: RunItem, house: read.HouseInput, held: read.Held, days: Days, *, full: bool) -> Amount:
        if item.kind.needs_reading:
            return self._metered(item, house, held, days, full=full)
        if item.needs_reading:
            return self._by_formula(item, house, held, days, full=full)
        if item.kind.needs_area and house.area is None:
            raise Missing("no_area")
        basis = Basis(
            self.prices.segments(item, house, days.first, days.last, full=full),
            house.area,
            held.count * ONE_PIECE,
            held.factor,
            people=self._household(item, house, days.first),
            floor=house.floor,
            base=self.bases.of(item, house, days) if item.kind is percent.KIND else None,
            shares=days.shares,
            unit=item.unit,
            rule=item.rounding,
        )
        line = _line(item, basis)
        return line.amount, tuple([(part, None, None) for part in line.parts])

    def _metered(self, item: RunItem, house: read.HouseInput, held: read.Held, days: Days, *, full: bool) -> Amount:
        bases: list[Basis] = []
        closed: list[tuple[int, int]] = []
        versions = versions_of(item, house)
        for meter in item.meters.get(house.id, ()):
            counted: list[tuple[date, int]] = []
            for run in due_runs(meter, days.first, days.cut):
                for each, version in _priced(run, versions):
                    closing_id, on, value, _usage = each.readings[-1]
                    used = sum(row[3] for row in each.readings)
                    before = _cumulative(item, meter.id, version, on, counted)
                    counted.append((on, used))
                    use = MeterUse(used, each.last_value, value, before, self._counted(house.id, on) or 0)
                    segment = self.prices.on_day(item, house, version, (days.first, days.last), on, full=full)
                    count = held.count * ONE_PIECE
                    bases.append(
                        Basis((segment,), house.area, count, held.factor, use, unit=item.unit, rule=item.rounding)
                    )
                    closed.append((meter.id, closing_id))
        if not bases:
            raise Missing("no_reading")
        try:
            lines = metered.together(bases)
        except Problem as why:
            raise Missing(why.code) from None
        parts = [(part, *ids) for line, ids in zip(lines, closed, strict=True) for part in line.parts]
        return sum(line.amount for line in lines), tuple(parts)

    def _by_formula(self, item: RunItem, house: read.HouseInput, held: read.Held, days: Days, *, full: bool) -> Amount:
        """A formula with usage: that of all the house's meters together; their closing readings are then billed."""
        meters = item.meters.get(house.id, ())
        runs = [(meter.id, run) for meter in meters for run in due_runs(meter, days.first, days.cut)]
        if not runs:
            raise Missing("no_reading")
        used = sum(row[3] for _, run in runs for row in run.readings)
        alone = runs[0][1] if len(runs) == 1 else None
        use = MeterUse(used, alone.last_value if alone else None, alone.readings[-1][2] if alone else None)
        segments = self.prices.segments(item, house, days.first, days.last, full=full)
        basis = Basis(
            segments, house.area, held.count * ONE_PIECE, held.factor, use,
            people=self._household(item, house, days.first), floor=house.floor, unit=item.unit, rule=item.rounding,
        )  # fmt: skip
        line = _line(item, basis)
        parts: list[PartRow] = [(part, runs[0][0], runs[0][1].readings[-1][0]) for part in line.parts]
        for meter_id, run in runs[1:]:
            nothing = replace(line.parts[0], quantity=0, previous=run.last_value, current=run.readings[-1][2],
                              shown=Fen(0), inputs=None)  # fmt: skip
            parts.append((nothing, meter_id, run.readings[-1][0]))
        return line.amount, tuple(parts)

    def _household(self, item: RunItem, house: read.HouseInput, on: date) -> int | None:
        """The people of the house where the price asks for them: 0 where so many are written down, None where nobody
        wrote any.
        """
        return self._counted(house.id, on) if item.household else None

    def _counted(self, house_id: int, on: date) -> int | None:
        known = [count for day, count in self.people.get(house_id, ()) if day <= on]
        return known[-1] if known else None


def _line(item: RunItem, basis: Basis) -> Line:
    try:
        return item.kind.line(basis)
    except Problem as why:
        raise Missing(why.code) from None


def _priced(run: read.MeterRun, versions: Sequence[Version]) -> list[tuple[read.MeterRun, Version]]:
    """A run cut where a tier year begins, each piece with the price of its closing reading."""
    try:
        runs = by_tier_year(run, version_on(versions, run.readings[-1][1]).params)
        return [(each, version_on(versions, each.readings[-1][1])) for each in runs]
    except Problem as why:
        raise Missing(why.code) from None


def _cumulative(item: RunItem, meter_id: int, version: Version, on: date, counted: Sequence[tuple[date, int]]) -> int:
    """What the tier year has seen of a meter up to a day: what was billed, and what this line `counted` so far."""
    params = version.params
    if not isinstance(params, MeterParams) or not params.tiered:
        return 0
    start = tier_year_start(params, on)
    seen = (*item.quantities.get(meter_id, ()), *counted)
    return sum(quantity for day, quantity in seen if start <= day <= on)
