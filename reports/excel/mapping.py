"""How a sheet's columns are read: what was recognised, shown to a person, who may say it otherwise.

A mapping travels to the reading process and back as plain values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.problem import problem
from reports.excel import headers
from reports.excel.cells import Cell, Flaw
from reports.excel.columns import Field, Table
from reports.excel.headers import Column, Header
from reports.excel.opening_columns import OFFICE
from reports.excel.person_columns import PERSON_FIELDS
from reports.excel.sheet import Sheet
from reports.excel.tables import TABLES

SAMPLES = 3
"""So many cells of a column are shown."""
LEAST_CELLS = 3
"""A row of fewer texts is no header."""

PERSONS = {"owner": "业主", "co_owner": "共有人", "tenant": "租户", "family": "家庭成员"}
TITLES = {
    "houses": "房屋、商铺",
    "spaces": "车位",
    "buildings": "楼栋",
    "owners": "业主",
    "fees": "收费项目",
    "arrears": "欠费",
    "prepaid": "预存",
    "deposits": "押金",
    "settled": "已交至",
    "meters": "表和表底",
    "tiers": "阶梯已用量",
    "readings": "读数",
    "equipment": "设备",
    "history": "往期费用",
    "payments": "收款",
    "bank": "银行流水",
}
"""What the tables are called."""


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """A sheet is this table; its header stands in the rows `first` to `last` (from 0); columns (from 0) by field."""

    table: str
    first: int
    last: int
    columns: Mapping[int, str]


Mappings = Mapping[str, SheetMapping | None]
"""By sheet name; None: the sheet is left out."""


@dataclass(frozen=True, slots=True)
class SheetGuess:
    """A sheet as it was understood. `titles` and `samples` by column; `known` is false where no header was found and
    the mapping is only a beginning. `tables` are those it may be, each with its fields (key, title).
    """

    sheet: str
    known: bool
    mapping: SheetMapping
    titles: tuple[str, ...]
    samples: tuple[str, ...]
    tables: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


def fields_of(table: Table) -> dict[str, Field]:
    """Every field that a column of the table may be, by key."""
    found = {field.key: field for field in table.fields}
    if table.persons:
        found |= {f"{who}.{field.key}": field for who in PERSONS for field in PERSON_FIELDS}
    return found


def _said(key: str, field: Field) -> str:
    who = key.partition(".")[0]
    return f"{PERSONS[who]} {field.title}" if "." in key else field.title


def _tables(kind: str) -> list[Table]:
    return [table for table in TABLES[kind] if table is not OFFICE]


def guess(sheets: Iterable[Sheet], kind: str) -> list[SheetGuess]:
    """How the sheets of a workbook of an import kind are understood; those that cannot hold a table are left out."""
    tables = _tables(kind)
    choices = tuple(
        (table.name, TITLES[table.name], tuple((key, _said(key, field)) for key, field in fields_of(table).items()))
        for table in tables
    )
    found = []
    for sheet in sheets:
        header = headers.find(sheet, tables)
        mapping = _of_header(header) if header is not None else _beginning(sheet, tables)
        if mapping is None:
            continue
        titles = headers.titles(sheet, mapping.first, mapping.last)
        samples = tuple(_sample(sheet, mapping.last, index) for index in range(len(titles)))
        words = tuple(f"{title.group} {title.text}" if title.group else title.text for title in titles)
        found.append(SheetGuess(sheet.name, header is not None, mapping, words, samples, choices))
    return found


def _of_header(header: Header) -> SheetMapping:
    columns = {column.index: key for key, column in header.columns.items()}
    return SheetMapping(header.table.name, header.first, header.last, columns)


def _beginning(sheet: Sheet, tables: Sequence[Table]) -> SheetMapping | None:
    """The first row that could name columns, as the first table."""
    for row, cells in enumerate(sheet.rows[: headers.SEARCHED]):
        if sum(isinstance(cell, str) and cell != "" for cell in cells) >= LEAST_CELLS and row + 1 < len(sheet.rows):
            columns = headers.columns_of(tables[0], headers.titles(sheet, row, row))
            return SheetMapping(tables[0].name, row, row, {c.index: key for key, c in columns.items()})
    return None


def _sample(sheet: Sheet, last: int, index: int) -> str:
    cells = (row[index] for row in sheet.rows[last + 1 : last + 40])
    said = [_plain(cell) for cell in cells if cell != "" and not isinstance(cell, Flaw)]
    return "，".join(dict.fromkeys(said[:SAMPLES]))


def _plain(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)[:40]


def header_of(sheet: Sheet, kind: str, mapping: SheetMapping) -> Header:
    """The header that a person's mapping makes.

    Raises: Problem `import.mapping` where the rows or a field are not there, a needed field is missing or comes twice.
    """
    table = next((table for table in _tables(kind) if table.name == mapping.table), None)
    if table is None or not 0 <= mapping.first <= mapping.last < len(sheet.rows):
        raise problem("import.mapping", "工作表“{sheet}”的列对应不合。", "请重新选择文件。", sheet=sheet.name)
    known = fields_of(table)
    titles = headers.titles(sheet, mapping.first, mapping.last)
    columns: dict[str, Column] = {}
    for index, key in sorted(mapping.columns.items()):
        if key not in known or not 0 <= index < len(titles):
            raise problem("import.mapping", "工作表“{sheet}”的列对应不合。", "请重新选择文件。", sheet=sheet.name)
        if key in columns:
            raise problem(
                "import.mapping",
                "工作表“{sheet}”有两列都对应“{field}”。",
                "请把其中一列改成别的，或不导入。",
                sheet=sheet.name,
                field=_said(key, known[key]),
            )
        columns[key] = Column(index, known[key], titles[index].text.strip())
    _check(sheet, table, columns)
    return Header(mapping.first, mapping.last, table, columns, headers.width(titles, columns), 0)


def _check(sheet: Sheet, table: Table, columns: Mapping[str, Column]) -> None:
    missing = [field.title for field in table.fields if field.required and field.key not in columns]
    keys = table.keys.split()
    if not missing and not any(key in columns for key in keys):
        known = fields_of(table)
        missing = ["或".join(_said(key, known[key]) for key in keys if key in known)]
    if missing:
        raise problem(
            "import.mapping",
            "工作表“{sheet}”还没有一列对应“{field}”。",
            "请为它选一列，或不导入这个工作表。",
            sheet=sheet.name,
            field="、".join(missing),
        )


def plain(mappings: Mappings) -> dict[str, Any]:
    """A plain form for the way to the reading process."""
    return {name: None if one is None else _plain_one(one) for name, one in mappings.items()}


def _plain_one(one: SheetMapping) -> dict[str, Any]:
    columns = {str(index): key for index, key in one.columns.items()}
    return {"table": one.table, "first": one.first, "last": one.last, "columns": columns}


def unplain(said: Mapping[str, Any] | None) -> dict[str, SheetMapping | None]:
    """The mappings again; none where nothing was said."""
    return {name: None if one is None else _unplain_one(one) for name, one in (said or {}).items()}


def _unplain_one(one: Mapping[str, Any]) -> SheetMapping:
    columns = {int(index): key for index, key in one["columns"].items()}
    return SheetMapping(one["table"], one["first"], one["last"], columns)


def plain_guess(one: SheetGuess) -> list[Any]:
    """A guess in plain form."""
    return [one.sheet, one.known, _plain_one(one.mapping), one.titles, one.samples, one.tables]


def unplain_guess(said: Sequence[Any]) -> SheetGuess:
    """The guess again."""
    sheet, known, mapping, titles, samples, tables = said
    choices = tuple((name, title, tuple((key, word) for key, word in fields)) for name, title, fields in tables)
    return SheetGuess(sheet, known, _unplain_one(mapping), tuple(titles), tuple(samples), choices)
