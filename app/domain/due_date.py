"""When a charge is due (HANDBOOK §2.8). The charge stores this date; nothing shifts it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.period import When, add_months, days_in_month
from app.domain.rest_day import IsRest, next_working


@dataclass(frozen=True, slots=True)
class DueSteps:
    """How a due date comes about: the item's day, the earliest that the bill's day leaves, and the day itself."""

    nominal: date
    earliest: date
    due: date


def due_steps(
    period_start: date,
    period_end: date,
    when: When,
    day: int,
    month_offset: int,
    bill_date: date,
    min_days: int,
    is_rest: IsRest,
    shift: bool = True,
) -> DueSteps:
    """Day `day` (1 to 31; a missing one is the month's last) of the period's first month in advance, of the month
    after the period in arrear, plus `month_offset` months; not before bill date + `min_days`; with `shift` moved to
    the next working day.
    """
    month = period_start if when == When.ADVANCE else add_months(period_end.replace(day=1), 1)
    month = add_months(month.replace(day=1), month_offset)
    nominal = month.replace(day=min(day, days_in_month(month.year, month.month)))
    earliest = bill_date + timedelta(days=min_days)
    later = max(nominal, earliest)
    return DueSteps(nominal, earliest, next_working(later, is_rest) if shift else later)
