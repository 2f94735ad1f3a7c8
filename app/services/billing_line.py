"""A line that a bill run would post, and a house that gets none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.charge import Part, Share
from app.services.billing_cut import WHOLE, Cut

PartRow = tuple[Part, int | None, int | None]
"""A part with the meter and the reading it came from."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line to post; amount in fen. `deliver_to` is the house whose bill carries it."""

    house_id: int
    item_id: int
    payer_id: int
    first: date
    last: date
    issue: int
    amount: int
    due: date
    deliver_to: int
    parts: tuple[PartRow, ...]


@dataclass(frozen=True, slots=True)
class NotBilled:
    """A house that gets no line of an item, and why (a stable code)."""

    house: str
    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Days:
    """A payer's days of an item in a period: the first, the last, what is his of a divided cost, and where the payer
    changes.
    """

    payer: int
    first: date
    last: date
    shares: tuple[Share, ...] = ()
    cut: Cut = WHOLE


class Missing(Exception):
    """A line that cannot be computed; carries the reason's code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
