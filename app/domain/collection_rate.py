"""Collection rate 收缴率 (HANDBOOK §9.5; practice differs, the definitions are ours)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.money import Fen
from app.domain.period import Period
from app.domain.rounding import percent


@dataclass(frozen=True, slots=True)
class RatedCharge:
    """A charge by the period it serves (not the posting month), net of its adjustments."""

    id: Hashable
    period: Period
    net: Fen


@dataclass(frozen=True, slots=True)
class CollectionRate:
    """The four sums and the three rates (percent with two decimals, None when nothing is due)."""

    current_due: Fen
    current_collected: Fen
    opening_arrears: Fen
    arrears_collected: Fen

    @property
    def current(self) -> str | None:
        """本期收缴率."""
        return percent(self.current_collected, self.current_due)

    @property
    def arrears(self) -> str | None:
        """往期清欠率."""
        return percent(self.arrears_collected, self.opening_arrears)

    @property
    def combined(self) -> str | None:
        """综合收缴率: both tops over both bottoms."""
        return percent(self.current_collected + self.arrears_collected, self.current_due + self.opening_arrears)


def collection_rate(
    period: Period, charges: Iterable[RatedCharge], allocations: Iterable[tuple[Hashable, date, Fen]]
) -> CollectionRate:
    """Rate a month's collection from charges and allocations (charge id, day, fen; set-offs included).

    current: allocated to this period's charges by period end. arrears: allocated in the period to older charges,
    against what they owed at its start. Charges of later periods count in none.
    """
    current_due = current_collected = opening = collected = 0
    current, older = set(), set()
    for charge in charges:
        if charge.period == period:
            current.add(charge.id)
            current_due += charge.net
        elif charge.period < period:
            older.add(charge.id)
            opening += charge.net
    for charge_id, day, amount in allocations:
        if day > period.last:
            continue
        if charge_id in current:
            current_collected += amount
        elif charge_id in older:
            if day < period.first:
                opening -= amount
            else:
                collected += amount
    return CollectionRate(Fen(current_due), Fen(current_collected), Fen(opening), Fen(collected))
