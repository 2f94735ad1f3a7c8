"""The copy of a workbook that holds what was rejected, with a column 原因: to be corrected and imported again.

Sheets keep their names, titles, headers and notes, so that the copy is recognised like the original. Lists that other
sheets refer to (buildings, owners, fees) are copied whole: imported again they change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reports.excel.block import Block
from reports.excel.cells import Cell
from reports.excel.headers import bare
from reports.excel.mapping import Mappings
from reports.excel.recognise import blocks
from reports.excel.sheet import Range, Sheet
from reports.excel.write import Page, write_book

REASON = "原因"
"""The title of the added column."""

Reasons = Mapping[str, Mapping[int, str]]
"""Why a row was rejected, by sheet and row number."""

_WHOLE = ("buildings", "owners", "fees")


def write(sheets: Iterable[Sheet], kind: str, mappings: Mappings, reasons: Reasons, out: Path) -> None:
    """Write the copy. `sheets` are read anew: merged cells are filled in them.

    Raises: OSError where it cannot be written.
    """
    every = list(sheets)
    found, _ = blocks(every, kind, mappings)
    write_book(out, _pages(every, {block.sheet.name: block for block in found}, reasons))


def _pages(sheets: list[Sheet], found: Mapping[str, Block], reasons: Reasons) -> Iterator[Page]:
    for sheet in sheets:
        block = found.get(sheet.name)
        if block is None:
            if sheet.rows:
                yield _office(sheet, reasons[sheet.name]) if sheet.name in reasons else _as_it_is(sheet)
        elif sheet.name in reasons or block.header.table.name in _WHOLE:
            yield _page(block, reasons.get(sheet.name, {}))


def _as_it_is(sheet: Sheet) -> Page:
    return Page(sheet.name, list(sheet.rows), _real(sheet.merged))


def _office(sheet: Sheet, reasons: Mapping[int, str]) -> Page:
    """A sheet without a header row: reasons stand behind its lines."""
    rows = [[*cells, reasons.get(row, "")] for row, cells in enumerate(sheet.rows, 1)]
    return Page(sheet.name, [*rows], _real(sheet.merged), {len(rows[0]) - 1: 40})


def _real(merged: list[Range]) -> list[Range]:
    return [span for span in merged if span[0] < span[2] or span[1] < span[3]]


def _page(block: Block, reasons: Mapping[int, str]) -> Page:
    sheet, header = block.sheet, block.header
    reason_at, gap = _reason_column(block)
    whole = header.table.name in _WHOLE
    data = set(block.rows)
    rows: list[list[Cell]] = [_spread(sheet.rows[row], header.width, gap) for row in range(header.last + 1)]
    rows[header.last][reason_at] = REASON
    merged = [span for span in _real(sheet.merged) if span[2] <= header.last]
    body: list[list[Cell]] = []
    notes: list[list[Cell]] = []
    for row in range(header.last + 1, len(sheet.rows)):
        cells = _spread(sheet.rows[row], header.width, gap)
        left, right = cells[: header.width + gap], cells[header.width + gap :]
        if row not in data or whole or row + 1 in reasons:
            left[reason_at] = reasons.get(row + 1, "") if row in data else left[reason_at]
            if any(cell != "" for cell in left):
                body.append(left)
        if any(cell != "" for cell in right):
            notes.append(right)
    for index in range(max(len(body), len(notes))):
        left = body[index] if index < len(body) else [""] * (header.width + gap)
        rows.append([*left, *(notes[index] if index < len(notes) else [])])
    shifted = [_shift(span, header.width, gap) for span in merged]
    return Page(sheet.name, [*rows], shifted, {reason_at: 40})


def _shift(span: Range, width: int, gap: int) -> Range:
    top, left, bottom, right = span
    return top, left + gap * (left >= width), bottom, right + gap * (right >= width)


def _reason_column(block: Block) -> tuple[int, int]:
    """Where the reasons go, and how far notes beside the data move to make room."""
    header = block.header
    titles = block.sheet.rows[header.last]
    for index in range(header.width):
        if isinstance(title := titles[index], str) and bare(title) == REASON:
            return index, 0
    return header.width, 2


def _spread(cells: list[Cell], width: int, gap: int) -> list[Cell]:
    return [*cells[:width], *[""] * gap, *cells[width:]]
