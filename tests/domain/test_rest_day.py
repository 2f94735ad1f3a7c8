from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.due_date import due_steps
from app.domain.period import When
from app.domain.problem import Problem
from app.domain.rest_day import WEEKENDS, Calendar, next_working, previous_working

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@given(DAYS)
def test_to_a_working_day(day: date) -> None:
    after, before = next_working(day, WEEKENDS.is_rest), previous_working(day, WEEKENDS.is_rest)
    assert before <= day <= after
    assert after.weekday() < 5
    assert before.weekday() < 5
    assert (after - day).days <= 2


def test_the_state_councils_table() -> None:
    calendar = Calendar(frozenset({date(2026, 10, 1)}), frozenset({date(2026, 10, 10)}), frozenset({2026}))
    assert calendar.is_rest(date(2026, 10, 1))
    assert not calendar.is_rest(date(2026, 10, 10))
    assert calendar.is_rest(date(2026, 10, 11))
    assert calendar.knows(date(2026, 1, 1))
    assert not calendar.knows(date(2027, 1, 1))


def test_a_year_of_rest_is_a_mistake() -> None:
    with pytest.raises(Problem):
        next_working(date(2026, 1, 1), lambda _: True)


@given(DAYS, st.integers(1, 31), st.integers(0, 3), st.integers(-60, 60), st.integers(0, 40), st.booleans())
def test_due_dates(start: date, day: int, offset: int, billed: int, least: int, shift: bool) -> None:
    start = start.replace(day=1)
    bill_date = date.fromordinal(start.toordinal() + billed)
    due = due_steps(start, start, When.ADVANCE, day, offset, bill_date, least, WEEKENDS.is_rest, shift).due
    assert (due - bill_date).days >= least
    assert not (shift and WEEKENDS.is_rest(due))
