"""试算: what a price that is not written yet would charge, old against new, for a house and for all it reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from app.domain.charge import ONE, ONE_PIECE, Basis, Kind, Line, MeterUse, Part
from app.domain.kinds import kind_of
from app.domain.period import Cycle, Period
from app.domain.problem import Problem
from app.domain.proration import Method
from app.domain.quantity import Quantity
from app.domain.rounding import Rule, Unit
from app.domain.tariff import Policy, Scope, Segment, Version, segments, valid_versions, version_on
from app.security.permissions import Permission
from app.services import look_up
from app.services.billing_items import version_of
from app.services.refused import refuse
from app.services.tariffs import check_start, scope_ref
from app.services.use_case import use_case
from db.queries import billing as read
from db.work import Work

Reached = tuple[read.HouseInput, read.Held]
_NO_VERSION = 0
_EVERYWHERE = read.Held(None, None, 1, ONE, None)


@dataclass(frozen=True, slots=True)
class TrialPart:
    """A part of what the new price comes to: a tier, or the days of a price. Quantity 1e-4, price 1e-6 yuan (None: it
    has none of its own, as in a formula).
    """

    title: str
    quantity: int
    price: int | None
    fen: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One whole period of an item, in fen; None: no price holds, or the house does not have the item.

    `house` is the one that was looked at, `basis` what it is charged by (89.20 m², 10); `houses` are how many the new
    price reaches, with their sums (None for metered items: their usage is not known). `why` says why the new price
    charges the house nothing, `lacking` for how many houses that is so while others are charged.
    """

    house: str
    basis: str
    first: date
    last: date
    before: int | None
    after: int | None
    houses: int
    all_before: int | None
    all_after: int | None
    parts: tuple[TrialPart, ...] = ()
    why: str = ""
    lacking: int = 0


@dataclass(frozen=True, slots=True)
class _Side:
    """The item with one set of prices."""

    kind: Kind
    rule: Row[Any]
    versions: tuple[Version, ...]
    first: date
    last: date
    people: Mapping[int, int]

    def amount(self, house: read.HouseInput, held: read.Held, use: MeterUse | None) -> int | None:
        """What a house is charged; None where no price holds or its area is missing."""
        line = self.line(house, held, use)
        return None if line is None else line.amount

    def line(self, house: read.HouseInput, held: read.Held, use: MeterUse | None) -> Line | None:
        """The same with its parts."""
        try:
            return self._line(house, held, use)
        except Problem:
            return None

    def why(self, house: read.HouseInput, held: read.Held, use: MeterUse | None) -> str:
        """What a house lacks to be charged; empty where it is."""
        try:
            self._line(house, held, use)
        except Problem as lacks:
            return lacks.text
        return ""

    def _line(self, house: read.HouseInput, held: read.Held, use: MeterUse | None) -> Line:
        versions = valid_versions(self.versions, house.building, house.house_type, house.number_key)
        unit, rounding, count = Unit(self.rule.unit), Rule(self.rule.rule), held.count * ONE_PIECE
        if use is not None:
            parts: tuple[Segment, ...] = (Segment(version_on(versions, self.first), self.first, self.last, 1, 1),)
        else:
            method, policy = Method(self.rule.part_month), Policy(self.rule.tariff_change)
            parts = segments(versions, self.first, self.last, method=method, policy=policy)
        basis = Basis(
            parts, house.area, count, held.factor, use, people=self.people.get(house.id), floor=house.floor,
            unit=unit, rule=rounding,
        )  # fmt: skip
        return self.kind.line(basis)


@use_case(Permission.SET_TARIFF)
def trial(
    work: Work,
    code: str,
    valid_from: date,
    params: Mapping[str, object],
    scope: Scope,
    scope_name: str,
    house: str,
    quantity: str = "10",
) -> Trial:
    """Try a price on the first whole period from its day on. An empty `house` takes the first that it reaches.

    `quantity` is the usage of a metered item. Raises Problem for parameters that do not fit, Refused for a house or
    scope that is not there, `tariff_exists` where one begins on that day.
    """
    item = look_up.item(work, code)
    kind = kind_of(item.kind)
    rule = [row for row in read.rules(work.connection)[item.id] if row.valid_from <= valid_from][-1]
    month = Period.of(valid_from)
    begin = month if valid_from == month.first else month.plus(1)
    months = Cycle(item.cycle).months if kind.periodic else 1
    first, last = begin.first, begin.plus(months - 1).last
    ref = scope_ref(work, scope, scope_name)
    target = ref or None
    check_start(work, item.id, scope, ref, valid_from)
    rows = read.tariffs(work.connection).get(item.id, ())
    old = tuple(version_of(row, kind) for row in rows)
    new = Version(_NO_VERSION, valid_from, None, kind.parse_params(params), scope, target)
    people = _people(work, first)
    before = _Side(kind, rule, old, first, last, people)
    after = _Side(kind, rule, (*(_ended(one, new) for one in old), new), first, last, people)
    use = MeterUse(Quantity.parse(quantity).units) if kind.needs_reading else None
    houses = read.houses(work.connection)
    reached = _reached(work, item, houses, after, new)
    one = _the_house(work, house, houses, reached)
    held = next((held for found, held in reached if one is not None and found.id == one.id), _EVERYWHERE)
    line = None if one is None else after.line(one, held, use)
    sums = [(before.amount(h, k, None), after.amount(h, k, None)) for h, k in reached] if use is None else []
    return Trial(
        one.number if one is not None else "",
        "" if one is None else _basis(kind, one, quantity),
        first,
        last,
        None if one is None else before.amount(one, held, use),
        None if line is None else line.amount,
        len(reached),
        sum(fen or 0 for fen, _ in sums) if use is None else None,
        sum(fen or 0 for _, fen in sums) if use is None else None,
        () if line is None else tuple(_part(part, whole=len(line.parts) == 1) for part in line.parts),
        "" if one is None else after.why(one, held, use),
        sum(1 for _, fen in sums if fen is None) if any(fen is not None for _, fen in sums) else 0,
    )


def _part(part: Part, *, whole: bool) -> TrialPart:
    days = "整期" if whole else f"{part.from_:%m-%d} 至 {part.to:%m-%d}"
    title = f"第 {part.tier} 级" if part.tier else days
    return TrialPart(title, part.quantity, part.price or None, part.shown)


def _people(work: Work, on: date) -> dict[int, int]:
    """How many people live in each house on a day, where that is known."""
    return {
        house: known[-1]
        for house, rows in read.people(work.connection).items()
        if (known := [count for day, count in rows if day <= on])
    }


def _ended(version: Version, new: Version) -> Version:
    """A version of the same scope ends the day before the new one begins."""
    if (version.scope, version.target) != (new.scope, new.target) or version.valid_from >= new.valid_from:
        return version
    return replace(version, valid_to=new.valid_from - timedelta(days=1))


def _reached(work: Work, item: Any, houses: Sequence[read.HouseInput], after: _Side, new: Version) -> list[Reached]:
    """The houses that have the item and for which the new version is the one that holds, in natural order."""
    held = read.held_items(work.connection).get(item.id, {})
    kinds = () if item.houses == "listed" else item.houses.split(",")
    found = []
    for house in houses:
        rows = held.get(house.id) or ([_EVERYWHERE] if house.kind in kinds else [])
        if not rows:
            continue
        versions = valid_versions(after.versions, house.building, house.house_type, house.number_key)
        try:
            holds = version_on(versions, after.first).id == new.id
        except Problem:
            holds = False
        if holds:
            found.append((house, rows[0]))
    return found


def _the_house(
    work: Work, typed: str, houses: Sequence[read.HouseInput], reached: Sequence[Reached]
) -> read.HouseInput | None:
    if not typed.strip():
        return reached[0][0] if reached else None
    wanted = look_up.house(work, typed)
    found = next((house for house in houses if house.id == wanted.id), None)
    if found is None:
        raise refuse("unknown_house", "没有这个房号：{typed}。", "请核对房号。", typed=typed, field="house")
    return found


def _basis(kind: Kind, house: read.HouseInput, quantity: str) -> str:
    if kind.needs_reading:
        return f"用量 {quantity}"
    if kind.needs_area:
        return "没有面积" if house.area is None else f"{Quantity(house.area).show(2)} m²"
    return "一户"
