"""预交 at the counter (F7): months ahead of an item, some of them free, with the total while hands type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.domain.money import yuan
from app.domain.prepay import free_of
from app.services import prepay, printing
from app.services.prepay import Ahead, Offered, Prepaid
from app.services.printing import ReceiptPrinted
from app.services.purse import METHODS
from ui.forms.field import Field, Kind, check, whole
from ui.pages.dialog import WIDE, Dialog
from ui.pages.live_card import LiveCard
from ui.pages.page import Page
from ui.printers import RECEIPT


class PayAhead(Dialog):
    """So many months are posted and paid in one act; the receipt is printed."""

    def __init__(self, page: Page, house: str, items: Sequence[Offered], offers: str) -> None:
        self._house, self._key, self._items, self._offers = house, str(uuid4()), list(items), offers
        fields = (
            Field("item", "预交什么", choices=tuple((row.item, row.name) for row in items)),
            Field("method", "方式", choices=tuple(METHODS.items())),
            Field("months", "交几个月", whole(1, prepay.MOST_MONTHS), kind=Kind.NUMBER, unit="个月"),
            Field("free", "送几个月", whole(0, prepay.MOST_MONTHS), optional=True, kind=Kind.NUMBER, unit="个月",
                  hint=f"办公室的优惠：{_offer_words(offers)}"),
            Field("reason", "赠送的原因", optional=True, hint="优惠以外的赠送才填"),
            Field("second", "批准人", optional=True, hint="优惠以外的赠送要经理批准"),
            Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
        )  # fmt: skip
        about = "从还没有出账的那一期起，逐月记账并当场收清；送的月份由一笔调整抵掉。只开一张收据。"
        super().__init__(page, f"{house} 预交", about, fields, "收款", WIDE, columns=2)
        months = max(12, items[0].months)
        self.form.fill({"item": items[0].item, "method": "cash", "months": str(months),
                        "free": str(free_of(offers, months))})  # fmt: skip
        self.form.boxes["months"].typed.connect(self._offer)
        self.live: LiveCard[Ahead] = LiveCard(self, self._ask, _say, "填好月数后，这里显示合计。")

    def _offer(self) -> None:
        """The free months follow the paid ones."""
        typed = self.form.boxes["months"].text().strip()
        if typed.isdecimal():
            self.form.boxes["free"].put(str(free_of(self._offers, int(typed))))

    def _ask(self) -> Callable[[], Ahead] | None:
        values, problems = check(self.form.fields, {**self.form.typed, "reason": "", "second": "", "password": ""})
        if problems:
            return None
        seat, house = self.page.seat, self._house
        return lambda: prepay.rehearse(seat, house, values["item"], values["months"], values["free"] or 0)

    def act(self, values: Mapping[str, Any]) -> None:
        """Take it and print the receipt."""
        self.do(lambda: self._take(values), self._said)

    def _take(self, values: Mapping[str, Any]) -> tuple[Prepaid, ReceiptPrinted]:
        seat, second = self.page.seat, self.second(values)
        with seat.once(self._key):
            done = prepay.take(
                seat, self._house, values["item"], values["months"], values["free"] or 0, values["method"],
                values["reason"], second=second,
            )  # fmt: skip
        return done, printing.print_receipt(seat, done.receipt, seat.store.paths.out / f"{done.receipt}.pdf")

    def _said(self, both: tuple[Prepaid, ReceiptPrinted]) -> str:
        done, printed = both
        self.page.show_paper(printed.file, RECEIPT)
        gift = f"，送 {yuan(done.waived_fen)} 元" if done.waived_fen else ""
        said = f"{done.house} 预交{done.item_name}到 {done.last}，收 {yuan(done.amount_fen)} 元{gift}"
        return f"{said}，收据 {done.receipt}。"


def _offer_words(offers: str) -> str:
    pairs = [part.split(":") for part in offers.split(",") if ":" in part]
    return "、".join(f"交 {paid} 送 {free}" for paid, free in pairs) or "没有"


def _say(ahead: Ahead) -> tuple[str, str]:
    gift = f"，送 {yuan(ahead.waived_fen)} 元" if ahead.waived_fen else ""
    one = f"应收 {yuan(ahead.payable_fen)} 元{gift}"
    more = f"{ahead.first} 至 {ahead.last}，共 {len(ahead.rows)} 期，付款人 {ahead.payer}"
    if not ahead.agreed:
        more += "；赠送不在优惠里，要批准"
    return one, f"{more}。{ahead.warning}"
