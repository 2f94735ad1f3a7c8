"""The fields of a price by the kind of its item: judged as they are left, and as they stand in a stored version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.kinds import kind_of
from app.domain.kinds.shared import BY_WORDS
from app.services.price_words import price_unit, read_tiers
from ui.forms.field import Field, Kind, whole

PARAMS = (
    "price", "fixed", "per", "formula", "tiers", "resets", "base_people", "allowance", "by", "usage_of", "floors",
    "percent", "of",
)  # fmt: skip
"""The fields that are parameters of a price, whatever the kind."""


def _judge(kind: str, name: str, typed: str, **more: str) -> str:
    """A parameter as the item's kind takes it."""
    beside = {"price": "0"} if name in ("price", "fixed") else {}
    kind_of(kind).parse_params({**beside, **more, name: typed})
    return typed.strip()


def _tiers(typed: str) -> list[dict[str, str | None]]:
    tiers = read_tiers(typed)
    kind_of("meter").parse_params({"tiers": tiers})
    return tiers


def _allowance(typed: str) -> str:
    kind_of("meter").parse_params({"tiers": [{"up_to": None, "price": "0"}], "allowance": typed})
    return typed.strip()


def _floors(typed: str) -> list[dict[str, str | None]]:
    """Floor factors as they are typed: `1=0，2=0.5，以上=1`."""
    floors: list[dict[str, str | None]] = [{"to": tier["up_to"], "factor": tier["price"]} for tier in read_tiers(typed)]
    kind_of("shared").parse_params({"by": "floor", "floors": floors})
    return floors


def fields_of(kind: str) -> list[Field]:
    """What a price of this kind is made of."""
    if kind == "shared":
        return [
            Field("by", "按什么分", choices=tuple((by.value, word) for by, word in BY_WORDS.items())),
            Field("usage_of", "按哪个抄表项目的用量", optional=True, hint="项目代码，如 SF"),
            Field("floors", "楼层系数", _floors, optional=True, hint="如 1=0，2=0.5，以上=1"),
        ]
    if kind == "percent":
        return [
            Field("percent", "比例", lambda typed: _judge(kind, "percent", typed, of="X"), kind=Kind.NUMBER, unit="%"),
            Field("of", "按哪些项目", hint="项目代码，几个之间用逗号，如 SF"),
        ]
    if kind == "formula":
        hint = "可用：面积、用量、人数、楼层、月数、min、max；如 面积 * 2.35 * 月数 + 人数 * 5"
        return [Field("formula", "公式", lambda typed: _judge(kind, "formula", typed), hint=hint)]
    price = Field("price", "单价", lambda typed: _judge(kind, "price", typed), kind=Kind.NUMBER,
                  unit=price_unit(kind), optional=kind == "meter")  # fmt: skip
    if kind == "flat":
        return [price, Field("per", "按", choices=(("house", "每户每份"), ("head", "每人")))]
    if kind == "area":
        return [price, Field("fixed", "每月另加", lambda typed: _judge(kind, "fixed", typed), optional=True,
                             kind=Kind.NUMBER, unit="元/月")]  # fmt: skip
    if kind == "meter":
        return [
            price,
            Field("resets", "用量累计", choices=(("year", "按年"), ("month", "按月"))),
            Field("base_people", "含几口人", whole(0, 99), optional=True, kind=Kind.NUMBER, unit="人"),
            Field("allowance", "每多一人各级加", _allowance, optional=True, kind=Kind.NUMBER,
                  hint="不按人口放宽就不填"),
            Field("tiers", "阶梯（不分级就只填单价）", _tiers, optional=True, kind=Kind.TIERS),
        ]  # fmt: skip
    return [price]


def params_of(values: Mapping[str, Any]) -> dict[str, object]:
    """What the item's kind takes of a form; empty where nothing is priced yet."""
    if values.get("by"):
        return {name: values[name] for name in ("by", "usage_of", "floors") if values.get(name)}
    if values.get("percent"):
        return {"percent": values["percent"], "of": values["of"]}
    if values.get("formula"):
        return {"formula": values["formula"]}
    if values.get("tiers"):
        extra = {name: values[name] for name in ("resets", "base_people", "allowance") if values.get(name)}
        return {"tiers": values["tiers"], **extra}
    return {name: values[name] for name in ("price", "fixed", "per") if values.get(name)}


def typed_of(params: Mapping[str, Any]) -> dict[str, str]:
    """How stored parameters stand in the form."""
    typed = {name: str(value) for name, value in params.items() if name in PARAMS and isinstance(value, str | int)}
    typed |= {name: "" for name in ("base_people", "allowance") if typed.get(name) == "0"}
    if "of" in params:
        typed["of"] = ",".join(params["of"])
    if "tiers" in params:
        typed["tiers"] = "，".join(f"{tier.get('up_to') or '以上'}={tier['price']}" for tier in params["tiers"])
    if "floors" in params:
        typed["floors"] = "，".join(
            f"{'以上' if each.get('to') is None else each['to']}={each['factor']}" for each in params["floors"]
        )
    return {"resets": "year", "per": "house", "by": "area", **typed}
