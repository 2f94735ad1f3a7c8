"""A list of the window as a workbook: one sheet, real figures and days, a head that stays, text that stays text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from reports.excel.write import MAX_TEXT, is_active, written

_SCALES = {"money": 2, "area": 4, "quantity": 4, "price": 6}
_FORMATS = {
    "money": '#,##0.00;[Red]−#,##0.00;"–"',
    "area": "0.00##",
    "quantity": "0.####",
    "price": "0.00####",
    "count": "0",
    "date": "yyyy-mm-dd",
}


class Head(NamedTuple):
    """A column: title, kind as the list names it, width in characters, its sum at the foot in the list's units."""

    title: str
    kind: str
    width: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class ListBook:
    """All that the workbook shows; a row holds its values in the units of the list (fen, 1e-4 m²). `left_out` says what
    the sums do not count.
    """

    office: str
    title: str
    on: date
    heads: tuple[Head, ...]
    rows: Sequence[Sequence[Any]]
    left_out: str = ""


FIRST = 2
"""The first row of values, counted from 0."""


def write(path: Path, book: ListBook) -> None:
    """Write the workbook to `path`. Raises: OSError."""
    with written(path) as made:
        sheet = made.add_worksheet(book.title[:31])
        bold = {"bold": True, "valign": "vcenter"}
        sheet.write_string(0, 0, f"{book.office}　{book.title}　{book.on.isoformat()}", made.add_format(bold))
        head = {**bold, "bottom": 1, "bg_color": "#E3F0F4", "text_wrap": True}
        for place, column in enumerate(book.heads):
            side = "right" if column.kind in _SCALES or column.kind == "count" else "left"
            sheet.set_column(place, place, column.width + 2)
            sheet.write_string(1, place, column.title, made.add_format({**head, "align": side}))
        _rows(sheet, made, book)
        sheet.freeze_panes(FIRST, 1)
        sheet.autofilter(1, 0, max(1, FIRST + len(book.rows) - 1), max(0, len(book.heads) - 1))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(1)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页 / 共 &N 页")


def _rows(sheet: Any, made: Any, book: ListBook) -> None:
    forms = {kind: made.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
    text = made.add_format({"num_format": "@"})
    quoted = made.add_format({"num_format": "@", "quote_prefix": True})
    for row, values in enumerate(book.rows, FIRST):
        for place, (head, value) in enumerate(zip(book.heads, values, strict=True)):
            if value is None or value == "":
                continue
            if head.kind in _SCALES:
                sheet.write_number(row, place, value / 10 ** _SCALES[head.kind], forms[head.kind])
            elif head.kind == "count":
                sheet.write_number(row, place, value, forms["count"])
            elif isinstance(value, date):
                sheet.write_datetime(row, place, value, forms["date"])
            else:
                said = ("是" if value else "否") if isinstance(value, bool) else str(value)[:MAX_TEXT]
                sheet.write_string(row, place, said, quoted if is_active(said) else text)
    _total(sheet, made, book)


def _total(sheet: Any, made: Any, book: ListBook) -> None:
    last = FIRST + len(book.rows)
    bold = {"bold": True, "top": 1, "bg_color": "#EDF0F3"}
    sheet.write_string(last, 0, f"合计 {len(book.rows)} 行{book.left_out}", made.add_format(bold))
    for place, head in enumerate(book.heads):
        if head.total is not None and place:
            form = made.add_format({**bold, "num_format": _FORMATS[head.kind]})
            sheet.write_number(last, place, head.total / 10 ** _SCALES[head.kind], form)
