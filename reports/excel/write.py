"""Writing cells so that nothing in them can act: text stays text, also where it begins like a formula."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from reports.excel.cells import Cell, Flaw
from reports.excel.sheet import Range

_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\x00")
MAX_TEXT = 32_767
"""Longest text a cell of a workbook can hold."""


@dataclass(slots=True)
class Page:
    """A sheet to be written: its rows, merged ranges, and widths of columns in characters."""

    name: str
    rows: list[Sequence[Cell | None]]
    merged: list[Range] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)


class Formats:
    """The formats of one workbook: plain text, and text that begins like a formula."""

    def __init__(self, book: Any) -> None:
        self.text = book.add_format({"num_format": "@"})
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})


def write_cell(sheet: Any, row: int, column: int, value: Cell | None, formats: Formats) -> None:
    """Write one value: figures as numbers, text as text, days as ISO text, nothing for None, `""` and flaws."""
    if value is None or value == "" or isinstance(value, Flaw):
        return
    if isinstance(value, bool):
        value = "是" if value else "否"
    if isinstance(value, int | float) and abs(value) < 1e15:
        sheet.write_number(row, column, value)
        return
    text = _iso(value)[:MAX_TEXT]
    sheet.write_string(row, column, text, formats.quoted if is_active(text) else formats.text)


def _iso(value: Cell) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return f"{value:.0f}" if isinstance(value, float | int) else str(value)


def is_active(text: str) -> bool:
    """Whether a spreadsheet might take this text for a formula or a command."""
    return text.startswith(_ACTIVE)


@contextmanager
def written(out: Path) -> Iterator[Any]:
    """A workbook to be filled, written beside its place and put there at once.

    Raises: OSError where the folder cannot be written to.
    """
    beside = out.with_name(f".{out.name}.part")
    try:
        # Nothing of it may lie in the system's folder for temporary files: it holds names and numbers.
        book = xlsxwriter.Workbook(str(beside), {"in_memory": True, "strings_to_formulas": False})
        yield book
        book.close()
        os.replace(beside, out)
    except xlsxwriter.exceptions.FileCreateError as error:
        cause = error.args[0] if error.args else error
        raise cause if isinstance(cause, OSError) else OSError(str(error)) from None
    finally:
        beside.unlink(missing_ok=True)


def write_book(out: Path, pages: Iterable[Page]) -> None:
    """Write a workbook beside its place and put it there at once. Raises: OSError."""
    with written(out) as book:
        formats = Formats(book)
        for page in pages:
            _write_page(book.add_worksheet(page.name), page, formats)


def _write_page(sheet: Any, page: Page, formats: Formats) -> None:
    for column, width in page.widths.items():
        sheet.set_column(column, column, width)
    for index, cells in enumerate(page.rows):
        for column, value in enumerate(cells):
            write_cell(sheet, index, column, value, formats)
    for top, left, bottom, right in page.merged:
        sheet.merge_range(top, left, bottom, right, "")
        write_cell(sheet, top, left, page.rows[top][left], formats)
