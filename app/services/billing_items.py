"""What a bill run knows of each fee item before it looks at a house: prices, rules, who has it, what was posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from app.domain.charge import Kind, Share
from app.domain.kinds import kind_of
from app.domain.kinds.meter import MeterParams
from app.domain.kinds.percent import PercentParams
from app.domain.period import Cycle, Period, When, billing_span, period_containing
from app.domain.rounding import Rule, Unit
from app.domain.tariff import Scope, Version
from db.queries import billing as read
from db.work import Work

_DAY = timedelta(days=1)


@dataclass(slots=True)
class RunItem:
    """An item with all that its lines share."""

    id: int
    code: str
    kind: Kind
    cycle: Cycle
    when: When
    anchor: int
    houses: str
    versions: tuple[Version, ...]
    held: Mapping[int, list[read.Held]]
    scopes: frozenset[Scope]
    span: tuple[date, date]
    rule: Row[Any]
    unit: Unit
    rounding: Rule
    posted: Mapping[int, list[read.Posted]] = field(default_factory=dict)
    last_posted: Mapping[int, date] = field(default_factory=dict)
    meters: Mapping[int, list[read.MeterInput]] = field(default_factory=dict)
    quantities: Mapping[int, list[tuple[date, int]]] = field(default_factory=dict)
    needs_reading: bool = False
    household: bool = False
    """Whether people or floor of the house go into the price."""
    shares: Mapping[int, tuple[Share, ...]] = field(default_factory=dict)
    name: str = ""

    def has_by_kind(self, house_kind: str) -> bool:
        """Whether every house of this kind has the item."""
        return self.houses != "listed" and house_kind in self.houses.split(",")


def version_of(row: Row[Any], kind: Kind) -> Version:
    """A stored price of an item of this kind; for bodies of use cases."""
    scope = Scope(row.scope)
    return Version(row.id, row.valid_from, row.valid_to, kind.parse_params(row.params), scope, row.scope_ref or None)


def run_items(work: Work, month: Period, window: int, only: str | None = None) -> list[RunItem]:
    """The items (or the one of that code) with lines in a billing month, by code; readings count up to `window` days
    after the period.
    """
    connection = work.connection
    rules, tariffs, held = read.rules(connection), read.tariffs(connection), read.held_items(connection)
    found = []
    for row in read.items(connection):
        if only is not None and row.code != only:
            continue
        kind = kind_of(row.kind)
        cycle, when = Cycle(row.cycle), When(row.bill_when)
        span = _span(kind, cycle, when, row.anchor, month)
        if span is None:
            continue
        versions = tuple(version_of(version, kind) for version in tariffs.get(row.id, ()))
        ruled = [rule for rule in rules[row.id] if rule.valid_from <= span[0]]
        rule = ruled[-1] if ruled else rules[row.id][0]
        scopes = frozenset(version.scope for version in versions)
        held_by = held.get(row.id, {})
        unit, rounding = Unit(rule.unit), Rule(rule.rule)
        item = RunItem(
            row.id, row.code, kind, cycle, when, row.anchor, row.houses, versions, held_by, scopes, span, rule, unit,
            rounding,
        )  # fmt: skip
        item.name = row.name
        item.posted = read.posted(connection, item.id, *span)
        item.last_posted = read.last_posted(connection, item.id, span[0] - _DAY)
        params = [version.params for version in versions]
        item.household = any(getattr(each, "needs_household", False) for each in params)
        item.needs_reading = kind.needs_reading or any(getattr(each, "needs_reading", False) for each in params)
        if item.needs_reading:
            item.meters = read.meters(connection, item.id, span[1] + timedelta(days=window))
            if any(isinstance(version.params, MeterParams) and version.params.tiered for version in versions):
                item.quantities = read.billed_quantities(connection, item.id, span[0] - timedelta(days=400))
        found.append(item)
    return found


def percentage_of(item: RunItem) -> set[str]:
    """The codes of the items that an item is a percentage of."""
    return {
        code for version in item.versions if isinstance(version.params, PercentParams) for code in version.params.of
    }


def bases_first(items: Sequence[RunItem]) -> list[RunItem]:
    """The items so that a percentage comes after what it is a percentage of."""
    left, ready = list(items), list[RunItem]()
    while left:
        waiting = {item.code for item in left}
        free = [item for item in left if not percentage_of(item) & (waiting - {item.code})] or left
        ready += free
        left = [item for item in left if item not in free]
    return ready


def _span(kind: Kind, cycle: Cycle, when: When, anchor: int, month: Period) -> tuple[date, date] | None:
    """The period whose lines may fall into this billing month: advance, the one that holds it (who starts inside it
    is billed in that month); arrear, the one that ended the month before."""
    if not kind.periodic:
        return month.first, month.last
    if when is When.ADVANCE:
        return period_containing(cycle, anchor, month.first)
    return billing_span(cycle, anchor, when, month)
