"""装修许可 of a house: given, extended, closed; from its panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from app.domain.phone import parse as parse_phone
from app.services import permits
from app.services.list_face import Kind as ListKind
from app.services.list_face import State
from app.services.permits import FITTING_OUT, NewPermit, PermitAnswer, PermitRow
from ui.forms.field import Field, Kind
from ui.models.plain_model import column
from ui.pages.dialog import WIDE, Dialog
from ui.pages.house_forms import STATE_CHOICES, STATE_WORDS
from ui.pages.page import Page

PERMIT_STATES = (
    State("coming", "未开始", "info", "clock"),
    State("now", "装修中", "warn", "gear"),
    State("over", "已过期", "danger", "triangle"),
    State("closed", "已办结", "neutral", "check"),
)
PERMITS = (
    column("number", "编号", ListKind.NUMBER, 13),
    column("company", "施工"),
    column("valid_to", "到", ListKind.DATE, 10),
    column("state", "状态", ListKind.STATE, 9, PERMIT_STATES),
)


def _phone(typed: str) -> str:
    return parse_phone(typed).normalized


class GivePermit(Dialog):
    """A house may be fitted out between two days."""

    def __init__(self, page: Page, house: str) -> None:
        fields = (
            Field("from", "第一天", page.read_day, kind=Kind.DAY),
            Field("to", "最后一天", page.read_day, kind=Kind.DAY),
            Field("company", "装修公司或施工人", hint="自己装修写 业主自装"),
            Field("contact", "联系人", optional=True),
            Field("phone", "联系电话", _phone, optional=True),
            Field("deposit", "押金收据号", optional=True, hint="先在收费台收装修押金，这里填收据号"),
            Field("content", "装修内容", optional=True, hint="如 厨卫改造、铺地板"),
        )
        about = "从第一天起入住状态改为“装修中”；过期没有办结会提醒。"
        super().__init__(page, f"{house} 装修许可", about, fields, "登记", WIDE, columns=2)
        self._house, self._key = house, str(uuid4())
        self.form.fill({"from": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat = self.page.seat
        new = NewPermit(
            values["from"], values["to"], values["company"], values["contact"], values["phone"], values["content"],
            values["deposit"],
        )  # fmt: skip

        def write() -> PermitAnswer:
            with seat.once(self._key):
                return permits.add(seat, self._house, new)

        self.do(write, lambda done: f"装修许可 {done.number} 已登记，到 {done.valid_to}。" + "".join(done.warnings))


class ExtendPermit(Dialog):
    """A permit lasts longer."""

    def __init__(self, page: Page, permit: PermitRow) -> None:
        fields = (Field("to", "新的最后一天", page.read_day, kind=Kind.DAY), Field("reason", "原因"))
        about = f"{permit.company}，现在到 {permit.valid_to}。"
        super().__init__(page, f"{permit.house} 装修许可 {permit.number} 延期", about, fields, "延期")
        self._number, self._key = permit.number, str(uuid4())

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat = self.page.seat

        def write() -> PermitAnswer:
            with seat.once(self._key):
                return permits.extend(seat, self._number, values["to"], values["reason"])

        self.do(write, lambda done: f"装修许可 {done.number} 延期到 {done.valid_to}。")


class ClosePermit(Dialog):
    """The work was looked at and is done; what the house becomes."""

    def __init__(self, page: Page, permit: PermitRow) -> None:
        fields = (
            Field("becomes", "办结后的入住状态", choices=tuple(c for c in STATE_CHOICES if c[0] != FITTING_OUT)),
            Field("note", "验收结果", optional=True),
        )
        about = "从今天起改状态。装修押金不会自动退，验收合格后在收费台“更多”里退。"
        super().__init__(page, f"{permit.house} 装修许可 {permit.number} 办结", about, fields, "办结")
        self._number, self._key = permit.number, str(uuid4())
        self.form.fill({"becomes": "owner"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat = self.page.seat

        def write() -> PermitAnswer:
            with seat.once(self._key):
                return permits.close(seat, self._number, values["becomes"], values["note"])

        self.do(write, self._said)

    def _said(self, done: PermitAnswer) -> str:
        said = f"装修许可 {done.number} 已办结，{done.house} 现在是{STATE_WORDS[done.house_state]}。"
        return said + "".join(done.warnings)
