"""Long tables as a workbook, quickly: the library makes the frame, the rows are put into it as text.

A frame is the whole workbook with title, head, sums, widths, filter and print set-up, and two sample rows that say
which number each format got. The rows are put where they belong; a text stands once in the workbook's table of strings.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from app.domain.money import plain_yuan
from reports.excel.write import MAX_TEXT, is_active

AT_A_TIME = 5_000
"""So many rows are made into text at once; between them the work may be ended."""
TITLE, NOTE, HEAD = range(3)
"""Rows of a sheet, counted from 0."""

_DAY_ZERO = date(1899, 12, 30)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ROW = r'<row r="{n}"[^>]*>(.*?)</row>'
_FORMATS = {"text": "@", "money": '#,##0.00;[Red]-#,##0.00;"–"', "day": "yyyy-mm-dd", "count": "0"}

Step = Callable[[int, int], None]
"""Told how many rows of how many are done; raises where the work is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: title, width in characters, kind (text, money in fen, day as ISO text or date, count), whether its sum
    stands below.
    """

    title: str
    width: int
    kind: str = "text"
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, the title and the note above the head, its columns and rows; values in columns' order."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]

    def sums(self) -> list[int | None]:
        """The sum of each column that has one, in its own unit."""
        return [
            sum(row[place] or 0 for row in self.rows) if column.total else None
            for place, column in enumerate(self.columns)
        ]


def write(path: Path, tables: Sequence[Table], step: Step = lambda _n, _of: None) -> None:
    """Write the tables to a workbook, a sheet each. Raises: OSError."""
    frame, strings = io.BytesIO(), _Strings()
    _frame(frame, tables)
    done, whole = 0, sum(len(table.rows) for table in tables)
    beside = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(frame) as made, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out:
            strings.begin(made.read(_STRINGS).decode())
            for place, table in enumerate(tables, 1):
                name = f"xl/worksheets/sheet{place}.xml"
                sheet = _Sheet(made.read(name).decode(), table, strings)
                with out.open(name, "w", force_zip64=True) as file:
                    for text, n in sheet.pieces():
                        done += n
                        step(done, whole)
                        _put(file, text)
            for info in made.infolist():
                if info.filename != _STRINGS and not info.filename.startswith("xl/worksheets/sheet"):
                    out.writestr(info, made.read(info))
            with out.open(_STRINGS, "w", force_zip64=True) as file:
                for text in strings.pieces():
                    _put(file, text)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


_STRINGS = "xl/sharedStrings.xml"


def _put(file: IO[bytes], text: str) -> None:
    file.write(text.encode())


class _Strings:
    """The workbook's table of strings: those of the frame, and those of the rows behind them."""

    def __init__(self) -> None:
        self._head = self._own = ""
        self.n = self.used = 0
        self._new: dict[str, int] = {}

    def begin(self, frame: str) -> None:
        """Take over what the frame has."""
        found = re.fullmatch(r'(.*<sst [^>]*?) count="(\d+)" uniqueCount="(\d+)">(.*)</sst>\s*', frame, re.DOTALL)
        if found is None:
            raise AssertionError("the frame has no strings")
        self._head, self.used, self.n, self._own = found[1], int(found[2]), int(found[3]), found[4]

    def place(self, text: str) -> int:
        """The place of a text in the table."""
        at = self._new.get(text)
        if at is None:
            at = self._new[text] = self.n
            self.n += 1
        return at

    def pieces(self) -> Iterator[str]:
        """The part of the workbook that holds them."""
        yield f'{self._head} count="{self.used}" uniqueCount="{self.n}">{self._own}'
        texts = list(self._new)
        for start in range(0, len(texts), AT_A_TIME):
            yield "".join(f"<si>{_said(text)}</si>" for text in texts[start : start + AT_A_TIME])
        yield "</sst>"


def _said(text: str) -> str:
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not shown.isprintable() or "_x" in shown:
        shown = _CONTROL.sub(_escaped, shown)
    kept = ' xml:space="preserve"' if shown != shown.strip() or "\n" in shown else ""
    return f"<t{kept}>{shown}</t>"


def _escaped(found: re.Match[str]) -> str:
    """How a workbook writes a sign that XML cannot hold, and what looks like such a one."""
    said = found[0]
    return f"_x005F{said}" if said.startswith("_x") else f"_x{ord(said):04X}_"


class _Cells(dict[Any, str]):
    """What stands behind a cell's place, by value: each value is made into text once."""

    def __init__(self, kind: str, style: str, quoted: str, strings: _Strings) -> None:
        super().__init__()
        self._style, self._quoted, self._strings = f' s="{style}"', f' s="{quoted}"', strings
        makers: dict[str, Callable[[Any], str]] = {
            "text": self._text,
            "money": self._money,
            "day": self._day,
            "count": self._count,
        }
        self._make = makers[kind]
        self[None] = self[""] = f"{self._style}/>"

    def __missing__(self, value: Any) -> str:
        made = self[value] = self._make(value)
        return made

    def _text(self, value: Any) -> str:
        text = str(value)[:MAX_TEXT]
        style = self._quoted if is_active(text) else self._style
        return f'{style} t="s"><v>{self._strings.place(text)}</v></c>'

    def _money(self, fen: int) -> str:
        return f"{self._style}><v>{plain_yuan(fen)}</v></c>"

    def _count(self, value: int) -> str:
        return f"{self._style}><v>{value}</v></c>"

    def _day(self, value: date | str) -> str:
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return f"{self._style}><v>{(day - _DAY_ZERO).days}</v></c>"


class _Sheet:
    """A sheet's text: what the frame has before and behind its rows, and the rows."""

    def __init__(self, frame: str, table: Table, strings: _Strings) -> None:
        self._table, self._strings = table, strings
        last = HEAD + 2 + len(table.rows)
        plain, quoted = (_styles(frame, last + extra) for extra in (1, 2))
        for extra in (1, 2):
            frame = re.sub(_ROW.format(n=last + extra), "", frame, count=1, flags=re.DOTALL)
        width = xl_col_to_name(len(table.columns) - 1)
        frame = re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{width}{last}"/>', frame, count=1)
        self._before, behind = frame.split(f'<row r="{last}"', 1)
        self._behind = f'<row r="{last}"{behind}'
        self._cells = [
            _Cells(column.kind, style, active, strings)
            for column, style, active in zip(table.columns, plain, quoted, strict=True)
        ]
        letters = [xl_col_to_name(place) for place in range(len(table.columns))]
        self._template = f'<row r="%s">{"".join(f"""<c r="{letter}%s"%s""" for letter in letters)}</row>'

    def pieces(self) -> Iterator[tuple[str, int]]:
        """The sheet piece by piece, with the number of rows in each."""
        yield self._before, 0
        rows, template = self._table.rows, self._template
        texts = [place for place, column in enumerate(self._table.columns) if column.kind == "text"]
        for start in range(0, len(rows), AT_A_TIME):
            some = rows[start : start + AT_A_TIME]
            columns = list(zip(*some, strict=True))
            self._strings.used += sum(len(some) - columns[at].count(None) - columns[at].count("") for at in texts)
            numbers = [str(HEAD + 2 + place) for place in range(start, start + len(some))]
            shown = (map(cells.__getitem__, column) for cells, column in zip(self._cells, columns, strict=True))
            beside = chain.from_iterable((numbers, column) for column in shown)
            yield "".join([template % row for row in zip(numbers, *beside, strict=True)]), len(some)
        yield self._behind, 0


def _styles(frame: str, number: int) -> list[str]:
    found = re.search(_ROW.format(n=number), frame, re.DOTALL)
    if found is None:
        raise AssertionError("the frame has no sample row")
    return re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"', found[1])


def _frame(target: io.BytesIO, tables: Sequence[Table]) -> None:
    """Everything but the rows."""
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    forms = _Forms(book)
    for table in tables:
        _page(book.add_worksheet(table.name), table, forms)
    book.close()


class _Forms:
    """The formats of the workbook, of one look with the other tables."""

    def __init__(self, book: Any) -> None:
        line = {"bottom": 4, "bottom_color": "#9AA5B0", "valign": "vcenter"}
        total = {"bold": True, "top": 1, "bottom": 1, "bg_color": "#EDF0F3", "valign": "vcenter"}
        head = {"bold": True, "border": 1, "border_color": "#9AA5B0", "bg_color": "#E3F0F4", "valign": "vcenter"}
        self.title = book.add_format({"bold": True, "font_size": 14, "valign": "vcenter"})
        self.note = book.add_format({"font_color": "#556170"})
        self.head = {
            side: book.add_format({**head, "align": side, "text_wrap": True}) for side in ("left", "right", "center")
        }
        sides = {"day": {"align": "center"}, "count": {"align": "right"}}
        self.cell = {
            kind: book.add_format({**line, "num_format": form, **sides.get(kind, {})})
            for kind, form in _FORMATS.items()
        }
        self.quoted = book.add_format({**line, "num_format": "@", "quote_prefix": True})
        self.total = {kind: book.add_format({**total, "num_format": form}) for kind, form in _FORMATS.items()}


_SIDES = {"money": "right", "count": "right", "day": "center"}


def _page(sheet: Any, table: Table, forms: _Forms) -> None:
    sheet.write_string(TITLE, 0, table.title, forms.title)
    sheet.set_row(TITLE, 24)
    sheet.write_string(NOTE, 0, table.note, forms.note)
    sheet.set_row(HEAD, 30)
    first, total = HEAD + 1, HEAD + 1 + len(table.rows)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(HEAD, place, column.title, forms.head[_SIDES.get(column.kind, "left")])
        sheet.write_blank(total + 1, place, None, forms.cell[column.kind])
        sheet.write_blank(total + 2, place, None, forms.quoted if column.kind == "text" else forms.cell[column.kind])
    for place, (column, added) in enumerate(zip(table.columns, table.sums(), strict=True)):
        form = forms.total[column.kind]
        if added is None or not place:
            sheet.write_blank(total, place, None, form)
        else:
            letter = xl_col_to_name(place)
            shown = added / 100 if column.kind == "money" else added
            if table.rows:
                sheet.write_formula(total, place, f"=SUM({letter}{first + 1}:{letter}{total})", form, shown)
            else:
                sheet.write_number(total, place, 0, form)
    sheet.write_string(total, 0, f"合计 {len(table.rows):,} 行", forms.total["text"])
    sheet.freeze_panes(first, 1)
    sheet.autofilter(HEAD, 0, max(first, total - 1), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(TITLE, HEAD)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页 / 共 &N 页&R&D")
