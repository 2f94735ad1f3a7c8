"""开票申请 and 到账 of a receipt: who the invoice is for, its number once it is issued, when a channel paid out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from app.domain.money import parse_yuan, yuan
from app.services import invoices, payouts
from app.services.bill_file import ReceiptFile
from app.services.invoice_list import InvoiceRow
from app.services.invoices import InvoiceAsked
from app.services.payouts import PaidOut
from ui.forms.field import Field, Kind
from ui.pages.dialog import Dialog
from ui.pages.page import Page


def _fen(typed: str) -> int:
    return int(parse_yuan(typed))


class AskInvoice(Dialog):
    """An invoice for a receipt; the payer's name stands there at first."""

    def __init__(self, page: Page, found: ReceiptFile) -> None:
        super().__init__(
            page,
            f"收据 {found.number} 开票申请",
            "金额按收据核销的费用和税率算，押金不开票，预存用到时再开。",
            (
                Field("title", "抬头"),
                Field("tax_number", "税号", optional=True, hint="统一社会信用代码；个人不用填"),
            ),
            "提交申请",
        )
        self._receipt, self._key = found.number, str(uuid4())
        self.form.fill({"title": found.payer})

    def act(self, values: Mapping[str, Any]) -> None:
        """Ask for it."""

        def ask() -> InvoiceAsked:
            with self.page.seat.once(self._key):
                return invoices.ask(self.page.seat, self._receipt, values["title"], values["tax_number"] or "")

        self.do(
            ask,
            lambda done: f"开票申请 {done.number}：不含税 {yuan(done.net_fen)} 元，税额 {yuan(done.tax_fen)} 元。",
        )


class NoteInvoice(Dialog):
    """The number of the invoice that was issued."""

    def __init__(self, page: Page, row: InvoiceRow) -> None:
        super().__init__(
            page,
            f"{row.number} 已开票",
            f"{row.title}，价税合计 {yuan(row.net + row.tax)} 元。",
            (Field("invoice", "发票号码"), Field("on", "开票日期", page.read_day, kind=Kind.DAY)),
            "记下",
        )
        self._number, self._key = row.number, str(uuid4())
        self.form.fill({"on": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""

        def note() -> InvoiceAsked:
            with self.page.seat.once(self._key):
                return invoices.issued(self.page.seat, self._number, values["invoice"], values["on"])

        self.do(note, lambda done: f"{done.number} 已开票：{done.invoice}。")


class DropInvoice(Dialog):
    """A request that is taken back."""

    def __init__(self, page: Page, row: InvoiceRow) -> None:
        about = "已开出的发票请先在开票系统里红冲。" if row.invoice else "撤回后可以重新申请。"
        super().__init__(page, f"撤回开票申请 {row.number}？", about, (Field("reason", "原因"),), "撤回", danger=True)
        self._number, self._key = row.number, str(uuid4())

    def act(self, values: Mapping[str, Any]) -> None:
        """Take it back."""

        def drop() -> InvoiceAsked:
            with self.page.seat.once(self._key):
                return invoices.drop(self.page.seat, self._number, values["reason"])

        self.do(drop, lambda done: f"开票申请 {done.number} 已撤回。")


class SettleReceipt(Dialog):
    """When the channel paid out a receipt, and its fee."""

    def __init__(self, page: Page, found: ReceiptFile) -> None:
        super().__init__(
            page,
            f"收据 {found.number} 到账",
            f"{found.method}，{yuan(found.amount)} 元。手续费是办公室的费用，交款人交的金额不变。",
            (
                Field("on", "到账日期", page.read_day, kind=Kind.DAY),
                Field("fee", "手续费", _fen, kind=Kind.NUMBER, unit="元"),
            ),
            "记下",
        )
        self._receipt, self._key = found.number, str(uuid4())
        self.form.fill({"on": page.today.isoformat(), "fee": "0.00"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""

        def note() -> PaidOut:
            with self.page.seat.once(self._key):
                return payouts.note(self.page.seat, self._receipt, values["on"], values["fee"])

        self.do(note, lambda done: f"收据 {done.receipt} 已于 {done.on} 到账，手续费 {yuan(done.fee_fen)} 元。")
