"""What is collected while a workbook is recognised: rows of records, findings, and how many data rows were read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.domain.problem import Problem
from reports.excel.block import Block
from reports.excel.cells import Cell, Memo, distinct, shown
from reports.excel.codes import Context
from reports.excel.columns import Table
from reports.excel.person_columns import PERSON_FIELDS
from reports.excel.records import KINDS

FindingRow = tuple[str, int, str, str, str, str]
"""A `Finding` as a plain row: sheet, row, column, value, reason, code."""


@dataclass(slots=True)
class Collected:
    """Rows of records by the name of their list in `Book`; findings; the number of data rows."""

    rows: int = 0
    sheets: list[str] = field(default_factory=list)
    records: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {name: [] for name in KINDS})
    rejected: list[FindingRow] = field(default_factory=list)
    warnings: list[FindingRow] = field(default_factory=list)

    def add(self, kind: str, *values: Any) -> None:
        """One record, its values in the order of its fields."""
        self.records[kind].append(values)


@dataclass(slots=True)
class Rows:
    """The parsed columns of a block. `bad` holds the rows (by place) that are rejected."""

    block: Block
    values: dict[str, list[Any]]
    collected: Collected
    bad: set[int] = field(default_factory=set)
    _blank: list[None] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.block.rows)

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self.block.sheet.name

    def number(self, place: int) -> int:
        """The row's number as the sheet shows it."""
        return self.block.rows[place] + 1

    def column(self, key: str) -> list[Any]:
        """A column's values; all None where the sheet has no such column."""
        found = self.values.get(key)
        if found is None:
            # Kept: who asks for it row by row would make it as often.
            found = self._blank = self._blank or [None] * len(self)
        return found

    def has(self, key: str) -> bool:
        """Whether the sheet has the column."""
        return key in self.values

    def reject(self, place: int, key: str, why: Problem) -> None:
        """This row is not taken; a row is rejected once, further reasons join the first."""
        finding = self._finding(place, key, why)
        if place in self.bad:
            rejected = self.collected.rejected
            at = next(i for i in range(len(rejected) - 1, -1, -1) if rejected[i][:2] == finding[:2])
            first = rejected[at]
            if finding[4] not in first[4]:
                rejected[at] = (*first[:4], f"{first[4]} 另：{finding[2]}{finding[4]}", first[5])
            return
        self.bad.add(place)
        self.collected.rejected.append(finding)

    def doubt(self, place: int, key: str, why: Problem) -> None:
        """This row is taken, with a doubt about one cell."""
        self.collected.warnings.append(self._finding(place, key, why))

    def _finding(self, place: int, key: str, why: Problem) -> FindingRow:
        column = self.block.header.columns.get(key)
        cell: Cell = self.block.sheet.rows[self.block.rows[place]][column.index] if column else ""
        reason = why.text + (why.hint or "")
        title = column.title if column else _usual_title(self.block.header.table, key)
        return (self.sheet, self.number(place), title, shown(cell), reason, why.code)


def _usual_title(table: Table, key: str) -> str:
    """What a column that the sheet does not have is usually called."""
    fields = (*table.fields, *PERSON_FIELDS)
    return next((field.title for field in fields if field.key == key.rpartition(".")[2]), key)


def parse(block: Block, context: Context, collected: Collected) -> Rows:
    """Parse the columns of a block; rows with a cell that cannot be taken, or without a required one, are rejected."""
    rows = Rows(block, {}, collected)
    collected.rows += len(rows)
    collected.sheets.append(rows.sheet)
    doubts: list[Callable[[], None]] = []
    for key, column in block.header.columns.items():
        cells = distinct(block.cells(key) or [])
        memo = Memo(column.field.making(context))
        rows.values[key] = memo.column(cells)
        if memo.bad:
            for place, cell in enumerate(cells):
                if cell in memo.bad:
                    rows.reject(place, key, memo.bad[cell])
        if memo.doubtful:
            doubts.append(lambda key=key, cells=cells, memo=memo: _doubts(rows, key, cells, memo))  # type: ignore[misc]
    for tell in doubts:
        tell()
    return rows


def _doubts(rows: Rows, key: str, cells: list[Cell], memo: Memo) -> None:
    for place, cell in enumerate(cells):
        if cell in memo.doubtful and place not in rows.bad:
            rows.doubt(place, key, memo.doubtful[cell])
