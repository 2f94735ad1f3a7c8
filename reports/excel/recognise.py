"""A workbook's sheets become records: first all headers, data blocks and notes, then the rows by table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from app.domain.problem import problem
from reports.excel import (
    bank_rows,
    equipment_rows,
    fee_rows,
    headers,
    house_rows,
    mapping,
    notes,
    opening_rows,
    other_rows,
    payment_rows,
)
from reports.excel.block import Block, cut
from reports.excel.cells import Cell
from reports.excel.codes import Context, Notes
from reports.excel.collected import Collected, parse
from reports.excel.mapping import Mappings
from reports.excel.opening_columns import OFFICE
from reports.excel.register import Register
from reports.excel.sheet import Sheet
from reports.excel.tables import TABLES

_ORDER = ("buildings", "fees", "owners", "houses", "spaces")
_TAKE = {
    "buildings": other_rows.take_buildings,
    "fees": fee_rows.take,
    "owners": other_rows.take_owners,
    "houses": house_rows.take,
    "spaces": other_rows.take_spaces,
}


def recognise(sheets: Iterable[Sheet], kind: str, as_of: date, mappings: Mappings) -> Collected:
    """Everything the sheets of an import kind say; `mappings` say of some sheets how to read them.

    Raises: Problem `import.nothing` where no sheet has a header that is known, or none has a data row.
    """
    collected = Collected()
    found, said = blocks(sheets, kind, mappings, collected)
    context = Context(as_of, said)
    register = Register(collected)
    for block in sorted(found, key=_rank):
        rows = parse(block, context, collected)
        table = block.header.table.name
        if table in _TAKE:
            _TAKE[table](rows, register)
        elif table == "equipment":
            equipment_rows.take(rows, collected)
        elif table == "bank":
            bank_rows.take(rows, collected)
        elif table == "payments":
            payment_rows.take(rows, collected)
        else:
            opening_rows.take(rows, collected)
    register.finish()
    if not collected.rows:
        raise problem(
            "import.nothing",
            "没有认出可导入的数据：找不到认识的表头，或表头下面没有数据行。",
            "请核对是不是这个文件；表头要有像{titles}这样的列名。",
            titles="“设备编号”“设备名称”" if kind == "equipment" else "“房号”“建筑面积”“业主姓名”",
        )
    return collected


def blocks(
    sheets: Iterable[Sheet], kind: str, mappings: Mappings, collected: Collected | None = None
) -> tuple[list[Block], Notes]:
    """The data blocks of the sheets, and what their notes say. `collected` takes the office's sheet at once."""
    tables = TABLES[kind]
    found: list[Block] = []
    said = Notes()
    for sheet in sheets:
        if not sheet.rows:
            continue
        if sheet.name in mappings:
            chosen = mappings[sheet.name]
            if chosen is not None:
                found.append(cut(sheet, mapping.header_of(sheet, kind, chosen)))
                notes.collect(said, _beside(found[-1]))
            continue
        header = headers.find(sheet, [table for table in tables if table is not OFFICE])
        is_office = OFFICE in tables and (header is None or any(hint in sheet.name for hint in OFFICE.hints.split()))
        if is_office and collected is not None and opening_rows.take_office(sheet, collected):
            continue
        if header is None:
            notes.collect(said, sheet.rows)
            if collected is not None and _looks_like_data(sheet):
                why = "没有认出表头，这个工作表没有导入。"
                collected.warnings.append((sheet.name, 1, "", "", why, "sheet.unknown"))
            continue
        block = cut(sheet, header)
        found.append(block)
        for column in header.columns.values():
            notes.collect(said, [[column.title]])
        notes.collect(said, _beside(block))
    return found, said


def _rank(block: Block) -> int:
    name = block.header.table.name
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _beside(block: Block) -> Iterator[Sequence[Cell]]:
    """The cells that are no data: whole rows above and between, and what stands to the right of the data."""
    width, data = block.header.width, set(block.rows)
    for row, cells in enumerate(block.sheet.rows):
        if row in data:
            rest = cells[width:]
            if any(rest):
                yield rest
        elif not block.header.first <= row <= block.header.last:
            yield cells
        else:
            yield cells[width:]


def _looks_like_data(sheet: Sheet) -> bool:
    """Three rows of three cells or more, with figures: not a page of instructions."""
    rows = [cells for cells in sheet.rows if sum(cell != "" for cell in cells) >= 3]
    figures = sum(1 for cells in rows if any(isinstance(cell, float | int) for cell in cells))
    return len(rows) >= 4 and figures >= 3
