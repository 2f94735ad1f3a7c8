"""A value of a list in words: as it is shown, as it is copied, as it is read aloud."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.money import plain_yuan, yuan
from app.domain.quantity import Area, Price, Quantity
from app.services.list_face import ColumnFace, Kind, State

NOTHING = "—"


def state_of(face: ColumnFace, value: Any) -> State | None:
    """The state of a code."""
    return next((state for state in face.states if state.code == value), None)


def shown(face: ColumnFace, value: Any) -> str:
    """For people: `1,234.56`, `89.20`, `2026-07-06`; a dash where there is none."""
    if value is None or value == "":
        return "" if face.kind in (Kind.STATE, Kind.TEXT, Kind.COUNT) else NOTHING
    if face.kind is Kind.MONEY:
        return yuan(value)
    if face.kind is Kind.AREA:
        return _grouped(Area(value).show(2))
    if face.kind is Kind.COUNT:
        return f"{value:,}".replace("-", "−")
    return _written(face, value)


def plain(face: ColumnFace, value: Any) -> str:
    """For a sheet: figures without thousands, text on one line."""
    if value is None:
        return ""
    if face.kind is Kind.MONEY:
        return plain_yuan(value)
    if face.kind is Kind.AREA:
        return Area(value).show(2)
    return " ".join(_written(face, value).split())


def spoken(face: ColumnFace, value: Any) -> str:
    """For a reader: column and word; a masked value says that it is."""
    if face.kind is Kind.MASKED and value:
        return f"{face.title} 已脱敏"
    return f"{face.title} {shown(face, value) or '空'}"


def _written(face: ColumnFace, value: Any) -> str:
    if face.kind is Kind.STATE:
        state = state_of(face, value)
        return state.word if state else str(value)
    if face.kind is Kind.CHECK:
        return "是" if value else "否"
    if face.kind is Kind.QUANTITY:
        return Quantity(value).show()
    if face.kind is Kind.PRICE:
        return Price(value).show(2)
    return value.isoformat() if isinstance(value, date) else str(value)


def _grouped(figure: str) -> str:
    return f"{Decimal(figure):,}".replace("-", "−")
