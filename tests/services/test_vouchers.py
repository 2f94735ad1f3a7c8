"""凭证: a closed month goes to the bookkeeping program once; its sums are the close's, its balances the ledger's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.domain.period import Period
from app.domain.quantity import Rate
from app.domain.vouchers import DEPOSITS, PREPAID, RECEIVABLE, TAX, vouchers
from app.services import (
    adjustments,
    billing,
    closes,
    deposits,
    month_close,
    readings,
    receipts,
    refunds,
    voucher_accounts,
)
from app.services import vouchers as door
from app.services.adjustments import Change
from app.services.deposits import Deduction
from app.services.purse import Wish
from app.services.refused import NotAllowed, Refused
from db.queries import booked
from reports.excel.vouchers import LAYOUTS
from tests.builders import Office
from tests.reports.excel.making import a_workbook

MONTHS = ("2026-08", "2026-09", "2026-10")


def _refused(act: Callable[[], object], code: str) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.problem.code == code
    assert refused.value.problem.hint
    return refused.value


@pytest.fixture
def lived(office: Office, tmp_path: Path) -> Office:
    """Three months with everything in them that a door can do to the ledger, all closed; it is 8 November."""
    office.with_houses(("3-1-0101", "3-1-0102", "3-1-0201", "商3")).set(go_live="2026-08-01")
    office.with_item(late_rate=50_000, name="物业费", vat_rate=Rate.parse("0.06").units)
    office.with_item("LJ", "flat", "8.33", vat_rate=Rate.parse("0.03").units).with_item("SF", "meter", "2")
    office.with_item("ZX", "deposit", "500", houses="listed").with_item("KA", "once", "20", houses="listed")
    opening: dict[str, list[list[Any]]] = {
        "欠费": [["房号", "收费项目", "账期起", "账期止", "欠费金额", "违约金"],
                 ["3-1-101", "物业费", "2025-01-01", "2025-01-31", "123.40", "1.20"]],
        "预存": [["房号", "预存金额"], ["3-1-102", "500"]],
        "押金": [["房号", "项目", "押金金额", "收据号"], ["3-1-102", "装修押金", 2000, "旧1"]],
    }  # fmt: skip
    office.clock.to("2026-08-01")
    status, said = office.command("import", "opening", str(a_workbook(tmp_path, opening, name="期初.xlsx")))
    assert status == 0, said
    office.with_meter("3-1-201", on="2026-07-31")
    office.bill("2026-08")
    office.clock.to("2026-08-09")
    kept = office.pay("3-1-101", 20_000, method="wechat", wishes=[Wish("LJ", "2026-08")])
    receipts.void(office.manager, office.pay("商3", 99_999, method="alipay").receipt, "录错户")
    held = deposits.take(office.manager, "商3", "ZX")
    adjustments.adjust(office.manager, "3-1-201", "waiver", [Change("WY", "2026-08", 333)], "电梯停运")
    office.clock.to("2026-09-01")
    readings.add(office.manager, "3-1-201", "水", "20", date(2026, 8, 31), estimate=True)
    office.bill("2026-09")
    billing.void(office.manager, "2026-09", "价格录错")
    office.with_tariff("WY", "2.60", "2026-09-16")
    office.bill("2026-09")
    deposits.give_back(office.manager, "商3", held.receipt, "cash", "验收", [Deduction("KA", 2_000, "门禁卡没交回")])
    adjustments.adjust(office.manager, "3-1-201", "write_off", [Change("WY", "2026-08", 5_000)], "破产")
    office.clock.to("2026-10-03")
    readings.add(office.manager, "3-1-201", "水", "12", date(2026, 9, 30))
    office.bill("2026-10")
    office.pay("商3", 140_000, method="bank", on=date(2026, 10, 2))
    receipts.reverse(office.manager, kept.receipt, "退票")
    refunds.refund(office.manager, "商3", 1_000, "bank", "业主要求")
    deposits.give_back(office.manager, "3-1-102", "", "cash", "验收")
    adjustments.adjust(office.manager, "3-1-201", "waiver", [Change("WY", "2026-08", 333)], "电梯又停运")
    office.pay("3-1-101", 40_000)
    office.clock.to("2026-11-08")
    office.bill("2026-11", "2026-11-01")
    closes.close(office.manager, reason="交账")
    for month in MONTHS:
        month_close.close(office.manager, month)
    return office


def _balances(office: Office, month: str) -> dict[str, int]:
    """What a month's vouchers add to each key, debit less credit."""
    period, found = Period(month), defaultdict[str, int](int)
    with office.manager.transaction(write=False) as work:
        span = (work.connection, period.first, period.last)
        for voucher in vouchers(booked.entries(*span), booked.standings(*span)):
            for line in voucher.lines:
                found[line.key] += line.debit - line.credit
    return found


def test_month_by_month_the_books_follow_the_ledger(lived: Office) -> None:
    """Each month's vouchers move receivable, prepaid and deposits from one close's figures to the next one's."""
    sums = {row.sheet.month: row.sheet.sums for row in month_close.listing(lived.manager).rows}
    owed, prepaid, held = 12_340 + 120, 50_000, 200_000
    for month in MONTHS:
        door.export(lived.manager, month, "yonyou")
        booked_fen, said = _balances(lived, month), sums[month]
        owed, prepaid, held = (
            owed + booked_fen[RECEIVABLE], prepaid - booked_fen[PREPAID], held - booked_fen[DEPOSITS],
        )  # fmt: skip
        assert (owed, prepaid, held) == (said.arrears_fen, said.prepaid_fen, said.deposits_fen), month
    assert _balances(lived, "2026-08")[TAX] == -((3 * 1187 + 1168) + 4 * 24)


def test_a_workbook_that_the_program_takes_in(lived: Office, tmp_path: Path) -> None:
    voucher_accounts.change(lived.manager, "income:SF", "224102", "=代收水费")
    for layout, date_head, code_head in (("yonyou", "制单日期", "科目编码"), ("kingdee", "日期", "科目代码")):
        made = door.export(
            lived.manager, "2026-09", layout, tmp_path / f"{layout}.xlsx", layout == "kingdee", "改用金蝶"
        )
        sheet = openpyxl.load_workbook(made.file).active
        assert sheet is not None
        head, *rows = sheet.iter_rows(values_only=True)
        assert list(head) == [column.heading for column in LAYOUTS[layout]]
        at = {str(title): place for place, title in enumerate(head)}
        by_number: dict[Any, list[Any]] = {}
        for row in rows:
            by_number.setdefault(row[at["凭证号" if layout == "kingdee" else "凭证编号"]], []).append(row)
            assert isinstance(row[at[code_head]], str)
            assert row[at[date_head]].date() <= date(2026, 9, 30)
            assert (row[at["借方金额"]] is None) != (row[at["贷方金额"]] is None)
        assert list(by_number) == list(range(1, made.vouchers + 1))
        for lines in by_number.values():
            debit, credit = (
                sum(round((row[at[side]] or 0) * 100) for row in lines) for side in ("借方金额", "贷方金额")
            )
            assert debit == credit
        assert len(rows) == made.lines
        assert sum(round((row[at["借方金额"]] or 0) * 100) for row in rows) == made.debit_fen
        (water,) = {row[at["科目名称"]] for row in rows if row[at[code_head]] == "224102"}
        assert water == "=代收水费"
        assert "退款（现金）" in {row[at["摘要"]] for row in rows}
        cell = sheet.cell(2, at[code_head] + 1)
        assert (cell.data_type, cell.number_format, sheet.freeze_panes) == ("s", "@", "A2")
        assert sheet.page_setup.orientation == "landscape"
        text = " ".join(str(value) for row in rows for value in row)
        assert "3-1" not in text
        assert "业主" not in text


def test_a_month_is_exported_once(lived: Office) -> None:
    _refused(lambda: door.export(lived.manager, "2026-11", "yonyou"), "month_open")
    _refused(lambda: door.export(lived.manager, "2026-10", "excel"), "unknown_layout")
    first = door.export(lived.manager, "2026-10", "yonyou")
    refused = _refused(lambda: door.export(lived.manager, "2026-10", "kingdee"), "already_exported")
    assert refused.problem.text == "2026-10 的凭证 2026-11-08 已经导出过（用友）。"
    _refused(lambda: door.export(lived.manager, "2026-10", "yonyou", None, True), "reason_needed")
    again = door.export(lived.manager, "2026-10", "yonyou", None, True, "导入时断电")
    assert (again.issue, again.digest) == (2, first.digest)
    assert [(row.issue, row.reason) for row in door.listing(lived.manager)] == [(2, "导入时断电"), (1, None)]


def test_accounts_are_the_offices_own(lived: Office) -> None:
    rows = {row.key: row for row in voucher_accounts.listing(lived.manager)}
    assert (rows["wechat"].code, rows["wechat"].own) == ("1002", False)
    assert rows["income:WY"].title == "收入：物业费"
    assert "income:ZX" not in rows
    voucher_accounts.change(lived.manager, "wechat", "1012.01", "其他货币资金-微信")
    done = voucher_accounts.change(lived.manager, "wechat", "101201", "其他货币资金-微信")
    assert (done.code, done.own) == ("101201", True)
    _refused(lambda: voucher_accounts.change(lived.manager, "income:没有", "1", "x"), "unknown_account")
    _refused(lambda: voucher_accounts.change(lived.manager, "cash", "一〇〇一", "现金"), "bad_account_code")
    _refused(lambda: voucher_accounts.change(lived.manager, "cash", "1001", " "), "bad_account_name")


def test_from_the_terminal(lived: Office, tmp_path: Path) -> None:
    lived.with_staff("赵财务", "李收费")
    file = tmp_path / "凭证.xlsx"
    status, said = lived.command("voucher", "export", "--period", "2026-08", "--format", "kingdee", "--out", str(file))
    assert (status, said["file"], said["debit_fen"] == said["credit_fen"]) == (0, str(file), True)
    assert file.exists()
    status, said = lived.command("voucher", "export", "--period", "2026-08", "--format", "kingdee", user="赵财务")
    assert (status, said["error"]["code"]) == (3, "already_exported")
    assert lived.command("account", "set", "cash", "100101", "库存现金-前台", user="赵财务")[1]["own"] is True
    rows = lived.command("account", "list", user="李收费")[1]["accounts"]
    assert {"account": "cash", "title": "收款：现金", "code": "100101", "name": "库存现金-前台", "own": True} in rows
    assert lived.command("voucher", "list", user="李收费")[1]["batches"][0]["month"] == "2026-08"
    with pytest.raises(NotAllowed):
        door.export(lived.seat("李收费"), "2026-09", "kingdee")
