"""Tariffs in words: `2.35 元/m²·月`, `180 以内 3.50；以上 8.00`; which houses have an item; tiers as they are typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.domain.kinds import kind_of
from app.domain.kinds.shared import BY_WORDS, By
from app.domain.problem import problem

KINDS = {"house": "房屋", "shop": "商铺", "parking": "车位", "storage": "储藏室"}
_PER = {"area": "元/m²·月", "flat": "元/月", "meter": "元/单位", "once": "元/次", "deposit": "元"}

CYCLES = {"month": "每月", "quarter": "每季", "half_year": "每半年", "year": "每年"}
WHENS = {"advance": "预收", "arrear": "后收"}


def price_unit(kind: str) -> str:
    """What a price of a kind is in: 元/m²·月."""
    return _PER.get(kind, "元")


def price_words(kind: str, params: Mapping[str, Any]) -> str:
    """The parameters of a version as people read them."""
    per = _PER.get(kind, "元")
    if "by" in params:
        return _shared(params)
    if "percent" in params:
        return f"{'、'.join(params['of'])} 的 {params['percent']}%"
    if "formula" in params:
        return str(params["formula"])
    if params.get("per") == "head":
        per = "元/人·月"
    if "tiers" in params:
        return "；".join(_tier(tier) for tier in params["tiers"]) + f" {per}"
    said = f"{_grouped(params['price'])} {per}" if params.get("price") else "按次填写金额"
    return f"{said}，另加 {_grouped(params['fixed'])} 元/月" if params.get("fixed") else said


def _grouped(price: Any) -> str:
    """A price with its thousands marked: 12,000."""
    whole, point, rest = str(price).partition(".")
    return f"{int(whole):,}{point}{rest}"


def _shared(params: Mapping[str, Any]) -> str:
    said = f"分摊，{BY_WORDS[By(params['by'])]}"
    if params.get("usage_of"):
        return f"{said}（{params['usage_of']}）"
    floors = [f"{each['to']} 层以内 {each['factor']}" if each.get("to") is not None else f"以上 {each['factor']}"
              for each in params.get("floors", ())]  # fmt: skip
    return f"{said}（{'；'.join(floors)}）" if floors else said


def due_words(day: int | None, offset: int | None) -> str:
    """The due day of an item, and by how many months it is later."""
    said = "" if day is None else f"{day} 日"
    later = "" if offset is None else f"顺延 {offset} 个月" if offset else "不顺延"
    return "，".join(part for part in (said, later) if part) or "按设置"


def _tier(tier: Mapping[str, Any]) -> str:
    return f"{tier['up_to']} 以内 {tier['price']}" if tier.get("up_to") else f"以上 {tier['price']}"


def houses_words(houses: str) -> str:
    """Which houses have an item, in words."""
    if houses == "listed":
        return "指定的房屋"
    return "、".join(KINDS.get(kind, kind) for kind in houses.split(","))


def rhythm(kind: str, cycle: str, when: str) -> tuple[str, str]:
    """The cycle and 预收/后收 of an item in words; what is not charged by months has only 按次."""
    return (CYCLES[cycle], WHENS[when]) if kind_of(kind).periodic else ("按次", "")


def read_tiers(typed: str) -> list[dict[str, str | None]]:
    """Tiers as they are typed: `180=3.50，240=4.65，以上=8.00`.

    Raises: `tariff.tiers_typed`.
    """
    found: list[dict[str, str | None]] = []
    for part in re.split(r"[,，;；\s]+", typed.strip()):
        bound, equals, price = part.partition("=")
        if not equals or not price:
            raise problem("tariff.tiers_typed", "“{part}”不是一档。", "应写成 180=3.50，以上=8.00。", part=part[:20])
        if "？" in part:
            raise problem(
                "tariff.tiers_open", "第 {n} 级还没有填完。", "请填上限和单价，或去掉这一级。", n=len(found) + 1
            )
        found.append({"up_to": None if bound in ("以上", "") else bound, "price": price})
    return found
