"""折扣 of a bill run: which discounts a house has for an item, and what they let off (HANDBOOK §2.1, §2.9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.discount import Discount
from app.services.billing_items import RunItem
from db.queries.billing import DiscountRow

KINDS: Mapping[str, str] = {
    "vacancy": "空置", "senior": "老人", "hardship": "困难", "staff": "员工", "other": "其他",
}  # fmt: skip
"""Why a house pays less."""

FOR_ONE = ("area", "flat", "formula", "meter", "percent")
"""Kinds of items that a discount may name. A cost that is divided must be divided wholly, a deposit is owed back."""
FOR_ALL = ("area", "flat", "formula")
"""Kinds that a discount without an item lowers: what is charged by the month. Usage is paid as it was used; what is a
percentage of other items is lower already."""


@dataclass(frozen=True, slots=True)
class LetOff:
    """What discounts take off a line, in fen."""

    house: str
    item: str
    amount_fen: int


def discounts_of(item: RunItem, rows: Sequence[DiscountRow]) -> tuple[Discount, ...]:
    """The discounts of a house that concern an item."""
    for_all = item.kind.code in FOR_ALL and not item.needs_reading
    return tuple(
        Discount(row.factor, row.first, row.last, own=row.item_id is not None)
        for row in rows
        if row.item_id == item.id or (row.item_id is None and for_all)
    )
