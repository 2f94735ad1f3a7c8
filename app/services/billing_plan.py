"""What a bill run would post: every line with how it arises, and every house that gets none, with the reason.

Reads in bulk, computes plain tuples with the rules of app/domain; no query stands in a loop over houses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

from app.domain.charge import ONE, ONE_PIECE, Basis, MeterUse, Part, Share
from app.domain.discount import discount_on, discounted
from app.domain.due_date import due_steps
from app.domain.kinds import meter as metered
from app.domain.kinds import percent, shared
from app.domain.kinds.meter import MeterParams, tier_year_start
from app.domain.kinds.percent import PercentParams
from app.domain.money import Fen
from app.domain.period import Period, When
from app.domain.problem import Problem
from app.domain.proration import Method, StartRule, charge_from
from app.domain.rest_day import Calendar
from app.domain.tariff import Policy, Scope, Segment, Version, segments, valid_versions, version_on
from app.services import settings
from app.services.billing_choice import EVERYTHING, Chosen, limits
from app.services.billing_cut import WHOLE, Cut, by_tier_year, due_runs
from app.services.billing_discounts import LetOff, discounts_of
from app.services.billing_items import RunItem, bases_first, percentage_of, run_items
from app.services.billing_shares import divide, split_by_days
from app.services.fees import FROM_THE_BEGINNING
from app.services.refused import refuse
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
    chosen: Chosen
    let_off: tuple[LetOff, ...] = ()


class Planner:
    """The run of one billing month, holding what was read for it; other months of the same transaction by `turn`."""

    def __init__(self, work: Work, month: Period, on: date) -> None:
        connection = work.connection
        self.work, self.month, self.on = work, month, on
        self.ids: Mapping[str, int] = {}
        self.month_first, self.month_last = month.first, month.last
        self.settings = settings.values(work, on)
        self.calendar = Calendar(*read.rest_days(connection))
        self.payers = read.payers(connection)
        self.paid_until = read.paid_until(connection)
        self.people = read.people(connection)
        self.discounts = read.discounts(connection)
        self.let_off: list[LetOff] = []
        self.developer = read.developer_party(connection, self.settings["developer"])
        go_live = self.settings["go_live"]
        self.go_live = date.fromisoformat(go_live) if go_live else None
        self.base_items: frozenset[int] = frozenset()
        self.bases: dict[tuple[int, int, int], int] = {}
        self.said: list[str] = []
        self.lines: list[LineRow] = []
        self.exceptions: list[NotBilled] = []
        self.already_posted = 0
        self.due_dates: dict[tuple[int, date, date], date] = {}
        self.segment_cache: dict[tuple[Any, ...], tuple[Segment, ...] | str] = {}

    def turn(self, month: Period) -> None:
        """Go on to another billing month; what was planned so far stays."""
        self.month, self.month_first, self.month_last = month, month.first, month.last

    def take_bases(self, items: Sequence[RunItem]) -> None:
        """Which items percentages are taken of, and what this month's earlier runs posted of them."""
        self.ids = {item.code: item.id for item in items}
        codes = {code for item in items for code in percentage_of(item)}
        self.base_items = frozenset(self.ids[code] for code in codes if code in self.ids)
        if self.base_items:
            posted = read.posted_amounts(self.work.connection, str(self.month), sorted(self.base_items))
            self.bases = dict(posted)

    # ---- who, when, at which price -------------------------------------------------------------------------------

    def due(self, item: RunItem, first: date, last: date) -> date:
        """The stored due date of a line: by its whole period, for all houses the same."""
        key = (item.id, first, last)
        found = self.due_dates.get(key)
        if found is None:
            day = item.rule.due_day or int(self.settings["due_day"])
            offset = item.rule.due_offset
            found = due_steps(
                item.span[0],
                item.span[1],
                item.when,
                day,
                int(self.settings["due_offset"]) if offset is None else offset,
                self.on,
                int(self.settings["min_days"]),
                self.calendar.is_rest,
                self.settings["rest_day_shift"] == "on",
            ).due
            self.due_dates[key] = found
        return found

    def segments_of(
        self, item: RunItem, house: read.HouseInput, first: date, last: date, *, full: bool = False
    ) -> tuple[Segment, ...]:
        """The price segments of a span, with the house's discounts unless at `full` price."""
        found = self._priced(item, house, first, last)
        rows = () if full else self.discounts.get(house.id, ())
        return discounted(found, discounts_of(item, rows)) if rows else found

    def _priced(self, item: RunItem, house: read.HouseInput, first: date, last: date) -> tuple[Segment, ...]:
        """Shared by all houses of the same scopes."""
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
            versions = _versions_of(item, house)
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

    def start_of(self, item: RunItem, house: read.HouseInput, held: read.Held) -> date | None:
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

    def plan_item(self, item: RunItem, houses: Sequence[read.HouseInput], wanted: Sequence[read.HouseInput]) -> None:
        """The lines of an item for the houses that are wanted; a shared cost is divided among all of them all the same.

        What is a deposit is taken at the counter, never billed by a run.
        """
        if item.kind.liability or (item.kind is shared.KIND and not self._divide(item, houses)):
            return
        for house in wanted:
            held_rows: Sequence[read.Held] = item.held.get(house.id) or (
                _EVERYWHERE if item.has_by_kind(house.kind) else ()
            )
            for held in held_rows:
                if item.kind.periodic:
                    self._periodic(item, house, held)
                elif held.valid_from is not None and Period.of(held.valid_from) == self.month:
                    self._once(item, house, held)

    def _periodic(self, item: RunItem, house: read.HouseInput, held: read.Held) -> None:
        begin, end = item.span
        start = self.start_of(item, house, held)
        first = begin if start is None else max(begin, start)
        # A shared cost was divided among the houses that there were: the old one bears the period in which it ended.
        ended = None if item.kind is shared.KIND and (house.ended_on or end) >= begin else house.ended_on
        last = min(day for day in (end, held.valid_to, ended) if day is not None)
        if first > last:
            return
        if item.when is When.ADVANCE and not self.month_first <= first <= self.month_last:
            if first < self.month_first:
                self._count_posted_or_missing(item, house, first, last)
            return
        if self._has_gap(item, house, first, start):
            self.exceptions.append(NotBilled(house.number, item.code, "unbilled_before"))
            return
        spans = tuple(self.payer_spans(house, first, last))
        if item.kind is shared.KIND:
            for (payer, from_, to), shares in split_by_days(spans, item.shares.get(house.id, ())):
                self._line(item, house, held, payer, from_, to, shares)
            return
        for at, (payer, from_, to) in enumerate(spans):
            since = spans[0][1] if at else None
            until = to + _DAY if at + 1 < len(spans) else None
            self._line(item, house, held, payer, from_, to, cut=Cut(since, until))

    def _divide(self, item: RunItem, houses: Sequence[read.HouseInput]) -> bool:
        """Divide the item's costs of this period; whether that can be done. A house that lacks what it is weighed by
        stops all: without it the others would pay too much.
        """
        costs = read.shared_costs(self.work.connection, item.id, *item.span)
        if not costs:
            self.said.append(f"{item.name} 在 {item.span[0]} 至 {item.span[1]} 的公摊费用还没有录入，本次不收。")
            return False
        window = timedelta(days=int(self.settings["reading_window"]))
        begin = item.span[0]
        here = [
            house
            for house in houses
            if (house.ended_on is None or house.ended_on >= begin)
            and (house.began_on is None or house.began_on <= begin)
        ]
        having = [house for house in here if item.held.get(house.id) or item.has_by_kind(house.kind)]
        try:
            divided = divide(self.work.connection, item.versions, costs, having, item.span, window)
        except Problem as why:
            self.said.append(f"{item.code} 的公摊没有算：{why.text}{why.hint or ''}")
            return False
        self.exceptions.extend(NotBilled(number, item.code, reason) for number, reason in divided.lacking)
        if divided.lacking:
            self.said.append(f"{item.code} 有 {len(divided.lacking)} 户缺少分摊的依据，补齐以前全部不收。")
            return False
        item.shares = divided.shares
        return True

    def _count_posted_or_missing(self, item: RunItem, house: read.HouseInput, first: date, last: date) -> None:
        """In the later months of a longer period: what was posted when it began needs no word."""
        if not any(not row.undone and row.last >= first for row in item.posted.get(house.id, ())):
            self.exceptions.append(NotBilled(house.number, item.code, "unbilled_before"))

    def _has_gap(self, item: RunItem, house: read.HouseInput, first: date, start: date | None) -> bool:
        """Whether an earlier period is unbilled: after the last posted one, or since a known beginning."""
        if start is not None and start >= first:
            return False
        day_before = first - _DAY
        rows = item.posted.get(house.id, ())
        if any(not row.undone and row.last >= day_before for row in rows):
            return False
        if start is not None:
            # Before an item's first price there was nothing to bill: an item that begins later leaves no gap.
            return any(version.valid_from <= day_before for version in _versions_of(item, house))
        return house.id in item.last_posted

    def _line(
        self,
        item: RunItem,
        house: read.HouseInput,
        held: read.Held,
        payer: int,
        first: date,
        last: date,
        shares: tuple[Share, ...] = (),
        cut: Cut = WHOLE,
    ) -> None:
        issue = 1
        for row in item.posted.get(house.id, ()):
            if row.first <= last and first <= row.last:
                if not row.undone:
                    self.already_posted += 1
                    return
                if (row.first, row.last, row.payer_id) == (first, last, payer):
                    issue = max(issue, row.issue + 1)
        try:
            if item.kind is shared.KIND and not shares:
                return
            amount, parts = self._of_span(item, house, held, payer, first, last, shares, cut)
            if house.id in self.discounts:
                whole, _ = self._of_span(item, house, held, payer, first, last, shares, cut, full=True)
                if whole != amount:
                    self.let_off.append(LetOff(house.number, item.code, whole - amount))
        except _Missing as why:
            self.exceptions.append(NotBilled(house.number, item.code, why.reason))
            return
        if item.id in self.base_items:
            key = (house.id, payer, item.id)
            self.bases[key] = self.bases.get(key, 0) + amount
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

    def _of_span(
        self,
        item: RunItem,
        house: read.HouseInput,
        held: read.Held,
        payer: int,
        first: date,
        last: date,
        shares: tuple[Share, ...],
        cut: Cut,
        *,
        full: bool = False,
    ) -> tuple[int, tuple[PartRow, ...]]:
        """The amount of a payer's days. Who came later in the period gets the rest of the whole, so that all parts add
        up to the undivided charge (HANDBOOK §2.6).
        """
        amount, parts = self._amount(item, house, held, payer, first, last, shares, cut, full=full)
        if cut.since is None or item.needs_reading or item.kind is percent.KIND:
            return amount, parts
        to_here, _ = self._amount(item, house, held, payer, cut.since, last, shares, cut, full=full)
        before, _ = self._amount(item, house, held, payer, cut.since, first - _DAY, shares, cut, full=full)
        rest = to_here - before
        end, meter, reading = parts[-1]
        closed = (replace(end, shown=Fen(end.shown + rest - amount)), meter, reading)
        return rest, (*parts[:-1], closed)

    def _amount(
        self,
        item: RunItem,
        house: read.HouseInput,
        held: read.Held,
        payer: int,
        first: date,
        last: date,
        shares: tuple[Share, ...],
        cut: Cut,
        *,
        full: bool = False,
    ) -> tuple[int, tuple[PartRow, ...]]:
        if item.kind.needs_reading:
            return self._metered(item, house, held, first, last, cut, full=full)
        if item.needs_reading:
            return self._by_formula(item, house, held, first, last, cut, full=full)
        if item.kind.needs_area and house.area is None:
            raise _Missing("no_area")
        basis = Basis(
            self.segments_of(item, house, first, last, full=full),
            house.area,
            held.count * ONE_PIECE,
            held.factor,
            people=self._household(item, house, first),
            floor=house.floor,
            base=self._base(item, house, payer, first) if item.kind is percent.KIND else None,
            shares=shares,
            unit=item.unit,
            rule=item.rounding,
        )
        try:
            line = item.kind.line(basis)
        except Problem as why:
            raise _Missing(why.code) from None
        return line.amount, tuple([(part, None, None) for part in line.parts])

    def _household(self, item: RunItem, house: read.HouseInput, on: date) -> int | None:
        """The people of the house where the price asks for them: 0 where so many are written down, None where nobody
        wrote any.
        """
        return self._counted(house.id, on) if item.household else None

    def _base(self, item: RunItem, house: read.HouseInput, payer: int, on: date) -> Fen | None:
        """What the items come to of which a percentage is taken; None where the house has none of them this month."""
        version = version_on(_versions_of(item, house), on)
        codes = cast(PercentParams, version.params).of
        found = [self.bases[key] for code in codes if (key := (house.id, payer, self.ids.get(code, 0))) in self.bases]
        return Fen(sum(found)) if found else None

    def _once(self, item: RunItem, house: read.HouseInput, held: read.Held) -> None:
        day = held.valid_from
        if day is None or (self.go_live is not None and day < self.go_live):
            return
        if house.ended_on is not None and day > house.ended_on:
            return
        for payer, first, last in self.payer_spans(house, day, day):
            self._line(item, house, held, payer, first, last)

    # ---- meters --------------------------------------------------------------------------------------------------

    def _metered(
        self,
        item: RunItem,
        house: read.HouseInput,
        held: read.Held,
        first: date,
        last: date,
        cut: Cut,
        *,
        full: bool,
    ) -> tuple[int, tuple[PartRow, ...]]:
        bases: list[Basis] = []
        closed: list[tuple[int, int]] = []
        lower = () if full else discounts_of(item, self.discounts.get(house.id, ()))
        versions = _versions_of(item, house)
        for meter in item.meters.get(house.id, ()):
            counted: list[tuple[date, int]] = []
            for run in due_runs(meter, first, cut):
                try:
                    runs = by_tier_year(run, version_on(versions, run.readings[-1][1]).params)
                    priced = [(each, version_on(versions, each.readings[-1][1])) for each in runs]
                except Problem as why:
                    raise _Missing(why.code) from None
                for each, version in priced:
                    closing_id, on, value, _usage = each.readings[-1]
                    used = sum(row[3] for row in each.readings)
                    before = self._cumulative(item, meter.id, version, on, counted)
                    counted.append((on, used))
                    use = MeterUse(used, each.last_value, value, before, self._people(house.id, on))
                    held_then = discount_on(lower, on)
                    segment = Segment(version, first, last, 1, 1, held_then.factor if held_then else ONE)
                    count = held.count * ONE_PIECE
                    bases.append(
                        Basis((segment,), house.area, count, held.factor, use, unit=item.unit, rule=item.rounding)
                    )
                    closed.append((meter.id, closing_id))
        if not bases:
            raise _Missing("no_reading")
        try:
            lines = metered.together(bases)
        except Problem as why:
            raise _Missing(why.code) from None
        parts = [(part, *ids) for line, ids in zip(lines, closed, strict=True) for part in line.parts]
        return sum(line.amount for line in lines), tuple(parts)

    def _by_formula(
        self,
        item: RunItem,
        house: read.HouseInput,
        held: read.Held,
        first: date,
        last: date,
        cut: Cut,
        *,
        full: bool,
    ) -> tuple[int, tuple[PartRow, ...]]:
        """A formula with usage: that of all the house's meters together; their closing readings are then billed."""
        runs = [(meter.id, run) for meter in item.meters.get(house.id, ()) for run in due_runs(meter, first, cut)]
        if not runs:
            raise _Missing("no_reading")
        used = sum(row[3] for _, run in runs for row in run.readings)
        alone = runs[0][1] if len(runs) == 1 else None
        use = MeterUse(used, alone.last_value if alone else None, alone.readings[-1][2] if alone else None)
        segments = self.segments_of(item, house, first, last, full=full)
        basis = Basis(
            segments, house.area, held.count * ONE_PIECE, held.factor, use, people=self._household(item, house, first),
            floor=house.floor, unit=item.unit, rule=item.rounding,
        )  # fmt: skip
        try:
            line = item.kind.line(basis)
        except Problem as why:
            raise _Missing(why.code) from None
        parts: list[PartRow] = [(part, runs[0][0], runs[0][1].readings[-1][0]) for part in line.parts]
        for meter_id, run in runs[1:]:
            nothing = replace(line.parts[0], quantity=0, previous=run.last_value, current=run.readings[-1][2],
                              shown=Fen(0), inputs=None)  # fmt: skip
            parts.append((nothing, meter_id, run.readings[-1][0]))
        return line.amount, tuple(parts)

    @staticmethod
    def _cumulative(
        item: RunItem, meter_id: int, version: Version, on: date, counted: Sequence[tuple[date, int]]
    ) -> int:
        """What the tier year has seen of a meter up to a day: what was billed, and what this line `counted` so far."""
        params = version.params
        if not isinstance(params, MeterParams) or not params.tiered:
            return 0
        start = tier_year_start(params, on)
        seen = (*item.quantities.get(meter_id, ()), *counted)
        return sum(quantity for day, quantity in seen if start <= day <= on)

    def _people(self, house_id: int, on: date) -> int:
        return self._counted(house_id, on) or 0

    def _counted(self, house_id: int, on: date) -> int | None:
        known = [count for day, count in self.people.get(house_id, ()) if day <= on]
        return known[-1] if known else None


def _versions_of(item: RunItem, house: read.HouseInput) -> tuple[Version, ...]:
    """The item's prices whose scope includes the house."""
    return valid_versions(item.versions, house.building, house.house_type, house.number_key)


class _Missing(Exception):
    """A line that cannot be computed; carries the reason's code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def make_plan(work: Work, month: Period, on: date, chosen: Chosen = EVERYTHING) -> Plan:
    """The plan of a billing month, as the data stand in this transaction; of what is chosen, where something is."""
    if month.first < FROM_THE_BEGINNING:
        raise refuse("period_too_early", "账期 {month} 太早。", "请核对年份。", month=month, field="period")
    revisions = work.revisions(READS)
    planner = Planner(work, month, on)
    houses = read.houses(work.connection)
    limit = limits(work, chosen, houses)
    items = run_items(work, month, int(planner.settings["reading_window"]))
    planner.take_bases(items)
    for item in bases_first(items):
        if limit.has_item(item.code):
            planner.plan_item(item, houses, limit.of(houses))
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
        chosen,
        tuple(planner.let_off),
    )


def _warnings(planner: Planner, houses: Sequence[read.HouseInput]) -> tuple[str, ...]:
    said = [*planner.said]
    said += [
        f"{year} 年的休息日还没有录入，到期日只避开了星期六和星期日。"
        for year in sorted({line.due.year for line in planner.lines})
        if not planner.calendar.knows(date(year, 1, 1))
    ]
    if planner.developer is None and any(house.state in UNSOLD for house in houses):
        said.append("有未售或未交付的房屋，但设置里没有填开发商，暂记在未登记的付款人名下。")
    return tuple(said)
