"""月结, 重开 and 导出凭证 from the page of the bill run."""

from __future__ import annotations

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from app.services import closes, month_close
from tests.builders import PASSWORD, Office
from tests.ui.hands import show
from ui.pages.billing import BillingPage
from ui.pages.month_dialogs import ExportVouchers, ShutMonth
from ui.workers.runner import Runner


@pytest.fixture
def july(office: Office) -> Office:
    """A month that is over, its only cashier's days closed."""
    office.with_staff("赵财务").with_houses().with_item(name="物业费")
    office.bill("2026-07")
    office.pay("3-1-0101", 20962)
    office.clock.to("2026-08-05")
    closes.close(office.manager, None, 20962)
    return office


def _opens(page: BillingPage, qtbot: QtBot, kind: type[ShutMonth] | type[ExportVouchers]) -> ShutMonth | ExportVouchers:
    (page.shutting if kind is ShutMonth else page.exporting).trigger()
    qtbot.waitUntil(lambda: any(made.isVisible() for made in page.area.findChildren(kind)))
    return next(made for made in page.area.findChildren(kind) if made.isVisible())


def test_a_month_is_shut_exported_and_opened_again(july: Office, qtbot: QtBot, runner: Runner) -> None:
    page = BillingPage(july.seat("赵财务"), runner)
    show(qtbot, page)
    dialog = _opens(page, qtbot, ShutMonth)
    assert isinstance(dialog, ShutMonth)
    assert dialog.form.typed["month"] == "2026-07"
    qtbot.waitUntil(lambda: dialog.live.one.text() == "应收 419.24　调整 0.00　收款 209.62 元")
    assert dialog.live.more.text().startswith("现金 209.62；月底欠费 209.62，预存 0.00")
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args == ["2026-07 已月结，欠费 209.62 元。"]
    sheet = _opens(page, qtbot, ExportVouchers)
    assert sheet.form.typed["month"] == "2026-07"
    with qtbot.waitSignal(sheet.landed):
        sheet.form.submit()
    (file,) = july.seat("赵财务").store.paths.out.glob("凭证-2026-07-yonyou.xlsx")
    assert openpyxl.load_workbook(file).active is not None
    again = _opens(page, qtbot, ExportVouchers)
    again.form.submit()
    qtbot.waitUntil(
        lambda: "已经" in again.form.message.said.text() or any(b.problem for b in again.form.boxes.values())
    )
    again.finish()
    back = _opens(page, qtbot, ShutMonth)
    back.form.boxes["month"].put("2026-07")
    back.form.boxes["act"].put("reopen")
    back.form.boxes["reason"].put("漏记一笔")
    back.form.boxes["second"].put("王经理")
    back.form.boxes["password"].put(PASSWORD)
    with qtbot.waitSignal(back.landed) as said:
        back.form.submit()
    assert said.args == ["2026-07 已重开。"]
    assert month_close.listing(july.manager).next == "2026-07"


def test_what_stands_in_the_way_is_said_before_anything_is_shut(july: Office, qtbot: QtBot, runner: Runner) -> None:
    july.clock.to("2026-09-01")
    page = BillingPage(july.manager, runner)
    show(qtbot, page)
    dialog = _opens(page, qtbot, ShutMonth)
    assert isinstance(dialog, ShutMonth)
    qtbot.waitUntil(lambda: dialog.live.one.text().startswith("应收 419.24"))
    dialog.form.boxes["month"].put("2026-08")
    dialog.live.again()
    qtbot.waitUntil(lambda: dialog.live.one.text().startswith("2026-07 还没有月结"))
    assert july.sql("SELECT count(*) FROM month_close") == [(0,)]
