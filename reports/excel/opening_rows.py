"""Rows that say something about a house by its number: opening balances, meters, readings (HANDBOOK §9.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from app.domain.period import Period
from app.domain.problem import Problem, problem
from reports.excel.cells import Cell, Flaw, one_line
from reports.excel.collected import Collected, Rows
from reports.excel.fields import day as read_day
from reports.excel.headers import bare
from reports.excel.house_numbers import compose, split_block
from reports.excel.opening_columns import OFFICE
from reports.excel.sheet import Sheet

_MONTHS = re.compile(r"([0-9]{4})[-./年]?([0-9]{1,2})月?(?:份)?")
_SPAN = re.compile(r"\s*(?:至|到|~|—|--|－|―|–)\s*|(?<=[0-9月])-(?=[0-9]{4})")


def house_of(rows: Rows, place: int) -> tuple[str, str]:
    """The house a row is about: as the sheet writes it, and its key.

    Raises: Problem `house.room_missing`.
    """
    building, entrance, block, room = (rows.column(key)[place] for key in ("building", "entrance", "block", "room"))
    if room is None:
        raise problem("house.room_missing", "缺少房号。")
    if block:
        building, unit = split_block(block)
        entrance = entrance or unit
    section = rows.block.context[place]
    number = compose(building or section[0], entrance or (section[1] if building is None else None), room)
    return number.number, number.key


def take(rows: Rows, collected: Collected) -> None:
    """Take the rows of a sheet of the opening, of meters or of readings."""
    kind, build = _KINDS[rows.block.header.table.name]
    seen: dict[Any, int] = {}
    required = [field.key for field in rows.block.header.table.fields if field.required]
    for place in range(len(rows)):
        missing = next((key for key in required if rows.column(key)[place] is None), None)
        try:
            house = house_of(rows, place)
            if missing == "value" and rows.has("previous") and place not in rows.bad:
                rows.doubt(place, missing, problem("reading.unread", "还没有抄，跳过。"))
                continue
            if missing:
                raise problem("cell.missing", "不能为空。")
            if place in rows.bad:
                continue
            values, key = build({name: column[place] for name, column in rows.values.items()})
            if key is not None and seen.setdefault((house[1], key), rows.number(place)) != rows.number(place):
                raise problem("row.twice", "与第 {row} 行重复。", row=seen[house[1], key])
        except Problem as why:
            rows.reject(place, missing or _about(why, rows, required), why)
            continue
        collected.add(kind, rows.sheet, rows.number(place), *house, *values)


def _about(why: Problem, rows: Rows, required: Sequence[str]) -> str:
    """The column that a reason is about."""
    if why.code == "arrear.span":
        return next((key for key in ("period", "first", "last") if rows.has(key)), "period")
    return "room" if why.code.startswith("house.") or not required else required[0]


Built = tuple[tuple[Any, ...], Any]


def _period(row: dict[str, Any]) -> tuple[date, date]:
    first, last = row.get("first"), row.get("last")
    if (first is None or last is None) and row.get("period"):
        first, last = span_of(row["period"])
    if first is None or last is None:
        raise problem("arrear.span", "缺少账期（起止日期）。")
    if last < first:
        raise problem("arrear.span", "结束日期早于开始日期。")
    return first, last


def _arrear(row: dict[str, Any]) -> Built:
    first, last = _period(row)
    values = (row.get("payer"), row["item"], first, last, row.get("due"), row["fen"], row.get("late_fen"))
    return values, (row["item"], first, last, row.get("payer"))


def _history(row: dict[str, Any]) -> Built:
    first, last = _period(row)
    rest = (row.get(key) for key in ("waived", "paid", "left", "paid_on", "receipt"))
    values = (row.get("payer"), row["item"], first, last, row.get("due"), row["fen"], *rest)
    return values, (row["item"], first, last, row.get("payer"))


def span_of(text: str) -> tuple[date, date]:
    """First and last day of a period: a month, two months, or two days."""
    parts = [part for part in _SPAN.split(text) if part]
    if len(parts) > 2:
        raise problem("arrear.span", "账期“{text}”看不懂。", text=text[:30])
    return _bound(parts[0], last=False), _bound(parts[-1], last=True)


def _bound(text: str, *, last: bool) -> date:
    month = _MONTHS.fullmatch(text.strip())
    if month and 1 <= int(month[2]) <= 12:
        period = Period(f"{month[1]}-{int(month[2]):02d}")
        return period.last if last else period.first
    try:
        found = read_day(text)
    except Problem:
        found = None
    if found is None:
        raise problem("arrear.span", "账期“{text}”看不懂。", "请写成 2026-05，或起止日期。", text=text[:30])
    return found


def _prepaid(row: dict[str, Any]) -> Built:
    return (row.get("payer"), row["fen"]), (row.get("payer"),)


def _deposit(row: dict[str, Any]) -> Built:
    receipt, on = row.get("receipt"), row.get("on")
    return (row.get("payer"), row.get("item"), row["fen"], receipt, on), (row.get("item"), row["fen"], receipt, on)


def _settled(row: dict[str, Any]) -> Built:
    return (row["item"], row["day"]), (row["item"],)


def _meter(row: dict[str, Any]) -> Built:
    keys = ("meter", "item", "multiplier", "digits", "start", "day")
    if row.get("meter") is None and row.get("item") is None:
        raise problem("meter.number_missing", "缺少表号。")
    return tuple(row.get(key) for key in keys), (row.get("meter"), row.get("item"))


def _reading(row: dict[str, Any]) -> Built:
    values = (row.get("meter"), row.get("item"), row["value"], row.get("day"))
    flags = (bool(row.get("estimate")), bool(row.get("rollover")))
    return (*values, *flags), (row.get("meter"), row.get("item"), row.get("day"))


def _tier(row: dict[str, Any]) -> Built:
    text = row.get("day")
    year = re.fullmatch(r"([0-9]{4})年?(?:度)?", text) if text else None
    day = date(int(year[1]), 12, 31) if year else read_day(text) if text else None
    return (row.get("meter"), row.get("item"), row["quantity"], day), (row.get("meter"), row.get("item"))


_KINDS = {
    "arrears": ("arrears", _arrear),
    "prepaid": ("prepaid", _prepaid),
    "deposits": ("deposits", _deposit),
    "settled": ("settled", _settled),
    "meters": ("meters", _meter),
    "tiers": ("tiers", _tier),
    "readings": ("readings", _reading),
    "history": ("history", _history),
}


def take_office(sheet: Sheet, collected: Collected) -> bool:
    """Take the sheet of the office: a name in one cell, its value to the right or below. Gives whether it is one."""
    words = {bare(word): field.key for field in OFFICE.fields for word in (field.title, *field.words.split())}
    found: dict[str, tuple[int, Cell, str]] = {}
    for row, cells in enumerate(sheet.rows):
        for index, cell in enumerate(cells):
            key = words.get(bare(cell)) if isinstance(cell, str) else None
            if key is None or key in found:
                continue
            right = cells[index + 1] if index + 1 < len(cells) else ""
            below = sheet.rows[row + 1][index] if row + 1 < len(sheet.rows) else ""
            is_name = isinstance(right, str) and bare(right) in words
            value, at = (below, row + 1) if right == "" or is_name else (right, row)
            found[key] = (at, value, str(cell))
    if not found:
        return False
    collected.sheets.append(sheet.name)
    for key, (row, value, title) in found.items():
        collected.rows += 1
        try:
            if isinstance(value, Flaw):
                raise value.why
            day = read_day(value) if key == "go_live" else None
            text = one_line(value).replace(" ", "") if key != "go_live" else day.isoformat() if day else ""
        except Problem as why:
            collected.rejected.append((sheet.name, row + 1, title, str(value)[:60], why.text, why.code))
            continue
        if text:
            collected.add("office", sheet.name, row + 1, key, text)
        else:
            collected.rows -= 1
    return True
