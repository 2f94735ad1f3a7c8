"""Reading a tariff version's parameters from what is stored or typed: strings of decimals, in a mapping."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.domain.problem import Problem, problem
from app.domain.quantity import Price, Quantity

WORDS: Mapping[str, str] = {
    "price": "单价", "fixed": "每月另加", "per": "按户或按人", "tiers": "阶梯", "up_to": "阶梯上限",
    "base_people": "基本人数", "allowance": "每多一人加", "resets": "重新累计", "anchor_month": "起算月",
    "percent": "百分比", "of": "按哪些项目", "formula": "公式", "by": "分摊方式", "usage_of": "按哪个项目的用量",
    "floors": "楼层系数", "to": "楼层上限", "factor": "系数",
}  # fmt: skip
"""What a parameter is called in sentences."""


def only(raw: Mapping[str, object], *names: str) -> None:
    """Refuse parameters the kind does not know: a mistyped one must not count as absent.

    Raises: `tariff.unknown_field`.
    """
    for name in raw:
        if name not in names:
            raise problem("tariff.unknown_field", "收费标准里没有“{name}”这一项。", name=WORDS.get(name, name))


def number(raw: Mapping[str, object], name: str) -> str | int | Decimal | None:
    """A number as given, None when absent or empty; anything else that is no number is refused."""
    value = raw.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise bad(name)
    return value


def price(raw: Mapping[str, object], name: str) -> int | None:
    """A price in 1e-6 yuan, not negative; None when absent."""
    value = number(raw, name)
    return None if value is None else _not_negative(name, Price.parse(value).units)


def quantity(raw: Mapping[str, object], name: str) -> int | None:
    """A quantity in 1e-4, not negative; None when absent."""
    value = number(raw, name)
    return None if value is None else _not_negative(name, Quantity.parse(value).units)


def whole(raw: Mapping[str, object], name: str) -> int | None:
    """A whole number, not negative; None when absent."""
    value = number(raw, name)
    if value is None:
        return None
    if not str(value).strip().isdecimal() or len(str(value)) > 9:
        raise bad(name)
    return int(value)


def required_price(raw: Mapping[str, object], name: str = "price") -> int:
    """A price that must be there: a missing one is never 0.

    Raises: `tariff.price_missing`.
    """
    value = price(raw, name)
    if value is None:
        raise problem("tariff.price_missing", "收费标准缺少单价。")
    return value


def bad(name: str) -> Problem:
    """The refusal of a parameter that is not what it should be."""
    return problem("tariff.format", "收费标准的“{name}”写得不对。", name=WORDS.get(name, name))


def _not_negative(name: str, units: int) -> int:
    if units < 0:
        raise problem("tariff.negative", "收费标准的“{name}”不能是负数。", name=WORDS.get(name, name))
    return units
