"""Workbooks made in tests, and reading them in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from reports.excel import guard, read, recognise
from reports.excel.mapping import Mappings
from reports.excel.records import Book
from reports.excel.transport import decode, encode

TODAY = date(2026, 11, 24)
REAL = Path(__file__).parents[2] / "files" / "real"


def a_workbook(
    folder: Path,
    sheets: Mapping[str, Sequence[Sequence[Any]]] | Sequence[Sequence[Any]],
    merges: Mapping[str, Sequence[str]] | Sequence[str] = (),
    name: str = "book.xlsx",
) -> Path:
    """A workbook of rows by sheet name; a value in a merged range (`A1:C1`) stands in its first cell."""
    if not isinstance(sheets, Mapping):
        sheets = {"房屋": sheets}
    if not isinstance(merges, Mapping):
        merges = {next(iter(sheets)): merges}
    path = folder / name
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for span in merges.get(title, ()):
            sheet.merge_range(span, "")
        for r, cells in enumerate(rows):
            for c, value in enumerate(cells):
                if isinstance(value, date | datetime):
                    sheet.write_datetime(r, c, value, day)
                elif isinstance(value, bool):
                    sheet.write_boolean(r, c, value)
                elif isinstance(value, int | float):
                    sheet.write_number(r, c, value)
                elif value:
                    sheet.write_string(r, c, value)
    book.close()
    return path


def read_here(path: Path, kind: str = "houses", mappings: Mappings | None = None) -> Book:
    """Read a workbook in this process, by the same steps as the child."""
    checked = guard.check(path)
    collected = recognise.recognise(read.sheets(path, checked), kind, TODAY, mappings or {})
    return decode(json.loads(json.dumps(encode(collected))))
