"""Which automatic backups are kept (RELIABILITY §8): the last of each of 7 days, 4 weeks and 12 months."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

DAILY, WEEKLY, MONTHLY = 7, 4, 12
_NAME = re.compile(r"auto-([0-9]{8}-[0-9]{6})\.anju")
_STAMP = "%Y%m%d-%H%M%S"


def name_of(moment: datetime) -> str:
    """The name of the automatic backup of a moment (office's wall clock)."""
    return f"auto-{moment.strftime(_STAMP)}.anju"


def moment_of(name: str) -> datetime | None:
    """When an automatic backup was made, by its name; None for any other file."""
    match = _NAME.fullmatch(name)
    try:
        return datetime.strptime(match[1], _STAMP) if match else None
    except ValueError:
        return None


def outdated(moments: Iterable[datetime], newest: datetime) -> frozenset[datetime]:
    """The backups that may go, now that the one of `newest` was proven.

    Kept are the last of each of the 7 latest days, 4 latest weeks (Monday to Sunday) and 12 latest months that have
    one. What is dated after `newest` is not counted and not deleted: the clock was ahead when it was made.
    """
    standing = sorted({moment for moment in moments if moment < newest} | {newest}, reverse=True)
    kept: set[datetime] = set()
    days: dict[object, datetime] = {}
    weeks: dict[object, datetime] = {}
    months: dict[object, datetime] = {}
    for moment in standing:
        days.setdefault(moment.date(), moment)
        weeks.setdefault(moment.isocalendar()[:2], moment)
        months.setdefault((moment.year, moment.month), moment)
    for found, most in ((days, DAILY), (weeks, WEEKLY), (months, MONTHLY)):
        kept.update(list(found.values())[:most])
    return frozenset(moment for moment in standing if moment not in kept)
