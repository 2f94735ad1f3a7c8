"""改规则: due day, late fee, VAT, rounding, parts of a month and set-off of an item from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from app.domain.quantity import Factor, Rate
from app.services import fee_rules
from app.services.fee_file import CHANGES, PARTS, RULES, SET_OFFS, UNITS, FeeFile
from app.services.fee_rules import RulesAnswer
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind, whole
from ui.pages.dialog import WIDEST, Dialog
from ui.pages.page import Page


def percent(typed: str) -> int:
    """A rate typed in percent (1e-8)."""
    return Rate.parse(typed).units // 100


def ten_thousandths(typed: str) -> int:
    """A daily rate typed as so many ten-thousandths (1e-8): 5 is 0.05 % a day."""
    return Rate.parse(typed).units // 10_000


def rule_fields() -> tuple[Field, ...]:
    """The rules of an item as they are typed, in the order of a form."""
    return (
        Field("due_day", "到期日", whole(1, 31), optional=True, kind=Kind.NUMBER, unit="日", hint="不填按办公室的设置"),
        Field("due_offset", "到期日顺延", whole(0, 12), optional=True, kind=Kind.NUMBER, unit="个月",
              hint="不填按办公室的设置"),
        Field("vat_rate", "价内增值税率", percent, optional=True, kind=Kind.NUMBER, unit="%",
              hint="押金和代收没有税的不填"),
        Field("late_rate", "违约金（日万分之）", ten_thousandths, optional=True, kind=Kind.NUMBER,
              hint="合同没有约定就不填；高于 5 法院常会调低"),
        Field("late_cap", "违约金上限", lambda typed: Factor.parse(typed).units, optional=True, kind=Kind.NUMBER,
              unit="倍本金", hint="不填就不封顶"),
        Field("grace", "宽限", whole(0, 365), kind=Kind.NUMBER, unit="天"),
        Field("part_month", "不足一月", choices=tuple(PARTS.items())),
        Field("unit", "取整到", choices=tuple(UNITS.items())),
        Field("rule", "取整方式", choices=tuple(RULES.items())),
        Field("tariff_change", "账期中调价", choices=tuple(CHANGES.items())),
        Field("set_off", "用预存抵扣", choices=tuple(SET_OFFS.items())),
    )  # fmt: skip


class ChangeRules(Dialog):
    """The rules as they stand are in the fields; only what is changed is written."""

    acts = ("fee.change",)

    def __init__(self, page: Page, item: FeeFile) -> None:
        self._item, self._key = item, str(uuid4())
        charged = (
            Field("reason", "依据", hint="文件、合同，记入审计"),
            Field("second", "批准人", optional=True, hint="另一位财务或经理；留空则提交申请"),
            Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
        )
        fields = (
            Field("from", "从哪天起", page.read_day, kind=Kind.DAY, hint="已出的账不变"),
            *(field for field in rule_fields() if field.key in item.rules),
            *(charged if item.charged else ()),
        )  # fmt: skip
        about = "账按它那一期第一天的规则出，违约金按到期日那天的规则算；已经出的账不会变。"
        verb = "提交" if item.charged else "保存"
        super().__init__(page, f"{item.name} 的规则", about, fields, verb, WIDEST, columns=3)
        self.form.fill({**item.rules, "from": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it, or leave the request."""
        changes = {name: values[name] for name, was in self._item.rules.items() if self.form.typed[name].strip() != was}
        self.do(lambda: self._change(values, changes), self._said)

    def _change(self, values: Mapping[str, Any], changes: Mapping[str, Any]) -> RulesAnswer | Waiting:
        seat, second = self.page.seat, self.second(values)
        with seat.once(self._key):
            return fee_rules.change(seat, self._item.code, values["from"], changes, values.get("reason"), second=second)

    def _said(self, done: RulesAnswer | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"改规则的申请 {done.request} 已提交，等批准。"
        words = "、".join(done.changed)
        return f"{self._item.name} 从 {done.valid_from.isoformat()} 起改了{words}。" + "".join(done.warnings)
