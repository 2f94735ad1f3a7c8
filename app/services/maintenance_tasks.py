"""Where the maintenance tasks of all equipment stand on a day; read in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from app.domain.maintenance import Due, IntervalUnit, ScheduleBasis, Shift, Task, TaskState, due
from app.domain.rest_day import Calendar
from app.services import look_up
from db.queries import maintenance as read
from db.work import Work


@dataclass(frozen=True, slots=True)
class Standing:
    """A task of a piece of equipment and where it stands; `source` is its rule, `verified` whether that was read."""

    equipment: str
    name: str
    category: str
    type: str
    place: str | None
    task: str
    statutory: bool
    verified: bool
    source: str | None
    due: Due


def task_of(plan: Row[Any]) -> Task:
    """The rule of a stored plan; after a standstill it begins anew on the day of the restart."""
    first = plan.first_due if plan.restarted_on is None else max(plan.first_due, plan.restarted_on)
    return Task(
        first,
        plan.every,
        IntervalUnit(plan.unit),
        ScheduleBasis(plan.basis),
        plan.lead_days,
        plan.grace_days,
        Shift(plan.shift),
    )


def stands(plan: Row[Any], done: list[date], as_of: date, office: Calendar) -> Due:
    """Where a plan stands; what was done before a standstill does not count."""
    since = plan.restarted_on
    counted = done if since is None else [day for day in done if day >= since]
    return due(task_of(plan), counted, as_of, office.is_rest)


def standing(work: Work, as_of: date, equipment: str | None = None) -> list[Standing]:
    """All active tasks of equipment in use (or of that one number), whatever their state."""
    office = look_up.calendar(work)
    done = read.done_days(work.connection, equipment)
    return [
        Standing(
            plan.number,
            plan.name,
            plan.category,
            plan.type,
            plan.place,
            plan.task,
            plan.statutory,
            plan.verified,
            plan.source,
            stands(plan, done.get(plan.id, []), as_of, office),
        )
        for plan in read.plans(work.connection, equipment)
    ]


def open_tasks(work: Work, as_of: date, equipment: str | None = None) -> list[Standing]:
    """The tasks that somebody must think of, the most urgent first."""
    rows = [row for row in standing(work, as_of, equipment) if row.due.state != TaskState.OK]
    return sorted(rows, key=lambda row: (row.due.next_due, row.equipment, row.task))
