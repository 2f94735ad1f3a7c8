"""导出给财务 from 账单与收款 and 出账, and a statement as a workbook."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from app.services.progress import Cancelled, Progress, watching
from tests.builders import Office
from tests.ui.hands import show
from tests.ui.windows import Desk
from ui.pages.billing import BillingPage
from ui.pages.bills import BillsPage
from ui.pages.finance_dialogs import ExportFinance
from ui.pages.house_dialogs import HandStatement
from ui.workers.runner import Runner


def _opened(page: BillsPage | BillingPage, qtbot: QtBot) -> ExportFinance:
    page.handing.trigger()
    qtbot.waitUntil(lambda: any(made.isVisible() for made in page.area.findChildren(ExportFinance)))
    return next(made for made in page.area.findChildren(ExportFinance) if made.isVisible())


@pytest.fixture
def billed(office: Office) -> Office:
    office.with_houses().with_item(name="物业费")
    office.bill("2026-07")
    office.pay("3-1-0101", 30_000)
    return office


def test_a_table_is_written_and_said_where(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = BillsPage(billed.manager, runner)
    show(qtbot, page)
    dialog = _opened(page, qtbot)
    assert dialog.form.typed["first"] == "2026-07-01"
    dialog.form.boxes["kind"].put("payments")
    dialog.form.boxes["building"].put("3")
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    file = billed.manager.store.paths.out / "收款明细_2026-07-01_2026-07-06_3号楼.xlsx"
    assert str(file) in said.args[0]
    assert "金额 300.00" in said.args[0]
    assert str(file) in page.message.said.text()
    assert openpyxl.load_workbook(file)["收款明细"]["I4"].value == 300


def test_a_wrong_day_stands_in_its_field(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = BillingPage(billed.manager, runner)
    show(qtbot, page)
    dialog = _opened(page, qtbot)
    dialog.form.boxes["kind"].put("arrears")
    dialog.form.boxes["last"].put("2026-08-01")
    dialog.form.submit()
    qtbot.waitUntil(
        lambda: "将来" in dialog.form.message.said.text() or any(b.problem for b in dialog.form.boxes.values())
    )
    assert not list(billed.manager.store.paths.out.glob("*.xlsx"))
    dialog.finish()


def test_a_cancelled_table_leaves_nothing(billed: Office, tmp_path: Path) -> None:
    from app.services import finance_export

    class Impatient(Progress):
        def step(self, n: int, of: int, what: str | None = None) -> None:
            if n:
                self.cancel()
            super().step(n, of, what)

    with pytest.raises(Cancelled), watching(Impatient()):
        finance_export.export(billed.manager, "charges", tmp_path / "t.xlsx")
    assert list(tmp_path.glob("*.xlsx*")) == []
    assert billed.sql("SELECT count(*) FROM audit WHERE action = 'finance.exported'") == [(0,)]


def test_a_statement_is_written_as_a_workbook(desk: Desk, office: Office) -> None:
    shell = desk.log_in_billed(office, "王经理")
    shell.go("houses")
    desk.quiet()
    assert shell.page is not None
    dialog = HandStatement(shell.page, "3-1-0101")
    dialog.form.boxes["made"].put("xlsx")
    with desk.qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args[0].endswith("对账单-3-1-0101.xlsx")
    assert openpyxl.load_workbook(office.folder / "out" / "对账单-3-1-0101.xlsx")["对账单"]["A3"].value == "日期"
