"""整月作废: what a month posted is taken back, all or one run of it, with a reason and the number of bills typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.domain.money import yuan
from app.domain.problem import problem
from app.services import billing
from app.services.billing import RunRow, VoidAnswer
from ui.forms.field import Field, Kind
from ui.pages.dialog import Dialog
from ui.pages.page import Page

_ALL = "all"


class VoidMonth(Dialog):
    """The person types the number of bills, so that nobody takes back a month by a slip. `runs` are those that stand;
    which of them is asked where there are several.
    """

    def __init__(self, page: Page, month: str, runs: Sequence[RunRow]) -> None:
        self._month, self._key = month, str(uuid4())
        self._bills = {_ALL: sum(run.bills for run in runs)} | {str(run.run): run.bills for run in runs}
        self._several = len(runs) > 1
        count = "" if self._several else f" {self._bills[_ALL]} "
        which = Field("run", "作废哪些", choices=((_ALL, f"整月 · {self._bills[_ALL]} 张"), *map(_choice, runs)))
        fields = (
            *((which,) if self._several else ()),
            Field("reason", "原因", hint="会记入审计"),
            Field("count", f"输入账单张数{count}以确认", lambda typed: self._counted(typed), kind=Kind.NUMBER),
        )
        about = "应收、违约金和自动抵扣都写一笔相反的账，账单号不再使用；有人交过钱就不能作废，只能逐笔更正。"
        super().__init__(
            page, f"作废 {month} 的出账？", about, fields, "作废" if self._several else "整月作废", danger=True
        )
        if self._several:
            self.form.fill({"run": _ALL})

    def _counted(self, typed: str) -> int:
        bills = self._bills[self.form.typed["run"] if self._several else _ALL]
        if typed.strip() != str(bills):
            raise problem("void.count", "张数不对。", "请核对后再输。")
        return bills

    def act(self, values: Mapping[str, Any]) -> None:
        """Take it back."""
        run = values.get("run", _ALL)
        self.do(
            lambda: self._void(values["reason"], None if run == _ALL else int(run)),
            lambda done: f"{done.period} 已作废：{done.bills} 张账单，{done.lines} 笔，{yuan(done.amount_fen)} 元。",
        )

    def _void(self, reason: str, run: int | None) -> VoidAnswer:
        seat = self.page.seat
        with seat.once(self._key):
            return billing.void(seat, self._month, reason, run)


def _choice(run: RunRow) -> tuple[str, str]:
    items = "、".join(run.items[:2]) + ("等" if len(run.items) > 2 else "")
    return str(run.run), f"第 {run.run} 次 {run.on:%m-%d} · {items} · {run.bills} 张"
