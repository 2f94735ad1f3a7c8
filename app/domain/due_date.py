"""When a charge is due (HANDBOOK §2.8). The charge stores this date; nothing shifts it again."""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.period import When, add_months, days_in_month
from app.domain.rest_day import IsRest, next_working


def due_date(
    period_start: date,
    period_end: date,
    when: When,
    day: int,
    month_offset: int,
    bill_date: date,
    min_days: int,
    is_rest: IsRest,
    shift: bool = True,
) -> date:
    """Day `day` (1 to 31; a missing one is the month's last) of the period's first month in advance, of the month
    after the period in arrear, plus `month_offset` months; not before bill date + `min_days`; with `shift` moved to
    the next working day.
    """
    month = period_start if when == When.ADVANCE else add_months(period_end.replace(day=1), 1)
    month = add_months(month.replace(day=1), month_offset)
    due = month.replace(day=min(day, days_in_month(month.year, month.month)))
    due = max(due, bill_date + timedelta(days=min_days))
    return next_working(due, is_rest) if shift else due
