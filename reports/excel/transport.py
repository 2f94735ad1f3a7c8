"""Records on their way from the reading process: columns of plain values, days as ISO text."""

from __future__ import annotations

import dataclasses
import gc
from datetime import date
from typing import Any

from reports.excel.collected import Collected
from reports.excel.records import KINDS, Book, Finding


def _days(kind: type[Any]) -> tuple[int, ...]:
    """The places of a record's days."""
    return tuple(i for i, field in enumerate(dataclasses.fields(kind)) if str(field.type).startswith("date"))


def encode(collected: Collected) -> dict[str, Any]:
    """A plain form of what was collected, by columns."""
    answer: dict[str, Any] = {
        "rows": collected.rows,
        "sheets": collected.sheets,
        "rejected": collected.rejected,
        "warnings": collected.warnings,
    }
    for name, rows in collected.records.items():
        columns = [list(column) for column in zip(*rows, strict=True)]
        for place in _days(KINDS[name]) if rows else ():
            said = {value: value.isoformat() for value in set(columns[place]) if value is not None}
            columns[place] = [said.get(value) for value in columns[place]]
        answer[name] = columns
    return answer


def decode(answer: dict[str, Any]) -> Book:
    """The records again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _decode(answer)
    finally:
        # A hundred thousand records are made and none dropped: looking for cycles among them costs half of the time.
        if collecting:
            gc.enable()


def _decode(answer: dict[str, Any]) -> Book:
    lists: dict[str, Any] = {}
    for name, kind in KINDS.items():
        columns = answer[name]
        for place in _days(kind) if columns else ():
            known = {text: date.fromisoformat(text) for text in set(columns[place]) if text is not None}
            columns[place] = [known.get(text) for text in columns[place]]
        lists[name] = tuple(map(kind, *columns)) if columns else ()
    return Book(
        rows=answer["rows"],
        sheets=tuple(answer["sheets"]),
        rejected=tuple(Finding(*row) for row in answer["rejected"]),
        warnings=tuple(Finding(*row) for row in answer["warnings"]),
        **lists,
    )
