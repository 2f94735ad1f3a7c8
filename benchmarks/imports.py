"""import_read and import_excel: a workbook of 10,000 rows × 15 columns."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path

import python_calamine
import xlsxwriter

from app.services import entrance, imports
from benchmarks.billing import rows_left, write_rows
from benchmarks.figure import Figure, interleaved
from benchmarks.office import PASSWORD, clock, copied, enter
from reports.excel.acts import read_book

ROWS = 10_000
TODAY = date(2026, 7, 6)
HEAD = ("楼栋", "单元", "房号", "楼层", "户型", "建筑面积", "套内面积", "房屋类型", "房屋状态", "朝向", "业主姓名",
        "性别", "手机号", "身份证号", "备注")  # fmt: skip


def workbook(path: Path) -> None:
    """Houses as an office has them; people and numbers invented."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("房屋信息")
    sheet.write_row(0, 0, HEAD)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for n in range(ROWS):
        body = f"110000{1950 + n % 50}{n % 12 + 1:02}{n % 28 + 1:02}{n % 1000:03}"
        check = "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
        floor = n // 4 % 25 + 1
        row = (f"{n // 400 + 1}号楼", f"{n // 100 % 4 + 1}单元", f"{floor:02}{n % 4 + 1:02}", floor, "三室两厅",
               60 + n % 700 / 10, 50 + n % 600 / 10, "住宅", ("自住", "出租", "空置")[n % 3], "南", f"王{n:05}",
               "男" if n % 2 else "女", f"138{n:08}", body + check, "")  # fmt: skip
        sheet.write_row(n + 1, 0, row)
    book.close()


def _ours_read(path: Path) -> float:
    begin = time.perf_counter()
    read_book({"path": str(path), "kind": "houses", "today": TODAY.isoformat()}, lambda: None)
    return time.perf_counter() - begin


def _calamine(path: Path) -> float:
    begin = time.perf_counter()
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
    return time.perf_counter() - begin


def _import(made: Path, path: Path) -> tuple[float, float]:
    """Seconds of the whole import, and of its reading."""
    with copied(made) as folder:
        seat = enter(folder)
        begin = time.perf_counter()
        opened = imports.read(path, "houses", TODAY)
        reading = time.perf_counter() - begin
        imports.houses(seat, opened.source, book=opened.book)
        whole = time.perf_counter() - begin
        seat.close()
    return whole, reading


def measure() -> list[Figure]:
    """Both figures; the child's start-up is part of import_excel, not of import_read."""
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        path, made = Path(scratch) / "houses.xlsx", Path(scratch) / "made"
        workbook(path)
        entrance.create_office(made, "样例花园", "admin", PASSWORD, clock=clock)
        reading = interleaved("import_read", lambda: _ours_read(path), lambda: _calamine(path), 7, 6.0)
        opened = imports.read(path, "houses", TODAY)
        with copied(made) as folder:
            left = rows_left(folder, lambda seat: imports.houses(seat, opened.source, book=opened.book))
        readings: list[float] = []

        def ours() -> float:
            whole, read_part = _import(made, path)
            readings.append(read_part)
            return whole

        whole = interleaved("import_excel", ours, lambda: readings[-1] + write_rows(made, left), 5, 2.5)
    return [reading, whole]
