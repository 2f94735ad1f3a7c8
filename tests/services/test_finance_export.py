"""导出给财务: the tables add up to what the ledger says, open as they are, and a past day stays as it was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from app.services import arrears, deposits, finance_export, receipts, refunds
from app.services.deposits import Deduction
from app.services.entrance import approver
from db.queries import month
from reports.excel import bulk
from tests.builders import PASSWORD, Office

HEAD, FIRST = 3, 4
"""Rows of a sheet as a workbook counts them."""


@pytest.fixture(scope="module")
def lived_in(made_office: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two buildings, bills, payments, a reversal, a refund, deposits taken and given back."""
    folder = tmp_path_factory.mktemp("finance") / "office"
    shutil.copytree(made_office[0], folder)
    office = Office(folder).with_staff("周经理", "赵财务").with_houses(("3-1-0101", "3-1-0102", "3-1-0201"))
    office.with_houses(("5-1-0101",)).with_item(late_rate=50_000, name="物业费")
    office.with_item("YJ", "deposit", "2000", name="装修押金").with_item("SS", "once", "30", name="修墙面")
    office.bill("2026-05", "2026-05-01")
    office.bill("2026-06", "2026-06-01")
    office.pay("3-1-0101", 100_000, on=date(2026, 6, 20), method="wechat")
    office.pay("3-1-0102", 30_000, on=date(2026, 6, 25))
    office.pay("5-1-0101", 50_000, on=date(2026, 7, 1), method="bank")
    held = deposits.take(office.manager, "3-1-0201", "YJ", 200_000, "cash")
    deposits.take(office.manager, "3-1-0102", "YJ", 100_000, "pos")
    office.clock.to("2026-07-08")
    second = approver(office.manager, "周经理", PASSWORD)
    deposits.give_back(
        office.manager, "3-1-0201", held.receipt, "cash", "验收", [Deduction("SS", 3_000, "墙面")], second=second
    )
    second = approver(office.manager, "赵财务", PASSWORD)
    refunds.refund(office.manager, "3-1-0101", 1_000, "wechat", "业主要求", second=second)
    second = approver(office.manager, "周经理", PASSWORD)
    receipts.reverse(office.manager, "S2026-00000002", "录错户", second=second)
    office.close()
    return folder


@pytest.fixture
def desk(lived_in: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(lived_in, tmp_path / "office")
    office = Office(tmp_path / "office")
    office.clock.to("2026-07-08")
    yield office
    office.close()


def _rows(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    rows = list(openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True))
    return rows[FIRST - 1 : -1]


def _export(office: Office, kind: str, *options: str, **more: Any) -> tuple[dict[str, Any], Path]:
    status, said = office.command("export", kind, *options, **more)
    assert status == 0, said
    return said, Path(said["file"])


def test_each_table_adds_up_to_the_ledger(desk: Office) -> None:
    said, path = _export(desk, "payments", "--from", "2026-06-01", "--to", "2026-07-08")
    rows = _rows(path, "收款明细")
    assert [row[2] for row in rows].count("收款") == 5
    assert sorted(row[2] for row in rows if row[8] < 0) == ["红冲", "退款", "退款"]
    assert all(round(row[8] * 100) == round((row[9] + row[10] + row[11]) * 100) for row in rows)
    with desk.manager.transaction(write=False) as work:
        sums = month.control_sums(work.connection, date(2026, 6, 1), date(2026, 7, 8), work.today)
        whole = month.control_sums(work.connection, date(2026, 5, 1), date(2026, 7, 8), work.today)
    assert said["sums"]["金额"] == sum(one.received_fen - one.refunded_fen for one in sums.methods)
    assert said["sums"]["其中押金"] == sums.deposits_fen == 100_000
    said, path = _export(desk, "charges", "--from", "2026-05-01")
    assert (said["sums"]["应收"], said["sums"]["调整"]) == (whole.charged_fen, whole.adjusted_fen)
    assert said["sums"]["未收"] == arrears.arrears(desk.manager).total_fen == whole.arrears_fen
    assert {row[4] for row in _rows(path, "应收明细")} == {"本金", "违约金"}
    assert sum(row[3] for row in _rows(path, "按项目")) * 100 == pytest.approx(whole.charged_fen)
    assert _export(desk, "arrears")[0]["sums"] == {"欠费": whole.arrears_fen}
    assert _export(desk, "deposits")[0]["sums"]["在手"] == whole.deposits_fen
    assert _export(desk, "prepaid")[0]["sums"] == {"预存余额": whole.prepaid_fen}
    assert desk.sql("SELECT sum(prepaid) FROM payer_balance") == [(whole.prepaid_fen,)]


def test_a_past_day_stays_as_it_was(desk: Office) -> None:
    """What was entered on the eighth changes nothing of the seventh, and no later entry changes the eighth."""
    before = {kind: _of_day(desk, kind, "2026-07-07") for kind in finance_export.KINDS}
    assert before["deposits"][1] == [("3-1-0102", 1000), ("3-1-0201", 2000)]
    assert len(before["payments"][1]) == 5
    eighth = {kind: _of_day(desk, kind, "2026-07-08") for kind in finance_export.KINDS}
    assert eighth["deposits"][1] == [("3-1-0102", 1000)]
    desk.clock.to("2026-07-20")
    desk.bill("2026-07")
    desk.pay("3-1-0201", 500_000)
    desk.pay("3-1-0102", 500_000)
    assert {kind: _of_day(desk, kind, "2026-07-07") for kind in finance_export.KINDS} == before
    assert {kind: _of_day(desk, kind, "2026-07-08") for kind in finance_export.KINDS} == eighth
    with desk.manager.transaction(write=False) as work:
        sums = month.control_sums(work.connection, date(2026, 7, 1), date(2026, 7, 7), work.today)
    assert before["prepaid"][0] == {"预存余额": sums.prepaid_fen}
    assert before["arrears"][0] == {"欠费": sums.arrears_fen}
    assert before["deposits"][0]["在手"] == sums.deposits_fen


def _of_day(office: Office, kind: str, day: str) -> tuple[dict[str, int], list[Any]]:
    days = ("--from", "2026-05-01", "--to", day) if kind in finance_export.SPANS else ("--as-of", day)
    said, path = _export(office, kind, *days)
    rows = _rows(path, finance_export.KINDS[kind])
    return said["sums"], [(row[0], row[-1]) for row in rows] if kind == "deposits" else rows


def test_it_opens_filters_and_prints(desk: Office) -> None:
    path = _export(desk, "charges", "--from", "2026-05-01", "--out", str(desk.folder / "应收.xlsx"))[1]
    assert path == desk.folder / "应收.xlsx"
    shown = openpyxl.load_workbook(path)["应收明细"]
    cached = openpyxl.load_workbook(path, data_only=True)["应收明细"]
    last = shown.max_row
    assert "样例花园" in shown["A1"].value or "应收明细" in shown["A1"].value
    assert "2026-05-01 至 2026-07-08" in shown["A1"].value
    assert shown.freeze_panes == f"B{FIRST}"
    assert shown.auto_filter.ref == f"A{HEAD}:O{last - 1}"
    assert shown.print_title_rows == f"$1:${HEAD}"
    assert (shown.page_setup.orientation, shown.page_setup.paperSize) == ("landscape", 9)
    assert "&P" in shown.oddFooter.center.text
    assert shown[f"L{last}"].value == f"=SUM(L{FIRST}:L{last - 1})"
    figures = [cell.value for cell in shown["L"][FIRST - 1 : last - 1]]
    assert cached[f"L{last}"].value == pytest.approx(sum(figures))
    assert all(isinstance(value, int | float) for value in figures)
    assert isinstance(shown[f"J{FIRST}"].value, datetime)
    assert shown[f"A{FIRST}"].data_type == "s"
    assert shown[f"L{FIRST}"].number_format.startswith("#,##0.00")


def test_one_building_and_what_is_refused(desk: Office) -> None:
    said, path = _export(desk, "charges", "--from", "2026-05-01", "--building", "5号楼")
    assert (said["rows"], said["building"]) == (4, "5号楼")
    assert {row[0] for row in _rows(path, "应收明细")} == {"5-1-0101"}
    assert _export(desk, "arrears", "--building", "5")[0]["rows"] == 0
    for options, code in (
        (("charges", "--building", "9"), "unknown_building"),
        (("charges", "--as-of", "2026-07-01"), "bad_choice"),
        (("arrears", "--from", "2026-07-01"), "bad_choice"),
        (("arrears", "--as-of", "2026-07-09"), "future_day"),
        (("payments", "--from", "2026-07-05", "--to", "2026-07-01"), "bad_span"),
        (("nothing",), "bad_choice"),
    ):
        assert desk.command("export", *options)[1]["error"]["code"] == code
    assert desk.sql("SELECT count(*) FROM audit WHERE action = 'finance.exported'") == [(2,)]


def test_a_statement_as_a_workbook(desk: Office) -> None:
    target = desk.folder / "对账单.xlsx"
    status, said = desk.command("statement", "3-1-0101", "--out", str(target))
    assert (status, said["file"]) == (0, str(target))
    rows = _rows(target, "对账单")
    assert len(rows) == len(said["entries"])
    assert round(rows[-1][6] * 100) == said["entries"][-1]["balance_fen"]
    assert round(sum((row[4] or 0) + (row[5] or 0) for row in rows) * 100) == said["entries"][-1]["balance_fen"]


def test_text_stays_text_whatever_it_says(tmp_path: Path) -> None:
    texts = [
        "=1+1",
        "+8613900000001",
        "-1",
        "@x",
        "\t=1",
        " 前后空格 ",
        'a<b>&"c"',
        "_x0041_",
        "行一\n行二",
        "\x01坏",
        "007",
    ]
    rows = [(text, -5, "2026-02-28", None) for text in texts]
    columns = (bulk.Column("文字", 9), bulk.Column("钱", 9, "money", True), bulk.Column("日", 9, "day"),
               bulk.Column("数", 9, "count", True))  # fmt: skip
    bulk.write(
        tmp_path / "t.xlsx", [bulk.Table("甲", "题", "注", columns, rows), bulk.Table("乙", "题", "注", columns, [])]
    )
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    shown = [cell.value for cell in book["甲"]["A"][FIRST - 1 : -1]]
    assert [shown[at] for at in (*range(7), 8, 10)] == [texts[at] for at in (*range(7), 8, 10)]
    assert all(cell.data_type == "s" for cell in book["甲"]["A"][FIRST - 1 : -1])
    assert all(cell.quotePrefix for cell in book["甲"]["A"][FIRST - 1 : FIRST + 4])
    read = CalamineWorkbook.from_path(str(tmp_path / "t.xlsx"))
    grid = read.get_sheet_by_name("甲").to_python()
    assert grid[FIRST - 1][:3] == ["=1+1", -0.05, date(2026, 2, 28)]
    assert grid[-1][1] == pytest.approx(-0.05 * len(texts))
    assert read.get_sheet_by_name("乙").to_python()[-1][:2] == ["合计 0 行", 0]
