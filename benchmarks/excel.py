"""excel_write, excel_export and excel_read: 100,000 charges to a workbook, 100,000 payments from one."""

from __future__ import annotations

import gc
import importlib
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from app.services import finance_export
from benchmarks.figure import Figure, interleaved
from benchmarks.office import enter, make_billed, numbers
from db.queries import finance
from reports.excel import bulk, guard, read, recognise
from reports.excel.bulk import Column, Table
from reports.excel.transport import encode

ROWS, HOUSES = 100_000, 33_334
FIRST, TODAY = date(2026, 7, 1), date(2026, 7, 6)
WORDS = ("房号", "付款人", "项目代码", "收费项目", "类别", "来源", "账期起", "账期止", "入账日", "到期日", "账单号",
         "应收", "调整", "已收", "未收")  # fmt: skip
DAYS, MONEY = range(6, 10), range(11, 15)


def _table(rows: list[tuple[Any, ...]]) -> Table:
    columns = tuple(
        Column(word, 13, "day" if at in DAYS else "money" if at in MONEY else "text", at in MONEY)
        for at, word in enumerate(WORDS)
    )
    return Table("应收明细", "样例花园　应收明细", "单位：元。", columns, rows)


def _rows(folder: Path) -> list[tuple[Any, ...]]:
    seat = enter(folder)
    with seat.transaction(write=False) as work:
        lines = finance.charges(work.connection, FIRST, TODAY)[:ROWS]
    seat.close()
    return [
        (line.house, f"样例{line.payer_id}", line.code, line.item, "本金", "出账", line.first, line.last, line.on,
         line.due, line.bill, line.amount, line.adjusted, line.settled, line.amount - line.settled)
        for line in lines
    ]  # fmt: skip


def _plain(rows: list[tuple[Any, ...]], path: Path) -> float:
    """The same values by the fastest library: no head that stays, no sums, no formats of money."""
    days = {text: date.fromisoformat(text) for row in rows for text in (row[at] for at in DAYS)}
    values = [(*row[:6], *(days[row[at]] for at in DAYS), row[10], *(row[at] / 100 for at in MONEY)) for row in rows]
    library = importlib.import_module("rustpy_xlsxwriter")
    begin = time.perf_counter()
    library.write_worksheet([dict(zip(WORDS, row, strict=True)) for row in values], str(path), sheet_name="应收明细")
    return time.perf_counter() - begin


def _written(table: Table, path: Path) -> float:
    begin = time.perf_counter()
    bulk.write(path, [table])
    return time.perf_counter() - begin


def _exported(folder: Path, path: Path) -> float:
    seat = enter(folder)
    begin = time.perf_counter()
    finance_export.export(seat, "charges", path, FIRST, TODAY)
    seconds = time.perf_counter() - begin
    seat.close()
    return seconds


def payments(path: Path) -> None:
    """Payments as WeChat or a bank lists them."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, form = book.add_worksheet("收款"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ("房号", "金额", "日期", "方式", "流水号", "收费项目", "账期"))
    houses = numbers(10_000)
    for n in range(ROWS):
        sheet.write_row(n + 1, 0, (houses[n % 10_000], 100 + n % 900 + n % 100 / 100))
        sheet.write_datetime(n + 1, 2, date(2026, n % 6 + 1, n % 28 + 1), form)
        sheet.write_row(n + 1, 3, ("微信", f"42000{n:012}", "物业费", f"2026-{n % 6 + 1:02}"))
    book.close()


def _read(path: Path, checked: guard.Checked) -> float:
    # As in the reading process, which ends before anything is collected.
    gc.disable()
    begin = time.perf_counter()
    encode(recognise.recognise(read.sheets(path, checked), "payments", TODAY, {}))
    seconds = time.perf_counter() - begin
    gc.enable()
    return seconds


def _calamine(path: Path) -> float:
    gc.disable()
    begin = time.perf_counter()
    CalamineWorkbook.from_path(str(path)).get_sheet_by_name("收款").to_python()
    seconds = time.perf_counter() - begin
    gc.enable()
    return seconds


def measure() -> list[Figure]:
    """All three; the checks of a foreign file are apart (`import_read` has them)."""
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        made, out, came = (Path(scratch) / name for name in ("made", "out.xlsx", "payments.xlsx"))
        make_billed(made, HOUSES, "2026-07")
        rows = _rows(made)
        table = _table(rows)
        write = interleaved("excel_write", lambda: _written(table, out), lambda: _plain(rows, out), 5, 1.5)
        export = interleaved("excel_export", lambda: _exported(made, out), lambda: _plain(rows, out), 3, 4.0)
        payments(came)
        checked = guard.check(came)
        reading = interleaved("excel_read", lambda: _read(came, checked), lambda: _calamine(came), 5, 2.0)
    return [write, export, reading]
