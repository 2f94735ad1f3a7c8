"""整月作废: a month that was posted is taken back, with a reason and the number of its bills typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from app.domain.money import yuan
from app.domain.problem import problem
from app.services import billing
from app.services.billing import VoidAnswer
from ui.forms.field import Field, Kind
from ui.pages.dialog import Dialog
from ui.pages.page import Page


class VoidMonth(Dialog):
    """`bills` is what the person types, so that nobody takes back a month by a slip."""

    def __init__(self, page: Page, month: str, bills: int) -> None:
        fields = (
            Field("reason", "原因", hint="会记入审计"),
            Field("count", f"输入账单张数 {bills} 以确认", lambda typed: self._counted(typed), kind=Kind.NUMBER),
        )
        about = "整月的应收、违约金和自动抵扣都写一笔相反的账，账单号不再使用；有人交过钱就不能作废，只能逐笔更正。"
        super().__init__(page, f"作废 {month} 的出账？", about, fields, "整月作废", danger=True)
        self._month, self._bills, self._key = month, bills, str(uuid4())

    def _counted(self, typed: str) -> int:
        if typed.strip() != str(self._bills):
            raise problem("void.count", "张数不对。", "请核对后再输。")
        return self._bills

    def act(self, values: Mapping[str, Any]) -> None:
        """Take it back."""
        self.do(
            lambda: self._void(values["reason"]),
            lambda done: f"{done.period} 已作废：{done.bills} 张账单，{done.lines} 笔，{yuan(done.amount_fen)} 元。",
        )

    def _void(self, reason: str) -> VoidAnswer:
        seat = self.page.seat
        with seat.once(self._key):
            return billing.void(seat, self._month, reason)
