"""Where the payer changes inside a period: whose part of it, and whose readings (HANDBOOK §2.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.domain.kinds.meter import MeterParams, tier_year_start
from app.domain.tariff import Params
from db.queries import billing as read


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a payer's days are only a part of a period: the first day of all parts (None: this is the first), and the
    last day of a reading that is still his (None: this is the last part).
    """

    since: date | None = None
    until: date | None = None


WHOLE = Cut()
"""The whole period is one payer's."""


def due_runs(meter: read.MeterInput, first: date, cut: Cut) -> list[read.MeterRun]:
    """What is billed of a meter with a period: everything up to its reading in the period, nothing without one. Where
    the payer changes in it, the reading of that day closes the first one's usage.
    """
    runs = [kept for run in meter.runs if (kept := _cut_run(run, first, cut)).readings]
    while runs and runs[-1].readings[-1][1] < first:
        runs.pop()
    return runs


def by_tier_year(run: read.MeterRun, params: Params) -> list[read.MeterRun]:
    """A run cut where a tier year begins: usage belongs to the year of its own closing reading, so who reads on the
    last day of one has it split there (HANDBOOK §2.4). A plain price leaves it whole.
    """
    if not isinstance(params, MeterParams) or not params.tiered:
        return [run]
    found: list[read.MeterRun] = []
    last = run.last_value
    for _, rows in groupby(run.readings, key=lambda row: tier_year_start(params, row[1])):
        found.append(read.MeterRun(tuple(rows), last))
        last = found[-1].readings[-1][2]
    return found


def _cut_run(run: read.MeterRun, first: date, cut: Cut) -> read.MeterRun:
    if cut.since is None and cut.until is None:
        return run
    earlier = [row for row in run.readings if cut.since is not None and row[1] <= first]
    mine = tuple(row for row in run.readings[len(earlier) :] if cut.until is None or row[1] <= cut.until)
    return read.MeterRun(mine, earlier[-1][2] if earlier else run.last_value)
