"""抄表: dated readings of a house's meters and the usage between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from app.domain import meter as rule
from app.domain.quantity import Quantity
from app.security.permissions import Permission
from app.services import look_up
from app.services.refused import refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.ledger import Adjustment, Charge, ChargePart
from db.models.meter import Meter, Reading
from db.work import Work


@dataclass(frozen=True, slots=True)
class ReadingAnswer:
    """A reading with its usage since the one before, as text; `unusual` over 3 × the average of the last six."""

    house: str
    meter: str
    date: date
    value: str
    usage: str
    unusual: bool


def _meter(work: Work, house: Row[Any], number: str) -> Row[Any]:
    row: Row[Any] | None = work.execute(
        select(Meter).where(Meter.house_id == house.id, Meter.number == number.strip())
    ).first()
    if row is None:
        known = work.execute(select(Meter.number).where(Meter.house_id == house.id)).scalars()
        raise refuse(
            "unknown_meter",
            "{house} 没有表 {number}。",
            "这户的表：" + ("、".join(known) or "（还没有，请先 import meters）"),
            house=house.number,
            number=number,
            field="meter",
        )
    return row


def is_billed(work: Work, reading_id: int) -> bool:
    """Whether a posted, not wholly reversed charge was computed from this reading."""
    query = (
        select(ChargePart.id)
        .join(Charge, Charge.id == ChargePart.charge_id)
        .where(
            ChargePart.reading_id == reading_id,
            ~select(Adjustment.id).where(Adjustment.charge_id == Charge.id, Adjustment.kind == "reversal").exists(),
        )
        .limit(1)
    )
    return work.execute(query).first() is not None


def _usage(meter: Row[Any], before: Sequence[Row[Any]], value: int, rollover: bool) -> int:
    earlier = [rule.Earlier(row.kind == "estimate", row.value, row.usage) for row in before]
    return rule.usage_since(earlier, value, meter.multiplier, meter.digits, rollover=rollover)


def add_reading(
    work: Work, meter: Row[Any], on: date, value: int, *, rollover: bool = False, estimate: bool = False
) -> tuple[int, bool]:
    """Write a reading; gives its usage (1e-4) and whether that is unusual. For bodies of use cases.

    Raises what `judge` raises.
    """
    before, after, used = judge(work, meter, on, value, rollover=rollover)
    # A first one begins the register, estimated or not: as an estimate nothing would ever be counted from it.
    kind = "start" if not before else "estimate" if estimate else "true"
    columns = ("meter_id", "on", "value", "kind", "rollover", "usage", "seq")
    work.insert(Reading, columns, [(meter.id, on.isoformat(), value, kind, rollover, used, work.seq)])
    if after:
        _recount(work, meter, on)
    return used, rule.unusual(used, [row.usage for row in before if row.kind not in rule.UNCOUNTED])


def judge(
    work: Work, meter: Row[Any], on: date, value: int, *, rollover: bool = False
) -> tuple[list[Row[Any]], list[Row[Any]], int]:
    """The readings before and after a new one, and its usage (1e-4). For bodies of use cases.

    Raises Problem `reading_decreased`, `reading_out_of_register`, `reading_out_of_order`; Refused `reading_exists`,
    `reading_before_start`, `reading_billed`.
    """
    rows = work.execute(select(Reading).where(Reading.meter_id == meter.id).order_by(Reading.on)).all()
    if any(row.on == on for row in rows):
        raise refuse("reading_exists", "这块表在 {day} 已经有读数。", "同一天只记一次。", day=on, field="date")
    before, after = [row for row in rows if row.on < on], [row for row in rows if row.on > on]
    if after and not before:
        raise refuse(
            "reading_before_start",
            "这块表从 {first} 的读数起算，不能补录更早的读数。",
            "请填 {first} 以后的日期。",
            first=after[0].on,
            field="date",
        )
    if after:
        rule.check_between(value, before[-1].value, after[0].value)
        if is_billed(work, after[0].id):
            raise refuse("reading_billed", "{day} 之后的读数已经出账。", "请改用今天的日期补录。", day=on, field="date")
    return before, after, _usage(meter, before, value, rollover)


def _recount(work: Work, meter: Row[Any], since: date) -> None:
    """The usages after a back-dated reading, which now begin at it."""
    rows = work.execute(select(Reading).where(Reading.meter_id == meter.id).order_by(Reading.on)).all()
    for place, row in enumerate(rows):
        if row.on > since:
            used = _usage(meter, rows[:place], row.value, row.rollover)
            work.execute(update(Reading).where(Reading.id == row.id).values(usage=used))
            break


@use_case(Permission.ENTER_READINGS, audit="reading.added", touches=frozenset({"reading"}))
def add(
    work: Work,
    number: str,
    meter_number: str,
    value: str,
    on: date | None = None,
    *,
    rollover: bool = False,
    estimate: bool = False,
    reason: str | None = None,
) -> ReadingAnswer:
    """Enter one reading of a house's meter; `reason` says why an unusual one is right, and stands in the record."""
    house = look_up.house(work, number)
    meter = _meter(work, house, meter_number)
    day = on or work.today
    if day > work.today:
        raise refuse("future_day", "读数日期 {day} 在将来。", "请选今天或以前的一天。", day=day, field="date")
    units = _units(value, "value")
    used, unusual = add_reading(work, meter, day, units, rollover=rollover, estimate=estimate)
    shown = Quantity(units).show()
    detail: dict[str, object] = {"on": day.isoformat(), "value": shown}
    if why := (reason or "").strip():
        detail["reason"] = why
    work.audit("reading.added", "meter", meter.id, detail=detail)
    return ReadingAnswer(house.number, meter.number, day, shown, Quantity(used).show(), unusual)


def _units(typed: str, field: str) -> int:
    units = Quantity.parse(typed).units
    if units < 0:
        raise refuse("negative_reading", "读数不能是负数。", "请改正读数。", field=field)
    return units


@use_case(Permission.ENTER_READINGS, audit="reading.corrected", touches=frozenset({"reading"}))
def correct(
    work: Work,
    number: str,
    meter_number: str,
    on: date,
    value: str,
    reason: str | None,
    *,
    rollover: bool = False,
) -> ReadingAnswer:
    """Correct a reading that was mistyped, while nothing is billed from it or a later one; the old value stays in the
    record. A corrected estimate stays one.

    Raises Refused `unknown_reading`, `reading_begins`, `reading_billed`, `reason_needed`; Problem as a reading does.
    """
    house, why = look_up.house(work, number), need_reason(reason)
    meter = _meter(work, house, meter_number)
    rows = work.execute(select(Reading).where(Reading.meter_id == meter.id).order_by(Reading.on)).all()
    row = next((each for each in rows if each.on == on), None)
    if row is None:
        raise refuse("unknown_reading", "这块表在 {day} 没有读数。", "请核对日期。", day=on, field="date")
    if row.kind in rule.UNCOUNTED:
        raise refuse("reading_begins", "起始读数和换表的起度不能这样改。", "请联系经理核对期初。", field="value")
    if any(is_billed(work, each.id) for each in rows if each.on >= on):
        raise refuse(
            "reading_billed", "这次读数已经出账。", "请在下次抄表时按实际读数录入，差额会自动抵回。", field="value"
        )
    units = _units(value, "value")
    before, after = [each for each in rows if each.on < on], [each for each in rows if each.on > on]
    if after and after[0].kind != "change":
        rule.check_between(units, before[-1].value if before else None, after[0].value)
    used = _usage(meter, before, units, rollover)
    work.execute(update(Reading).where(Reading.id == row.id).values(value=units, usage=used, rollover=rollover))
    if after and after[0].kind != "change":
        _recount(work, meter, on)
    shown = Quantity(units).show()
    detail = {"on": on.isoformat(), "before": Quantity(row.value).show(), "value": shown, "reason": why}
    work.audit("reading.corrected", "meter", meter.id, detail=detail)
    unusual = rule.unusual(used, [each.usage for each in before if each.kind not in rule.UNCOUNTED])
    return ReadingAnswer(house.number, meter.number, on, shown, Quantity(used).show(), unusual)


@dataclass(frozen=True, slots=True)
class MeterChanged:
    """A new meter: from which day, where it begins, and what the old one counted since its last reading, as text."""

    house: str
    meter: str
    date: date
    start: str
    usage: str


@use_case(Permission.ENTER_READINGS, audit="meter.changed", touches=frozenset({"reading"}))
def change_meter(
    work: Work,
    number: str,
    meter_number: str,
    end: str,
    start: str,
    on: date | None = None,
    *,
    new_number: str | None = None,
    rollover: bool = False,
) -> MeterChanged:
    """换表: the old meter's last reading stands on the day before, the new one begins on the day (HANDBOOK §2.3).

    The same multiplier and register go on; `rollover` is the old register's. Raises Refused `future_day`,
    `unknown_meter`, `reading_after_change`, `final_differs`, `meter_exists`; Problem as a reading does.
    """
    house = look_up.house(work, number)
    meter = _meter(work, house, meter_number)
    day = on or work.today
    if day > work.today:
        raise refuse("future_day", "换表日期 {day} 在将来。", "请改正日期。", day=day, field="on")
    rows = work.execute(select(Reading).where(Reading.meter_id == meter.id).order_by(Reading.on)).all()
    if rows and rows[-1].on >= day:
        raise refuse(
            "reading_after_change",
            "这块表在 {last} 已有读数，不能记 {day} 换表。",
            "换表日期要晚于最后一次读数；当天换的表，写第二天。",
            last=rows[-1].on,
            day=day,
            field="on",
        )
    final, first = _units(end, "end"), _units(start, "start")
    rule.usage(first, first, meter.multiplier, meter.digits)
    used = _close_register(work, meter, rows, day - timedelta(days=1), final, rollover=rollover)
    renamed = _rename(work, meter, house, (new_number or "").strip())
    columns = ("meter_id", "on", "value", "kind", "rollover", "usage", "seq")
    work.insert(Reading, columns, [(meter.id, day.isoformat(), first, "change", False, 0, work.seq)])
    shown = Quantity(first).show()
    detail = {"on": day.isoformat(), "end": Quantity(final).show(), "start": shown, "meter": meter.number}
    work.audit("meter.changed", "meter", meter.id, detail={**detail, "new_meter": renamed})
    return MeterChanged(house.number, renamed, day, shown, Quantity(used).show())


def _close_register(
    work: Work, meter: Row[Any], rows: Sequence[Row[Any]], on: date, final: int, *, rollover: bool
) -> int:
    """The old meter's last reading; gives what it counted. One that stands on that day already is its last."""
    if not rows or rows[-1].on < on:
        return add_reading(work, meter, on, final, rollover=rollover)[0]
    if rows[-1].value != final:
        raise refuse(
            "final_differs",
            "旧表在 {day} 的读数是 {value}，和填的止度不同。",
            "请核对止度，或把换表日期写晚一天。",
            day=on,
            value=Quantity(rows[-1].value).show(),
            field="end",
        )
    return 0


def _rename(work: Work, meter: Row[Any], house: Row[Any], number: str) -> str:
    if not number or number == meter.number:
        return str(meter.number)
    if work.execute(select(Meter.id).where(Meter.house_id == house.id, Meter.number == number)).first():
        raise refuse("meter_exists", "{house} 已有表 {number}。", "请换一个表号。", house=house.number, number=number,
                     field="number")  # fmt: skip
    work.execute(update(Meter).where(Meter.id == meter.id).values(number=number, version=Meter.version + 1))
    return number
