"""Rows of an equipment ledger."""

from __future__ import annotations

import dataclasses

from app.domain.problem import problem
from reports.excel.collected import Collected, Rows
from reports.excel.records import Equipment

_KEYS = tuple(field.name for field in dataclasses.fields(Equipment))[2:]


def take(rows: Rows, collected: Collected) -> None:
    """Take the rows: each needs a number, once in the workbook, and a name."""
    seen = {record[2]: (record[0], record[1]) for record in collected.records["equipment"]}
    columns = {key: rows.column(key) for key in _KEYS}
    for place in range(len(rows)):
        number = columns["number"][place]
        if number is None:
            rows.reject(place, "number", problem("equipment.number_missing", "缺少设备编号。"))
        if columns["name"][place] is None:
            rows.reject(place, "name", problem("equipment.name_missing", "缺少设备名称。"))
        if number is None or place in rows.bad:
            continue
        sheet, row = seen.setdefault(number, (rows.sheet, rows.number(place)))
        if (sheet, row) != (rows.sheet, rows.number(place)):
            where = f"第 {row} 行" if sheet == rows.sheet else f"工作表“{sheet}”第 {row} 行"
            rows.reject(place, "number", problem("row.twice", "与{where}的编号重复。", where=where))
            continue
        collected.add("equipment", rows.sheet, rows.number(place), *(columns[key][place] for key in _KEYS))
