"""账单与收款: bills and receipts, what each says, and taking receipts back."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.domain.money import yuan
from app.services import bank, bank_list, bill_file, bill_list, invoice_list, printing, receipt_list
from app.services.bank import BankRow
from app.services.bank_list import LINES as BANK_LINES
from app.services.bank_list import LineRow
from app.services.bill_file import BillFile, FileLine, Print, ReceiptFile
from app.services.bill_list import BILLS, BillRow
from app.services.imports import KINDS
from app.services.invoice_list import INVOICES, InvoiceRow
from app.services.list_face import Kind, Query
from app.services.printing import BillsPrinted, ReceiptPrinted
from app.services.purse import METHODS
from app.services.receipt_list import RECEIPTS, ReceiptRow
from app.services.seat import Seat
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import action, text
from ui.models.cell_text import state_of
from ui.models.plain_model import column
from ui.pages.bank_panel import show_line
from ui.pages.dialog import Dialog
from ui.pages.finance_dialogs import offer_export
from ui.pages.invoice_dialogs import AskInvoice, DropInvoice, NoteInvoice, SettleReceipt
from ui.pages.list_body import ListBody
from ui.pages.list_page import ListPage, View
from ui.pages.list_panel import DetailPanel, buttons, figures, heading
from ui.pages.panel_table import PanelTable
from ui.pages.undo_receipt import TakeBack
from ui.printers import BILL, RECEIPT
from ui.workers.runner import Runner
from ui.workers.topic import Topic

LINES = (
    column("item", "费用"),
    column("period", "账期", Kind.PERIOD, 8),
    column("how", "计算"),
    column("amount", "金额", Kind.MONEY, 9),
    column("open", "未收", Kind.MONEY, 9),
)
PAID_LINES = (*LINES[:2], LINES[3])
APPLIED = (
    column("on", "日期", Kind.DATE, 10),
    column("receipt", "票号", Kind.NUMBER, 16),
    column("how", "方式"),
    column("amount", "金额", Kind.MONEY, 9),
)
PRINTS = (column("at", "时间", Kind.MOMENT, 16), column("by", "打印人"), column("copy", "第几份", Kind.COUNT, 6))
BILLS_VIEW, RECEIPTS_VIEW, INVOICES_VIEW, BANK_VIEW = range(4)
RECEIPT_NUMBER = re.compile(r"[A-Z]{1,4}[0-9]{4}-[0-9]{8}")
"""How a receipt's number is told from a house's."""


def _who(row: BillRow | ReceiptRow | InvoiceRow | LineRow) -> str | None:
    """Whom a row is about."""
    if isinstance(row, InvoiceRow):
        return row.title
    return row.counterparty if isinstance(row, LineRow) else row.payer


class BillsPage(ListPage):
    """Three views; Ctrl+P prints what is chosen in the one in front, but for the bank's lines."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        bills: ListBody[BillRow] = ListBody(BILLS.face, bill_list, seat, runner, hint="账单号、房号、付款人")
        bills.empty = ("receipt", "还没有账单", "设好收费标准后，在“出账”里过账，账单就在这里。", ())
        taken: ListBody[ReceiptRow] = ListBody(RECEIPTS.face, receipt_list, seat, runner, hint="票号、房号、付款人")
        taken.empty = ("counter", "还没有收过款", "在“收费台”收第一笔款，收据就在这里。", ())
        asked: ListBody[InvoiceRow] = ListBody(INVOICES.face, invoice_list, seat, runner, hint="申请号、收据、抬头")
        asked.empty = ("receipt", "还没有开票申请", "在“收款”里选一张收据，点“开票申请”。", ())
        came: ListBody[LineRow] = ListBody(BANK_LINES.face, bank_list, seat, runner, hint="户名、附言、流水编号")
        came.empty = ("import", "还没有银行流水", "在“财务”里导入银行、微信或支付宝的流水，和收款核对。", ())
        views = (
            View("账单", bills, DetailPanel(["明细", "收款", "打印"])),
            View("收款", taken, DetailPanel(["明细", "打印"])),
            View("开票", asked, DetailPanel(["申请"])),
            View("流水", came, DetailPanel(["核对"])),
        )
        super().__init__(seat, runner, "账单与收款", views)
        self.found: BillFile | ReceiptFile | None = None
        self._panel_topic, self._print_topic, self._hand_topic = Topic(), Topic(), Topic()
        self.printing = action(self, "打印选中账单", "Ctrl+P", self.print_chosen)
        self.voiding = action(self, "作废", "", lambda: self.take_back("void"))
        self.reversing = action(self, "红冲", "", lambda: self.take_back("reverse"))
        self._print_button = HintButton("", self.printing, Weight.PRIMARY, icon="print")
        self.handing = action(self, "导出给财务…", "", lambda: offer_export(self, self._hand_topic))
        self.bringing = action(self, "导入收款…", "", lambda: self.wanted.emit("import", "payments"))
        self.stating = action(self, "导入银行流水…", "", lambda: self.wanted.emit("import", "bank"))
        self.bringing.setEnabled(seat.may(KINDS["payments"].permission))
        self.head.add(self._more(), self.export_button(), self._print_button)
        self.view_changed()

    def _more(self) -> HintButton:
        """What finance does here; who only looks has the export alone."""
        if not self.bringing.isEnabled():
            return HintButton("", self.handing)
        more = HintButton("财务", icon="more")
        menu = QMenu(more)
        menu.addActions([self.bringing, self.stating, self.handing])
        more.setMenu(menu)
        return more

    def view_changed(self) -> None:
        """Bills, receipts, or what is printed by nobody: who may print which."""
        bills, printed = self.view is self.views[BILLS_VIEW], self.view in self.views[:INVOICES_VIEW]
        self.printing.setText("打印选中账单" if bills else "打印收据")
        self._print_button.setText(self.printing.text())
        self._print_button.setVisible(printed and self.seat.may("run_bills" if bills else "take_payment"))
        self.current_changed()

    def current_changed(self) -> None:
        """What is chosen can be printed; what may be taken back is known once it is read."""
        self.printing.setEnabled(self.row is not None and not self._print_button.isHidden())
        if self.row is None or self.view is not self.views[RECEIPTS_VIEW]:
            self.found = None
            self._allow_taking_back(None)

    def _allow_taking_back(self, found: ReceiptFile | None) -> None:
        """作废 of today's receipt, 红冲 of any that was not taken back and takes none back itself."""
        whole = found is not None and not found.undone and not found.undoes
        today = found is not None and found.today
        self.voiding.setEnabled(whole and today and self.seat.may("request_void"))
        self.reversing.setEnabled(whole and self.seat.may("request_reversal"))

    def main_actions(self) -> tuple[QAction, ...]:
        """Print and export."""
        return (self.printing, self.exporting)

    def open_with(self, what: object) -> None:
        """A house's number: its bills; a receipt's number: the receipt; a question: receipts by day, or bills."""
        if isinstance(what, Query):
            self.go_view(RECEIPTS_VIEW if what.values("today") else BILLS_VIEW)
        elif isinstance(what, str):
            self.go_view(RECEIPTS_VIEW if RECEIPT_NUMBER.fullmatch(what) else BILLS_VIEW)
        super().open_with(what)

    # the panel

    def show_row(self, view: View, row: Any) -> None:
        """The head at once, the lines when they are read."""
        self._allow_taking_back(None)
        state = state_of(view.body.face.column("state"), row.state)
        badge = (state.tone, state.word, state.icon) if state else None
        who = (row.house, _who(row))
        view.panel.show_head(row.number, " · ".join(part for part in who if part), badge)
        if isinstance(row, InvoiceRow):
            self._show_invoice(row)
        elif isinstance(row, BillRow):
            self.run(
                lambda _: bill_file.bill(self.seat, row.number),
                topic=self._panel_topic,
                done=self._show_bill,
                failed=view.panel.message.tell,
            )
        elif isinstance(row, LineRow):
            self.run(
                lambda _: bank.line(self.seat, row.number),
                topic=self._panel_topic,
                done=self._show_line,
                failed=view.panel.message.tell,
            )
        else:
            self.run(
                lambda _: bill_file.receipt(self.seat, row.number),
                topic=self._panel_topic,
                done=self._show_receipt,
                failed=view.panel.message.tell,
            )

    def _show_invoice(self, row: InvoiceRow) -> None:
        body = self.views[INVOICES_VIEW].panel.tab(0)
        body.addWidget(figures((("不含税", yuan(row.net), ""), ("税额", yuan(row.tax), ""),
                                ("价税合计", yuan(row.net + row.tax), ""))))  # fmt: skip
        facts = [f"收据 {row.receipt}，{row.on.isoformat()} 申请"]
        facts += [f"税号 {row.tax_number}"] if row.tax_number else []
        facts += [f"发票 {row.invoice}，{row.issued.isoformat()} 开出"] if row.invoice and row.issued else []
        for fact in facts:
            body.addWidget(text(fact, "small", wrap=True))
        if row.state == "undone":
            body.addWidget(text("收据后来作废或红冲了：撤回申请；已开出的发票要红冲。", "warned", wrap=True))
        made = []
        if row.state == "asked" and self.seat.may("run_bills"):
            made.append(HintButton("已开票…", small=True))
            made[-1].clicked.connect(lambda: self._follow(NoteInvoice(self, row)))
        if row.state != "dropped" and self.seat.may("take_payment"):
            made.append(HintButton("撤回…", weight=Weight.DANGER, small=True))
            made[-1].clicked.connect(lambda: self._follow(DropInvoice(self, row)))
        if made:
            body.addWidget(buttons(*made))
        body.addStretch(1)

    def _follow(self, dialog: Dialog) -> None:
        dialog.landed.connect(self.landed)

    def _show_line(self, found: BankRow) -> None:
        show_line(self, self.views[BANK_VIEW].panel, found, lambda dialog: dialog.landed.connect(self.landed))

    def _show_bill(self, found: BillFile) -> None:
        self.found, panel = found, self.views[BILLS_VIEW].panel
        charged, opened = (sum(getattr(line, key) for line in found.lines) for key in ("amount", "open"))
        body = panel.tab(0)
        body.addWidget(
            figures(
                (
                    ("应收", yuan(charged), ""),
                    ("已收", yuan(sum(row.amount for row in found.applied)), ""),
                    ("未收", yuan(opened), "danger" if opened else ""),
                )
            )
        )
        due = f"账期 {found.month}" + (f"，{found.due.isoformat()} 到期" if found.due else "")
        body.addWidget(text(due + ("，已作废" if found.void else ""), "small"))
        self._lines(body, found.lines)
        body = panel.tab(1)
        if found.applied:
            body.addWidget(PanelTable("收款", APPLIED, found.applied, ("how",)))
        else:
            body.addWidget(text("还没有收过款。", "third"))
        body.addStretch(1)
        self._prints(panel.tab(2), found.prints)

    def _lines(self, body: QVBoxLayout, lines: tuple[FileLine, ...]) -> None:
        body.addWidget(heading(f"费用（{len(lines)}）"))
        table, said = PanelTable("费用", LINES, lines, ("how",)), QWidget()
        below = QVBoxLayout(said)
        below.setContentsMargins(0, 0, 0, 0)
        for line in lines:
            if line.how:
                below.addWidget(text(f"{line.item} {line.period}：{line.how}", "third", wrap=True))
        # How a line arose stands below the table only where its column had no room.
        table.dropped.connect(lambda hidden: said.setVisible("how" in hidden))
        body.addWidget(table)
        body.addWidget(said)
        body.addStretch(1)

    def _prints(self, body: QVBoxLayout, prints: tuple[Print, ...]) -> None:
        if prints:
            body.addWidget(PanelTable("打印记录", PRINTS, prints))
        else:
            body.addWidget(text("还没有打印过。", "third"))
        body.addStretch(1)

    def _show_receipt(self, found: ReceiptFile) -> None:
        self.found, panel = found, self.views[RECEIPTS_VIEW].panel
        body = panel.tab(0)
        body.addWidget(figures((("金额", yuan(found.amount), ""), ("其中转入预存", yuan(found.rest), ""))))
        said = f"{found.on.isoformat()}，{found.method}"
        if found.undoes:
            said += f"，红冲 {found.undoes}"
        if found.settled:
            said += f"；{found.settled}"
        body.addWidget(text(said, "small"))
        if found.undone:
            body.addWidget(text(found.undone + "。", "warned", wrap=True))
        self._offer(body, found)
        body.addWidget(heading("用于"))
        if found.lines:
            body.addWidget(PanelTable("用于", PAID_LINES, found.lines))
        else:
            body.addWidget(text("全部转入预存。", "third"))
        body.addStretch(1)
        self._prints(panel.tab(1), found.prints)

    def _offer(self, body: QVBoxLayout, found: ReceiptFile) -> None:
        self._allow_taking_back(found)
        whole = not found.undone and not found.undoes
        made = []
        if self.seat.may("take_payment"):
            made.append(HintButton("补打" if found.prints else "打印", icon="print", small=True))
            made[0].clicked.connect(lambda: self._print_receipt(found.number))
        if whole and self.seat.may("take_payment"):
            made.append(HintButton("开票申请…", small=True))
            made[-1].clicked.connect(lambda: self._follow(AskInvoice(self, found)))
        if whole and found.method != METHODS["cash"] and self.seat.may("run_bills"):
            made.append(HintButton("到账…", small=True))
            made[-1].clicked.connect(lambda: self._follow(SettleReceipt(self, found)))
        if self.voiding.isEnabled():
            made.append(HintButton("作废…", self.voiding, Weight.DANGER, small=True))
        if self.reversing.isEnabled():
            made.append(HintButton("红冲…", self.reversing, Weight.DANGER, small=True))
        if made:
            body.addWidget(buttons(*made))

    def take_back(self, verb: str) -> TakeBack | None:
        """The dialog that takes the shown receipt back."""
        if not isinstance(self.found, ReceiptFile):
            return None
        dialog = TakeBack(self, verb, self.found)
        dialog.landed.connect(self.landed)
        return dialog

    # printing

    def print_chosen(self) -> None:
        """The chosen bills in the order of the round, or the current receipt."""
        if self.view is self.views[RECEIPTS_VIEW]:
            if isinstance(self.row, ReceiptRow):
                self._print_receipt(self.row.number)
            return
        body, seat = self.view.body, self.seat
        keys = sorted(body.model.selected) or ([body.table.key] if body.table.key is not None else [])
        target = seat.store.paths.out / f"账单_{seat.store.wall_clock():%Y%m%d-%H%M%S}.pdf"

        def work(_: object) -> BillsPrinted:
            rows = bill_list.rows(seat, keys)
            return printing.print_chosen(seat, tuple(row.number for row in rows.values()), target)

        self.run(work, topic=self._print_topic, done=self._bills_printed, writes=True, what="打印账单")

    def _bills_printed(self, done: BillsPrinted) -> None:
        warned = "".join(done.warnings)
        self.message.say("warn" if warned else "ok", f"已做好 {done.bills} 张账单，{done.pages} 页。", warned)
        self.show_paper(done.file, BILL)
        self.reload()

    def _print_receipt(self, number: str) -> None:
        seat = self.seat
        target = seat.store.paths.out / f"{number}.pdf"
        self.run(
            lambda _: printing.print_receipt(seat, number, target),
            topic=self._print_topic,
            done=self._receipt_printed,
            writes=True,
            what="打印收据",
        )

    def _receipt_printed(self, done: ReceiptPrinted) -> None:
        again = f"，补打 {done.copy - 1}" if done.copy > 1 else ""
        self.message.say("ok", f"收据 {done.receipt} 已做好{again}。")
        self.show_paper(done.file, RECEIPT)
        self.reload()
