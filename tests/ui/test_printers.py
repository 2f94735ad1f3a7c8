"""Receipts come out by themselves on the printer that was chosen for them; what was booked stays booked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from app.services.refused import Refused
from tests.builders import Office
from tests.ui.first_month import Hands
from tests.ui.hands import press
from tests.ui.windows import Desk
from ui.forms.hint_button import HintButton
from ui.pages.counter import CounterPage
from ui.pages.printing import page_size
from ui.printers import BILL, RECEIPT, Printers, gone, paper, put_paper
from ui.remembered import Remembered


class Workshop(Printers):
    """Printers that this PC does not have: each prints into a file of its own, while it is switched on."""

    def __init__(self, remembered: Remembered, folder: Path) -> None:
        super().__init__(remembered)
        self.folder = folder
        self.on = True
        self.sheets = 0

    def open(self, name: str) -> QPrinter:
        """The printer as a file."""
        if not self.on:
            raise gone(name)
        self.sheets += 1
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.folder / f"{name}-{self.sheets}.pdf"))
        return printer


@pytest.fixture
def remembered(tmp_path: Path) -> Remembered:
    return Remembered(tmp_path / "pc")


@pytest.fixture
def counter(desk: Desk, office: Office, remembered: Remembered, tmp_path: Path) -> Iterator[CounterPage]:
    """The counter of a cashier whose receipts go to EPSON; two houses owe June."""
    office.with_staff("李收费").with_houses().with_item(name="物业费")
    office.bill("2026-06", "2026-06-01")
    shell = desk.log_in("李收费")
    shell.go("counter")
    desk.quiet()
    page = shell.page
    assert isinstance(page, CounterPage)
    remembered.keep_printer(RECEIPT, "EPSON LQ-630K", 241, 93.1)
    page.printers = Workshop(remembered, tmp_path)
    return page


def take(desk: Desk, page: CounterPage, house: str) -> None:
    hands = Hands()
    hands.press("F2")
    hands.type(house)
    hands.press("Enter")
    desk.qtbot.waitUntil(page.till.received.hasFocus)
    hands.type("209.62")
    hands.press("Enter")
    desk.quiet()
    assert len(hands.chords) <= 6


def test_a_receipt_comes_out_by_itself_and_the_hands_stay_at_the_counter(
    desk: Desk, counter: CounterPage, tmp_path: Path
) -> None:
    take(desk, counter, "3-1-0101")
    shell = desk.window and desk.window.shell
    assert shell is not None
    assert shell.page is counter
    assert counter.search.hasFocus()
    assert "S2026-00000001 已送去打印" in shell.statusbar.message.words
    document = pypdfium2.PdfDocument(tmp_path / "EPSON LQ-630K-1.pdf")
    assert len(document) == 2
    document.close()
    assert page_size(tmp_path / "EPSON LQ-630K-1.pdf") == pytest.approx((241, 93.1), abs=0.5)


def test_a_printer_that_is_off_costs_no_receipt(desk: Desk, counter: CounterPage, office: Office) -> None:
    workshop = counter.printers
    assert isinstance(workshop, Workshop)
    workshop.on = False
    take(desk, counter, "3-1-0101")
    said = counter.message.said.text()
    assert "没有响应" in said
    assert "已记账（S2026-00000001），没有丢" in said
    assert office.sql("SELECT amount FROM payment") == [(20962,)]
    again = next(b for b in counter.message.findChildren(HintButton) if b.text() == "重打")
    workshop.on = True
    press(again, Qt.Key.Key_Space)
    desk.quiet()
    assert workshop.sheets == 1
    assert office.sql("SELECT COUNT(*) FROM payment") == [(1,)]


def test_each_kind_of_document_has_its_printer_and_paper(remembered: Remembered, tmp_path: Path) -> None:
    workshop = Workshop(remembered, tmp_path)
    printer = workshop.open("HP")
    put_paper(printer, 210, 297)
    workshop.keep(BILL, printer)
    assert workshop.known(BILL) == ""
    remembered.keep_printer(BILL, "HP LaserJet", 210, 297)
    remembered.keep_printer(RECEIPT, "EPSON", 241, 93.1)
    assert (workshop.known(BILL), workshop.known(RECEIPT)) == ("HP LaserJet", "EPSON")
    assert paper(workshop.ready(RECEIPT)) == pytest.approx((241, 93.1), abs=0.5)
    with pytest.raises(Refused) as why:
        Printers(remembered).ready(RECEIPT)
    assert "EPSON" in why.value.problem.text
