"""The data block of a sheet: which rows under the header are data, and which are totals, notes, titles or blanks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.house_label import plain_number
from reports.excel.cells import Cell
from reports.excel.headers import Header, bare
from reports.excel.sheet import Sheet

_TOTAL = re.compile(
    r".{0,10}?(?:小计|合计|总计|共计|累计|本页计|以上计)(?:[:：(（].{0,20}|[0-9]{0,6}[户套间个]?)"
    r"|[总合]?共[0-9]{1,6}[户套间个]"
)
_FOOT = re.compile(
    r"(?:[(（]?(?:注|备注|说明|填表说明|填写说明|使用说明|注意|注意事项|温馨提示|提示|制表人?|填表人?|审核人?|复核人?|经办人?|"
    r"负责人|编制人?|打印日期|打印时间|统计日期|制表日期|填表日期|填报人?|盖章|单位盖章|物业公司|公司名称|联系人|审批人?)"
    r"[0-9一二三]?[:：、].*|(?:填表|填写|使用)?说明|注|备注|注意事项|温馨提示|示例.{0,6}|样例|范例)",
    re.DOTALL,
)
_STOP_SIGN = re.compile("[计注明示例项人期间章司共]")
_SECTION = re.compile(
    r"(?:.*[^0-9A-Z一二三四五六七八九十-])?([0-9]{1,4}|[A-Z]|[一二三四五六七八九十]{1,3})\s*(?:号楼|#楼|栋|幢|座|#|号楼座)"
    r"(?:\s*([0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*单元)?"
)
_SECTION_TAIL = re.compile(
    r"(?:业主|房屋|住户|商铺|信息|资料|明细|清单|登记|一览|台账|花名册|表|房产|收费|物业费|[-_:：()（）\s])*"
)
_FREE = frozenset({"remark", "layout", "lot", "place", "fees", "starts"})
_TYPED = ("gross_area", "net_area", "floor", "fen", "value", "start", "price", "fixed", "quantity", "area", "day")


Columns = list[tuple[Cell, ...]]
"""The cells under a header, column by column."""


@dataclass(frozen=True, slots=True)
class Block:
    """The data rows of a sheet (from 0) under its header. `context` gives each row's building and entrance where only
    a section line, the title or the sheet's name does.
    """

    sheet: Sheet
    header: Header
    rows: list[int]
    context: list[tuple[str | None, str | None]]
    body: Columns

    def cells(self, key: str) -> list[Cell] | None:
        """A column's cells in the data rows, or None where the sheet has no such column."""
        column = self.header.columns.get(key)
        if column is None:
            return None
        cells, first = self.body[column.index], self.header.last + 1
        return list(cells) if len(cells) == len(self.rows) else [cells[row - first] for row in self.rows]


def cut(sheet: Sheet, header: Header) -> Block:
    """The data block under a header. Merged cells are filled where a field allows it."""
    _fill_merged(sheet, header)
    body = range(header.last + 1, len(sheet.rows))
    used = sorted({column.index for column in header.columns.values()})
    columns: Columns = list(zip(*sheet.rows[header.last + 1 :], strict=True)) or [()] * len(sheet.rows[0])
    stops = _stop_rows(columns, header)
    names = [columns[index] for index in _identity(header)]
    if any("" not in cells for cells in names):
        named = [True] * len(body)
    else:
        named = [any(cell != "" for cell in cells) for cells in zip(*names, strict=True)]
    section = _section(sheet, header)
    places = not {"building", "block"} & header.columns.keys() and "room" in header.columns
    rows: list[int] = []
    context: list[tuple[str | None, str | None]] = []
    for row, is_named in zip(body, named, strict=True):
        if row in stops or not is_named:
            cells = sheet.rows[row]
            if row in stops:
                section = (_section_of_line(cells, header) or section) if places else section
                continue
            line = _section_of_line(cells, header)
            if line and (places or not _plausible(cells, header)):
                section = line
                continue
            if not any(cells[index] != "" for index in used) or not _plausible(cells, header):
                continue
        rows.append(row)
        context.append(section)
    return Block(sheet, header, rows, context, columns)


def _fill_merged(sheet: Sheet, header: Header) -> None:
    """Give each row of a range merged over rows its value. Areas and amounts stay: they are meant once."""
    fills = {column.index for column in header.columns.values() if column.field.fill}
    for top, left, bottom, _ in sheet.merged:
        if bottom > top > header.last and left in fills:
            value = sheet.rows[top][left]
            for row in range(top + 1, bottom + 1):
                sheet.rows[row][left] = value


def _identity(header: Header) -> list[int]:
    """The columns of which a data row has at least one."""
    columns = header.columns
    keys = [field.key for field in header.table.fields if field.required and field.key in columns]
    keys = keys or [key for key in header.table.keys.split() if key in columns]
    if header.table.name in ("owners", "houses", "buildings"):
        keys = [key for key in ("room", "building", "block", *columns) if key in columns and _names_row(header, key)]
    return [columns[key].index for key in keys]


def _names_row(header: Header, key: str) -> bool:
    if header.table.name == "houses":
        return key == "room"
    if header.table.name == "buildings":
        return key in ("building", "block")
    return key.endswith(".name")


def _stop_rows(columns: Columns, header: Header) -> set[int]:
    """Rows of totals, notes and repeated headers, found by the few distinct texts that look so."""
    titles = {column.index: bare(column.title) for key, column in header.columns.items() if key not in _FREE}
    # Columns left of the first recognised one (序号) often hold the word 合计.
    titles |= dict.fromkeys(range(min(titles, default=0)), "")
    found: set[int] = set()
    for index, title in titles.items():
        # A text in plain letters and figures is a title only where the title is: most columns are done with here.
        plain = not title.isascii()
        texts = (text for text in set(columns[index]) if isinstance(text, str) and not (plain and text.isascii()))
        marks = {text for text in texts if _is_stop(text, title)}
        if marks:
            found.update(row for row, cell in enumerate(columns[index], header.last + 1) if cell in marks)
    return found


def _is_stop(text: str, title: str) -> bool:
    if text.isascii() or not _STOP_SIGN.search(text):
        return title != "" and text != "" and bare(text) == title
    plain = re.sub(r"[ \u3000]+", "", unicodedata.normalize("NFKC", text[:200])).strip()
    return bool(_TOTAL.fullmatch(plain) or _FOOT.fullmatch(plain)) or (title != "" and bare(plain) == title)


def _plausible(cells: Sequence[Cell], header: Header) -> bool:
    """Whether a row without its name could be data: a figure where figures stand, or at least three texts."""
    filled = 0
    for key, column in header.columns.items():
        cell = cells[column.index]
        if cell == "":
            continue
        filled += 1
        if key.rpartition(".")[2] in _TYPED and (not isinstance(cell, str) or re.search("[0-9]", cell[:20])):
            return True
        if key.rpartition(".")[2] in ("phone", "id_number", "sex") and len(str(cell)) < 40:
            return True
    return filled >= 3


def _section(sheet: Sheet, header: Header) -> tuple[str | None, str | None]:
    """Building and entrance that the lines above the header or the sheet's name give to the whole sheet."""
    for row in range(header.first - 1, -1, -1):
        found = _section_of_line(sheet.rows[row], header)
        if found:
            return found
    return _section_of(sheet.name) or (None, None)


def _section_of_line(cells: Sequence[Cell], header: Header) -> tuple[str | None, str | None] | None:
    """Building and entrance of a line that holds only them (`3号楼`, `3栋1单元业主信息`)."""
    texts = {cell for cell in cells[: header.width] if cell != ""}
    if len(texts) != 1:
        return None
    (text,) = texts
    return _section_of(text) if isinstance(text, str) and len(text) <= 40 else None


def _section_of(text: str) -> tuple[str | None, str | None] | None:
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    match = _SECTION.match(plain)
    if match is None or not _SECTION_TAIL.fullmatch(plain[match.end() :]):
        return None
    return plain_number(match[1]), plain_number(match[2])
