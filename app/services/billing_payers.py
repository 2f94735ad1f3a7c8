"""Who is liable for which days of a house (HANDBOOK §2.6, §5.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.proration import StartRule, charge_from
from db.queries import billing as read

UNSOLD = frozenset({"unsold", "undelivered"})
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Payers:
    """The payers of each house with their dates, and the party of the developer where one is named."""

    of: Mapping[int, Sequence[read.Payer]]
    developer: int | None

    def spans(
        self, house: read.HouseInput, first: date, last: date, rule: StartRule
    ) -> Iterator[tuple[int, date, date]]:
        """Who is liable for which of these days: the developer until the start rule after delivery lets the owner
        pay, then by the payers' dates.
        """
        rows = self.of.get(house.id, ())
        if len(rows) == 1 and rows[0].valid_from is None and rows[0].valid_to is None:
            party = rows[0].party_id
            if house.delivered_on is None and house.state not in UNSOLD:
                yield party, first, last
                return
        handed = _handed_over(house, rule)
        if self.developer is not None and (handed is None or handed > first):
            until = last if handed is None else min(last, handed - _DAY)
            yield self.developer, first, until
            if until == last:
                return
            first = until + _DAY
        for row in rows:
            start = first if row.valid_from is None else max(first, row.valid_from)
            end = last if row.valid_to is None else min(last, row.valid_to)
            if start <= end:
                yield row.party_id, start, end

    def follow(self, house_id: int, follower: int, last: date) -> None:
        """Let somebody pay for a house from the day after a day on, in the place of who pays now."""
        rows = [read.Payer(row.party_id, row.valid_from, row.valid_to or last) for row in self.of[house_id]]
        self.of = {**self.of, house_id: [*rows, read.Payer(follower, last + _DAY, None)]}


def _handed_over(house: read.HouseInput, rule: StartRule) -> date | None:
    """From which day the owner is liable; None while the house is unsold or undelivered."""
    if house.delivered_on is not None and house.state != "unsold":
        return charge_from(house.delivered_on, rule)
    return None if house.state in UNSOLD else date.min
