"""What changes a house's account besides money at the counter: a waiver, a one-off charge, a deposit, a refund."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from app.domain.kinds import kind_of
from app.domain.money import parse_yuan, yuan
from app.services import adjustments, deposits, fees, former_payers, one_off, prepay, prepay_ending, printing, refunds
from app.services.adjustments import KINDS, PARTS, Adjusted, Change
from app.services.counter import CounterHouse
from app.services.deposits import Deduction, Held, Returned
from app.services.fees import ItemRow
from app.services.former_payers import Former
from app.services.prepay import Offered
from app.services.prepay_ending import Standing
from app.services.printing import ReceiptPrinted
from app.services.purse import METHODS
from app.services.refunds import Refunded
from app.services.refused import Refused, refuse
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind, whole
from ui.forms.hint_button import HintButton
from ui.forms.parts import action
from ui.pages.counter_ahead import REFERENCE, EndPrepaid, PayAhead
from ui.pages.counter_former import PayFormer
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page
from ui.printers import RECEIPT
from ui.workers.topic import Topic

METHOD = Field("method", "方式", choices=tuple(METHODS.items()))


def _fen(typed: str) -> int:
    return int(parse_yuan(typed))


def _two(who: str) -> tuple[Field, Field, Field]:
    return (
        Field("reason", "原因"),
        Field("second", "批准人", optional=True, hint=f"{who}；不在场可留空，提交申请"),
        Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
    )


class _OfHouse(Dialog):
    """An act for a house that may need a second person, who types login and password or is asked later."""

    def __init__(self, page: Page, house: str, title: str, about: str, fields: Sequence[Field], verb: str) -> None:
        super().__init__(page, f"{house} {title}", about, tuple(fields), verb, WIDE, columns=2)
        self.house, self.key = house, str(uuid4())


class MoreActs(QObject):
    """The acts with their keys and the button that lists them. `shown` gives the house in front, `landed` hears what
    was done.
    """

    def __init__(self, page: Page, shown: Callable[[], CounterHouse | None], landed: Callable[[str], None]) -> None:
        super().__init__(page)
        self._page, self._shown, self._landed, self._topic = page, shown, landed, Topic()
        may = page.seat.may
        self.waiving = action(page, "减免、补收…", "F6", self.waive)
        self.advancing = action(page, "预交…", "F7", self.pay_ahead)
        self.ending = action(page, "预交提前结束…", "Shift+F7", self.end_prepaid)
        self.collecting = action(page, "收以前付款人的欠款…", "Ctrl+Shift+G", self.collect)
        self.charging = action(page, "一次性收费…", "Ctrl+T", self.charge)
        self.depositing = action(page, "收押金…", "Ctrl+Shift+Y", self.deposit)
        self.returning = action(page, "退押金…", "Ctrl+Shift+T", self.give_back)
        self.refunding = action(page, "退预存…", "Ctrl+Shift+J", self.refund)
        self._offered = (
            (self.waiving, may("request_waiver")),
            (self.advancing, may("take_payment")),
            (self.ending, may("run_bills")),
            (self.collecting, may("take_payment")),
            (self.charging, may("take_payment")),
            (self.depositing, may("take_payment")),
            (self.returning, may("refund")),
            (self.refunding, may("refund")),
        )
        self.button = HintButton("更多", icon="more")
        menu = QMenu(self.button)
        for one, allowed in self._offered:
            if allowed:
                menu.addAction(one)
        self.button.setMenu(menu)
        self.offer()

    def offer(self) -> None:
        """What can be done with the house in front."""
        shown = self._shown()
        for one, allowed in self._offered:
            one.setEnabled(allowed and shown is not None)
        if shown is not None:
            self.waiving.setEnabled(self.waiving.isEnabled() and any(x.house == shown.house for x in shown.lines))
            self.refunding.setEnabled(self.refunding.isEnabled() and shown.prepaid_fen > 0)
        self.button.setEnabled(any(one.isEnabled() for one, _ in self._offered))

    def waive(self) -> None:
        """减免、补收 of one of the house's lines."""
        shown = self._shown()
        if shown is not None:
            self._follow(Waive(self._page, shown))

    def pay_ahead(self) -> None:
        """预交: what can be paid ahead is read first."""
        shown, seat = self._shown(), self._page.seat
        if shown is None:
            return
        house = shown.house

        def offer(found: tuple[tuple[Offered, ...], str]) -> None:
            items, offers = found
            if items:
                self._follow(PayAhead(self._page, house, items, offers))
            else:
                self._page.message.say("info", f"{house} 没有可以预交的费用。", "先收后用、按期的费用才能预交。")

        self._page.run(lambda _: prepay.offered(seat, house), topic=self._topic, done=offer)

    def end_prepaid(self) -> None:
        """预交提前结束: what stands is read first."""
        shown, seat = self._shown(), self._page.seat
        if shown is None:
            return
        house = shown.house

        def offer(rows: tuple[Standing, ...]) -> None:
            if rows:
                self._follow(EndPrepaid(self._page, house, rows))
            else:
                self._page.message.say("info", f"{house} 没有预交到下个月以后的费用。")

        self._page.run(lambda _: prepay_ending.standing(seat, house), topic=self._topic, done=offer)

    def collect(self) -> None:
        """What former payers owe: they are read first."""
        shown, seat = self._shown(), self._page.seat
        if shown is None:
            return
        house = shown.house

        def offer(rows: tuple[Former, ...]) -> None:
            if rows:
                self._follow(PayFormer(self._page, house, rows))
            else:
                self._page.message.say("info", f"{house} 以前的付款人没有欠费。")

        self._page.run(lambda _: former_payers.former(seat, house), topic=self._topic, done=offer)

    def refund(self) -> None:
        """退预存 of the house's payer."""
        shown = self._shown()
        if shown is not None:
            self._follow(RefundPrepaid(self._page, shown))

    def charge(self) -> None:
        """一次性收费: the items are read first."""
        self._with_items(
            lambda house, once, _: (
                self._follow(AddCharge(self._page, house, once)) if once else self._lack("一次性收费", "once")
            )
        )

    def deposit(self) -> None:
        """收押金: the items are read first."""
        self._with_items(
            lambda house, _, liable: (
                self._follow(TakeDeposit(self._page, house, liable)) if liable else self._lack("押金", "deposit")
            )
        )

    def give_back(self) -> None:
        """退押金: what is held is read first."""
        shown, seat = self._shown(), self._page.seat
        if shown is None:
            return
        house = shown.house

        def read(_: object) -> tuple[tuple[Held, ...], tuple[ItemRow, ...]]:
            return deposits.listing(seat, house), fees.listing(seat)

        def offer(found: tuple[tuple[Held, ...], tuple[ItemRow, ...]]) -> None:
            held, items = found
            if held:
                once = [row for row in items if row.kind == "once"]
                self._follow(GiveBack(self._page, house, held, once))
            else:
                self._page.message.say("info", f"{house} 没有在手的押金。")

        self._page.run(read, topic=self._topic, done=offer)

    def _with_items(self, offer: Callable[[str, list[ItemRow], list[ItemRow]], None]) -> None:
        shown, seat = self._shown(), self._page.seat
        if shown is None:
            return
        house = shown.house

        def found(rows: Sequence[ItemRow]) -> None:
            offer(house, *([row for row in rows if row.kind == kind] for kind in ("once", "deposit")))

        self._page.run(lambda _: fees.listing(seat), topic=self._topic, done=found)

    def _lack(self, word: str, kind: str) -> None:
        title = kind_of(kind).title
        self._page.message.say("info", f"还没有{word}的项目。", f"请财务或经理在“收费标准”里新增一个“{title}”的项目。")

    def _follow(self, dialog: Dialog) -> None:
        dialog.landed.connect(self._landed)


class Waive(_OfHouse):
    """减免、补收: less or more on one of the house's open lines."""

    def __init__(self, page: Page, shown: CounterHouse) -> None:
        self._lines = [line for line in shown.lines if line.house == shown.house]
        places = [(str(at), _words(line.item_name, line.span, line.open_fen)) for at, line in enumerate(self._lines)]
        fields = (
            Field("line", "哪一笔", int, choices=tuple(places)),
            Field(
                "kind", "办什么", choices=tuple((kind, KINDS[kind]) for kind in ("waiver", "correction", "write_off"))
            ),
            Field("part", "减哪一部分", choices=(("principal", PARTS["principal"]), ("late_fee", PARTS["late_fee"]))),
            Field("amount", "金额", _fen, kind=Kind.NUMBER, unit="元"),
            *_two("经理；经理自己的由财务"),
        )
        about = "账单不改，另记一笔。办公室限额以内的减免不用批准。"
        super().__init__(page, shown.house, "减免、补收", about, fields, "提交")
        self.form.fill({"line": "0", "kind": "waiver", "part": "principal"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Do it, or leave the request."""
        line = self._lines[values["line"]]
        part = "late_fee" if line.late_only else values["part"]
        change = Change(line.item, line.period, values["amount"], part)
        self.do(lambda: self._adjust(values, change), self._said)

    def _adjust(self, values: Mapping[str, Any], change: Change) -> Adjusted | Waiting:
        seat, second = self.page.seat, self.second(values)
        with seat.once(self.key):
            return adjustments.adjust(seat, self.house, values["kind"], [change], values["reason"], second=second)

    def _said(self, done: Adjusted | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"申请 {done.request} 已提交，等批准。"
        return f"{done.house} {KINDS[done.kind]} {yuan(abs(done.amount_fen))} 元。"


class AddCharge(_OfHouse):
    """一次性收费: a card, a key, a paid repair; by the price, or an agreed amount of who may set one."""

    def __init__(self, page: Page, house: str, items: Sequence[ItemRow]) -> None:
        fields = [
            Field("item", "收什么", choices=tuple((row.item, row.name) for row in items)),
            Field("count", "数量", whole(1, one_off.MOST_PIECES), kind=Kind.NUMBER),
        ]
        if page.seat.may("run_bills"):
            fields += [
                Field("amount", "约定金额", _fen, optional=True, kind=Kind.NUMBER, unit="元", hint="不填按收费标准"),
                Field("note", "说明", optional=True, hint="约定金额要写收什么"),
            ]
        super().__init__(page, house, "一次性收费", "", fields, "记账")
        self.form.fill({"item": items[0].item if len(items) == 1 else "", "count": "1"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Post it; it then stands among the house's lines."""
        self.do(
            lambda: self._post(values), lambda done: f"{done.house} {done.item_name} {yuan(done.amount_fen)} 元已记账。"
        )

    def _post(self, values: Mapping[str, Any]) -> one_off.Posted:
        seat = self.page.seat
        with seat.once(self.key):
            return one_off.post(
                seat, self.house, values["item"], values["count"], values.get("amount"), values.get("note") or ""
            )


class TakeDeposit(_OfHouse):
    """收押金: taken with a receipt of its own, held as owed back."""

    def __init__(self, page: Page, house: str, items: Sequence[ItemRow]) -> None:
        fields = (
            Field("item", "哪项押金", choices=tuple((row.item, row.name) for row in items)),
            Field("amount", "金额", _fen, optional=True, kind=Kind.NUMBER, unit="元", hint="不填按收费标准"),
            METHOD,
            REFERENCE,
        )
        super().__init__(page, house, "收押金", "押金要退，不抵费用；收据单独开。", fields, "收押金")
        self.form.fill({"item": items[0].item if len(items) == 1 else "", "method": "cash"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Take it."""
        self.do(lambda: self._take(values), self._said)

    def _take(self, values: Mapping[str, Any]) -> tuple[Held, ReceiptPrinted]:
        seat = self.page.seat
        with seat.once(self.key):
            held = deposits.take(
                seat, self.house, values["item"], values["amount"], values["method"], values["reference"]
            )
        return held, printing.print_receipt(seat, held.receipt, seat.store.paths.out / f"{held.receipt}.pdf")

    def _said(self, both: tuple[Held, ReceiptPrinted]) -> str:
        done, printed = both
        self.page.show_paper(printed.file, RECEIPT)
        return f"{done.house} {done.item_name} {yuan(done.amount_fen)} 元，收据 {done.receipt}。"


class GiveBack(_OfHouse):
    """退押金: whole, or less one deduction that is a charge of its own."""

    acts = ("deposit.return",)

    def __init__(self, page: Page, house: str, held: Sequence[Held], items: Sequence[ItemRow]) -> None:
        self._held = list(held)
        places = [
            (str(at), f"{each.item_name} {yuan(each.amount_fen)}（{each.receipt or '期初'}）")
            for at, each in enumerate(held)
        ]
        fields = [Field("deposit", "哪一笔", int, choices=tuple(places)), METHOD]
        if items:
            fields += [
                Field("kept", "扣款项目", optional=True, choices=tuple((row.item, row.name) for row in items)),
                Field("deduct", "扣款", _fen, optional=True, kind=Kind.NUMBER, unit="元", hint="不扣就不填"),
                Field("note", "扣什么", optional=True),
            ]
        super().__init__(page, house, "退押金", "", (*fields, *_two("财务或经理")), "退押金")
        self.form.fill({"deposit": "0", "method": "cash"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Do it, or leave the request."""
        missing = _lacks(values) if values.get("deduct") else None
        if missing is not None:
            self.form.refused(missing)
        else:
            self.do(lambda: self._give(values), self._said)

    def _give(self, values: Mapping[str, Any]) -> Returned | Waiting:
        seat, held, second = self.page.seat, self._held[values["deposit"]], self.second(values)
        kept = (
            [Deduction(values.get("kept") or "", values["deduct"], values.get("note") or "")]
            if values.get("deduct")
            else []
        )
        with seat.once(self.key):
            return deposits.give_back(
                seat, self.house, held.receipt, values["method"], values["reason"], kept, held.item, second=second
            )

    def _said(self, done: Returned | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"申请 {done.request} 已提交，等批准。"
        return f"{done.house} 押金退 {yuan(done.returned_fen)} 元，扣 {yuan(done.deducted_fen)} 元。"


def _lacks(values: Mapping[str, Any]) -> Refused | None:
    """What a deduction needs besides its sum."""
    if not values.get("kept"):
        return refuse("item_needed", "扣款项目还没有选。", "扣款另记一笔费用，要有项目。", field="kept")
    if not values.get("note"):
        return refuse("note_needed", "扣什么还没有写。", field="note")
    return None


class RefundPrepaid(_OfHouse):
    """退预存: what was paid in advance goes back to the payer."""

    acts = ("payment.refund",)

    def __init__(self, page: Page, shown: CounterHouse) -> None:
        fields = (Field("amount", "金额", _fen, kind=Kind.NUMBER, unit="元"), METHOD, *_two("财务或经理"))
        about = f"预存 {yuan(shown.prepaid_fen)} 元，付款人 {shown.payer}。"
        super().__init__(page, shown.house, "退预存", about, fields, "退款")
        self.form.fill({"amount": yuan(shown.prepaid_fen), "method": "cash"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Do it, or leave the request."""
        self.do(lambda: self._refund(values), self._said)

    def _refund(self, values: Mapping[str, Any]) -> Refunded | Waiting:
        seat, second = self.page.seat, self.second(values)
        with seat.once(self.key):
            return refunds.refund(seat, self.house, values["amount"], values["method"], values["reason"], second=second)

    def _said(self, done: Refunded | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"申请 {done.request} 已提交，等批准。"
        return f"{done.house} 退 {yuan(done.amount_fen)} 元，预存还有 {yuan(done.prepaid_fen)} 元。"


def _words(item: str, span: str, fen: int) -> str:
    return f"{item} {span}  {yuan(fen)}"
