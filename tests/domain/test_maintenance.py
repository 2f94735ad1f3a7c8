from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.equipment import elevator_year, extinguisher_dates, preset
from app.domain.maintenance import IntervalUnit, ScheduleBasis, Shift, Task, TaskState, due
from app.domain.problem import Problem
from app.domain.rest_day import WEEKENDS

FIRST = date(2026, 1, 31)
TASKS = st.builds(
    Task,
    st.just(FIRST),
    st.integers(1, 40),
    st.sampled_from(IntervalUnit),
    st.sampled_from(ScheduleBasis),
    st.integers(0, 30),
    st.integers(0, 5),
    st.sampled_from(Shift),
)
DAYS = st.integers(-40, 900).map(lambda days: FIRST + timedelta(days=days))


@given(TASKS, st.lists(DAYS, max_size=6), DAYS)
def test_where_a_task_stands(task: Task, completions: list[date], as_of: date) -> None:
    found = due(task, completions, as_of, WEEKENDS.is_rest)
    assert found.alert_on == found.next_due - timedelta(days=task.lead_days)
    assert (found.escalate_to is not None) == (found.state == TaskState.OVERDUE)
    assert found.days_overdue == max(0, (as_of - found.next_due).days)
    assert (found.state == TaskState.OK) == (as_of < found.alert_on)
    assert task.shift == Shift.NONE or not WEEKENDS.is_rest(found.next_due)
    later = due(task, [*completions, as_of], as_of, WEEKENDS.is_rest)
    if task.basis == ScheduleBasis.FIXED_SCHEDULE:
        assert later.next_due >= found.next_due
        assert later.skipped >= found.skipped


@given(TASKS, st.integers(0, 30))
def test_work_on_the_alert_day_counts(task: Task, occurrence: int) -> None:
    now = due(task, [], FIRST - timedelta(days=60), WEEKENDS.is_rest)
    done = due(task, [now.alert_on], now.alert_on, WEEKENDS.is_rest)
    if task.basis == ScheduleBasis.FIXED_SCHEDULE:
        assert done.next_due >= task.step(FIRST, 1) - timedelta(days=2)
    if task.unit == IntervalUnit.MONTH:
        assert task.step(FIRST, occurrence).day >= 28


def test_refused() -> None:
    with pytest.raises(Problem):
        Task(FIRST, 0, IntervalUnit.DAY, ScheduleBasis.FIXED_SCHEDULE)
    with pytest.raises(Problem):
        elevator_year(FIRST, 0)
    with pytest.raises(Problem):
        extinguisher_dates("sand", FIRST)
    with pytest.raises(Problem):
        preset({"task": "月度检查"})
