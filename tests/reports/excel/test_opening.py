"""Workbooks of the opening, of meters, readings and residents."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.reports.excel.making import a_workbook, read_here

SHEETS: dict[str, list[list[Any]]] = {
    "欠费": [
        ["房号", "业主", "收费项目", "开始日期", "结束日期", "到期日", "欠费金额", "违约金"],
        ["3-1-0402", "甲一", "WY", "2025-01-01", "2025-03-31", "2025-03-31", "750.71", 12.5],
        ["3-1-0403", "", "WY", "2025.1.1", "2025.1.31", "", 100, ""],
        ["合计", "", "", "", "", "", 850.71, ""],
    ],
    "预存": [["楼号", "单元", "房号", "姓名", "预存余额"], [3, 1, "0402", "甲一", "1,200.00"]],
    "押金": [["房号", "项目", "押金金额", "收据号", "收款日期"], ["3-1-402", "装修押金", 2000, "0001234", 45000]],
    "已交至": [["房号", "收费项目", "已交至"], ["3-1-402", "WY", "2026年6月30日"]],
    "表底": [
        ["房号", "表号", "收费项目", "倍率", "位数", "表底", "抄表日期"],
        ["3-1-402", "S001", "SF", 1, 5, "123.4", "2026-6-30"],
    ],
    "阶梯累计": [["房号", "表号", "累计用量", "年度"], ["3-1-402", "S001", 88.5, 2026]],
    "办公室": [["下一票号", "S2026-00000088"], ["go_live", "2026-07-01"]],
}


def test_opening(tmp_path: Path) -> None:
    book = read_here(a_workbook(tmp_path, SHEETS), "opening")
    assert (book.rejected, book.rows) == ((), 9)
    first, second = book.arrears
    assert (first.house, first.house_key, first.payer, first.item) == ("3-1-0402", "3-1-402", "甲一", "WY")
    assert (first.first, first.last, first.due) == (date(2025, 1, 1), date(2025, 3, 31), date(2025, 3, 31))
    assert (first.fen, first.late_fen, second.fen, second.due) == (75071, 1250, 10000, None)
    assert [(p.house_key, p.payer, p.fen) for p in book.prepaid] == [("3-1-402", "甲一", 120000)]
    assert [(d.item, d.fen, d.receipt, d.on) for d in book.deposits] == [
        ("装修押金", 200000, "0001234", date(2023, 3, 15))
    ]
    assert [(s.item, s.day) for s in book.settled] == [("WY", date(2026, 6, 30))]
    assert [(m.number, m.item, m.multiplier, m.digits, m.start) for m in book.meters] == [
        ("S001", "SF", 10000, 5, 1234000)
    ]
    assert [(t.meter, t.quantity, t.day) for t in book.tiers] == [("S001", 885000, date(2026, 12, 31))]
    assert {(o.key, o.value) for o in book.office} == {("next_receipt", "S2026-00000088"), ("go_live", "2026-07-01")}


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([["下一票号", "启用日期"], ["S2026-00000088", date(2026, 7, 1)]], "2026-07-01"),
        ([["项目", "内容"], ["下一收据号", "S2026-00000088"], ["启用日期", 46204]], "2026-07-01"),
    ],
)
def test_office_sheet_lying_or_standing(tmp_path: Path, rows: list[list[Any]], value: str) -> None:
    book = read_here(a_workbook(tmp_path, {"办公室": rows}), "opening")
    assert {(o.key, o.value) for o in book.office} == {("next_receipt", "S2026-00000088"), ("go_live", value)}


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2025-03", date(2025, 3, 1), date(2025, 3, 31)),
        ("2025年1月至2025年3月", date(2025, 1, 1), date(2025, 3, 31)),
        ("2025.1.1-2025.2.15", date(2025, 1, 1), date(2025, 2, 15)),
        ("2025/01~2025/02", date(2025, 1, 1), date(2025, 2, 28)),
    ],
)
def test_arrears_by_period(tmp_path: Path, period: str, first: date, last: date) -> None:
    rows = [["房号", "费用名称", "账期", "金额"], ["3-1-402", "物业费", period, 100]]
    (arrear,) = read_here(a_workbook(tmp_path, {"欠费明细": rows}), "opening").arrears
    assert (arrear.first, arrear.last) == (first, last)


def test_opening_rows_that_are_rejected(tmp_path: Path) -> None:
    rows = [["房号", "收费项目", "账期", "金额"], ["3-1-402", "WY", "2025-13", 1], ["3-1-402", "", "2025-01", 1]]
    rows += [["", "WY", "2025-01", 1], ["3-1-402", "WY", "2025-02", -1], ["3-1-402", "WY", "2025-02", 1]]
    rows += [["3-1-0402", "WY", "2025-02", 5]]
    book = read_here(a_workbook(tmp_path, {"欠费": rows}), "opening")
    assert len(book.arrears) == 1
    assert [(f.row, f.column) for f in sorted(book.rejected, key=lambda f: f.row)] == [
        (2, "账期"),
        (3, "收费项目"),
        (4, "房号"),
        (5, "金额"),
        (7, "收费项目"),
    ]


def test_meters_and_readings(tmp_path: Path) -> None:
    meters = [
        ["房号", "水表号", "收费项目", "倍率", "位数", "起始读数", "日期"],
        ["1-1-101", "007", "SF", "1", 5, 0, "2026-1-1"],
    ]
    (meter,) = read_here(a_workbook(tmp_path, {"水表": meters}), "meters").meters
    assert (meter.house_key, meter.number, meter.start, meter.day) == ("1-1-101", "007", 0, date(2026, 1, 1))
    readings = [["楼栋", "单元", "房号", "表号", "本次读数", "抄表日期", "估抄", "过零"]]
    readings += [[1, 1, 101, "007", "12.5吨", "2026-7-1", "", ""], [1, 1, 102, "008", 3, "2026-7-1", "是", "是"]]
    book = read_here(a_workbook(tmp_path, {"七月": readings}), "readings")
    assert [(r.meter, r.value, r.estimate, r.rollover) for r in book.readings] == [
        ("007", 125000, False, False),
        ("008", 30000, True, True),
    ]


def test_residents(tmp_path: Path) -> None:
    rows = [["房号", "姓名", "与业主关系", "手机", "证件号码"], ["1-1-101", "甲二", "配偶", "13900000002", "H12345678"]]
    rows += [["1-1-102", "租客甲", "租户", "13900000003", ""]]
    book = read_here(a_workbook(tmp_path, {"住户": rows}), "residents")
    assert [(p.house_key, p.name, p.relation, p.id_kind) for p in book.people] == [
        ("1-1-101", "甲二", "family", "hk_macao_permit"),
        ("1-1-102", "租客甲", "tenant", None),
    ]


def test_a_sheet_of_tenants(tmp_path: Path) -> None:
    rows = [["房号", "姓名", "电话"], ["1-1-101", "租客甲", "13900000003"]]
    book = read_here(a_workbook(tmp_path, {"租户信息": rows}), "residents")
    assert [(p.name, p.relation) for p in book.people] == [("租客甲", "tenant")]
