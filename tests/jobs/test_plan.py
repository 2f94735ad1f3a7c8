"""What is due: missed work once, nothing twice, whatever the clock does."""

from datetime import UTC, datetime, time, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.jobs.acts import ACTS
from app.jobs.plan import DAY, HOUR, PLAN, Due, Job, due, occurrence
from app.services.job_runs import TITLES, LastRun

OFFICE = timezone(timedelta(hours=8))
NOON = Job("noon", DAY, time(12, 30))
JOBS = st.builds(
    Job,
    st.just("job"),
    st.sampled_from([DAY, HOUR, timedelta(minutes=90), timedelta(hours=12)]),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda moment: moment.replace(tzinfo=OFFICE))
MINUTES = st.integers(0, 4000).map(lambda minutes: timedelta(minutes=minutes))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, tzinfo=OFFICE)


def one(now: datetime, job: Job, last: LastRun | None) -> Due | None:
    found = due(now, [job], {} if last is None else {job.name: last})
    return found[0] if found else None


def done(moment: datetime) -> LastRun:
    return LastRun(moment.astimezone(UTC), moment.astimezone(UTC))


def test_each_job_of_the_plan_can_be_done_and_has_a_name() -> None:
    assert {job.name for job in PLAN} == set(ACTS) == set(TITLES)
    assert all(DAY % job.every == timedelta(0) for job in PLAN)


def test_a_day() -> None:
    assert one(at(6, 8), NOON, None) == Due(NOON, at(5, 12, 30), 0)
    assert one(at(6, 12, 29), NOON, done(at(5, 12, 30))) is None
    assert one(at(6, 12, 30), NOON, done(at(5, 12, 30))) == Due(NOON, at(6, 12, 30), 0)
    assert one(at(6, 23), NOON, done(at(6, 12, 30))) is None


def test_missed_while_closed_is_caught_up_once_and_said() -> None:
    assert one(at(10, 8), NOON, done(at(5, 13))) == Due(NOON, at(9, 12, 30), 3)
    assert one(at(10, 8, 1), NOON, done(at(10, 8))) is None
    assert one(at(10, 12, 30), NOON, done(at(10, 8))) == Due(NOON, at(10, 12, 30), 0)


def test_what_was_not_done_is_tried_again_after_a_while() -> None:
    failed = LastRun(at(6, 12, 30), at(5, 12, 30), 1, "磁盘已满")
    assert one(at(6, 12, 59), NOON, failed) is None
    assert one(at(6, 13), NOON, failed) == Due(NOON, at(6, 12, 30), 0)


def test_a_clock_that_was_years_ahead_does_not_stop_a_job() -> None:
    assert one(at(6, 13), NOON, done(at(6, 13).replace(year=2036))) == Due(NOON, at(6, 12, 30), 0)


@given(JOBS, MOMENTS)
def test_an_occurrence_is_the_last_one_before(job: Job, now: datetime) -> None:
    found = occurrence(job, now)
    assert found <= now < found + job.every
    assert (found - datetime.combine(found.date(), job.at, OFFICE)) % job.every == timedelta(0)


@given(JOBS, MOMENTS, st.lists(MINUTES, min_size=1, max_size=60))
def test_nothing_is_lost_and_nothing_done_twice(job: Job, begin: datetime, steps: list[timedelta]) -> None:
    """Steps of any length: the program looks often, was closed, or the PC slept."""
    now, last, seen = begin, done(begin), {occurrence(job, begin)}
    for step in steps:
        now += step
        found = one(now, job, last)
        assert (found is not None) == (occurrence(job, now) not in seen)
        if found is not None:
            assert found.occurrence == occurrence(job, now)
            passed = (found.occurrence - occurrence(job, last.last.astimezone(OFFICE))) // job.every
            assert found.missed == passed - 1
            seen.add(found.occurrence)
            last = done(now)


@given(JOBS, MOMENTS, st.lists(st.tuples(MINUTES, st.integers(-50, 50)), min_size=1, max_size=60))
def test_a_clock_that_goes_back_and_forth_runs_nothing_twice(
    job: Job, begin: datetime, steps: list[tuple[timedelta, int]]
) -> None:
    """The PC's clock is wrong by up to half an interval, now this way, now that."""
    true, last, seen = begin, None, set()
    for step, error in steps:
        true += step
        shown = true + job.every * error / 100
        found = one(shown, job, last)
        if found is not None:
            assert found.occurrence not in seen
            seen.add(found.occurrence)
            last = done(shown)


@given(JOBS, MOMENTS, MOMENTS, st.none() | MOMENTS)
def test_no_record_stops_a_job_for_ever(job: Job, now: datetime, last: datetime, good: datetime | None) -> None:
    """Whatever was recorded, by whatever clock: within two intervals the job is due."""
    record = LastRun(last, good)
    looks = (now + job.every * step / 40 for step in range(81))
    assert any(one(moment, job, record) is not None for moment in looks)


@given(JOBS, MOMENTS)
def test_a_job_that_always_fails_is_not_tried_all_the_time(job: Job, begin: datetime) -> None:
    last, tries = done(begin - 3 * job.every), 0
    for minute in range(0, 24 * 60, 5):
        now = begin + timedelta(minutes=minute)
        if one(now, job, last) is not None:
            tries += 1
            last = LastRun(now, last.last_good, last.failures + 1, "不行")
    assert 1 <= tries <= 24 * 60 // 30
