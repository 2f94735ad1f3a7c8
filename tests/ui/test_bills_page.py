"""账单与收款: what a bill and a receipt say, printing, taking back with a second person."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.services import bill_file, entrance, printing, receipts
from app.services.bill_file import ReceiptFile
from app.services.invoice_list import InvoiceRow
from app.services.list_face import Query
from app.services.progress import Progress
from app.services.refused import Refused
from tests.builders import PASSWORD, Office
from tests.ui.hands import type_in
from tests.ui.list_pages import go_to, open_page, settled
from ui.pages.bills import BANK_VIEW, INVOICES_VIEW, RECEIPTS_VIEW, BillsPage
from ui.pages.invoice_dialogs import AskInvoice, NoteInvoice
from ui.pages.panel_table import PanelTable
from ui.pages.print_preview import PrintPreviewPage
from ui.pages.printing import page_count, send_pages
from ui.printers import BILL, PrintJob
from ui.workers.runner import Runner


@pytest.fixture
def billed(office: Office) -> Office:
    office.with_houses().with_item().set(letterhead="样例物业", office_name="样例花园服务中心")
    office.bill("2026-06", "2026-06-01")
    office.pay("3-1-101", 20962)
    return office.with_staff("李收费", "周经理", "郑审计")


def _receipts(qtbot: QtBot, runner: Runner, office: Office, login: str) -> BillsPage:
    page = open_page(qtbot, runner, BillsPage, office.seat(login))
    page.go_view(RECEIPTS_VIEW)
    qtbot.waitUntil(lambda: page.view.body.model.ready)
    settled(qtbot, page)
    go_to(qtbot, page, page.view.body.model.keys[0])
    assert isinstance(page, BillsPage)
    return page


def test_a_bill_says_how_it_arose_and_where_the_money_came_from(billed: Office) -> None:
    found = bill_file.bill(billed.manager, "B2026-06-000001")
    (line,) = found.lines
    assert (line.item, line.how, line.amount, line.open) == ("费WY", "89.2 m² × 2.35", 20962, 0)
    assert [(row.receipt, row.how, row.amount) for row in found.applied] == [("S2026-00000001", "现金", 20962)]
    with pytest.raises(Refused):
        bill_file.bill(billed.manager, "B2026-06-000099")
    taken = bill_file.receipt(billed.manager, "S2026-00000001")
    assert (taken.house, taken.rest, taken.undone, taken.today) == ("3-1-0101", 0, "", True)


def test_how_a_line_arose_stands_in_the_table_or_below_it(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, BillsPage, billed.manager)
    go_to(qtbot, page, page.view.body.model.keys[0])
    settled(qtbot, page)
    (table,) = [each for each in page.view.panel.findChildren(PanelTable) if each.accessibleName() == "费用"]
    qtbot.waitUntil(table.isVisible)

    def below() -> bool:
        said = [each for each in page.view.panel.findChildren(QLabel) if "89.2 m² × 2.35" in each.text()]
        return any(each.isVisible() for each in said)

    for width in (220, 600, 220):
        table.setMinimumWidth(width)
        table.resize(width, table.height())
        assert below() == (width == 220), width


def test_chosen_bills_are_printed_in_the_order_of_the_round(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, BillsPage, billed.manager)
    page.view.body.table.selectAll()
    page.view.body.table.go_to(page.view.body.model.keys[0])
    page.view.body.table.selectAll()
    settled(qtbot, page)
    with qtbot.waitSignal(page.wanted) as sent:
        page.printing.trigger()
    key, job = sent.args
    assert (key, job.kind, page_count(job.file)) == ("print", BILL, 1)
    settled(qtbot, page)
    assert all(page.view.body.model.row_of(key).printed for key in page.view.body.model.keys)
    with pytest.raises(Refused):
        printing.print_chosen(billed.manager, ("B2026-06-000077",), job.file)


def test_a_receipt_is_voided_with_the_second_person_s_password(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _receipts(qtbot, runner, billed, "李收费")
    dialog = page.take_back("void")
    assert dialog is not None
    dialog.form.submit()
    assert dialog.form.boxes["reason"].problem is not None
    for key, typed in (("reason", "录错金额"), ("second", "周经理"), ("password", "wrong password")):
        type_in(dialog.form.boxes[key].edit, typed)
    dialog.form.submit()
    qtbot.waitUntil(dialog.form.message.isVisible)
    assert dialog.form.typed["reason"] == "录错金额"
    dialog.form.boxes["password"].put(PASSWORD)
    billed.clock.move(minutes=2)
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args == ["收据 S2026-00000001 已作废。"]
    settled(qtbot, page)
    assert page.view.body.model.row_at(0).state == "void"
    assert page.view.body.foot.sums.words == "金额 0.00（已作废不计）"
    qtbot.waitUntil(lambda: page.found is not None and "作废" in page.found.undone)


def test_without_a_second_person_the_request_waits(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _receipts(qtbot, runner, billed, "李收费")
    dialog = page.take_back("reverse")
    assert dialog is not None
    type_in(dialog.form.boxes["reason"].edit, "错收")
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert "申请 A2026-000001 已提交" in said.args[0]


def test_only_what_stands_is_taken_back_and_keys_are_told_that_work(
    billed: Office, qtbot: QtBot, runner: Runner
) -> None:
    page = _receipts(qtbot, runner, billed, "李收费")
    assert page.voiding.isEnabled()
    assert page.reversing.isEnabled()
    assert page.keys()[0] == ("Ctrl+P", "打印收据")
    page.view.body.ask(Query("没有这样的收据"))
    settled(qtbot, page)
    qtbot.waitUntil(lambda: page.row is None)
    assert not page.voiding.isEnabled()
    assert not page.reversing.isEnabled()
    assert page.take_back("void") is None
    for place in (INVOICES_VIEW, BANK_VIEW):
        page.go_view(place)
        settled(qtbot, page)
        assert page.keys()[:2] == (("Ctrl+E", "导出"), ("Alt+↑↓", "换行"))
    receipts.reverse(billed.seat("李收费"), "S2026-00000001", "错收", second=entrance.approver(
        billed.manager, "周经理", PASSWORD))  # fmt: skip
    page.go_view(RECEIPTS_VIEW)
    page.view.body.ask(Query())
    settled(qtbot, page)
    for key in page.view.body.model.keys:
        go_to(qtbot, page, key)
        assert not page.voiding.isEnabled()
        assert not page.reversing.isEnabled()


def test_the_auditor_only_reads(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _receipts(qtbot, runner, billed, "郑审计")
    words = [button.text() for button in page.view.panel.findChildren(type(page._print_button)) if button.isVisible()]
    assert not [word for word in words if "作废" in word or "红冲" in word or "打印" in word]
    assert page._print_button.isHidden()


def test_the_preview_shows_and_prints_every_page(billed: Office, qtbot: QtBot, runner: Runner, tmp_path: Path) -> None:
    path = billed.folder / "out" / "b.pdf"
    printing.print_bills(billed.manager, "2026-06", path)
    page = PrintPreviewPage(billed.manager, runner)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    assert not page.printing.isEnabled()
    page.open_with(PrintJob(path, BILL))
    qtbot.waitUntil(lambda: len(page.papers) == 1)
    before = page.papers[0].width()
    page.zoom(-1)
    assert page.papers[0].width() < before
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    assert send_pages(path, printer, Progress()) == 1
    assert page_count(tmp_path / "printed.pdf") == 1


def test_an_invoice_is_asked_for_and_its_number_written_down(billed: Office, qtbot: QtBot, runner: Runner) -> None:
    page = _receipts(qtbot, runner, billed, "李收费")
    qtbot.waitUntil(lambda: isinstance(page.found, ReceiptFile))
    assert isinstance(page.found, ReceiptFile)
    asked = AskInvoice(page, page.found)
    assert asked.form.typed["title"] == "业主3-1-0101"
    asked.form.fill({"title": "样例公司", "tax_number": "91350100M000100Y44"})
    asked.form.submit()
    qtbot.waitUntil(lambda: asked.form.boxes["tax_number"].problem is not None, timeout=5000)
    assert asked.form.typed["title"] == "样例公司"
    asked.form.fill({"title": "样例公司", "tax_number": "91350100M000100Y43"})
    with qtbot.waitSignal(asked.landed, timeout=5000) as said:
        asked.form.submit()
    assert said.args[0] == "开票申请 K2026-000001：不含税 209.62 元，税额 0.00 元。"
    page = open_page(qtbot, runner, BillsPage, billed.manager)
    page.go_view(INVOICES_VIEW)
    qtbot.waitUntil(lambda: page.view.body.model.ready and bool(page.view.body.model.keys), timeout=5000)
    settled(qtbot, page)
    go_to(qtbot, page, page.view.body.model.keys[0])
    row = page.row
    assert isinstance(row, InvoiceRow)
    assert not page.printing.isEnabled()
    noted = NoteInvoice(page, row)
    noted.form.fill({"invoice": "25120000001", "on": "2026-07-06"})
    with qtbot.waitSignal(noted.landed, timeout=5000):
        noted.form.submit()
    assert billed.sql("SELECT state, invoice FROM invoice_request") == [("issued", "25120000001")]
