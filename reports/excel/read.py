"""The cells of a checked workbook: sheets as grids with merged ranges, cells that cannot be read marked (`Flaw`)."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from app.domain.problem import Problem, problem
from reports.excel.cells import Flaw
from reports.excel.guard import Checked
from reports.excel.scan import MAX_COLUMNS, Flaws
from reports.excel.sheet import Sheet

MAX_SHEETS = 200
"""Most sheets that are looked at."""

_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_UNCACHED, _ERROR = Flaw("uncached"), Flaw("error")


def sheets(path: Path, checked: Checked) -> Iterator[Sheet]:
    """The worksheets of a workbook that `guard.check` passed, hidden ones included, one after the other.

    Raises: Problem `file.damaged`, `file.encrypted`, `file.too_many_sheets`.
    """
    try:
        with CalamineWorkbook.from_path(path) as book:
            names = [entry.name for entry in book.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet]
            if len(names) > MAX_SHEETS:
                raise problem(
                    "file.too_many_sheets", "工作簿有 {n} 个工作表，超过 {most} 个。", n=len(names), most=MAX_SHEETS
                )
            flaws = _flaws_by_name(path, checked)
            for name in names:
                yield _sheet(book.get_sheet_by_name(name), flaws.get(name))
    except CalamineError:
        raise _damaged() from None
    except OSError:
        raise _damaged() from None


def _damaged() -> Problem:
    return problem("file.damaged", "文件内容已损坏，读不出来。", "请用 Excel、WPS 打开后另存，再导入。")


def _sheet(found: CalamineSheet, flaws: Flaws | None) -> Sheet:
    rows = found.to_python(skip_empty_area=False)
    width = max(map(len, rows), default=0)
    merged = [
        (top, left, min(bottom, len(rows) - 1), min(right, width - 1))
        for (top, left), (bottom, right) in found.merged_cell_ranges or ()
        if top < len(rows) and left < width
    ]
    sheet = Sheet(found.name, rows, merged)  # type: ignore[arg-type]
    if flaws:
        for cells, mark in ((flaws.uncached, _UNCACHED), (flaws.errors, _ERROR)):
            _mark(sheet, cells, mark)
    return sheet


def _mark(sheet: Sheet, cells: list[tuple[int, int]], mark: Flaw) -> None:
    """Formulas without a value come as empty cells, also beyond the last one that holds something."""
    for row, column in cells:
        if column >= MAX_COLUMNS:
            continue
        while row >= len(sheet.rows):
            sheet.rows.append([""] * (len(sheet.rows[0]) if sheet.rows else 0))
        if column >= len(sheet.rows[row]):
            for cells_of_row in sheet.rows:
                cells_of_row.extend([""] * (column + 1 - len(cells_of_row)))
        sheet.rows[row][column] = mark


def _flaws_by_name(path: Path, checked: Checked) -> dict[str, Flaws]:
    """Flaws by sheet name; they were found by part name."""
    if not checked.flaws:
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile):
        raise _damaged() from None
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            target = targets.get(sheet.get(_OFFICE), "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            flaws = checked.flaws.get(part.lower())
            if flaws:
                found[sheet.get("name", "")] = flaws
    return found
