"""抄表: dated readings of a house's meters and the usage between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from app.domain import meter as rule
from app.domain.quantity import Quantity
from app.security.permissions import Permission
from app.services import look_up
from app.services.refused import refuse
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

    Raises Problem `reading_decreased`, `reading_out_of_register`, `reading_out_of_order`; Refused `reading_exists`,
    `reading_billed`.
    """
    rows = work.execute(select(Reading).where(Reading.meter_id == meter.id).order_by(Reading.on)).all()
    if any(row.on == on for row in rows):
        raise refuse("reading_exists", "这块表在 {day} 已经有读数。", "同一天只记一次。", day=on, field="date")
    before, after = [row for row in rows if row.on < on], [row for row in rows if row.on > on]
    if after:
        rule.check_between(value, before[-1].value if before else None, after[0].value)
        if is_billed(work, after[0].id):
            raise refuse("reading_billed", "{day} 之后的读数已经出账。", "请改用今天的日期补录。", day=on, field="date")
    used = _usage(meter, before, value, rollover)
    kind = "estimate" if estimate else "true" if before else "start"
    columns = ("meter_id", "on", "value", "kind", "rollover", "usage", "seq")
    work.insert(Reading, columns, [(meter.id, on.isoformat(), value, kind, rollover, used, work.seq)])
    if after:
        _recount(work, meter, on)
    return used, rule.unusual(used, [row.usage for row in before if row.kind != "start"])


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
) -> ReadingAnswer:
    """Enter one reading of a house's meter."""
    house = look_up.house(work, number)
    meter = _meter(work, house, meter_number)
    day = on or work.today
    if day > work.today:
        raise refuse("future_day", "读数日期 {day} 在将来。", "请改正 --date。", day=day, field="date")
    units = Quantity.parse(value).units
    if units < 0:
        raise refuse("negative_reading", "读数不能是负数。", "请改正读数。", field="value")
    used, unusual = add_reading(work, meter, day, units, rollover=rollover, estimate=estimate)
    shown = Quantity(units).show()
    work.audit("reading.added", "meter", meter.id, detail={"on": day.isoformat(), "value": shown})
    return ReadingAnswer(house.number, meter.number, day, shown, Quantity(used).show(), unusual)
