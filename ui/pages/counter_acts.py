"""What the counter does besides taking money: open a shift, take a receipt back or print it again, close the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from app.domain.cash import DENOMINATIONS, MOST, title
from app.domain.money import parse_yuan, plain_yuan, yuan
from app.services import bill_file, closes, printing, rebooking, receipts, shifts
from app.services.bill_file import ReceiptFile
from app.services.closes import CloseAnswer
from app.services.printing import ReceiptPrinted
from app.services.purse import METHODS
from app.services.rebooking import Rebooked
from app.services.receipts import ReceiptUndone
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind, whole
from ui.pages.dialog import WIDE, Dialog
from ui.pages.live_card import LiveCard
from ui.pages.page import Page
from ui.printers import OTHER, RECEIPT


def _fen(typed: str) -> int:
    return int(parse_yuan(typed))


class OpenShift(Dialog):
    """开班: the change that lies in the drawer."""

    def __init__(self, page: Page) -> None:
        fields = (Field("float", "备用金", _fen, kind=Kind.NUMBER, unit="元", hint="开班时钱箱里的零钱；没有就填 0"),)
        super().__init__(page, "开班", "", fields, "开班")
        self.form.boxes["float"].put("0")

    def act(self, values: Mapping[str, Any]) -> None:
        """Open it."""
        self.do(
            lambda: shifts.begin(self.page.seat, values["float"]),
            lambda _: f"已开班，备用金 {yuan(values['float'])} 元。",
        )


MOST_ITEMS = 3
"""So many items of a receipt are named where it is shown which one it is."""
ACTS = (("void", "作废（当天）"), ("reverse", "红冲（以后）"), ("rebook", "错收改记"), ("print", "补打"))


class UndoReceipt(Dialog):
    """作废, 红冲, 错收 or 补打 of a receipt. A second person types login and password at once, or a request waits."""

    acts = ("receipt.void", "receipt.reverse", "receipt.rebook")

    def __init__(self, page: Page, number: str) -> None:
        fields = (
            Field("number", "收据号", lambda typed: typed.strip().upper()),
            Field("act", "办理", choices=ACTS),
            Field("house", "改记到房号", optional=True, hint="错收才填；房号没错就不填"),
            Field("method", "改成方式", optional=True, choices=tuple(METHODS.items())),
            Field("reason", "原因", optional=True, hint="除了补打都要写"),
            Field("second", "批准人", optional=True, hint="当天作废：财务或经理；红冲：经理。不在场可留空，提交申请"),
            Field("password", "批准人密码", lambda typed: typed, optional=True, kind=Kind.PASSWORD),
        )
        super().__init__(page, "红冲 / 补打", "", fields, "办理", WIDE, columns=2)
        self._key = str(uuid4())
        self.form.boxes["number"].put(number)
        self.form.boxes["act"].put("void")
        self.live: LiveCard[ReceiptFile] = LiveCard(self, self._ask, _say, "填好收据号后，这里显示是哪一笔。")

    def _ask(self) -> Callable[[], ReceiptFile] | None:
        number = self.form.typed["number"].strip()
        return (lambda: bill_file.receipt(self.page.seat, number)) if number else None

    def act(self, values: Mapping[str, Any]) -> None:
        """Do it, or leave the request."""
        if values["act"] == "print":
            self.do(lambda: self._print(values["number"]), self._printed)
        elif values["act"] == "rebook":
            self.do(lambda: self._rebook(values), self._rebooked)
        else:
            self.do(lambda: self._take_back(values), self._undone)

    def _print(self, typed: str) -> ReceiptPrinted:
        seat, number = self.page.seat, self._number(typed)
        return printing.print_receipt(seat, number, seat.store.paths.out / f"{number}.pdf")

    def _printed(self, done: ReceiptPrinted) -> str:
        self.page.show_paper(done.file, RECEIPT)
        return (
            f"收据 {done.receipt} 补打第 {done.copy - 1} 次。"
            if done.copy > 1
            else f"收据 {done.receipt} 第一次打印，不算补打。"
        )

    def _number(self, typed: str) -> str:
        """The whole number of what was typed."""
        return bill_file.receipt(self.page.seat, typed).number

    def _rebook(self, values: Mapping[str, Any]) -> Rebooked | Waiting:
        seat, second = self.page.seat, self.second(values)
        number = self._number(values["number"])
        with seat.once(self._key):
            return rebooking.rebook(seat, number, values["house"], values["method"], values["reason"], second=second)

    def _rebooked(self, done: Rebooked | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"已提交申请 {done.request}，等待批准。"
        return f"收据 {done.receipt} 已改记为 {done.rebooked}：{done.house} {done.paid}。"

    def _take_back(self, values: Mapping[str, Any]) -> ReceiptUndone | Waiting:
        seat, second = self.page.seat, self.second(values)
        door = receipts.void if values["act"] == "void" else receipts.reverse
        number = self._number(values["number"])
        with seat.once(self._key):
            return door(seat, number, values["reason"], second=second)

    def _undone(self, done: ReceiptUndone | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"已提交申请 {done.request}，等待批准。"
        verb = "已作废" if done.reversal == done.receipt else f"已红冲（{done.reversal}）"
        return f"收据 {done.receipt} {verb}，{yuan(abs(done.amount_fen))} 元。"


def _say(found: ReceiptFile) -> tuple[str, str]:
    """Which receipt it is, and what can be done with it."""
    one = f"{found.number}　{found.house} {found.payer}　{found.on} {found.method} {yuan(found.amount)} 元"
    if found.undone:
        return one, f"{found.undone}。"
    if found.undoes:
        return one, f"这是红冲 {found.undoes} 的收据。"
    items = "、".join(f"{line.item} {line.period}".strip() for line in found.lines[:MOST_ITEMS])
    more = f" 等 {len(found.lines)} 项" if len(found.lines) > MOST_ITEMS else ""
    return one, f"{items}{more}。{'今天收的，日结前可以作废。' if found.today else '不是今天收的，要用红冲。'}"


class CloseDay(Dialog):
    """日结: the cash is counted against what the entries say; a difference is explained; afterwards the day is shut."""

    def __init__(self, page: Page) -> None:
        fields = (
            Field(
                "cash", "实点现金（含备用金）", _fen, optional=True, kind=Kind.NUMBER, unit="元", hint="不填记为未清点"
            ),
            Field("reason", "长短款的原因", optional=True),
            *(
                Field(str(fen), f"{title(fen)} 张数", whole(0, MOST), optional=True, kind=Kind.NUMBER)
                for fen in DENOMINATIONS
            ),
        )
        about = (
            f"结清本人到 {page.today.isoformat()} 为止经手的收款。日结后这一天不能再记账，更正用红冲。"
            "按券别点的，填张数，合计自动写进实点现金。"
        )
        super().__init__(page, "日结", about, fields, "日结并打印", WIDE, columns=2)
        self._key = str(uuid4())
        for fen in DENOMINATIONS:
            self.form.boxes[str(fen)].typed.connect(self._add_up)

    def _add_up(self) -> None:
        """The sum of the pieces as they are typed."""
        typed = [(fen, self.form.boxes[str(fen)].text().strip()) for fen in DENOMINATIONS]
        total = sum(fen * int(count) for fen, count in typed if count.isdecimal())
        self.form.boxes["cash"].put(plain_yuan(total) if any(count for _, count in typed) else "")

    def act(self, values: Mapping[str, Any]) -> None:
        """Close it."""
        seat, day = self.page.seat, self.page.today
        self.do(lambda: self._close(values, day), lambda done: self._closed(done, seat.login))

    def _close(self, values: Mapping[str, Any], day: date) -> CloseAnswer:
        with self.page.seat.once(self._key):
            pieces = tuple((fen, values[str(fen)]) for fen in DENOMINATIONS if values[str(fen)])
            return closes.close(self.page.seat, day, values["cash"], values["reason"], None, pieces)

    def _closed(self, done: CloseAnswer, login: str) -> str:
        self.page.show_paper(done.file, OTHER)
        return f"{login} 已日结：{done.number}，收据 {done.paper.receipts} 张。"
