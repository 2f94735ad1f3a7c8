from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.backup_keeping import DAILY, MONTHLY, WEEKLY, moment_of, name_of, outdated

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(microsecond=0))


@given(MOMENTS)
def test_a_name_and_back(moment: datetime) -> None:
    assert moment_of(name_of(moment)) == moment


@pytest.mark.parametrize(
    "name",
    ["anju-20260706-120000.anju", "auto-20260706-120000.anju.new", "auto-20261306-120000.anju", "auto-2026.anju",
     "a.txt", "xauto-20260706-120000.anju", "auto-20260706-120000.anju\n"],
)  # fmt: skip
def test_other_files_are_not_ours(name: str) -> None:
    assert moment_of(name) is None


@given(st.lists(MOMENTS, max_size=80), MOMENTS)
def test_what_goes(moments: list[datetime], newest: datetime) -> None:
    gone = outdated(moments, newest)
    assert gone <= set(moments) - {newest}
    assert all(moment < newest for moment in gone)
    kept = {moment for moment in [*moments, newest] if moment <= newest} - gone
    assert newest in kept
    assert len(kept) <= DAILY + WEEKLY + MONTHLY
    assert outdated(kept, newest) == frozenset()
    days = sorted({moment.date() for moment in [*moments, newest] if moment <= newest}, reverse=True)[:DAILY]
    assert {moment.date() for moment in kept} >= set(days)
    months = sorted({(m.year, m.month) for m in [*moments, newest] if m <= newest}, reverse=True)[:MONTHLY]
    assert {(moment.year, moment.month) for moment in kept} >= set(months)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=400))
def test_deleting_each_day_keeps_what_deleting_at_the_end_would(steps: list[int]) -> None:
    """Each day's deletion never takes what a later one would have kept."""
    moment, standing, every = datetime(2026, 1, 1, 12, 30), set(), set()
    for days in steps:
        moment += timedelta(days=days, hours=1)
        standing.add(moment)
        every.add(moment)
        standing -= outdated(standing, moment)
    assert standing == every - outdated(every, moment)


def test_two_years_of_daily_backups() -> None:
    days = [datetime(2025, 1, 1, 12, 30) + timedelta(days=day) for day in range(730)]
    kept = sorted(set(days) - outdated(days, days[-1]))
    assert [moment.date().isoformat() for moment in kept] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31",
        "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-13", "2026-12-20", "2026-12-25", "2026-12-26", "2026-12-27",
        "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31",
    ]  # fmt: skip
