"""A price in words: `2.35 元/m²·月`, `180 以内 3.50，以上 8.00 元`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PER = {"area": "元/m²·月", "flat": "元/月", "meter": "元/单位", "once": "元/次"}


def price_words(kind: str, params: Mapping[str, Any]) -> str:
    """The parameters of a version as people read them."""
    per = _PER.get(kind, "元")
    if "tiers" in params:
        return "；".join(_tier(tier) for tier in params["tiers"]) + f" {per}"
    said = f"{params.get('price', '')} {per}" if params.get("price") else "按次填写金额"
    return f"{said}，另加 {params['fixed']} 元/月" if params.get("fixed") else said


def _tier(tier: Mapping[str, Any]) -> str:
    return f"{tier['up_to']} 以内 {tier['price']}" if tier.get("up_to") else f"以上 {tier['price']}"
