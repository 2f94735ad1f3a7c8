"""What a settlement to the day would post: the leaver's part of each fee, the follower's where it was billed already
(HANDBOOK §2.6). The same for a rehearsal and for the act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from app.domain.handover import DEPOSITS, MOST, PAPERS, Handover
from app.domain.kinds import kind_of, percent, shared
from app.domain.period import Cycle, Period, When
from app.services.billing_ahead import HouseRun
from app.services.billing_items import RunItem
from app.services.billing_line import LineRow, NotBilled
from app.services.billing_review import REASONS
from app.services.refused import refuse
from db.models.ledger import Adjustment, Allocation, Charge
from db.models.projection import OpenCharge
from db.models.tariff import FeeItem
from db.queries import billing as read
from db.queries.taken_back import TAKEN_BACK
from db.work import Work

_DAY = timedelta(days=1)
LONGEST_NOTE = 200
READY, DONE, DROPPED = "ready", "done", "dropped"
"""How a settlement stands that was prepared."""
UNKNOWN = -1
"""Stands for the follower while only rehearsed."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A closing reading that is only rehearsed: the meter, its day, value and usage (1e-4)."""

    meter_id: int
    on: date
    value: int
    usage: int


@dataclass(frozen=True, slots=True)
class Split:
    """A posted charge that reaches beyond the leaver's last day and that nobody paid anything of: it is taken back and
    posted anew, his part and the follower's.
    """

    charge_id: int
    item_id: int
    first: date
    last: date
    amount: int
    due: date

    def holds(self, line: LineRow) -> bool:
        """Whether a line is a part of it."""
        return line.item_id == self.item_id and self.first <= line.first and line.last <= self.last


@dataclass(frozen=True, slots=True)
class Ahead:
    """A posted charge beyond the leaver's last day that is left as it is, since money moved on it; fen."""

    item_name: str
    first: date
    last: date
    amount: int
    open: int


@dataclass(frozen=True, slots=True)
class SettlePlan:
    """Lines to post with their billing months: the leaver's, the follower's; what is taken back, what is left; words
    about what the settlement does not hold.
    """

    leaver: tuple[tuple[LineRow, str], ...]
    follower: tuple[tuple[LineRow, str], ...]
    splits: tuple[Split, ...]
    ahead: tuple[Ahead, ...]
    notes: tuple[str, ...]


def _beyond(work: Work, house_id: int, payer: int, last: date) -> tuple[list[Split], list[Ahead]]:
    """The leaver's standing charges by the period that reach beyond his last day."""
    moved = select(Allocation.charge_id)
    adjusted = select(Adjustment.charge_id)
    based = select(Charge.base_charge).where(Charge.base_charge.is_not(None))
    rows = work.execute(
        select(
            Charge.id, Charge.item_id, Charge.period_from, Charge.period_to, Charge.amount, Charge.due_date,
            FeeItem.name, FeeItem.kind, OpenCharge.open,
            (Charge.id.in_(moved) | Charge.id.in_(adjusted) | Charge.id.in_(based)).label("moved"),
        )
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .outerjoin(OpenCharge, OpenCharge.charge_id == Charge.id)
        .where(
            Charge.house_id == house_id, Charge.payer_id == payer, Charge.part == "principal", Charge.period_to > last,
            Charge.kind != "opening", Charge.id.not_in(TAKEN_BACK),
        )
        .order_by(Charge.period_from, Charge.id)
    ).all()  # fmt: skip
    splits, ahead = [], []
    for row in rows:
        kind = kind_of(row.kind)
        if not kind.periodic:
            continue
        whole = kind.needs_reading or kind is shared.KIND or kind is percent.KIND
        if row.moved or whole or row.open is None:
            ahead.append(Ahead(row.name, row.period_from, row.period_to, row.amount, row.open or 0))
        else:
            splits.append(Split(row.id, row.item_id, row.period_from, row.period_to, row.amount, row.due_date))
    return splits, ahead


def _last_standing(work: Work, house_id: int, taken_back: Sequence[Split]) -> Mapping[int, date]:
    """The last day posted of each item, what is taken back now left out."""
    rows = work.execute(
        select(Charge.item_id, Charge.period_to).where(
            Charge.house_id == house_id, Charge.part == "principal", Charge.id.not_in(TAKEN_BACK),
            Charge.id.not_in([split.charge_id for split in taken_back]),
        )
    )  # fmt: skip
    found: dict[int, date] = {}
    for item_id, day in rows:
        found[item_id] = max(day, found.get(item_id, day))
    return found


def make(
    work: Work,
    house: Row[Any],
    leaver: int,
    follower: int,
    last: date,
    readings: Sequence[Closing] = (),
) -> SettlePlan:
    """What settling a house to the leaver's last day posts. `readings` are rehearsed; written ones are found.

    Nothing is billed again that stands; an item that was never billed begins with the period of that day.
    """
    splits, ahead = _beyond(work, house.id, leaver, last)
    run = HouseRun(work, house.id, work.today, follower, last)
    standing = _last_standing(work, house.id, splits)
    needed = max([last, *(split.last for split in splits)])
    mine: list[tuple[LineRow, str]] = []
    theirs: list[tuple[LineRow, str]] = []
    notes: dict[str, None] = {}
    arrear = [Cycle(row.cycle).months for row in read.items(work.connection) if row.bill_when == When.ARREAR]
    month, end = _first_month(standing, splits, last), Period.of(needed).plus(max(arrear, default=0))
    while str(month) <= str(end):
        items = [_as_settled(item, house.id, splits, readings, run.window) for item in run.items(month)]
        wanted = [item for item in items if _wanted(item, house, standing, splits, last, month)]
        for item in items:
            if item.kind in (shared.KIND, percent.KIND) and _has(item, house) and item.span[0] <= last <= item.span[1]:
                notes[f"{item.name} {item.span[0]:%Y-%m} 要等出账才能算，到时按天数分给双方。"] = None
        planned = run.month(month, wanted)
        for line in planned.lines:
            if line.payer_id == leaver and line.last <= last:
                mine.append((_old_due(line, splits), planned.month))
            elif line.payer_id == follower and any(split.holds(line) for split in splits):
                theirs.append((line, planned.month))
        billed = {line.item_id for line in planned.lines if line.payer_id == leaver}
        read_now = {item.code for item in wanted if item.id in billed or run.read_until(item.id) >= last}
        of_code = {item.code: item for item in wanted}
        for row in planned.exceptions:
            # Of a metered item the follower has no reading yet: that is no gap where the leaver's usage was closed.
            if row.reason != "unbilled_before" and row.item not in read_now:
                notes[_left_out(of_code.get(row.item), row, month)] = None
        month = month.plus(1)
    return SettlePlan(tuple(mine), tuple(theirs), tuple(splits), tuple(ahead), tuple(notes))


def _left_out(item: RunItem | None, row: NotBilled, month: Period) -> str:
    """What is not in the settlement, and what to do: a closing reading closes no period that ended long before it."""
    if item is None:
        return f"{row.item} {month}：{REASONS.get(row.reason, row.reason)}，没有算进来。"
    if row.reason == "no_reading":
        end = item.span[1]
        return f"{item.name} {end:%Y-%m} 没有读数，用量没有算进来：先在“抄表”补录或估抄 {end} 前后的读数，再结算。"
    return f"{item.name} {item.span[0]:%Y-%m}：{REASONS.get(row.reason, row.reason)}，没有算进来。"


def _first_month(standing: Mapping[int, date], splits: Sequence[Split], last: date) -> Period:
    """From when on anything may be missing, two years at most."""
    days = [last, *(day + _DAY for day in standing.values()), *(split.first for split in splits)]
    first = Period.of(min(days))
    least = Period.of(last).plus(-24)
    return first if str(first) >= str(least) else least


def _has(item: RunItem, house: Row[Any]) -> bool:
    return bool(item.held.get(house.id)) or item.has_by_kind(house.kind)


def _wanted(
    item: RunItem, house: Row[Any], standing: Mapping[int, date], splits: Sequence[Split], last: date, month: Period
) -> bool:
    """Whether an item's lines of this billing month belong to the settlement."""
    if (
        not item.kind.periodic
        or item.kind.liability
        or item.kind in (shared.KIND, percent.KIND)
        or not _has(item, house)
    ):
        return False
    mine = [split for split in splits if split.item_id == item.id]
    begun = standing.get(item.id)
    first = begun + _DAY if begun is not None else item.span[0] if item.span[0] <= last <= item.span[1] else None
    if any(split.first <= item.span[1] and item.span[0] <= split.last for split in mine):
        first = min(split.first for split in mine)
    if first is None or item.span[1] < first or item.span[0] > max([last, *(split.last for split in mine)]):
        return False
    # In the later months of a longer period there is nothing more to post in advance.
    return item.when is not When.ADVANCE or Period.of(max(first, item.span[0])) == month


def _as_settled(
    item: RunItem, house_id: int, splits: Sequence[Split], readings: Sequence[Closing], window: int
) -> RunItem:
    """An item as it stands once the splits are taken back and the readings are in, those up to `window` days after
    the period.
    """
    gone = {(split.first, split.last) for split in splits if split.item_id == item.id}
    if gone:
        rows = [
            replace(row, undone=True) if (row.first, row.last) in gone else row for row in item.posted.get(house_id, ())
        ]
        item.posted = {**item.posted, house_id: rows}
    by_meter = {each.meter_id: each for each in readings if each.on <= item.span[1] + timedelta(days=window)}
    meters = item.meters.get(house_id, ())
    if any(meter.id in by_meter for meter in meters):
        item.meters = {**item.meters, house_id: [_read(meter, by_meter) for meter in meters]}
    return item


def _read(meter: read.MeterInput, closing: Mapping[int, Closing]) -> read.MeterInput:
    one = closing.get(meter.id)
    if one is None or not meter.runs:
        return meter
    last = meter.runs[-1]
    reading = (0, one.on, one.value, one.usage)
    return read.MeterInput(meter.id, (*meter.runs[:-1], read.MeterRun((*last.readings, reading), last.last_value)))


def _old_due(line: LineRow, splits: Sequence[Split]) -> LineRow:
    """A part of a charge that was posted before keeps its due date: nothing becomes younger by being settled."""
    of = [split.due for split in splits if split.item_id == line.item_id and split.first <= line.last <= split.last]
    return replace(line, due=min([line.due, *of]))


def check_handover(handover: Handover) -> None:
    """Raises Refused `bad_choice`, `bad_count`, `too_long`."""
    for codes, known, field in (
        (handover.papers, PAPERS, "papers"), ((handover.deposit,) if handover.deposit else (), DEPOSITS, "deposit"),
    ):  # fmt: skip
        for code in codes:
            if code not in known:
                raise refuse("bad_choice", "不能是 {code}。", "只能是：" + "、".join(known), code=code, field=field)
    for field, n in (("keys", handover.keys), ("cards", handover.cards)):
        if n is not None and not 0 <= n <= MOST:
            raise refuse("bad_count", "应为 0 到 {n}。", "请改正。", n=MOST, field=field)
    if len(handover.note) > LONGEST_NOTE:
        raise refuse("too_long", "最多 {n} 个字。", "请改短。", n=LONGEST_NOTE, field="note")
