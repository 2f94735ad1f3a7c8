"""出账对比: each line that a run would post beside the item's last period, why it differs, and what deserves a look."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Row, select

from app.domain.billing_change import Drawn, doubled, odd_usage, reasons
from app.domain.charge import Part
from app.domain.kinds import kind_of
from app.domain.meter import READINGS_COMPARED
from app.domain.period import Period
from app.security.permissions import Permission
from app.services import settings
from app.services.bill_papers import line_of
from app.services.billing_choice import EVERYTHING, Chosen, limits
from app.services.billing_line import LineRow
from app.services.billing_plan import Plan, make_plan
from app.services.billing_review import REASONS
from app.services.paper_file import put_file
from app.services.progress import tell
from app.services.reading_sheet import LIVED_IN
from app.services.use_case import use_case
from db.models.tariff import FeeItem
from db.queries import billing as read
from db.queries import compared
from db.types import canonical_json
from db.work import Work

MARKS: Mapping[str, str] = {
    "odd_usage": "用量异常",
    "doubled": "翻倍以上",
    "zero": "金额为 0",
    "tariff": "标准有变",
    "stopped": "上期有本期没有",
    "without": "没有任何费用",
}
"""What is marked, in the order in which it is looked at; the last two are no lines of the run."""
SHOWN = 6
MOST = 200


@dataclass(frozen=True, slots=True)
class Compared:
    """A house's line of an item beside its last period, in fen (None: none); `how` it is computed, `why` it differs."""

    house: str
    item: str
    how: str
    fen: int | None
    last_fen: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Something that deserves a look: how many lines or houses, and some of the houses."""

    mark: str
    title: str
    count: int
    houses: tuple[str, ...]

    @property
    def unit(self) -> str:
        """What is counted."""
        return "户" if self.mark == "without" else "笔"


class _PartRow(NamedTuple):
    """A planned part with the names that a posted one has."""

    tariff_id: int | None
    item_kind: str
    quantity: int
    price: int
    fixed: int
    months: str
    factor: int
    inputs: str | None


class _Found(NamedTuple):
    """A compared line before it is put into words."""

    house: read.HouseInput
    item: Row[Any]
    now: Drawn | None
    last: Drawn | None
    lines: tuple[LineRow, ...]


class _Side:
    """A plan with all that it is compared with: what was posted before, and what meters usually count."""

    def __init__(self, work: Work, plan: Plan) -> None:
        month = Period.parse(plan.month)
        connection = work.connection
        self.plan, self.connection, self.month = plan, connection, month
        houses = read.houses(connection)
        self.houses = {house.id: house for house in houses}
        self.items = {row.id: row for row in work.execute(select(FeeItem.id, FeeItem.code, FeeItem.name, FeeItem.kind))}
        self.last_months = compared.last_months(connection, str(month))
        limit = limits(work, plan.chosen, houses)
        self.wanted = {house.id for house in limit.of(houses)}
        self.chosen = {item_id for item_id, row in self.items.items() if limit.has_item(row.code)}
        self.kept_back = {(row.house, row.item) for row in plan.exceptions}
        self.lines: dict[int, list[LineRow]] = {}
        for line in plan.lines:
            self.lines.setdefault(line.item_id, []).append(line)

    @cached_property
    def usages(self) -> dict[int, list[int]]:
        """What each meter was billed in the months before, oldest first."""
        metered = [item_id for item_id, row in self.items.items() if kind_of(row.kind).needs_reading]
        since = self.month.plus(-READINGS_COMPARED)
        return compared.usages(self.connection, metered, str(since), str(self.month))

    @cached_property
    def charged(self) -> set[tuple[int, int]]:
        """House and item of what is posted of this month already."""
        return compared.charged(self.connection, str(self.month))

    def found(self, items: Sequence[int]) -> Iterator[_Found]:
        """The lines of these items, and the houses that had one and have none now, in the order of the houses."""
        for place, item_id in enumerate(items):
            tell(place, len(items))
            yield from self._of_item(item_id)

    def _of_item(self, item_id: int) -> Iterator[_Found]:
        item = self.items[item_id]
        metered = kind_of(item.kind).needs_reading
        last = self._last(item_id, metered=metered)
        now: dict[int, list[LineRow]] = {}
        for line in self.lines.get(item_id, ()):
            now.setdefault(line.house_id, []).append(line)
        for house_id, house in self.houses.items():
            lines, before = tuple(now.get(house_id, ())), last.get(house_id)
            if lines:
                yield _Found(house, item, _planned(lines, metered=metered), before, lines)
            elif before is not None and before.fen and self._stopped(house, item, now):
                yield _Found(house, item, None, before, ())

    def _stopped(self, house: read.HouseInput, item: Row[Any], now: Mapping[int, Any]) -> bool:
        """Whether a house that was billed has no line though the run bills the item; what is missing is said apart."""
        if not now or house.id not in self.wanted or (house.id, item.id) in self.charged:
            return False
        return (house.number, item.code) not in self.kept_back

    def _last(self, item_id: int, *, metered: bool) -> dict[int, Drawn]:
        month = self.last_months.get(item_id)
        rows = compared.parts(self.connection, item_id, month) if month else []
        return {house: _posted(list(some), metered=metered) for house, some in groupby(rows, lambda row: row.house_id)}

    def marks(self, found: _Found) -> frozenset[str]:
        """What of a line deserves a look."""
        now, last = found.now, found.last
        if now is None:
            return frozenset({"stopped"})
        marks = set()
        if not now.fen:
            marks.add("zero")
        if last is not None and doubled(last.fen, now.fen):
            marks.add("doubled")
        if last is not None and last.versions != now.versions:
            marks.add("tariff")
        if now.metered and self._is_odd(found.house, found.lines):
            marks.add("odd_usage")
        return frozenset(marks)

    def _is_odd(self, house: read.HouseInput, lines: Sequence[LineRow]) -> bool:
        used: dict[int, int] = {}
        for line in lines:
            for part, meter_id, _reading in line.parts:
                if meter_id is not None:
                    used[meter_id] = used.get(meter_id, 0) + part.quantity
        return any(
            odd_usage(quantity, self.usages.get(meter_id, ()), lived_in=house.state in LIVED_IN)
            for meter_id, quantity in used.items()
        )

    def without(self) -> list[str]:
        """Homes and shops of the run that no item charges this month, neither now nor before."""
        charged = {house_id for house_id, _item in self.charged} | {line.house_id for line in self.plan.lines}
        return [
            house.number
            for house in self.houses.values()
            if house.id in self.wanted and house.id not in charged and house.kind in _DWELT and house.ended_on is None
        ]


_DWELT = frozenset({"house", "shop"})
_Figures = tuple[int | None, int, int, Fraction, int]
"""What a part was computed with: version, price, quantity, months, factor."""
_fraction = cache(Fraction)


def _planned(lines: Sequence[LineRow], *, metered: bool) -> Drawn:
    parts = [part for line in lines for part, _meter, _reading in line.parts]
    figures: list[_Figures] = [
        (part.version_id, part.price, part.quantity, _fraction(part.months_num, part.months_den), part.factor)
        for part in parts
    ]
    return _drawn(sum([line.amount for line in lines]), figures, parts[-1].inputs or {}, metered=metered)


def _posted(parts: Sequence[compared.PostedPart], *, metered: bool) -> Drawn:
    figures: list[_Figures] = [
        (part.tariff_id, part.price, part.quantity, _fraction(part.months), part.factor) for part in parts
    ]
    fen = sum({part.charge_id: part.fen for part in parts}.values())
    inputs = parts[-1].inputs
    return _drawn(fen, figures, json.loads(inputs) if inputs else {}, metered=metered)


def _drawn(fen: int, figures: Sequence[_Figures], kept: Mapping[str, str], *, metered: bool) -> Drawn:
    """Figures of all parts together; usage has no months, and is added up."""
    cost, weight = kept.get("cost", ""), kept.get("total_weight", "")
    version, price, quantity, months, factor = figures[-1]
    if len(figures) == 1:
        versions = frozenset((version,))
        prices: tuple[int, ...] = (price,)
        factors: tuple[int, ...] = (factor,)
    else:
        versions = frozenset(one[0] for one in figures)
        prices = tuple(dict.fromkeys(one[1] for one in figures))
        factors = tuple(dict.fromkeys(one[4] for one in figures))
        months = sum((one[3] for one in figures), Fraction(0))
        quantity = sum(one[2] for one in figures) if metered else quantity
    return Drawn(fen, versions, prices, quantity, _fraction(1) if metered else months, factors, metered, cost, weight)


def _how(item: Row[Any], lines: Sequence[LineRow]) -> str:
    return "；".join(line_of([_shown(item, part) for part, _meter, _reading in line.parts]) for line in lines)


def _shown(item: Row[Any], part: Part) -> Any:
    months = str(Fraction(part.months_num, part.months_den))
    inputs = None if part.inputs is None else canonical_json(part.inputs)
    return _PartRow(part.version_id, item.kind, part.quantity, part.price, part.fixed, months, part.factor, inputs)


def _said(found: _Found) -> Compared:
    item = found.item
    fen, last = (None if side is None else side.fen for side in (found.now, found.last))
    if found.now is None:
        return Compared(found.house.number, item.name, "", fen, last, "本期没有")
    why = "；".join(reasons(found.last, found.now, kind_of(item.kind).unit_word))
    return Compared(found.house.number, item.name, _how(item, found.lines), fen, last, why)


def _moved(found: _Found) -> int:
    return abs((found.now.fen if found.now else 0) - (found.last.fen if found.last else 0))


@use_case(Permission.SEE_MONEY)
def marked(work: Work, plan: Plan) -> tuple[Marked, ...]:
    """What deserves a look before a plan is posted: usage that is odd, amounts that doubled or are 0, prices that
    changed, houses that were billed last time or should be. Marks without any are left out.
    """
    side = _Side(work, plan)
    houses: dict[str, list[str]] = {mark: [] for mark in MARKS}
    for found in side.found(_items(side)):
        for mark in side.marks(found):
            houses[mark].append(found.house.number)
    houses["without"] = side.without()
    return tuple(
        Marked(mark, title, len(houses[mark]), tuple(dict.fromkeys(houses[mark]))[:SHOWN])
        for mark, title in MARKS.items()
        if houses[mark]
    )


def _items(side: _Side) -> list[int]:
    """The items that are billed now or were, by their codes."""
    known = (side.lines.keys() | side.last_months.keys()) & side.chosen
    return sorted(known, key=lambda item_id: str(side.items[item_id].code))


@use_case(Permission.SEE_MONEY)
def changes(work: Work, plan: Plan, item: str, most: int = MOST) -> tuple[Compared, ...]:
    """The houses of an item (its code), the largest change against its last period first."""
    side = _Side(work, plan)
    wanted = [item_id for item_id, row in side.items.items() if row.code == item]
    return _largest(side.found(wanted), most)


@use_case(Permission.SEE_MONEY)
def with_mark(work: Work, plan: Plan, mark: str, most: int = MOST) -> tuple[Compared, ...]:
    """The lines that have a mark, the largest change first; of `without` the houses, which have no line."""
    side = _Side(work, plan)
    if mark == "without":
        return tuple(Compared(house, "", "", None, None, "没有收费项目或都不能出") for house in side.without()[:most])
    return _largest((found for found in side.found(_items(side)) if mark in side.marks(found)), most)


def _largest(found: Iterator[_Found], most: int) -> tuple[Compared, ...]:
    ordered = sorted(found, key=lambda one: -_moved(one))
    return tuple(_said(one) for one in ordered[:most])


@dataclass(frozen=True, slots=True)
class ComparisonWritten:
    """A comparison as a workbook: lines, and what cannot be billed."""

    month: str
    lines: int
    kept_back: int
    file: Path


@use_case(Permission.SEE_MONEY, audit="bills.compared")
def export(
    work: Work, month: str, target: Path, on: date | None = None, chosen: Chosen = EVERYTHING
) -> ComparisonWritten:
    """Write what a run would post as a workbook: every line with how it arises, the last period and why it differs;
    what cannot be billed; the sums of the items. Nothing is posted.
    """
    from reports.excel import bulk
    from reports.excel.bulk import Column, Table

    plan = make_plan(work, Period.parse(month), on or work.today, chosen)
    side = _Side(work, plan)
    rows, sums = list[tuple[Any, ...]](), dict[str, list[int]]()
    for found in side.found(_items(side)):
        said = _said(found)
        now, last = said.fen or 0, said.last_fen or 0
        marked_with = side.marks(found)
        marks = "、".join(title for mark, title in MARKS.items() if mark in marked_with)
        rows.append((said.house, said.item, said.how, now, last, now - last, said.why, marks))
        added = sums.setdefault(said.item, [0, 0, 0, 0])
        for at, more in enumerate((int(said.fen is not None), now, last, now - last)):
            added[at] += more
    names = {row.code: row.name for row in side.items.values()}
    lacking = [(row.house, names[row.item], REASONS.get(row.reason, row.reason)) for row in plan.exceptions]
    office = settings.value(work, "office_name") or settings.value(work, "letterhead")
    title = "　".join(part for part in (office, f"{plan.month} 出账预览", plan.chosen.words) if part)
    note = f"单位：元。还没有过账；上期是各项目上一次出账的账期。制表日 {work.today}。"
    money = tuple(Column(each, 13, "money", total=True) for each in ("本期", "上期", "变化"))
    tables = [
        Table("逐户", title, note, (
            Column("房号", 13), Column("收费项目", 16), Column("计算", 34), *money, Column("原因", 40),
            Column("提示", 20)), rows),
        Table("按项目", title, note, (Column("收费项目", 20), Column("户数", 9, "count", total=True), *money),
              [(name, *figures) for name, figures in sums.items()]),
        Table("不能出", title, note, (Column("房号", 13), Column("收费项目", 16), Column("原因", 34)), lacking),
    ]  # fmt: skip
    put_file(work, target, lambda path: bulk.write(path, tables, tell))
    detail = {"month": plan.month, "lines": len(rows), "kept_back": len(lacking)}
    work.audit("bills.compared", "office", 1, detail=detail)
    return ComparisonWritten(plan.month, len(rows), len(lacking), target)
