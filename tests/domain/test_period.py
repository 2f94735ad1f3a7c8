from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.period import Cycle, Period, When, add_months, billing_span, next_period, period_containing
from app.domain.problem import Problem

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
CYCLES = st.sampled_from(Cycle)
ANCHORS = st.integers(1, 12)


@given(DAYS)
def test_a_month(day: date) -> None:
    period = Period.of(day)
    assert period.first <= day <= period.last
    assert Period.parse(str(period)) == period
    assert period.plus(1).first == period.last + timedelta(days=1)
    assert period < period.plus(1)


@pytest.mark.parametrize("text", ["2026-03", "2026-3", "202603", "2026年3月", "２０２６／０３", " 2026.3 "])
def test_as_people_type_it(text: str) -> None:
    assert Period.parse(text) == Period("2026-03")


@given(st.text() | st.sampled_from(["2026-13", "2026-00", "0000-01", "20263", "2026-03-01", ""]))
def test_any_other_text_is_refused(text: str) -> None:
    try:
        assert Period.parse(text).first
    except Problem as refused:
        assert refused.code == "period.format"  # noqa: PT017


@given(CYCLES, ANCHORS, DAYS)
def test_periods_lie_side_by_side(cycle: Cycle, anchor: int, day: date) -> None:
    first, last = period_containing(cycle, anchor, day)
    assert first <= day <= last
    assert (first.month - anchor) % cycle.months == 0
    assert add_months(first, cycle.months) == last + timedelta(days=1)
    assert next_period(cycle, anchor, day)[0] == last + timedelta(days=1)


@given(CYCLES, ANCHORS, st.sampled_from(When), DAYS)
def test_each_period_is_billed_in_one_month(cycle: Cycle, anchor: int, when: When, day: date) -> None:
    first, last = period_containing(cycle, anchor, day)
    month = Period.of(first if when == When.ADVANCE else last + timedelta(days=1))
    assert billing_span(cycle, anchor, when, month) == (first, last)
    others = [billing_span(cycle, anchor, when, month.plus(step)) for step in range(1, cycle.months)]
    assert not any(others)


def test_months_are_clamped() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 1, 15), -1) == date(2025, 12, 15)
    with pytest.raises(Problem):
        add_months(date(9999, 12, 1), 1)
