"""Ageing, limitation, dunning and the collection rate."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ageing import BUCKET_TITLES, BUCKETS, age, bucket
from app.domain.collection_rate import RatedCharge, collection_rate
from app.domain.dunning import STAGES, Action, Arrears, Done, Ladder, Stage, next_step
from app.domain.limitation import Event, EventKind, limitation, warning
from app.domain.money import Fen
from app.domain.period import Period, add_months

DUE = date(2023, 3, 31)
OFFSETS = st.integers(0, 3000)


def never(_: date) -> bool:
    return False


@given(st.lists(st.tuples(st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.integers(-(10**6), 10**6).map(Fen))))
def test_buckets_add_up(items: list[tuple[date, Fen]]) -> None:
    buckets = age(date(2026, 9, 30), items)
    assert tuple(buckets) == BUCKETS == tuple(BUCKET_TITLES)
    assert sum(buckets.values()) == sum(fen for _, fen in items)


@given(st.integers(-5000, 5000))
def test_older_never_lies_in_a_younger_bucket(days: int) -> None:
    assert BUCKETS.index(bucket(days)) <= BUCKETS.index(bucket(days + 1))


EVENTS = st.lists(
    st.builds(
        lambda kind, on, length: Event(
            kind, DUE + timedelta(days=on), None if length is None else DUE + timedelta(days=on + length)
        ),
        st.sampled_from(EventKind),
        OFFSETS,
        st.none() | st.integers(0, 900),
    ),
    max_size=6,
)


@given(EVENTS, OFFSETS)
def test_limitation_ends_between_three_and_twenty_years(events: list[Event], days: int) -> None:
    found = limitation(DUE, DUE + timedelta(days=days), events, never)
    if found.expires_on is None:
        assert (found.expired, found.days_left) == (False, None)
    else:
        assert add_months(DUE, 36) <= found.expires_on <= add_months(DUE, 240)
        assert found.expired == (found.days_left is not None and found.days_left < 0)


@given(EVENTS, OFFSETS)
def test_what_proves_nothing_changes_nothing(events: list[Event], days: int) -> None:
    as_of = DUE + timedelta(days=days)
    idle = {EventKind.DEMAND_NOT_SERVED, EventKind.POSTED_ON_DOOR}
    proven = [event for event in events if event.kind not in idle]
    assert limitation(DUE, as_of, events, never) == limitation(DUE, as_of, proven, never)


def test_several_obstacles() -> None:
    def obstacle(on: date, until: date | None) -> Event:
        return Event(EventKind.SUSPENDED, on, until)

    first, second = obstacle(date(2025, 12, 1), date(2026, 2, 15)), obstacle(date(2026, 6, 1), date(2026, 7, 1))
    early = obstacle(date(2024, 1, 1), date(2024, 6, 1))
    assert limitation(DUE, date(2026, 8, 1), [early], never).expires_on == date(2026, 3, 31)
    assert limitation(DUE, date(2026, 8, 1), [first], never).expires_on == date(2026, 8, 15)
    assert limitation(DUE, date(2026, 8, 1), [second, first, early], never).expires_on == date(2027, 1, 1)
    assert limitation(DUE, date(2026, 3, 1), [obstacle(date(2026, 1, 1), None)], never).expires_on is None
    assert limitation(DUE, date(2025, 3, 1), [obstacle(date(2025, 1, 1), None)], never).expires_on == date(2026, 3, 31)


def test_a_demand_during_instalments_does_not_shorten_the_time() -> None:
    plan = Event(EventKind.INSTALMENT_PLAN, date(2025, 1, 10), date(2025, 12, 31))
    demand = Event(EventKind.DEMAND_SERVED, date(2025, 6, 1))
    assert limitation(DUE, date(2026, 1, 1), [plan, demand], never).expires_on == date(2028, 12, 31)


@pytest.mark.parametrize(
    ("left", "level"), [(None, None), (-1, None), (0, 30), (30, 30), (31, 90), (180, 180), (181, None)]
)
def test_warnings(left: int | None, level: int | None) -> None:
    assert warning(left) == level


HISTORIES = st.lists(
    st.builds(
        lambda stage, on, served: Done(
            stage, DUE + timedelta(days=on), None if served is None else DUE + timedelta(days=on + served)
        ),
        st.sampled_from(Stage),
        st.integers(0, 200),
        st.none() | st.integers(0, 40),
    ),
    max_size=6,
)


@given(HISTORIES, st.integers(0, 400), st.integers(-100, 10_000), st.none() | st.integers(0, 300))
def test_stages_never_jump(history: list[Done], days: int, outstanding: int, settled: int | None) -> None:
    as_of = DUE + timedelta(days=days)
    settled_on = None if settled is None else DUE + timedelta(days=settled)
    step = next_step(Arrears(Fen(outstanding), DUE, history, settled_on=settled_on), as_of, Ladder())
    assert (step.action == Action.STOP) == (outstanding <= 0 or step.reason == "ladder_finished")
    if step.action == Action.SEND:
        assert step.stage is not None
        done = {STAGES.index(entry.stage) for entry in history if settled_on is None or entry.on > settled_on}
        assert step.stage == Stage.REMINDER or STAGES.index(step.stage) - 1 in done
        assert step.due_on is not None
        assert step.due_on <= as_of
        assert outstanding >= 5000


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-1000, 10**6), st.integers(-90, 90), st.integers(0, 10**6))))
def test_every_fen_counts_once(rows: list[tuple[int, int, int, int]]) -> None:
    period = Period("2026-06")
    charges = [RatedCharge(n, period.plus(row[0]), Fen(row[1])) for n, row in enumerate(rows)]
    paid = [(n, period.first + timedelta(days=row[2]), Fen(row[3])) for n, row in enumerate(rows)]
    rate = collection_rate(period, charges, paid)
    counted = sum(fen for n, on, fen in paid if on <= period.last and rows[n][0] <= 0)
    billed = sum(row[1] for row in rows if row[0] <= 0)
    both = rate.current_collected + rate.arrears_collected
    assert rate.current_due + rate.opening_arrears - both == billed - counted
    assert (rate.current is None) == (rate.current_due == 0)
