"""预交 at the counter (F7): months ahead of an item, some of them free, with the total while hands type; its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.domain.money import yuan
from app.domain.period import Period
from app.domain.prepay import free_of
from app.domain.problem import problem
from app.services import prepay, prepay_ending, printing
from app.services.prepay import Ahead, Offered, Prepaid
from app.services.prepay_ending import Ended, Standing
from app.services.printing import ReceiptPrinted
from app.services.purse import METHODS
from ui.forms.field import Field, Kind, check, whole
from ui.pages.counter_till import MOST_REFERENCE
from ui.pages.dialog import WIDE, Dialog
from ui.pages.live_card import LiveCard
from ui.pages.page import Page
from ui.printers import RECEIPT


def _reference(typed: str) -> str:
    if len(typed.strip()) > MOST_REFERENCE:
        raise problem("reference_long", "流水号最多 {most} 个字符。", "请核对流水号。", most=MOST_REFERENCE)
    return typed.strip()


REFERENCE = Field("reference", "流水号", _reference, optional=True, hint="微信、支付宝、刷卡、转账的号；可不填")


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
            REFERENCE,
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
                values["reason"], values["reference"], second=second,
            )  # fmt: skip
        return done, printing.print_receipt(seat, done.receipt, seat.store.paths.out / f"{done.receipt}.pdf")

    def _said(self, both: tuple[Prepaid, ReceiptPrinted]) -> str:
        done, printed = both
        self.page.show_paper(printed.file, RECEIPT)
        gift = f"，送 {yuan(done.waived_fen)} 元" if done.waived_fen else ""
        said = f"{done.house} 预交{done.item_name}到 {done.last}，收 {yuan(done.amount_fen)} 元{gift}"
        return f"{said}，收据 {done.receipt}。"


class EndPrepaid(Dialog):
    """预交提前结束: the months from one on go back to the prepaid balance, those that were free are taken back."""

    def __init__(self, page: Page, house: str, rows: Sequence[Standing]) -> None:
        self._key = str(uuid4())
        places = tuple((row.receipt, f"{row.receipt} {row.item_name} 到 {row.last}") for row in rows)
        fields = (
            Field("receipt", "哪一笔预交", choices=places),
            Field("month", "从哪个月起不再预交", lambda typed: str(Period.parse(typed.strip())), hint="如 2026-11"),
            Field("reason", "原因", hint="会记入审计"),
        )
        about = "用过的月份按月价算，没用的月份从账上收回，钱转到预存，可以抵扣，也可以在“退预存”里退。"
        super().__init__(page, f"{house} 预交提前结束", about, fields, "结束预交", WIDE)
        self.form.fill({"receipt": rows[0].receipt, "month": str(Period.of(page.today).plus(1))})
        self.live: LiveCard[Ended] = LiveCard(self, self._ask, _say_ended, "选好月份后，这里显示转回多少。")

    def _ask(self) -> Callable[[], Ended] | None:
        values, problems = check(self.form.fields, {**self.form.typed, "reason": "-"})
        if problems:
            return None
        seat = self.page.seat
        return lambda: prepay_ending.rehearse(seat, values["receipt"], values["month"])

    def act(self, values: Mapping[str, Any]) -> None:
        """End it."""
        self.do(lambda: self._end(values), lambda done: f"{done.house} {_say_ended(done)[0]}。")

    def _end(self, values: Mapping[str, Any]) -> Ended:
        seat = self.page.seat
        with seat.once(self._key):
            return prepay_ending.end(seat, values["receipt"], values["month"], values["reason"])


def _say_ended(ended: Ended) -> tuple[str, str]:
    gift = f"，收回赠送 {yuan(ended.gift_fen)} 元" if ended.gift_fen else ""
    return (
        f"{ended.item_name}转回预存 {yuan(ended.back_fen)} 元{gift}",
        f"{ended.first} 至 {ended.last}，共 {ended.periods} 期",
    )


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
