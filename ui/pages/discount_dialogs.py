"""打折 of a house, with dates and a reason, and its early end; from the panel of the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.services import discounts
from app.services.billing_discounts import KINDS
from app.services.discounts import DiscountRow, Ended, Given
from app.services.list_face import State
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page

DISCOUNT_STATES = (
    State("coming", "未开始", "info", "clock"),
    State("now", "生效中", "ok", "check"),
    State("over", "已结束"),
)
EVERY_FEE = "全部月费"


class GiveDiscount(Dialog):
    """A house pays only so much from a first to a last day; the manager agrees."""

    def __init__(self, page: Page, house: str, items: tuple[tuple[str, str], ...]) -> None:
        fields = (
            Field("kind", "为什么", choices=tuple(KINDS.items())),
            Field("item", "哪个项目", optional=True, choices=(("", EVERY_FEE), *items), hint="全部月费不含水电和公摊"),
            Field("factor", "收几成", kind=Kind.NUMBER, hint="七折填 0.7"),
            Field("reason", "依据、原因"),
            Field("from", "从哪天起", page.read_day, kind=Kind.DAY),
            Field("to", "到哪天（含）", page.read_day, kind=Kind.DAY, hint="过了这天自动恢复"),
            Field("second", "批准人", optional=True, hint="经理；经理自己的由财务。不在场可留空，提交申请"),
            Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
        )
        about = "出账时按天数计入，一次取整；已出账的不变，要少收请办减免。"
        super().__init__(page, f"{house} 打折", about, fields, "提交", WIDE, columns=2)
        self._house, self._key = house, str(uuid4())
        self.form.fill({"kind": "vacancy", "item": ""})

    def act(self, values: Mapping[str, Any]) -> None:
        """Grant it, or leave the request."""
        self.do(lambda: self._give(values), self._said)

    def _give(self, values: Mapping[str, Any]) -> Given | Waiting:
        seat, second = self.page.seat, self.second(values)
        with seat.once(self._key):
            return discounts.add(
                seat, self._house, values["kind"], values["factor"], values["from"], values["to"], values["reason"],
                values["item"], second=second,
            )  # fmt: skip

    def _said(self, done: Given | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"申请 {done.request} 已提交，等批准。"
        said = f"{done.house} {KINDS[done.kind]}折扣 {done.factor}，{done.first} 至 {done.last}。"
        return said + (f"这段日子已出账的 {done.posted} 笔不变。" if done.posted else "")


class EndDiscount(Dialog):
    """A discount ends early: somebody moved in."""

    def __init__(self, page: Page, house: str, rows: Sequence[DiscountRow]) -> None:
        self._rows = list(rows)
        places = tuple(
            (str(at), f"{row.item_name or EVERY_FEE} {KINDS[row.kind]} {row.factor}（到 {row.last}）")
            for at, row in enumerate(rows)
        )
        fields = (
            Field("which", "哪一个", int, choices=places),
            Field("on", "最后一天", page.read_day, kind=Kind.DAY),
            Field("reason", "原因"),
        )
        super().__init__(page, f"{house} 结束折扣", "已出账的不变；以后的账按全价出。", fields, "结束折扣")
        self._house, self._key = house, str(uuid4())
        self.form.fill({"which": "0", "on": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """End it."""
        self.do(lambda: self._end(values), self._said)

    def _end(self, values: Mapping[str, Any]) -> Ended:
        seat, row = self.page.seat, self._rows[values["which"]]
        with seat.once(self._key):
            return discounts.end(seat, self._house, row.item, values["on"], values["reason"])

    def _said(self, done: Ended) -> str:
        if done.last < done.first:
            return f"{done.house} 的{KINDS[done.kind]}折扣已取消，没有生效过。"
        return f"{done.house} 的{KINDS[done.kind]}折扣到 {done.last} 为止。"
