"""What a bill run would post: every line with how it arises, and every house that gets none, with the reason.

Reads in bulk, computes plain tuples with the rules of app/domain; no query stands in a loop over houses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.charge import ONE
from app.domain.due_date import due_steps
from app.domain.kinds import shared
from app.domain.period import Period, When
from app.domain.problem import Problem
from app.domain.proration import StartRule, charge_from
from app.domain.rest_day import Calendar
from app.services import settings
from app.services.billing_amounts import Amounts, bases_of
from app.services.billing_choice import EVERYTHING, Chosen, limits
from app.services.billing_cut import Cut
from app.services.billing_discounts import LetOff
from app.services.billing_items import RunItem, bases_first, percentage_of, run_items
from app.services.billing_line import Days, LineRow, Missing, NotBilled
from app.services.billing_payers import UNSOLD, Payers
from app.services.billing_prices import Prices, versions_of
from app.services.billing_shares import divide, split_by_days
from app.services.fees import FROM_THE_BEGINNING
from app.services.refused import refuse
from db.queries import billing as read
from db.work import Work

READS = frozenset({"house", "resident", "tariff", "house_item", "reading", "ledger", "setting"})
"""The topics a plan depends on; if one moved on, the plan is made again."""

_EVERYWHERE = (read.Held(None, None, 1, ONE, None),)
_DAY = timedelta(days=1)


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
        self.month_first, self.month_last = month.first, month.last
        self.settings = settings.values(work, on)
        self.calendar = Calendar(*read.rest_days(connection))
        self.payers = Payers(read.payers(connection), read.developer_party(connection, self.settings["developer"]))
        self.paid_until = read.paid_until(connection)
        self.discounts = read.discounts(connection)
        self.amounts = Amounts(Prices(self.discounts), read.people(connection))
        self.let_off: list[LetOff] = []
        go_live = self.settings["go_live"]
        self.go_live = date.fromisoformat(go_live) if go_live else None
        self.said: list[str] = []
        self.lines: list[LineRow] = []
        self.exceptions: list[NotBilled] = []
        self.already_posted = 0
        self.due_dates: dict[tuple[int, date, date], date] = {}

    def turn(self, month: Period) -> None:
        """Go on to another billing month; what was planned so far stays."""
        self.month, self.month_first, self.month_last = month, month.first, month.last

    def take_bases(self, items: Sequence[RunItem]) -> None:
        """Which items percentages are taken of, and what this month's earlier runs posted of them."""
        bases = bases_of(items)
        if bases.taken:
            bases.sums.update(read.posted_amounts(self.work.connection, str(self.month), sorted(bases.taken)))
        self.amounts.bases = bases

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

    def start_of(self, item: RunItem, house: read.HouseInput, held: read.Held) -> date | None:
        """Before which day nothing of the item is billed for the house; None where nothing bounds it."""
        bound = self.go_live
        if held.valid_from is not None:
            start = charge_from(held.valid_from, _start_rule(item, held))
            bound = start if bound is None or start > bound else bound
        until = self.paid_until.get((house.id, item.id)) if self.paid_until else None
        if until is not None:
            start = until + _DAY
            bound = start if bound is None or start > bound else bound
        return bound

    def plan_item(self, item: RunItem, houses: Sequence[read.HouseInput], wanted: Sequence[read.HouseInput]) -> None:
        """The lines of an item for the houses that are wanted; a shared cost is divided among all of them all the same.

        What is a deposit is taken at the counter, never billed by a run.
        """
        if item.kind.liability:
            return
        if item.kind is shared.KIND and not self._divide(item, houses):
            for house in wanted:
                if _held(item, house):
                    self.amounts.bases.wait(house.id, item.id)
            return
        for house in wanted:
            for held in _held(item, house):
                if item.kind.periodic:
                    self._periodic(item, house, held)
                elif held.valid_from is not None and Period.of(held.valid_from) == self.month:
                    self._once(item, house, held)

    def await_item(self, item: RunItem, houses: Sequence[read.HouseInput], wanted: Sequence[read.HouseInput]) -> None:
        """Find out which houses a run leaves an item out for: what percentages are taken of is then still to come."""
        sums, exceptions, posted = dict(self.amounts.bases.sums), len(self.exceptions), self.already_posted
        lines, let_off, said = len(self.lines), len(self.let_off), len(self.said)
        self.plan_item(item, houses, wanted)
        for line in self.lines[lines:]:
            self.amounts.bases.wait(line.house_id, item.id)
        del self.lines[lines:], self.exceptions[exceptions:], self.let_off[let_off:], self.said[said:]
        self.amounts.bases.sums, self.already_posted = sums, posted

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
            self._leave_out(item, house, "unbilled_before", first)
            return
        spans = tuple(self.payers.spans(house, first, last, _start_rule(item, held)))
        if item.kind is shared.KIND:
            for (payer, from_, to), shares in split_by_days(spans, item.shares.get(house.id, ())):
                self._line(item, house, held, Days(payer, from_, to, shares))
            return
        for at, (payer, from_, to) in enumerate(spans):
            since = spans[0][1] if at else None
            until = to + _DAY if at + 1 < len(spans) else None
            self._line(item, house, held, Days(payer, from_, to, cut=Cut(since, until)))

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
        having = [house for house in here if _held(item, house)]
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
            return any(version.valid_from <= day_before for version in versions_of(item, house))
        return house.id in item.last_posted

    def _line(self, item: RunItem, house: read.HouseInput, held: read.Held, days: Days) -> None:
        issue = 1
        for row in item.posted.get(house.id, ()):
            if row.first <= days.last and days.first <= row.last:
                if not row.undone:
                    self.already_posted += 1
                    return
                if (row.first, row.last, row.payer_id) == (days.first, days.last, days.payer):
                    issue = max(issue, row.issue + 1)
        if item.kind is shared.KIND and not days.shares:
            return
        try:
            amount, parts = self.amounts.of(item, house, held, days)
            if house.id in self.discounts:
                whole, _ = self.amounts.of(item, house, held, days, full=True)
                if whole != amount:
                    self.let_off.append(LetOff(house.number, item.code, whole - amount))
        except Missing as why:
            self._leave_out(item, house, why.reason, days.first)
            return
        self.amounts.bases.add(house.id, days.payer, item.id, amount)
        self.lines.append(
            LineRow(
                house.id,
                item.id,
                days.payer,
                days.first,
                days.last,
                issue,
                amount,
                self.due(item, days.first, days.last),
                house.deliver_to,
                parts,
            )
        )

    def _leave_out(self, item: RunItem, house: read.HouseInput, reason: str, first: date) -> None:
        self.exceptions.append(NotBilled(house.number, item.code, reason))
        if reason == "no_reading":
            to_come = bool(item.meters.get(house.id))
        else:
            to_come = reason != "no_base" or self.amounts.bases.waits(item, house, first)
        if to_come:
            self.amounts.bases.wait(house.id, item.id)

    def _once(self, item: RunItem, house: read.HouseInput, held: read.Held) -> None:
        day = held.valid_from
        if day is None or (self.go_live is not None and day < self.go_live):
            return
        if house.ended_on is not None and day > house.ended_on:
            return
        for payer, first, last in self.payers.spans(house, day, day, _start_rule(item, held)):
            self._line(item, house, held, Days(payer, first, last))


def _start_rule(item: RunItem, held: read.Held) -> StartRule:
    return StartRule(held.start_rule or item.rule.start_rule)


def _held(item: RunItem, house: read.HouseInput) -> Sequence[read.Held]:
    """From when to when a house has an item, how often."""
    return item.held.get(house.id) or (_EVERYWHERE if item.has_by_kind(house.kind) else ())


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
    based_on = {code for item in items if limit.has_item(item.code) for code in percentage_of(item)}
    for item in bases_first(items):
        if limit.has_item(item.code):
            planner.plan_item(item, houses, limit.of(houses))
        elif item.code in based_on:
            planner.await_item(item, houses, limit.of(houses))
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
    if planner.payers.developer is None and any(house.state in UNSOLD for house in houses):
        said.append("有未售或未交付的房屋，但设置里没有填开发商，暂记在未登记的付款人名下。")
    return tuple(said)
