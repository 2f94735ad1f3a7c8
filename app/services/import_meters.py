"""Meters and readings from a workbook, set against those that stand."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row, select

from app.domain import meter as rule
from app.domain.problem import Problem
from app.domain.quantity import MULTIPLIER_SCALE, Quantity
from app.services.import_changes import Changes
from db.models.estate import House
from db.models.meter import Meter, Reading, TierUsage
from db.models.tariff import FeeItem
from db.work import Work
from reports.excel.records import Book, TierUsed
from reports.excel.records import Meter as MeterRecord
from reports.excel.records import Reading as ReadingRecord

DIGITS = 5


class MeterPlan:
    """Meters and readings by house; new meters have negative ids until they are written."""

    def __init__(self, work: Work, changes: Changes) -> None:
        self.work, self.changes = work, changes
        self.houses: dict[str, int] = dict(work.execute(select(House.number_key, House.id)).all())
        self.items = work.execute(select(FeeItem).where(FeeItem.kind == "meter").order_by(FeeItem.code)).all()
        self.meters: dict[int, list[dict[str, Any]]] = {}
        for row in work.execute(select(Meter).order_by(Meter.id)):
            self.meters.setdefault(row.house_id, []).append(dict(row._mapping))
        self.readings: dict[int, list[dict[str, Any]]] = {}
        for row in work.execute(select(Reading).order_by(Reading.on)):
            self.readings.setdefault(row.meter_id, []).append(dict(row._mapping))
        self._new: list[dict[str, Any]] = []
        self._changed: list[tuple[int, int, int]] = []
        self._read: list[dict[str, Any]] = []
        self._tiers: list[tuple[int, date, int]] = []

    def _house(self, record: MeterRecord | ReadingRecord | TierUsed) -> int | None:
        house_id = self.houses.get(record.house_key)
        if house_id is None:
            self.changes.reject(record, "房号", record.house, "没有这个房号；请先导入房屋。", "unknown_house")
        return house_id

    def item_of(self, text: str | None) -> Row[Any] | None:
        """The metered item that a word means: its code, its name, or a part of one; the only one where none is said."""
        if not text:
            return self.items[0] if len(self.items) == 1 else None
        exact = [item for item in self.items if text in (item.code, item.name)]
        close = exact or [item for item in self.items if text.rstrip("费表") and text.rstrip("费表") in item.name]
        return close[0] if len(close) == 1 else None

    def meter(self, record: MeterRecord, *, kind: str = "meter") -> None:
        """A meter with its first reading."""
        house_id = self._house(record)
        if house_id is None:
            return
        item = self.item_of(record.item)
        if item is None:
            names = "、".join(f"{item.code} {item.name}" for item in self.items) or "（还没有按表的收费项目）"
            self.changes.reject(record, "收费项目", record.item, f"分不清属于哪个收费项目：{names}。", "unknown_item")
            return
        if record.multiplier == 0:
            self.changes.reject(record, "倍率", "0", "倍率应大于 0；没有互感器的，填 1 或空着。", "meter_size")
            return
        number = record.number or item.name
        known = next((m for m in self.meters.get(house_id, ()) if m["number"] == number), None)
        multiplier, digits = record.multiplier or MULTIPLIER_SCALE, record.digits or DIGITS
        if known is None:
            known = {"id": -len(self._new) - 1, "house_id": house_id, "item_id": item.id, "number": number}
            known |= {"multiplier": multiplier, "digits": digits}
            self.meters.setdefault(house_id, []).append(known)
            self._new.append(known)
            self.changes.count(kind).added += 1
            self._start(record, known)
            return
        here = self.readings.get(known["id"], [])
        if record.start is not None and here and not self._stands(record, here):
            return
        given = (record.multiplier or known["multiplier"], record.digits or known["digits"])
        if given != (known["multiplier"], known["digits"]):
            self._changed.append((*given, known["id"]))
            self.changes.count(kind).updated += 1
        else:
            self.changes.count(kind).unchanged += 1
        if record.start is not None and not here:
            self._start(record, known)

    def _stands(self, record: MeterRecord, here: list[dict[str, Any]]) -> bool:
        """Whether a first reading is one of those that stand; nothing is put before or between them."""
        shown = Quantity(record.start or 0).show()
        same = next((row for row in here if row["on"] == (record.day or here[0]["on"])), None)
        if same is None:
            why = f"这块表从 {here[0]['on']} 起已有读数，不能另设起始读数；请用读数导入。"
            self.changes.reject(record, "起始读数", shown, why, "reading_stands")
        elif same["value"] != record.start:
            why = f"{same['on']} 已有读数 {Quantity(same['value']).show()}。"
            self.changes.reject(record, "起始读数", shown, why, "reading_exists")
        return same is not None and same["value"] == record.start

    def _start(self, record: MeterRecord, meter: dict[str, Any]) -> None:
        value, day = record.start or 0, record.day or self.work.today
        if value >= 10 ** meter["digits"] * 10_000:
            self.changes.reject(
                record, "起始读数", Quantity(value).show(), "超出了表的量程。", "reading_out_of_register"
            )
            return
        self._put(meter, day, value, "start", rollover=False, usage=0)

    def _put(self, meter: dict[str, Any], day: date, value: int, kind: str, *, rollover: bool, usage: int) -> None:
        row = {"meter_id": meter["id"], "on": day, "value": value, "kind": kind, "rollover": rollover, "usage": usage}
        here = self.readings.setdefault(meter["id"], [])
        here.append(row)
        here.sort(key=lambda reading: reading["on"])
        self._read.append(row)

    def reading(self, record: ReadingRecord) -> None:
        """A dated reading after all that stand; what stands alike already is unchanged."""
        house_id = self._house(record)
        if house_id is None:
            return
        meter = self._meter_of(house_id, record.meter, record.item)
        if meter is None:
            said = record.meter or record.item
            self.changes.reject(record, "表号", said, "这户没有这块表，或有几块分不清。", "unknown_meter")
            return
        day = record.day or self.work.today
        if day > self.work.today:
            self.changes.reject(record, "日期", day, "读数日期在将来。", "future_day")
            return
        here = self.readings.get(meter["id"], [])
        same = next((row for row in here if row["on"] == day), None)
        if same is not None:
            if same["value"] == record.value:
                self.changes.count("reading").unchanged += 1
            else:
                shown = Quantity(same["value"]).show()
                self.changes.reject(
                    record, "读数", Quantity(record.value).show(), f"这一天已有读数 {shown}。", "reading_exists"
                )
            return
        if here and here[-1]["on"] > day:
            self.changes.reject(record, "日期", day, "之后已有读数；补录请用 reading add。", "reading_out_of_order")
            return
        try:
            used = _usage(meter, here, record)
        except Problem as why:
            self.changes.reject(record, "读数", Quantity(record.value).show(), why.text, why.code)
            return
        if rule.unusual(used, [row["usage"] for row in here if row["kind"] not in rule.UNCOUNTED]):
            self.changes.warn(
                record, "读数", Quantity(record.value).show(), "用量超过近六次平均的三倍，请核对。", "unusual"
            )
        kind = "start" if not here else "estimate" if record.estimate else "true"
        self._put(meter, day, record.value, kind, rollover=record.rollover, usage=used)
        self.changes.count("reading").added += 1

    def _meter_of(self, house_id: int, number: str | None, item: str | None) -> dict[str, Any] | None:
        here = self.meters.get(house_id, [])
        if number:
            here = [meter for meter in here if meter["number"] == number]
        elif item:
            wanted = self.item_of(item)
            here = [meter for meter in here if wanted is not None and meter["item_id"] == wanted.id]
        return here[0] if len(here) == 1 else None

    def tier(self, record: TierUsed) -> None:
        """Quantity used so far in the tier year, from the opening."""
        house_id = self._house(record)
        if house_id is None:
            return
        meter = self._meter_of(house_id, record.meter, record.item)
        if meter is None:
            self.changes.reject(record, "表号", record.meter, "这户没有这块表，或有几块分不清。", "unknown_meter")
            return
        day = record.day or self.work.today
        known = self.work.execute(
            select(TierUsage.quantity).where(TierUsage.meter_id == meter["id"], TierUsage.on == day)
        ).scalar()
        if known is not None:
            if known == record.quantity:
                self.changes.count("tier_usage").unchanged += 1
            else:
                shown, stands = Quantity(record.quantity).show(), Quantity(known).show()
                why = f"这一天的已用量已经导入过，是 {stands}；要换请整体替换期初。"
                self.changes.reject(record, "已用量", shown, why, "opening_differs")
            return
        self._tiers.append((meter["id"], day, record.quantity))
        self.changes.count("tier_usage").added += 1

    def write(self, work: Work) -> None:
        """Write the new meters, readings and quantities."""
        columns = ("house_id", "item_id", "number", "multiplier", "digits")
        rows = [tuple(meter[name] for name in columns) for meter in self._new]
        ids = dict(zip((meter["id"] for meter in self._new), work.insert(Meter, columns, rows), strict=True))
        work.change_many("meter", ("id",), ("multiplier", "digits"), self._changed)
        work.insert(
            Reading,
            ("meter_id", "on", "value", "kind", "rollover", "usage", "seq"),
            [
                (ids.get(row["meter_id"], row["meter_id"]), row["on"].isoformat(), row["value"], row["kind"],
                 row["rollover"], row["usage"], work.seq)
                for row in self._read
            ],
        )  # fmt: skip
        work.many("tier_usage", ("meter_id", "on", "quantity"), [
            (ids.get(meter, meter), day.isoformat(), quantity) for meter, day, quantity in self._tiers])  # fmt: skip


def _usage(meter: dict[str, Any], before: list[dict[str, Any]], record: ReadingRecord) -> int:
    earlier = [rule.Earlier(row["kind"] == "estimate", row["value"], row["usage"]) for row in before]
    return rule.usage_since(earlier, record.value, meter["multiplier"], meter["digits"], rollover=record.rollover)


def plan_meters(work: Work, book: Book, changes: Changes) -> None:
    """A workbook of meters."""
    plan = MeterPlan(work, changes)
    for record in book.meters:
        plan.meter(record)
    changes.writes.append(plan.write)


def plan_readings(work: Work, book: Book, changes: Changes) -> None:
    """A workbook of readings."""
    plan = MeterPlan(work, changes)
    for record in sorted(book.readings, key=lambda reading: reading.day or work.today):
        plan.reading(record)
    changes.writes.append(plan.write)
