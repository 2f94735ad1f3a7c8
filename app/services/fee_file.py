"""A fee item at length: its rules, and the versions of its price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from app.domain.charge import Kind
from app.domain.kinds import kind_of
from app.domain.quantity import Factor, Rate
from app.security.permissions import Permission
from app.services import late_fees, look_up
from app.services.price_words import due_words, houses_words, rhythm
from app.services.use_case import use_case
from db.models.ledger import Charge
from db.models.tariff import HouseItem
from db.work import Work

UNITS = {"fen": "分", "jiao": "角", "yuan": "元"}
RULES = {"half_up": "四舍五入", "half_even": "四舍六入五成双", "up": "进一", "down": "舍去"}
STARTS = {
    "delivery_day": "交付当日起",
    "next_day": "交付次日起",
    "next_month": "交付次月起",
}
PARTS = {"actual_days": "按当月天数", "thirty_days": "按 30 天", "whole_month": "按整月"}
SET_OFFS = {"allowed": "可以", "barred": "不可以"}
CHANGES = {"split_by_day": "按天分段", "period_start_price": "按账期第一天的价"}


@dataclass(frozen=True, slots=True)
class FeeFile:
    """An item. `facts` are titles with their words; `charged` whether anything was posted under it, so that a new
    price needs a second person. `rules` are those of today as they are typed, by the names of `NewItem`.
    """

    code: str
    name: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    charged: bool
    rules: Mapping[str, str]


@use_case(Permission.SEE_TARIFFS)
def show(work: Work, code: str) -> FeeFile:
    """An item by its code. Raises Refused `unknown_item`."""
    return of_item(work, code)


def of_item(work: Work, code: str) -> FeeFile:
    """The same inside another use case."""
    item = look_up.item(work, code)
    kind = kind_of(item.kind)
    rule = look_up.rule_on(work, item.id, work.today)
    listed = work.execute(select(func.count()).where(HouseItem.item_id == item.id)).scalar_one()
    late = "合同没有约定"
    if rule.late_rate is not None:
        late = late_fees.rate_words(rule.late_rate)
        late += f"，宽限 {rule.grace_days} 天" if rule.grace_days else ""
        late += f"，不超过本金的 {Factor(rule.late_cap * 100).show()}%" if rule.late_cap is not None else ""
    facts = (
        ("计费方式", kind.title),
        ("周期", "，".join(filter(None, rhythm(item.kind, item.cycle, item.bill_when)))),
        *((("起算月", f"{item.anchor} 月"),) if kind.periodic else ()),
        ("适用", houses_words(item.houses) + (f"（{listed} 条）" if item.houses == "listed" else "")),
        ("取整", f"到{UNITS.get(rule.unit, rule.unit)}，{RULES.get(rule.rule, rule.rule)}"),
        *(_parts(rule) if kind.periodic else ()),
        ("开始计费", STARTS.get(rule.start_rule, rule.start_rule)),
        ("到期日", due_words(rule.due_day, rule.due_offset)),
        ("违约金", late),
        *(() if kind.liability else (("预存抵扣", SET_OFFS.get(rule.set_off, rule.set_off)),)),
        ("增值税", "价内没有" if rule.vat_rate is None else f"价内含 {Rate(rule.vat_rate * 100).show()}%"),
    )
    charged = work.execute(select(Charge.id).where(Charge.item_id == item.id).limit(1)).first() is not None
    return FeeFile(item.code, item.name, item.kind, facts, charged, _typed(rule, kind))


def _parts(rule: Row[Any]) -> tuple[tuple[str, str], ...]:
    return (
        ("不足一月", PARTS.get(rule.part_month, rule.part_month)),
        ("账期中调价", CHANGES.get(rule.tariff_change, rule.tariff_change)),
    )


def _typed(rule: Row[Any], kind: Kind) -> Mapping[str, str]:
    """Rules as hands type them: a late rate in ten-thousandths, VAT in percent. What is not charged by months has no
    part of one; a deposit is paid with money.
    """

    def said(value: object) -> str:
        return "" if value is None else str(value)

    return {
        "due_day": said(rule.due_day),
        "due_offset": said(rule.due_offset),
        "late_rate": "" if rule.late_rate is None else Rate(rule.late_rate * 10_000).show(),
        "late_cap": "" if rule.late_cap is None else Factor(rule.late_cap).show(),
        "grace": str(rule.grace_days),
        "vat_rate": "" if rule.vat_rate is None else Rate(rule.vat_rate * 100).show(),
        "unit": rule.unit,
        "rule": rule.rule,
        **({"part_month": rule.part_month, "tariff_change": rule.tariff_change} if kind.periodic else {}),
        **({} if kind.liability else {"set_off": rule.set_off}),
    }
