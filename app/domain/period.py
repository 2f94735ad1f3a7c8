"""Months and billing periods. Every span counts both its ends (HANDBOOK §2.2)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from app.domain.decimal_text import compact
from app.domain.problem import problem

_TEXT = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_TYPED = re.compile(r"([0-9]{4})(?:[-/.年]?([0-9]{2})|[-/.年]([0-9]{1,2}))月?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month served or billed, `Period("2026-03")`. Sorts by time.

    Raises: `period.format`.
    """

    text: str

    def __post_init__(self) -> None:
        if not _TEXT.fullmatch(self.text) or self.text < "0001":
            raise problem("period.format", "账期“{value}”应写成 2026-03 这样的年月。", value=self.text[:20])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a month as people type it: `2026-03`, `2026-3`, `2026年3月`, `202603`, `2026/3`."""
        match = _TYPED.fullmatch(compact(text))
        return cls(f"{match[1]}-{int(match[2] or match[3]):02d}") if match else cls(text.strip())

    @classmethod
    def of(cls, day: date) -> Self:
        """The month a day lies in."""
        return cls(f"{day.year:04d}-{day.month:02d}")

    @property
    def year(self) -> int:
        """Its year."""
        return int(self.text[:4])

    @property
    def month(self) -> int:
        """Its month, 1 to 12."""
        return int(self.text[5:])

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, days_in_month(self.year, self.month))

    def plus(self, months: int) -> Self:
        """The month that many months later (or earlier)."""
        return type(self).of(add_months(self.first, months))

    def __str__(self) -> str:
        return self.text


class Cycle(StrEnum):
    """How often a fee item is billed."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Length in months."""
        return _MONTHS[self]


_MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.HALF_YEAR: 6, Cycle.YEAR: 12}


class When(StrEnum):
    """Whether a period is billed before it is served (预收) or after."""

    ADVANCE = "advance"
    ARREAR = "arrear"


def days_in_month(year: int, month: int) -> int:
    """Days of that month."""
    return calendar.monthrange(year, month)[1]


def add_months(day: date, months: int) -> date:
    """The same day of the month that many months later; the month's last day where it is missing (民法典 art. 202).

    Raises: `date.out_of_range`.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise problem("date.out_of_range", "日期超出范围。")
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def period_containing(cycle: Cycle, anchor_month: int, day: date) -> tuple[date, date]:
    """First and last day of the billing period a day lies in; periods are counted from the anchor month (1 to 12)."""
    into = (day.month - anchor_month) % cycle.months
    first = add_months(day.replace(day=1), -into)
    return first, add_months(first, cycle.months) - timedelta(days=1)


def next_period(cycle: Cycle, anchor_month: int, day: date) -> tuple[date, date]:
    """The billing period after the one a day lies in."""
    return period_containing(cycle, anchor_month, period_containing(cycle, anchor_month, day)[1] + timedelta(days=1))


def billing_span(cycle: Cycle, anchor_month: int, when: When, billing_month: Period) -> tuple[date, date] | None:
    """The period that billing month M posts for an item: advance, the one that begins in M; arrear, the one that
    ended in the month before M; None where M posts nothing for it.
    """
    if when == When.ADVANCE:
        span = period_containing(cycle, anchor_month, billing_month.first)
        return span if span[0] == billing_month.first else None
    before = billing_month.first - timedelta(days=1)
    span = period_containing(cycle, anchor_month, before)
    return span if span[1] == before else None


def stretches(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """First and last days, oldest first: those that follow one another or overlap are joined, gaps stay."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found
