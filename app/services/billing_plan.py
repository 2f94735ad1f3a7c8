"""What a bill run would post: every line with how it arises, and every house that gets none, with the reason.

Reads in bulk, computes plain tuples with the rules of app/domain; no query stands in a loop over houses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from app.domain.charge import ONE, ONE_PIECE, Basis, Kind, MeterUse, Part
from app.domain.due_date import due_date
from app.domain.kinds import kind_of
from app.domain.kinds.meter import MeterParams, tier_year_start
from app.domain.period import Cycle, Period, When, billing_span, period_containing
from app.domain.problem import Problem
from app.domain.proration import Method, StartRule, charge_from
from app.domain.rest_day import Calendar
from app.domain.rounding import Rule, Unit
from app.domain.tariff import Policy, Scope, Segment, Version, segments, valid_versions, version_on
from app.services import settings
from db.queries import billing as read
from db.work import Work

READS = frozenset({"house", "resident", "tariff", "house_item", "reading", "ledger", "setting"})
"""The topics a plan depends on; if one moved on, the plan is made again."""

UNSOLD = frozenset({"unsold", "undelivered"})
_EVERYWHERE = (read.Held(None, None, 1, ONE, None),)
_DAY = timedelta(days=1)
_ESTATE_ONLY = frozenset({Scope.ESTATE})

PartRow = tuple[Part, int | None, int | None]
"""A part with the meter and the reading it came from."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line to post; amount in fen. `deliver_to` is the house whose bill carries it."""

    house_id: int
    item_id: int
    payer_id: int
    first: date
    last: date
    issue: int
    amount: int
    due: date
    deliver_to: int
    parts: tuple[PartRow, ...]


@dataclass(frozen=True, slots=True)
class NotBilled:
    """A house that gets no line of an item, and why (a stable code)."""

    house: str
    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All lines in the order of the round; `revisions` is the state of the topics it was made from."""

    month: str
    on: date
    lines: tuple[LineRow, ...]
    exceptions: tuple[NotBilled, ...]
    already_posted: int
    warnings: tuple[str, ...]
    revisions: Mapping[str, int]


@dataclass(slots=True)
class _Item:
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

    def has_by_kind(self, house_kind: str) -> bool:
        """Whether every house of this kind has the item."""
        return self.houses != "listed" and house_kind in self.houses.split(",")


class _Planner:
    """The run of one billing month, holding what was read for it."""

    def __init__(self, work: Work, month: Period, on: date) -> None:
        connection = work.connection
        self.month, self.on = month, on
        self.month_first, self.month_last = month.first, month.last
        self.settings = settings.values(work, on)
        self.calendar = Calendar(*read.rest_days(connection))
        self.payers = read.payers(connection)
        self.paid_until = read.paid_until(connection)
        self.people = read.people(connection)
        self.developer = read.developer_party(connection, self.settings["developer"])
        go_live = self.settings["go_live"]
        self.go_live = date.fromisoformat(go_live) if go_live else None
        self.lines: list[LineRow] = []
        self.exceptions: list[NotBilled] = []
        self.already_posted = 0
        self.due_dates: dict[tuple[int, date, date], date] = {}
        self.segment_cache: dict[tuple[Any, ...], tuple[Segment, ...] | str] = {}

    # ---- who, when, at which price -------------------------------------------------------------------------------

    def due(self, item: _Item, first: date, last: date) -> date:
        """The stored due date of a line: by its whole period, for all houses the same."""
        key = (item.id, first, last)
        found = self.due_dates.get(key)
        if found is None:
            day = item.rule.due_day or int(self.settings["due_day"])
            found = due_date(
                item.span[0],
                item.span[1],
                item.when,
                day,
                int(self.settings["due_offset"]),
                self.on,
                int(self.settings["min_days"]),
                self.calendar.is_rest,
                self.settings["rest_day_shift"] == "on",
            )
            self.due_dates[key] = found
        return found

    def segments_of(self, item: _Item, house: read.HouseInput, first: date, last: date) -> tuple[Segment, ...]:
        """The price segments of a span; shared by all houses of the same scopes. Raises Problem `no_tariff`."""
        key: tuple[Any, ...]
        if item.scopes == _ESTATE_ONLY:
            key = (item.id, first, last)
        else:
            key = (
                item.id,
                house.building if Scope.BUILDING in item.scopes else None,
                house.house_type if Scope.HOUSE_TYPE in item.scopes else None,
                house.number_key if Scope.HOUSE in item.scopes else None,
                first,
                last,
            )
        found = self.segment_cache.get(key)
        if found is None:
            versions = valid_versions(item.versions, house.building, house.house_type, house.number_key)
            method, policy = Method(item.rule.part_month), Policy(item.rule.tariff_change)
            try:
                found = segments(versions, first, last, method=method, policy=policy)
            except Problem as why:
                found = why.code
            self.segment_cache[key] = found
        if isinstance(found, str):
            raise _Missing(found)
        return found

    def payer_spans(self, house: read.HouseInput, first: date, last: date) -> Iterator[tuple[int, date, date]]:
        """Who is liable for which of these days: before delivery the developer, then by the payer's dates."""
        rows = self.payers.get(house.id, ())
        if len(rows) == 1 and rows[0].valid_from is None and rows[0].valid_to is None:
            party = rows[0].party_id
            if house.delivered_on is None and house.state not in UNSOLD:
                yield party, first, last
                return
        handed = self._handed_over(house)
        if self.developer is not None and (handed is None or handed > first):
            until = last if handed is None else min(last, handed - _DAY)
            yield self.developer, first, until
            if until == last:
                return
            first = until + _DAY
        for row in rows:
            start = first if row.valid_from is None else max(first, row.valid_from)
            end = last if row.valid_to is None else min(last, row.valid_to)
            if start <= end:
                yield row.party_id, start, end

    def _handed_over(self, house: read.HouseInput) -> date | None:
        """From which day the owner is liable; None while the house is unsold or undelivered."""
        if house.delivered_on is not None and house.state != "unsold":
            return charge_from(house.delivered_on, StartRule.NEXT_MONTH)
        return None if house.state in UNSOLD else date.min

    def start_of(self, item: _Item, house: read.HouseInput, held: read.Held) -> date | None:
        """Before which day nothing of the item is billed for the house; None where nothing bounds it."""
        bound = self.go_live
        if held.valid_from is not None:
            start = charge_from(held.valid_from, StartRule(held.start_rule or item.rule.start_rule))
            bound = start if bound is None or start > bound else bound
        until = self.paid_until.get((house.id, item.id)) if self.paid_until else None
        if until is not None:
            start = until + _DAY
            bound = start if bound is None or start > bound else bound
        return bound

    # ---- one item ------------------------------------------------------------------------------------------------

    def plan_item(self, item: _Item, houses: Sequence[read.HouseInput]) -> None:
        """All lines of an item."""
        for house in houses:
            held_rows: Sequence[read.Held] = item.held.get(house.id) or (
                _EVERYWHERE if item.has_by_kind(house.kind) else ()
            )
            for held in held_rows:
                if item.kind.periodic:
                    self._periodic(item, house, held)
                elif held.valid_from is not None and Period.of(held.valid_from) == self.month:
                    self._once(item, house, held)

    def _periodic(self, item: _Item, house: read.HouseInput, held: read.Held) -> None:
        begin, end = item.span
        start = self.start_of(item, house, held)
        first = begin if start is None else max(begin, start)
        last = end if held.valid_to is None else min(end, held.valid_to)
        if first > last:
            return
        if item.when is When.ADVANCE and not self.month_first <= first <= self.month_last:
            if first < self.month_first:
                self._count_posted_or_missing(item, house, first, last)
            return
        if self._has_gap(item, house, first, start):
            self.exceptions.append(NotBilled(house.number, item.code, "unbilled_before"))
            return
        for payer, from_, to in self.payer_spans(house, first, last):
            self._line(item, house, held, payer, from_, to)

    def _count_posted_or_missing(self, item: _Item, house: read.HouseInput, first: date, last: date) -> None:
        """In the later months of a longer period: what was posted when it began needs no word."""
        if not any(not row.undone and row.last >= first for row in item.posted.get(house.id, ())):
            self.exceptions.append(NotBilled(house.number, item.code, "unbilled_before"))

    def _has_gap(self, item: _Item, house: read.HouseInput, first: date, start: date | None) -> bool:
        """Whether an earlier period is unbilled: after the last posted one, or since a known beginning."""
        if start is not None and start >= first:
            return False
        day_before = first - _DAY
        rows = item.posted.get(house.id, ())
        if any(not row.undone and row.last >= day_before for row in rows):
            return False
        if start is not None:
            return True
        return house.id in item.last_posted

    def _line(self, item: _Item, house: read.HouseInput, held: read.Held, payer: int, first: date, last: date) -> None:
        issue = 1
        for row in item.posted.get(house.id, ()):
            if row.first <= last and first <= row.last:
                if not row.undone:
                    self.already_posted += 1
                    return
                if (row.first, row.last, row.payer_id) == (first, last, payer):
                    issue = max(issue, row.issue + 1)
        try:
            amount, parts = self._amount(item, house, held, first, last)
        except _Missing as why:
            self.exceptions.append(NotBilled(house.number, item.code, why.reason))
            return
        self.lines.append(
            LineRow(
                house.id,
                item.id,
                payer,
                first,
                last,
                issue,
                amount,
                self.due(item, first, last),
                house.deliver_to,
                parts,
            )
        )

    def _amount(
        self, item: _Item, house: read.HouseInput, held: read.Held, first: date, last: date
    ) -> tuple[int, tuple[PartRow, ...]]:
        if item.kind.needs_reading:
            return self._metered(item, house, held, first, last)
        if item.kind.needs_area and house.area is None:
            raise _Missing("no_area")
        basis = Basis(
            self.segments_of(item, house, first, last),
            house.area,
            held.count * ONE_PIECE,
            held.factor,
            unit=item.unit,
            rule=item.rounding,
        )
        line = item.kind.line(basis)
        return line.amount, tuple([(part, None, None) for part in line.parts])

    def _once(self, item: _Item, house: read.HouseInput, held: read.Held) -> None:
        day = held.valid_from
        if day is None or (self.go_live is not None and day < self.go_live):
            return
        for payer, first, last in self.payer_spans(house, day, day):
            self._line(item, house, held, payer, first, last)

    # ---- meters --------------------------------------------------------------------------------------------------

    def _metered(
        self,
        item: _Item,
        house: read.HouseInput,
        held: read.Held,
        first: date,
        last: date,
    ) -> tuple[int, tuple[PartRow, ...]]:
        amount = 0
        parts: list[PartRow] = []
        versions = valid_versions(item.versions, house.building, house.house_type, house.number_key)
        for meter in item.meters.get(house.id, ()):
            counted = 0
            for run in _due_runs(meter, first):
                closing_id, on, value, _usage = run.readings[-1]
                try:
                    version = version_on(versions, on)
                except Problem as why:
                    raise _Missing(why.code) from None
                used = sum(row[3] for row in run.readings)
                before = self._cumulative(item, meter.id, version, on) + counted
                counted += used
                use = MeterUse(used, run.last_value, value, before, self._people(house.id, on))
                segment = Segment(version, first, last, 1, 1)
                count = held.count * ONE_PIECE
                basis = Basis((segment,), house.area, count, held.factor, use, unit=item.unit, rule=item.rounding)
                line = item.kind.line(basis)
                amount += line.amount
                parts.extend((part, meter.id, closing_id) for part in line.parts)
        if not parts:
            raise _Missing("no_reading")
        return amount, tuple(parts)

    @staticmethod
    def _cumulative(item: _Item, meter_id: int, version: Version, on: date) -> int:
        params = version.params
        if not isinstance(params, MeterParams) or not params.tiered:
            return 0
        start = tier_year_start(params, on)
        return sum(quantity for day, quantity in item.quantities.get(meter_id, ()) if start <= day <= on)

    def _people(self, house_id: int, on: date) -> int:
        known = [count for day, count in self.people.get(house_id, ()) if day <= on]
        return known[-1] if known else 0


def _due_runs(meter: read.MeterInput, first: date) -> list[read.MeterRun]:
    """What is billed of a meter with a period: everything up to its reading in the period, nothing without one."""
    runs = [run for run in meter.runs if run.readings]
    while runs and runs[-1].readings[-1][1] < first:
        runs.pop()
    return runs


class _Missing(Exception):
    """A line that cannot be computed; carries the reason's code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def version_of(row: Row[Any], kind: Kind) -> Version:
    """A stored price of an item of this kind; for bodies of use cases."""
    scope = Scope(row.scope)
    return Version(row.id, row.valid_from, row.valid_to, kind.parse_params(row.params), scope, row.scope_ref or None)


def _items(work: Work, month: Period, window: int) -> list[_Item]:
    connection = work.connection
    rules, tariffs, held = read.rules(connection), read.tariffs(connection), read.held_items(connection)
    found = []
    for row in read.items(connection):
        kind = kind_of(row.kind)
        cycle, when = Cycle(row.cycle), When(row.bill_when)
        span = _span(kind, cycle, when, row.anchor, month)
        if span is None:
            continue
        versions = tuple(version_of(version, kind) for version in tariffs.get(row.id, ()))
        rule = [rule for rule in rules[row.id] if rule.valid_from <= span[0]][-1]
        scopes = frozenset(version.scope for version in versions)
        held_by = held.get(row.id, {})
        unit, rounding = Unit(rule.unit), Rule(rule.rule)
        item = _Item(
            row.id, row.code, kind, cycle, when, row.anchor, row.houses, versions, held_by, scopes, span, rule, unit,
            rounding,
        )  # fmt: skip
        item.posted = read.posted(connection, item.id, *span)
        item.last_posted = read.last_posted(connection, item.id, span[0] - _DAY)
        if kind.needs_reading:
            item.meters = read.meters(connection, item.id, span[1] + timedelta(days=window))
            if any(isinstance(version.params, MeterParams) and version.params.tiered for version in versions):
                item.quantities = read.billed_quantities(connection, item.id, span[0] - timedelta(days=400))
        found.append(item)
    return found


def _span(kind: Kind, cycle: Cycle, when: When, anchor: int, month: Period) -> tuple[date, date] | None:
    """The period whose lines may fall into this billing month: advance, the one that holds it (who starts inside it
    is billed in that month); arrear, the one that ended the month before."""
    if not kind.periodic:
        return month.first, month.last
    if when is When.ADVANCE:
        return period_containing(cycle, anchor, month.first)
    return billing_span(cycle, anchor, when, month)


def make_plan(work: Work, month: Period, on: date) -> Plan:
    """The plan of a billing month, as the data stand in this transaction."""
    revisions = work.revisions(READS)
    planner = _Planner(work, month, on)
    houses = read.houses(work.connection)
    items = _items(work, month, int(planner.settings["reading_window"]))
    for item in items:
        planner.plan_item(item, houses)
    order = {house.id: place for place, house in enumerate(houses)}
    codes = {item.id: place for place, item in enumerate(items)}
    lines = sorted(planner.lines, key=lambda line: (order[line.deliver_to], order[line.house_id], codes[line.item_id]))
    return Plan(
        str(month),
        on,
        tuple(lines),
        tuple(planner.exceptions),
        planner.already_posted,
        _warnings(planner, houses),
        revisions,
    )


def _warnings(planner: _Planner, houses: Sequence[read.HouseInput]) -> tuple[str, ...]:
    said = [
        f"{year} 年的休息日还没有录入，到期日只避开了星期六和星期日。"
        for year in sorted({line.due.year for line in planner.lines})
        if not planner.calendar.knows(date(year, 1, 1))
    ]
    if planner.developer is None and any(house.state in UNSOLD for house in houses):
        said.append("有未售或未交付的房屋，但设置里没有填开发商，暂记在未登记的付款人名下。")
    return tuple(said)
