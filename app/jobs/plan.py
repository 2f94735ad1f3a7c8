"""Which background jobs are due: pure, from the time, the plan and when each ran last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.services.job_runs import LastRun

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RETRY = timedelta(minutes=30)
"""A job that was not done is tried again after so long. It exceeds what the store forgives a clock (10 minutes)."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job with its occurrences: every so often (a divisor of a day), counted from a time of the office's day.

    `light`: it is quick and writes only what differs, so it may be done at any time besides.
    """

    name: str
    every: timedelta
    at: time = time(0)
    light: bool = False


PLAN: Sequence[Job] = (
    Job("maintenance", HOUR, light=True),
    Job("certificates", HOUR, light=True),
    Job("permits", HOUR, light=True),
    Job("handovers", HOUR, light=True),
    Job("bills", HOUR, time(0, 5)),
    Job("dunning", HOUR, time(0, 10)),
    # At noon the counter is quiet: a backup holds the write lock while it copies.
    Job("backup", DAY, time(12, 30)),
    Job("backup_watch", HOUR, time(0, 15), light=True),
)


@dataclass(frozen=True, slots=True)
class Due:
    """A job that is due for an occurrence; `missed` earlier ones passed without a run and are not made up for."""

    job: Job
    occurrence: datetime
    missed: int


def occurrence(job: Job, moment: datetime) -> datetime:
    """The last occurrence of a job at or before a moment; in the moment's own time zone, which must be a fixed one."""
    begin = datetime.combine(moment.date(), job.at, moment.tzinfo)
    return begin + (moment - begin) // job.every * job.every


def due(now: datetime, plan: Sequence[Job], last_runs: Mapping[str, LastRun]) -> tuple[Due, ...]:
    """The jobs to run now, each once however many occurrences were missed while the program was closed or asleep.

    `now` is the office's wall clock. A run dated more than one interval ahead was made while the clock was wrong and
    does not count; one less far ahead does, so that a clock put back a little runs nothing twice.
    """
    found = (_due(now, job, last_runs.get(job.name)) for job in plan)
    return tuple(one for one in found if one is not None)


def _due(now: datetime, job: Job, last: LastRun | None) -> Due | None:
    latest = occurrence(job, now)
    if last is None:
        return Due(job, latest, 0)
    good = last.last_good
    if good is not None and good > now + job.every:
        good = None
    if good is not None and good >= latest:
        return None
    undone = last.last_good is None or last.last > last.last_good
    if undone and abs(now - last.last) < RETRY:
        return None
    missed = 0 if good is None else (latest - occurrence(job, good.astimezone(now.tzinfo))) // job.every - 1
    return Due(job, latest, missed)
