"""总表和公共表: meters of no single house, their readings, and what a master counted beyond its subs (损耗)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from app.domain import meter as rule
from app.domain.meter import Loss
from app.domain.period import Period
from app.domain.quantity import MULTIPLIER_SCALE, Quantity
from app.security.permissions import Permission
from app.services import look_up
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.estate import Building, House
from db.models.meter import MainMeter, MainReading, Meter, Reading
from db.models.tariff import FeeItem
from db.work import Work

MASTER, SHARED = "master", "shared"
KINDS = {MASTER: "总表", SHARED: "公共表"}
METERED = ("meter", "shared", "formula")
DIGITS = 5
LONGEST = 40


@dataclass(frozen=True, slots=True)
class NewMainMeter:
    """A meter as typed; `item` is the code of what it feeds, `building` empty for the whole estate; multiplier 1e-4."""

    number: str
    name: str
    kind: str
    item: str
    building: str = ""
    multiplier: int = MULTIPLIER_SCALE
    digits: int = DIGITS


@dataclass(frozen=True, slots=True)
class MainMeterRow:
    """A meter in a month: its last reading until the month's end and the month's usage (1e-4); for a master also what
    its subs counted and the loss.
    """

    number: str
    name: str
    kind: str
    item: str
    item_name: str
    building: str
    on: date | None
    value: int | None
    usage: int
    subs: int | None
    loss: Loss | None


@dataclass(frozen=True, slots=True)
class MainReadingAnswer:
    """A reading with its usage since the one before, as text."""

    meter: str
    date: date
    value: str
    usage: str
    unusual: bool


@use_case(Permission.ENTER_READINGS, audit="main_meter.added", touches=frozenset({"reading"}))
def add(work: Work, new: NewMainMeter) -> str:
    """Write a new meter; gives its number. Raises Refused `meter_kind`, `meter_number`, `meter_name`, `meter_exists`,
    `meter_size`, `unknown_item`, `unknown_building`.
    """
    number, name = new.number.strip(), new.name.strip()
    if new.kind not in KINDS:
        raise refuse("meter_kind", "没有这种表：{kind}。", "可用：" + "、".join(KINDS), kind=new.kind, field="kind")
    if not 0 < len(number) <= LONGEST:
        raise refuse("meter_number", "表号应为 1 到 {n} 个字。", "请改正表号。", n=LONGEST, field="number")
    if not 0 < len(name) <= LONGEST:
        raise refuse("meter_name", "名称应为 1 到 {n} 个字。", "请改正名称。", n=LONGEST, field="name")
    if not (0 < new.multiplier <= 10**10 and 3 <= new.digits <= 9):
        raise refuse("meter_size", "倍率应大于 0，表的位数应为 3 到 9。", "请核对铭牌。", field="multiplier")
    if work.execute(select(MainMeter.id).where(MainMeter.number == number)).first():
        raise refuse("meter_exists", "已有表 {number}。", "请换一个表号。", number=number, field="number")
    item, code = look_up.item(work, new.item), new.building.strip()
    building = None
    if code:
        building = work.execute(select(Building.id).where(Building.code == code).limit(1)).scalar()
        if building is None:
            raise refuse("unknown_building", "没有这栋楼：{code}。", "请核对楼栋。", code=code, field="building")
    columns = ("number", "name", "kind", "item_id", "building_id", "multiplier", "digits")
    row = (number, name, new.kind, item.id, building, new.multiplier, new.digits)
    (meter_id,) = work.insert(MainMeter, columns, [row])
    detail = {"number": number, "kind": new.kind, "item": item.code, "building": code}
    work.audit("main_meter.added", "main_meter", meter_id, detail=detail)
    return number


def _meter(work: Work, number: str) -> Row[Any]:
    row: Row[Any] | None = work.execute(select(MainMeter).where(MainMeter.number == number.strip())).first()
    if row is None:
        raise refuse("unknown_meter", "没有这块总表或公共表：{number}。", "请核对表号。", number=number, field="meter")
    return row


@use_case(Permission.ENTER_READINGS, audit="main_meter.read", touches=frozenset({"reading"}))
def read(work: Work, number: str, value: str, on: date | None = None, *, rollover: bool = False) -> MainReadingAnswer:
    """Enter a reading after all that stand; the first one begins the register.

    Raises Refused `unknown_meter`, `future_day`, `negative_reading`, `reading_after`; Problem as a reading does.
    """
    meter, day = _meter(work, number), on or work.today
    if day > work.today:
        raise refuse("future_day", "读数日期 {day} 在将来。", "请选今天或以前的一天。", day=day, field="date")
    units = Quantity.parse(value).units
    if units < 0:
        raise refuse("negative_reading", "读数不能是负数。", "请改正读数。", field="value")
    rows = work.execute(select(MainReading).where(MainReading.main_meter_id == meter.id).order_by(MainReading.on)).all()
    if rows and rows[-1].on >= day:
        raise refuse(
            "reading_after", "这块表在 {last} 已有读数。", "读数日期要晚于它。", last=rows[-1].on, field="date"
        )
    earlier = [rule.Earlier(False, row.value, row.usage) for row in rows]
    used = rule.usage_since(earlier, units, meter.multiplier, meter.digits, rollover=rollover)
    columns = ("main_meter_id", "on", "value", "kind", "rollover", "usage", "seq")
    kind = "true" if rows else "start"
    work.insert(MainReading, columns, [(meter.id, day.isoformat(), units, kind, rollover, used, work.seq)])
    shown = Quantity(units).show()
    detail = {"number": meter.number, "on": day.isoformat(), "value": shown}
    work.audit("main_meter.read", "main_meter", meter.id, detail=detail)
    unusual = rule.unusual(used, [row.usage for row in rows if row.kind not in rule.UNCOUNTED])
    return MainReadingAnswer(meter.number, day, shown, Quantity(used).show(), unusual)


@use_case(Permission.SEE_HOUSES)
def items(work: Work) -> tuple[tuple[str, str], ...]:
    """Code and name of the fee items that such a meter may belong to: what counts, or divides what was counted."""
    rows = work.execute(
        select(FeeItem.code, FeeItem.name).where(FeeItem.kind.in_(METERED)).order_by(FeeItem.code)
    ).all()
    return tuple((row.code, row.name) for row in rows)


@use_case(Permission.SEE_HOUSES)
def listing(work: Work, month: str | None = None) -> tuple[MainMeterRow, ...]:
    """All these meters as they stand in a month (default: that of today), masters with their loss.

    A master's subs are the meters of houses and the shared meters of the same item in its building, or in the whole
    estate; each counts what its readings of that month count.
    """
    period = Period.parse(month) if month else Period.of(work.today)
    meters = work.execute(
        select(MainMeter, FeeItem.code, FeeItem.name.label("item_name"), Building.code.label("building"))
        .join(FeeItem, FeeItem.id == MainMeter.item_id)
        .outerjoin(Building, Building.id == MainMeter.building_id)
        .order_by(FeeItem.code, MainMeter.kind, MainMeter.number)
    ).all()
    usages, last = _usages(work, period), _last(work, period)
    houses = _house_usages(work, period)
    found = []
    for row in meters:
        used = usages.get(row.id, 0)
        on, value = last.get(row.id, (None, None))
        subs = None
        if row.kind == MASTER:
            subs = sum(
                fen for (item, building), fen in houses.items()
                if item == row.item_id and row.building_id in (None, building)
            ) + sum(
                usages.get(other.id, 0) for other in meters
                if other.kind == SHARED and other.item_id == row.item_id
                and row.building_id in (None, other.building_id)
            )  # fmt: skip
        found.append(
            MainMeterRow(
                row.number, row.name, row.kind, row.code, row.item_name, row.building or "", on, value, used, subs,
                None if subs is None else rule.loss(used, (subs,)),
            )
        )  # fmt: skip
    return tuple(found)


def _usages(work: Work, period: Period) -> dict[int, int]:
    rows = work.execute(
        select(MainReading.main_meter_id, func.sum(MainReading.usage))
        .where(MainReading.on.between(period.first, period.last))
        .group_by(MainReading.main_meter_id)
    )
    return {meter: int(used) for meter, used in rows}


def _last(work: Work, period: Period) -> dict[int, tuple[date, int]]:
    rows: Sequence[Row[Any]] = work.execute(
        select(MainReading.main_meter_id, MainReading.on, MainReading.value)
        .where(MainReading.on <= period.last)
        .order_by(MainReading.on)
    ).all()
    return {row.main_meter_id: (row.on, row.value) for row in rows}


def _house_usages(work: Work, period: Period) -> dict[tuple[int, int | None], int]:
    """What the houses' meters counted in a month, by item and building."""
    rows = work.execute(
        select(Meter.item_id, House.building_id, func.sum(Reading.usage))
        .join(Meter, Meter.id == Reading.meter_id)
        .join(House, House.id == Meter.house_id)
        .where(Reading.on.between(period.first, period.last))
        .group_by(Meter.item_id, House.building_id)
    )
    return {(item, building): int(used) for item, building, used in rows}
