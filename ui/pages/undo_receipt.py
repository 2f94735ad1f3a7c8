"""作废 and 红冲 of a receipt from its panel: what will change, the reason, and the second person's consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from app.domain.money import yuan
from app.services import entrance, receipts
from app.services.bill_file import ReceiptFile
from app.services.purse import METHODS
from app.services.receipts import ReceiptUndone
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind
from ui.pages.dialog import Dialog
from ui.pages.page import Page

SECOND = {
    "void": "另一位财务或经理；留空则提交申请，等他批准",
    "reverse": "另一位经理；留空则提交申请，等他批准",
}


class TakeBack(Dialog):
    """`verb` is `void` or `reverse`. Without a second person the request waits; alone in the office it is done."""

    def __init__(self, page: Page, verb: str, found: ReceiptFile) -> None:
        word = "作废" if verb == "void" else "红冲"
        self.acts = (f"receipt.{verb}",)
        about = (
            f"{found.house} {found.payer}，{found.method} {yuan(found.amount)} 元。会写入一笔相反的账，"
            f"{len(found.lines)} 项费用重新变为未收。"
        )
        about += "票号保留，注明“已作废”。" if verb == "void" else "另开一张红冲收据，原收据注明“已红冲”。"
        bounced = (
            Field("returned", "退票日期", page.read_day, optional=True, kind=Kind.DAY,
                  hint="银行退回或追回的款填通知的日期；录错的不填"),
        )  # fmt: skip
        fields = (
            Field("reason", "原因"),
            *(bounced if verb == "reverse" and found.method != METHODS["cash"] else ()),
            Field("second", "批准人", optional=True, hint=SECOND[verb]),
            Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
        )
        verb_words = f"{word} {yuan(found.amount)} 元"
        super().__init__(page, f"{word}收据 {found.number}？", about, fields, verb_words, danger=True)
        self._verb, self._word, self._found, self._key = verb, word, found, str(uuid4())

    def act(self, values: Mapping[str, Any]) -> None:
        """Do it, or leave the request."""
        self.do(lambda: self._take_back(values), self._said)

    def _take_back(self, values: Mapping[str, Any]) -> ReceiptUndone | Waiting:
        seat, second = self.page.seat, None
        if values["second"]:
            second = entrance.approver(seat, values["second"].strip(), values["password"] or "")
        number, reason = self._found.number, values["reason"]
        with seat.once(self._key):
            if self._verb == "void":
                return receipts.void(seat, number, reason, second=second)
            return receipts.reverse(seat, number, reason, values.get("returned"), second=second)

    def _said(self, done: ReceiptUndone | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"{self._word}申请 {done.request} 已提交，等批准。"
        extra = f"，红冲收据 {done.reversal}" if done.reversal != done.receipt else ""
        return f"收据 {done.receipt} 已{self._word}{extra}。"
