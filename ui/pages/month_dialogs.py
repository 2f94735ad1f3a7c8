"""月结 of the next month, 重开 of the newest, and 导出凭证: from the page of the bill run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from app.domain.control_sums import ControlSums
from app.domain.money import yuan
from app.domain.period import Period
from app.services import month_close, vouchers
from app.services.month_close import MonthClosed, MonthReopened, Months
from app.services.purse import WAYS
from app.services.two_persons import Waiting
from app.services.vouchers import VoucherFile
from ui.forms.field import Field, Kind, check
from ui.forms.parts import text
from ui.pages.dialog import WIDE, Dialog
from ui.pages.live_card import LiveCard
from ui.pages.page import Page

LAYOUTS = (("yonyou", "用友"), ("kingdee", "金蝶"))
ACTS = (("close", "月结"), ("reopen", "重开"))
SHOWN = 6


def _month(typed: str) -> str:
    return str(Period.parse(typed.strip()))


class ShutMonth(Dialog):
    """A month is added up and shut, or the newest shut one opened again by two persons."""

    acts = ("month.reopen",)

    def __init__(self, page: Page, months: Months) -> None:
        fields = (
            Field("month", "月份", _month, hint="如 2026-07"),
            Field("act", "办理", choices=ACTS),
            Field("reason", "原因", optional=True, hint="重开必须写；月结一般不用"),
            Field("second", "批准人", optional=True, hint="重开要经理批准；留空则提交申请"),
            Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
        )
        about = "月结后这个月的日期不能再记账，更正记到以后。每位收款员要先日结到月底。"
        super().__init__(page, "月结", about, fields, "办理", WIDE, columns=2)
        self._key = str(uuid4())
        self.form.fill({"month": months.next or "", "act": "close"})
        shut = [row.sheet for row in months.rows if not row.reopened_on]
        said = [f"{sheet.month} 已结（{sheet.closed_on} {sheet.by}）" for sheet in shut[:SHOWN]]
        self.body.insertWidget(
            self.body.indexOf(self.form), text("\n".join(said) or "还没有结过月。", "second", wrap=True)
        )
        self.live: LiveCard[ControlSums] = LiveCard(self, self._ask, _say, "选月结、填好月份后，这里显示这个月的合计。")

    def _ask(self) -> Callable[[], ControlSums] | None:
        values, problems = check(self.form.fields, {**self.form.typed, "second": "", "password": ""})
        if problems or values["act"] != "close":
            return None
        seat = self.page.seat
        return lambda: month_close.rehearse(seat, values["month"], values["reason"])

    def act(self, values: Mapping[str, Any]) -> None:
        """Shut it, or open it again."""
        if values["act"] == "close":
            self.do(lambda: self._close(values), self._closed)
        else:
            self.do(lambda: self._reopen(values), self._reopened)

    def _close(self, values: Mapping[str, Any]) -> MonthClosed:
        with self.page.seat.once(self._key):
            return month_close.close(self.page.seat, values["month"], values["reason"])

    def _closed(self, done: MonthClosed) -> str:
        return f"{done.sheet.month} 已月结，欠费 {yuan(done.sheet.sums.arrears_fen)} 元。"

    def _reopen(self, values: Mapping[str, Any]) -> MonthReopened | Waiting:
        seat, second = self.page.seat, self.second(values)
        with seat.once(self._key):
            return month_close.reopen(seat, values["month"], values["reason"], second=second)

    def _reopened(self, done: MonthReopened | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"重开申请 {done.request} 已提交，等批准。"
        return f"{done.month} 已重开。"


def _say(sums: ControlSums) -> tuple[str, str]:
    """What the month adds up to, before it is shut."""
    one = f"应收 {yuan(sums.charged_fen)}　调整 {yuan(sums.adjusted_fen)}　收款 {yuan(sums.received_fen)} 元"
    ways = "、".join(f"{WAYS[each.method]} {yuan(each.received_fen)}" for each in sums.methods if each.received_fen)
    stands = (
        f"月底欠费 {yuan(sums.arrears_fen)}，预存 {yuan(sums.prepaid_fen)}，押金 {yuan(sums.deposits_fen)} 元；"
        f"退款 {yuan(sums.refunded_fen)}，预存抵扣 {yuan(sums.set_off_fen)} 元"
    )
    return one, f"{ways + '；' if ways else ''}{stands}。"


class ExportVouchers(Dialog):
    """凭证 of a shut month as a workbook in the layout of the bookkeeping program."""

    def __init__(self, page: Page, months: Months) -> None:
        fields = (
            Field("month", "月份", _month, hint="要先月结"),
            Field("layout", "格式", choices=LAYOUTS),
            Field("reason", "再次导出的原因", optional=True, hint="这个月导出过才填"),
        )
        super().__init__(
            page, "导出凭证", "每月只导一次；再导要写明原因，审计会记下。", fields, "导出", WIDE, columns=2
        )
        self._key = str(uuid4())
        newest = next((row.sheet.month for row in months.rows if not row.reopened_on), "")
        self.form.fill({"month": newest, "layout": "yonyou"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        self.do(lambda: self._export(values), self._said)

    def _export(self, values: Mapping[str, Any]) -> VoucherFile:
        seat, again = self.page.seat, bool(values["reason"])
        target = seat.store.paths.out / f"凭证-{values['month']}-{values['layout']}.xlsx"
        with seat.once(self._key):
            return vouchers.export(seat, values["month"], values["layout"], target, again, values["reason"])

    def _said(self, done: VoucherFile) -> str:
        return f"{done.month} 的 {done.vouchers} 张凭证、{yuan(done.debit_fen)} 元已导出：{done.file}"
