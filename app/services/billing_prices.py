"""The prices of a span of days for a house, with what its discounts let off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.charge import ONE
from app.domain.discount import Discount, discount_on, discounted
from app.domain.problem import Problem
from app.domain.proration import Method
from app.domain.tariff import Policy, Scope, Segment, Version, segments, valid_versions
from app.services.billing_discounts import discounts_of
from app.services.billing_items import RunItem
from app.services.billing_line import Missing
from db.queries import billing as read

_ESTATE_ONLY = frozenset({Scope.ESTATE})


@dataclass(slots=True)
class Prices:
    """Prices by item and house; spans that houses of the same scopes share are cut once."""

    discounts: Mapping[int, Sequence[read.DiscountRow]]
    _cut: dict[tuple[Any, ...], tuple[Segment, ...] | str] = field(default_factory=dict)

    def segments(
        self, item: RunItem, house: read.HouseInput, first: date, last: date, *, full: bool = False
    ) -> tuple[Segment, ...]:
        """The price segments of a span, with the house's discounts unless at `full` price. Raises Missing."""
        found = self._shared(item, house, first, last)
        rows = () if full else self.discounts.get(house.id, ())
        return discounted(found, discounts_of(item, rows)) if rows else found

    def on_day(
        self, item: RunItem, house: read.HouseInput, version: Version, span: tuple[date, date], on: date, *, full: bool
    ) -> Segment:
        """A whole span at one price, with the discount of a day of it: usage is paid as it was read."""
        rows: Sequence[Discount] = () if full else discounts_of(item, self.discounts.get(house.id, ()))
        then = discount_on(rows, on)
        return Segment(version, *span, 1, 1, then.factor if then else ONE)

    def _shared(self, item: RunItem, house: read.HouseInput, first: date, last: date) -> tuple[Segment, ...]:
        key: tuple[Any, ...]
        if item.scopes == _ESTATE_ONLY:
            key = (item.id, first, last)
        else:
            key = (
                item.id,
                house.building if Scope.BUILDING in item.scopes else None,
                house.house_type if Scope.HOUSE_TYPE in item.scopes else None,
                house.number_key if Scope.HOUSE in item.scopes else None,
                first,
                last,
            )
        found = self._cut.get(key)
        if found is None:
            method, policy = Method(item.rule.part_month), Policy(item.rule.tariff_change)
            try:
                found = segments(versions_of(item, house), first, last, method=method, policy=policy)
            except Problem as why:
                found = why.code
            self._cut[key] = found
        if isinstance(found, str):
            raise Missing(found)
        return found


def versions_of(item: RunItem, house: read.HouseInput) -> tuple[Version, ...]:
    """The item's prices whose scope includes the house."""
    return valid_versions(item.versions, house.building, house.house_type, house.number_key)
