"""Who may hold a parking space beside whom: one holder at a time, unless the space is public (several share it)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LeaseKind(StrEnum):
    """How a space is held."""

    OWNED = "owned"
    LEASED = "leased"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Holding:
    """A space is held from `first` to `last` (None: until further notice), both days included."""

    kind: LeaseKind
    first: date
    last: date | None = None

    def touches(self, other: Holding) -> bool:
        """Whether the two share a day; one that ends before it begins has none."""
        spans = (self, other)
        if any(span.last is not None and span.last < span.first for span in spans):
            return False
        first, last = max(self.first, other.first), [span.last for span in spans if span.last is not None]
        return not last or first <= min(last)


def clash(new: Holding, others: Iterable[Holding]) -> Holding | None:
    """The first of the others that keeps the space from being held anew; two public ones never do."""
    for other in others:
        shared = new.kind is LeaseKind.PUBLIC and other.kind is LeaseKind.PUBLIC
        if not shared and new.touches(other):
            return other
    return None
