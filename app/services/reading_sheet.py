"""抄表单: every meter with its last reading, the reading of the month and what is usual, in the order of walking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, null, select

from app.domain import meter as rule
from app.domain.period import Period
from app.security.permissions import Permission
from app.services.use_case import use_case
from db.models.estate import House
from db.models.meter import Meter, Reading
from db.models.tariff import FeeItem
from db.queries import list_figures as figures
from db.work import Work

LIVED_IN = ("owner", "let")
"""States of a house in which a month without usage is odd."""
KEPT = 14
"""Readings of a meter that are looked at: the one of the month, and those before it back to a true one."""


@dataclass(frozen=True, slots=True)
class Before:
    """A reading that stands: its day, kind, value and usage (1e-4)."""

    on: date
    kind: str
    value: int
    usage: int


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A meter. `before`: its readings before this month's, oldest first; `this`: the month's, if read.

    `carried` is what the meter before it counted in this month, where it was changed in it (换表). `owner` only for who
    may see residents; `lived_in`: whether somebody lives there.
    """

    meter_id: int
    house: str
    building: str
    meter: str
    item: str
    multiplier: int
    digits: int
    before: tuple[Before, ...]
    this: Before | None
    carried: int | None = None
    owner: str | None = None
    lived_in: bool = False

    @property
    def last(self) -> Before | None:
        """The reading that this month's usage begins at."""
        return self.before[-1] if self.before else None

    @property
    def usages(self) -> tuple[int, ...]:
        """The last usages, oldest first; a first reading counted none, a meter that was changed not the whole month."""
        whole = self.before if self.carried is None else self.before[:-2]
        counted = tuple(row.usage for row in whole if row.kind not in rule.UNCOUNTED)
        return counted[-rule.READINGS_COMPARED :]

    def usage_of(self, value: int, *, rollover: bool = False) -> int:
        """What the month would count with a reading of this value. Raises Problem as the rule does."""
        earlier = [rule.Earlier(row.kind == "estimate", row.value, row.usage) for row in self.before]
        used = rule.usage_since(earlier, value, self.multiplier, self.digits, rollover=rollover)
        return used + (self.carried or 0)

    @property
    def used(self) -> int | None:
        """What the month counted; None while it is not read."""
        return None if self.this is None else self.this.usage + (self.carried or 0)

    def is_unusual(self, used: int) -> bool:
        """Whether a usage is much more than this meter's usual one."""
        return rule.unusual(used, self.usages)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The meters of the office in one month; `items` are code and name of what they feed."""

    month: str
    items: tuple[tuple[str, str], ...]
    lines: tuple[SheetLine, ...]


def _readings(work: Work, until: date) -> dict[int, list[Before]]:
    place = func.row_number().over(partition_by=Reading.meter_id, order_by=Reading.on.desc())
    columns = (Reading.meter_id, Reading.on, Reading.kind, Reading.value, Reading.usage)
    ranked = select(*columns, place.label("place")).where(Reading.on <= until).subquery()
    seen = ranked.c
    rows = work.execute(
        select(seen.meter_id, seen.on, seen.kind, seen.value, seen.usage)
        .where(seen.place <= KEPT)
        .order_by(seen.meter_id, seen.on)
    )
    found: dict[int, list[Before]] = {}
    for meter, *reading in rows:
        found.setdefault(meter, []).append(Before(*reading))
    return found


def _line(row: Row[Any], readings: list[Before], first: date, owner: str | None) -> SheetLine:
    # A meter that was put in this month has a first reading only: it still waits for one that counts.
    done = bool(readings) and readings[-1].on >= first and readings[-1].kind not in rule.UNCOUNTED
    before, this = (readings[:-1], readings[-1]) if done else (readings, None)
    carried = None
    if len(before) > 1 and before[-1].kind == "change" and before[-1].on >= first:
        carried = before[-2].usage if before[-2].on >= first else 0
    return SheetLine(
        row.id, row.house, row.building or "", row.number, row.code, row.multiplier, row.digits, tuple(before), this,
        carried, owner, row.state in LIVED_IN,
    )  # fmt: skip


def sheet_of(work: Work, on: date) -> Sheet:
    """All meters as they stand in the month of a day. For bodies of use cases."""
    month = Period.of(on)
    readings = _readings(work, month.last)
    named = Permission.SEE_RESIDENTS in work.permissions
    rows = work.execute(
        select(Meter.id, Meter.number, Meter.multiplier, Meter.digits, House.number.label("house"), House.building,
               FeeItem.code, FeeItem.name, House.state,
               (figures.OWNER_NAME if named else null()).label("owner"))
        .join(House, House.id == Meter.house_id)
        .join(FeeItem, FeeItem.id == Meter.item_id)
        .order_by(House.sort_key, FeeItem.code, Meter.number),
        {"today": work.today},
    ).all()  # fmt: skip
    items = sorted({(row.code, row.name) for row in rows})
    lines = tuple(_line(row, readings.get(row.id, []), month.first, row.owner) for row in rows)
    return Sheet(str(month), tuple(items), lines)


@use_case(Permission.SEE_HOUSES)
def sheet(work: Work, on: date | None = None) -> Sheet:
    """All meters as they stand in the month of a day, default today."""
    return sheet_of(work, on or work.today)
