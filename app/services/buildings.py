"""A building by what people call it: its code `3` or its label `3号楼`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from app.services.refused import refuse
from db.models.estate import Building
from db.work import Work


@dataclass(frozen=True, slots=True)
class Named:
    """A building: its code, and its label in words."""

    code: str
    label: str


def find(work: Work, typed: str) -> Named:
    """The building of a code or label. Raises Refused `unknown_building`."""
    word = typed.strip().removesuffix("栋").removesuffix("号楼").strip()
    row = work.execute(
        select(Building.code, Building.label)
        .where(or_(Building.code == word, Building.label == typed.strip()))
        .order_by(Building.id)
        .limit(1)
    ).first()
    if row is None:
        raise refuse("unknown_building", "没有这栋楼：{typed}。", "请核对楼号，如 3。", typed=typed, field="building")
    label = row.label if row.label != row.code and row.code in row.label else f"{row.code} 栋"
    return Named(row.code, label)
