"""收以前付款人的欠款: who no longer is billed for a house pays what he still owes there (after a sale, say)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.domain.money import parse_yuan, plain_yuan, yuan
from app.services import payments, printing
from app.services.former_payers import Former
from app.services.payments import PaymentAnswer
from app.services.printing import ReceiptPrinted
from app.services.purse import METHODS
from ui.forms.field import Field, Kind
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page
from ui.printers import RECEIPT


class PayFormer(Dialog):
    """Which of them, how much; the receipt is printed."""

    def __init__(self, page: Page, house: str, rows: Sequence[Former]) -> None:
        self._house, self._key, self._rows = house, str(uuid4()), list(rows)
        places = tuple((str(at), f"{row.payer}  {yuan(row.due_fen)} 元") for at, row in enumerate(rows))
        fields = (
            Field("payer", "谁交", int, choices=places),
            Field("method", "方式", choices=tuple(METHODS.items())),
            Field("amount", "金额", lambda typed: int(parse_yuan(typed)), kind=Kind.NUMBER, unit="元"),
        )
        about = "收的是他名下在这一户的旧欠，含违约金；多收的记他的预存，不转给现在的付款人。"
        super().__init__(page, f"{house} 收以前付款人的欠款", about, fields, "收款", WIDE, columns=2)
        self.form.fill({"payer": "0", "method": "cash", "amount": plain_yuan(rows[0].due_fen)})
        self.form.boxes["payer"].typed.connect(self._whole)

    def _whole(self) -> None:
        """All that the chosen one owes."""
        chosen = self._rows[int(self.form.boxes["payer"].text() or 0)]
        self.form.boxes["amount"].put(plain_yuan(chosen.due_fen))

    def act(self, values: Mapping[str, Any]) -> None:
        """Take it and print the receipt."""
        self.do(lambda: self._take(values), self._said)

    def _take(self, values: Mapping[str, Any]) -> tuple[PaymentAnswer, ReceiptPrinted]:
        seat, row = self.page.seat, self._rows[values["payer"]]
        with seat.once(self._key):
            done = payments.take(seat, self._house, values["amount"], values["method"], payer=row.payer)
        return done, printing.print_receipt(seat, done.receipt, seat.store.paths.out / f"{done.receipt}.pdf")

    def _said(self, both: tuple[PaymentAnswer, ReceiptPrinted]) -> str:
        done, printed = both
        self.page.show_paper(printed.file, RECEIPT)
        return f"{done.house} 旧欠收 {yuan(done.amount_fen)} 元，收据 {done.receipt}。"
