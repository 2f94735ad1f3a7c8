"""The maintenance calendar (HANDBOOK §8.2): when a task is due, and who hears of it when it is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.period import add_months
from app.domain.problem import problem
from app.domain.rest_day import IsRest, next_working, previous_working


class IntervalUnit(StrEnum):
    """What an interval counts."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class ScheduleBasis(StrEnum):
    """Counted from the anchor, or from the last work. Statutory limits counted from the last visit use the latter:
    an early visit on a fixed schedule would let the gap exceed the limit.
    """

    FIXED_SCHEDULE = "fixed_schedule"
    LAST_COMPLETION = "last_completion"


class Shift(StrEnum):
    """Where a date on a rest day moves: `previous` for statutory tasks, `next` for others."""

    NONE = "none"
    PREVIOUS = "previous"
    NEXT = "next"


class TaskState(StrEnum):
    """How a task stands."""

    OK = "ok"
    UPCOMING = "upcoming"
    DUE = "due"
    GRACE = "grace"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Task:
    """A recurring task: first due day, interval, basis, days of warning, days of grace (0 for statutory), shift.

    Raises: `maintenance.interval` for an interval below 1.
    """

    first_due: date
    every: int
    unit: IntervalUnit
    basis: ScheduleBasis
    lead_days: int = 0
    grace_days: int = 0
    shift: Shift = Shift.NONE

    def __post_init__(self) -> None:
        if self.every < 1:
            raise problem("maintenance.interval", "周期至少为 1。")

    def step(self, anchor: date, times: int) -> date:
        """The anchor plus so many intervals; months are clamped and never drift (31 Jan → 28 Feb → 31 Mar)."""
        if self.unit == IntervalUnit.DAY:
            return anchor + timedelta(days=self.every * times)
        return add_months(anchor, self.every * times * (12 if self.unit == IntervalUnit.YEAR else 1))


@dataclass(frozen=True, slots=True)
class Due:
    """Where a task stands on a day. `skipped` counts occurrences that one piece of work closed beyond the first;
    `escalate_to` is `engineer` (1–3 days), `supervisor` (4–7), `manager` (over 7), or None.
    """

    next_due: date
    alert_on: date
    state: TaskState
    days_overdue: int
    escalate_to: str | None
    skipped: int


def due(task: Task, completions: Iterable[date], as_of: date, is_rest: IsRest) -> Due:
    """Where a task stands on a day, from the days on which it was done."""
    done = sorted(day for day in completions if day <= as_of)
    skipped = 0
    if task.basis == ScheduleBasis.LAST_COMPLETION:
        scheduled = task.step(done[-1], 1) if done else task.first_due
    else:
        occurrence = 0
        for day in done:
            closed = 0
            while _closes(task, day, task.step(task.first_due, occurrence), is_rest):
                occurrence += 1
                closed += 1
            skipped += max(0, closed - 1)
        scheduled = task.step(task.first_due, occurrence)
    next_due = _shifted(scheduled, task.shift, is_rest)
    alert_on = next_due - timedelta(days=task.lead_days)
    late = max(0, (as_of - next_due).days)
    state = _state(task, as_of, next_due, alert_on, late)
    return Due(next_due, alert_on, state, late, _escalation(late) if state == TaskState.OVERDUE else None, skipped)


def _closes(task: Task, day: date, occurrence: date, is_rest: IsRest) -> bool:
    # The alert shows the moved date, the schedule knows the other: work done in time for either closes it.
    return min(occurrence, _shifted(occurrence, task.shift, is_rest)) <= day + timedelta(days=task.lead_days)


def _shifted(day: date, shift: Shift, is_rest: IsRest) -> date:
    if shift == Shift.PREVIOUS:
        return previous_working(day, is_rest)
    return next_working(day, is_rest) if shift == Shift.NEXT else day


def _state(task: Task, as_of: date, next_due: date, alert_on: date, late: int) -> TaskState:
    if as_of < alert_on:
        return TaskState.OK
    if as_of < next_due:
        return TaskState.UPCOMING
    if late == 0:
        return TaskState.DUE
    return TaskState.GRACE if late <= task.grace_days else TaskState.OVERDUE


def _escalation(late: int) -> str:
    if late <= 3:
        return "engineer"
    return "supervisor" if late <= 7 else "manager"
