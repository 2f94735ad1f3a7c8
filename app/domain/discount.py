"""折扣: so much of a fee between two days: vacancy 空置, the old, staff (HANDBOOK §2.1, §2.9).

The factor goes in before the rounding. A discount that begins or ends inside a period splits it by days, as a price
change does (§2.7); after its last day it is over by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.proration import months
from app.domain.tariff import Segment

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Discount:
    """A factor (1e-6) from a first to a last day; `own` where it names the item, else it is one for all items."""

    factor: int
    first: date
    last: date
    own: bool = True

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.first <= day <= self.last


def discount_on(discounts: Iterable[Discount], day: date) -> Discount | None:
    """The one that holds on a day: the item's own before one for all items, then the one that began last.

    Two never multiply: each was granted against the full fee.
    """
    holding = [each for each in discounts if each.holds_on(day)]
    return max(holding, key=lambda each: (each.own, each.first), default=None)


def discounted(found: Sequence[Segment], discounts: Sequence[Discount]) -> tuple[Segment, ...]:
    """The segments with the factor of the discount that holds on their days, cut where one begins or ends.

    Where anything is cut, each day weighs 1/(days of its month) in all of them; a whole month stays exactly 1.
    """
    if not found:
        return ()
    pieces: list[Segment] = []
    for segment in found:
        starts = sorted({segment.from_, *(day for each in discounts for day in (each.first, _after(each.last))
                                          if segment.from_ < day <= segment.to)})  # fmt: skip
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            end = segment.to if following is None else following - _DAY
            holding = discount_on(discounts, start)
            factor = segment.factor if holding is None else holding.factor
            last = pieces[-1] if pieces else None
            if (
                last is not None
                and last.to + _DAY == start
                and last.factor == factor
                and last.version is segment.version
            ):
                pieces[-1] = replace(last, to=end)
            else:
                pieces.append(replace(segment, from_=start, to=end, factor=factor))
    if len(pieces) == len(found):
        return tuple(pieces)
    return tuple(_weighed(piece) for piece in pieces)


def _weighed(piece: Segment) -> Segment:
    num, den = months(piece.from_, piece.to)
    return replace(piece, months_num=num, months_den=den)


def _after(day: date) -> date:
    return day if day == date.max else day + _DAY
