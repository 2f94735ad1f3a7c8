"""A line of the bank statement beside the list: what it may be, and 确认, 登记为收款, 忽略, 取消核对."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from PySide6.QtWidgets import QVBoxLayout

from app.domain.money import yuan
from app.services import bank
from app.services.bank import BankRow, Candidate, LineAnswer, LineBooked
from ui.forms.field import Field, Kind
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import text
from ui.pages.dialog import Dialog
from ui.pages.list_panel import DetailPanel, buttons, figures, heading, pairs
from ui.pages.page import Page

Ask = Callable[[Dialog], object]
"""Hears what a dialog did."""


def show_line(page: Page, panel: DetailPanel, found: BankRow, asked: Ask) -> None:
    """Fill the panel with a line; who may not bring money in only looks."""
    body = panel.tab(0)
    body.addWidget(figures((("金额", yuan(found.amount_fen), ""),)))
    body.addWidget(
        pairs(
            (
                ("日期", found.day.isoformat()),
                ("对方户名", found.counterparty),
                ("摘要和附言", found.remark),
                ("银行单号", found.reference),
            )
        )
    )
    may = page.seat.may("import_money")
    if found.state != "open":
        _settled(page, body, found, asked, may)
    else:
        _open(page, body, found, asked, may)
    body.addStretch(1)


def _settled(page: Page, body: QVBoxLayout, found: BankRow, asked: Ask, may: bool) -> None:
    said = f"{bank.STATES[found.state]}：收据 {found.receipt}" if found.receipt else f"已忽略：{found.reason}"
    body.addWidget(heading("结果"))
    body.addWidget(text(said, wrap=True))
    if may and found.state != "booked":
        back = HintButton("取消核对…" if found.state == "matched" else "取消忽略…", small=True)
        back.clicked.connect(lambda: asked(TakeBackLine(page, found)))
        body.addWidget(buttons(back))


def _open(page: Page, body: QVBoxLayout, found: BankRow, asked: Ask, may: bool) -> None:
    body.addWidget(heading("可能是"))
    for at, one in enumerate(found.candidates):
        body.addWidget(text(f"{one.receipt}　{one.house}　{one.on.isoformat()}　{one.method}"))
        if may:
            sure = HintButton("确认是这笔", weight=Weight.SECONDARY if at else Weight.PRIMARY, small=True)
            sure.clicked.connect(lambda _=False, one=one: asked(ConfirmLine(page, found, one)))
            body.addWidget(buttons(sure))
    if not found.candidates:
        said = "没有同样金额的收款，附言里也没有房号或姓名。"
        if found.house:
            said = f"{found.house} 的款（{found.why}），还没有登记。"
        body.addWidget(text(said, "second", wrap=True))
    if may:
        book = HintButton("登记为收款…", weight=Weight.SECONDARY if found.candidates else Weight.PRIMARY, small=True)
        book.clicked.connect(lambda: asked(BookLine(page, found)))
        aside = HintButton("忽略…", small=True)
        aside.clicked.connect(lambda: asked(IgnoreLine(page, found)))
        body.addWidget(buttons(book, aside))


class _OfLine(Dialog):
    """An act on a line."""

    def __init__(
        self, page: Page, found: BankRow, title: str, fields: tuple[Field, ...], verb: str, keep: str = "取消"
    ) -> None:
        about = f"{found.day.isoformat()}　{found.counterparty or '（没有户名）'}　{yuan(found.amount_fen)} 元"
        about += f"\n{found.remark}" if found.remark else ""
        super().__init__(page, title, about, fields, verb, keep=keep)
        self.found, self.key = found, str(uuid4())

    def once(self, work: Callable[[], Any], said: Callable[[Any], str]) -> None:
        """Do it once, however often it is pressed."""

        def call() -> Any:
            with self.page.seat.once(self.key):
                return work()

        self.do(call, said)


class ConfirmLine(_OfLine):
    """确认: the line is the money of a receipt."""

    def __init__(self, page: Page, found: BankRow, one: Candidate) -> None:
        fields = (Field("receipt", "收据号"),)
        super().__init__(page, found, f"确认 {found.line} 是哪张收据", fields, "确认")
        self.form.fill({"receipt": one.receipt})

    def act(self, values: Mapping[str, Any]) -> None:
        """Say so."""

        def said(done: LineAnswer) -> str:
            return f"流水 {done.line} 已核对：收据 {done.receipt}。"

        self.once(lambda: bank.match(self.page.seat, self.found.line, values["receipt"]), said)


class BookLine(_OfLine):
    """登记为收款: the line becomes a payment by transfer."""

    def __init__(self, page: Page, found: BankRow) -> None:
        fields = (
            Field("house", "房号"),
            Field("on", "记在哪天", page.read_day, kind=Kind.DAY, hint="这天已日结或月结的，改成以后的日子"),
        )
        super().__init__(page, found, f"把 {found.line} 登记为收款", fields, "登记")
        self.form.fill({"house": found.house, "on": found.day.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Book it."""

        def said(done: LineBooked) -> str:
            paid = done.payment
            rest = f"，其中 {yuan(paid.prepaid_fen)} 元记预存" if paid.prepaid_fen else ""
            return f"{paid.house} 收款 {yuan(paid.amount_fen)} 元已登记{rest}，收据 {paid.receipt}。"

        self.once(lambda: bank.book_line(self.page.seat, self.found.line, values["house"], values["on"]), said)


class IgnoreLine(_OfLine):
    """忽略: the line is no payment of a house."""

    def __init__(self, page: Page, found: BankRow) -> None:
        super().__init__(page, found, f"忽略 {found.line}", (Field("reason", "原因", hint="如 利息、退税"),), "忽略")

    def act(self, values: Mapping[str, Any]) -> None:
        """Leave it aside."""
        self.once(
            lambda: bank.ignore(self.page.seat, self.found.line, values["reason"]),
            lambda done: f"流水 {done.line} 已忽略。",
        )


class TakeBackLine(_OfLine):
    """取消核对 or 取消忽略: the line is open again."""

    def __init__(self, page: Page, found: BankRow) -> None:
        word = "取消核对" if found.state == "matched" else "取消忽略"
        super().__init__(page, found, f"{word} {found.line}", (Field("reason", "原因"),), word, "不取消")

    def act(self, values: Mapping[str, Any]) -> None:
        """Open it again."""
        self.once(
            lambda: bank.release(self.page.seat, self.found.line, values["reason"]),
            lambda done: f"流水 {done.line} 又是未核对。",
        )
