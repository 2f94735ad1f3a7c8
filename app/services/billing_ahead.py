"""The lines of one house outside the bill run: months ahead that are paid for, months up to a day that are settled.

They are the lines that the runs of those months would post, by the same planner; the runs then find them posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.period import Period
from app.services.billing_items import RunItem, run_items
from app.services.billing_line import LineRow, NotBilled
from app.services.billing_plan import Planner
from db.queries import billing as read
from db.work import Work


@dataclass(frozen=True, slots=True)
class MonthLines:
    """What a billing month would post for the house, and what it would not, with the reason."""

    month: str
    lines: tuple[LineRow, ...]
    exceptions: tuple[NotBilled, ...]


@dataclass(frozen=True, slots=True)
class _Used:
    """Usage of a meter (1e-4) that a month planned, up to a reading of that day."""

    meter_id: int
    reading_id: int
    on: date
    quantity: int


class HouseRun:
    """Billing months of one house in turn: each sees what the months before it planned.

    `follower` pays from the day after `last`, where the payer is about to change.
    """

    def __init__(
        self, work: Work, house_id: int, on: date, follower: int | None = None, last: date | None = None
    ) -> None:
        self.planner = Planner(work, Period.of(on), on)
        if follower is not None and last is not None:
            self.planner.payers.follow(house_id, follower, last)
        self.work = work
        self.house = next(house for house in read.houses(work.connection) if house.id == house_id)
        self._planned: dict[int, list[LineRow]] = {}
        self._used: dict[int, list[_Used]] = {}
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
            self._leave_out_used(item)
            planner.plan_item(item, [self.house], [self.house])
        lines = planner.lines[self._seen :]
        self._seen = len(planner.lines)
        by_id = {item.id: item for item in items}
        for line in lines:
            self._planned.setdefault(line.item_id, []).append(line)
            self._keep_used(by_id[line.item_id], line)
        return MonthLines(str(month), tuple(lines), tuple(planner.exceptions[exceptions:]))

    def read_until(self, item_id: int) -> date:
        """The day of the newest reading that was planned of an item; the earliest of all days if there is none."""
        return max((used.on for used in self._used.get(item_id, ())), default=date.min)

    def _keep_used(self, item: RunItem, line: LineRow) -> None:
        meters = item.meters.get(self.house.id, ())
        days = {(meter.id, row[0]): row[1] for meter in meters for run in meter.runs for row in run.readings}
        self._used.setdefault(item.id, []).extend(
            _Used(meter, reading, days[meter, reading], part.quantity)
            for part, meter, reading in line.parts
            if meter is not None and reading is not None
        )

    def _leave_out_used(self, item: RunItem) -> None:
        """What earlier months planned of the meters is billed: not to be billed again, and counted towards tiers."""
        used = self._used.get(item.id, ())
        if not used:
            return
        meters = item.meters.get(self.house.id, ())
        item.meters = {**item.meters, self.house.id: [_after(meter, used) for meter in meters]}
        quantities = {meter: list(rows) for meter, rows in item.quantities.items()}
        for each in used:
            quantities.setdefault(each.meter_id, []).append((each.on, each.quantity))
        item.quantities = quantities


def _after(meter: read.MeterInput, used: Sequence[_Used]) -> read.MeterInput:
    """A meter with only the readings after those that are used."""
    known = {each.reading_id for each in used if each.meter_id == meter.id}
    for at in reversed(range(len(meter.runs))):
        rows = meter.runs[at].readings
        for place in reversed(range(len(rows))):
            if rows[place][0] in known:
                rest = read.MeterRun(rows[place + 1 :], rows[place][2])
                return read.MeterInput(meter.id, (rest, *meter.runs[at + 1 :]))
    return meter
