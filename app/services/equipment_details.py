"""What the equipment ledger says about a piece of equipment: checked, kept and found by its number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from app.domain.problem import Problem, problem
from app.services import equipment_presets
from app.services.refused import Refused, refuse
from db.models.equipment import Equipment
from db.work import Work

STATES: Mapping[str, str] = {"in_use": "在用", "stopped": "停用", "scrapped": "报废"}
OTHER = "其他"
"""The category of a type that no preset knows, where none is given."""

TITLES: Mapping[str, str] = {
    "number": "设备编号", "name": "设备名称", "category": "设备类别", "type": "设备类型", "place": "位置",
    "brand": "品牌", "model": "型号", "serial": "出厂编号", "maker": "制造单位", "maintainer": "维保单位",
    "registration": "注册代码", "certificate": "证书号", "remark": "备注", "contract_end": "维保合同到期",
    "in_service": "投用日期", "manufactured": "生产日期", "warranty_end": "保修到期", "certificate_end": "检验有效期",
}  # fmt: skip
DAYS = ("contract_end", "in_service", "manufactured", "warranty_end", "certificate_end")
FIELDS = tuple(TITLES)
_LONGEST = {"number": 32, "name": 60, "remark": 300}


@dataclass(frozen=True, slots=True)
class Details:
    """What the ledger says about a piece of equipment. A type by any usual name is kept under the preset's name."""

    number: str
    name: str
    category: str | None = None
    type: str | None = None
    place: str | None = None
    brand: str | None = None
    model: str | None = None
    serial: str | None = None
    maker: str | None = None
    maintainer: str | None = None
    registration: str | None = None
    certificate: str | None = None
    remark: str | None = None
    contract_end: date | None = None
    in_service: date | None = None
    manufactured: date | None = None
    warranty_end: date | None = None
    certificate_end: date | None = None


def _line(name: str, text: str | None) -> str | None:
    line = unicodedata.normalize("NFKC", text or "").strip()
    longest = _LONGEST.get(name, 100)
    if len(line) > longest or not line.isprintable():
        raise problem(
            f"equipment.{name}", "{title}最多 {n} 个字，不含换行等控制字符。", "请改短后再试。",
            title=TITLES[name], n=longest,
        )  # fmt: skip
    return line or None


def number_of(text: str) -> str:
    """A number of equipment as it is kept and compared: one width, no blanks.

    Raises: `equipment.number`.
    """
    number = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if not number or ":" in number:
        raise problem("equipment.number", "设备编号不能为空，也不能含冒号。", "请写一个编号，如 DT-01。")
    return _line("number", number) or number


def _check_days(days: Mapping[str, date | None]) -> None:
    made, start = days["manufactured"], days["in_service"]
    if made and start and start < made:
        raise problem("equipment.in_service", "投用日期 {day} 早于生产日期 {made}。", "请核对。", day=start, made=made)
    begin = start or made
    for name in ("warranty_end", "contract_end", "certificate_end"):
        end = days[name]
        if begin and end and end < begin:
            raise problem(
                f"equipment.{name}", "{title} {end} 早于{start} {begin}。", "请核对日期。",
                title=TITLES[name], end=end, begin=begin, start="投用日期" if start else "生产日期",
            )  # fmt: skip


def checked(details: Details) -> dict[str, Any]:
    """The values to keep, by column; days as days. Raises Problem `equipment.FIELD`."""
    values: dict[str, Any] = {name: _line(name, getattr(details, name)) for name in FIELDS if name not in DAYS}
    values["number"] = number_of(details.number)
    if values["name"] is None:
        raise problem("equipment.name", "设备名称不能为空。", "请写一个名称，如 1号楼客梯。")
    named = values["type"] or values["category"] or ""
    kind = equipment_presets.known_type(named)
    values["type"] = kind or values["type"] or ""
    values["category"] = (equipment_presets.categories()[kind] if kind else values["category"]) or OTHER
    days = {name: getattr(details, name) for name in DAYS}
    _check_days(days)
    return {**values, **days}


def stored(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Values in stored form, in the order of FIELDS."""
    return tuple(
        values[name].isoformat() if name in DAYS and values[name] is not None else values[name] for name in FIELDS
    )


def row_of(work: Work, number: str) -> Row[Any]:
    """The equipment of a number. Raises Refused `unknown_equipment`."""
    row: Row[Any] | None = None
    try:
        row = work.execute(select(Equipment).where(Equipment.number == number_of(number))).first()
    except Problem as why:
        raise Refused(why, "equipment") from None
    if row is None:
        raise refuse(
            "unknown_equipment",
            "没有编号为 {number} 的设备。",
            "请用 equipment list 查看编号。",
            number=number.strip(),
            field="equipment",
        )
    return row


def restarted(before: str, after: str, restarted_on: date | None, today: date) -> date | None:
    """The day from which tasks count again: today, where standing equipment is put into use."""
    return today if before != "in_use" and after == "in_use" else restarted_on
