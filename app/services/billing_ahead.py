"""The lines of one house outside the bill run: months ahead that are paid for, months up to a day that are settled.

They are the lines that the runs of those months would post, by the same planner; the runs then find them posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.period import Period
from app.services.billing_items import RunItem, run_items
from app.services.billing_plan import LineRow, NotBilled, Planner
from db.queries import billing as read
from db.work import Work


@dataclass(frozen=True, slots=True)
class MonthLines:
    """What a billing month would post for the house, and what it would not, with the reason."""

    month: str
    lines: tuple[LineRow, ...]
    exceptions: tuple[NotBilled, ...]


class HouseRun:
    """Billing months of one house in turn: each sees what the months before it planned.

    `follower` pays from the day after `last`, where the payer is about to change.
    """

    def __init__(
        self, work: Work, house_id: int, on: date, follower: int | None = None, last: date | None = None
    ) -> None:
        self.planner = Planner(work, Period.of(on), on)
        if follower is not None and last is not None:
            rows = [
                replace(row, valid_to=last) if row.valid_to is None else row for row in self.planner.payers[house_id]
            ]
            changed = [*rows, read.Payer(follower, last + timedelta(days=1), None)]
            self.planner.payers = {**self.planner.payers, house_id: changed}
        self.work = work
        self.house = next(house for house in read.houses(work.connection) if house.id == house_id)
        self._planned: dict[int, list[LineRow]] = {}
        self._seen = 0

    @property
    def window(self) -> int:
        """Days after a period in which readings close it."""
        return int(self.planner.settings["reading_window"])

    def items(self, month: Period, code: str | None = None) -> list[RunItem]:
        """The items with lines in a billing month, with what earlier months planned for this house."""
        found = run_items(self.work, month, self.window, code)
        for item in found:
            rows = self._planned.get(item.id, ())
            if rows:
                posted = [read.Posted(row.first, row.last, row.payer_id, row.issue, False) for row in rows]
                item.posted = {**item.posted, self.house.id: [*item.posted.get(self.house.id, ()), *posted]}
                last = max(row.last for row in rows)
                known = item.last_posted.get(self.house.id, last)
                item.last_posted = {**item.last_posted, self.house.id: max(known, last)}
        return found

    def month(self, month: Period, items: Sequence[RunItem]) -> MonthLines:
        """Plan these items of a billing month for the house."""
        planner, exceptions = self.planner, len(self.planner.exceptions)
        planner.turn(month)
        for item in items:
            planner.plan_item(item, [self.house], [self.house])
        lines = planner.lines[self._seen :]
        self._seen = len(planner.lines)
        for line in lines:
            self._planned.setdefault(line.item_id, []).append(line)
        return MonthLines(str(month), tuple(lines), tuple(planner.exceptions[exceptions:]))
