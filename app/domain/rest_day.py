"""Rest days and working days (HANDBOOK §2.8; 民法典 art. 203)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.problem import problem

IsRest = Callable[[date], bool]
"""Says whether nobody works that day."""

_LONGEST_REST = 366


@dataclass(frozen=True, slots=True)
class Calendar:
    """The office's table of the State Council's notices: days off, swapped working weekends, and the years entered.

    Days without a row are Saturdays and Sundays off, so a year without rows counts its weekends.
    """

    rest: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_rest(self, day: date) -> bool:
        """Whether nobody works that day."""
        return day in self.rest or (day.weekday() >= 5 and day not in self.worked)

    def knows(self, day: date) -> bool:
        """Whether the year of that day was entered; if not, the bill run warns."""
        return day.year in self.years


WEEKENDS = Calendar()
"""Saturdays and Sundays, nothing else."""


def next_working(day: date, is_rest: IsRest) -> date:
    """The day itself, or the first working day after it."""
    return _walk(day, is_rest, timedelta(days=1))


def previous_working(day: date, is_rest: IsRest) -> date:
    """The day itself, or the last working day before it."""
    return _walk(day, is_rest, timedelta(days=-1))


def _walk(day: date, is_rest: IsRest, step: timedelta) -> date:
    for _ in range(_LONGEST_REST):
        if not is_rest(day):
            return day
        day += step
    raise problem("calendar.no_working_day", "节假日表里连续一年都是休息日，请检查。")
