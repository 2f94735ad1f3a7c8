"""Who may hold a parking space beside whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.space_lease import Holding, LeaseKind, clash

OWN, LET, SHARED = LeaseKind.OWNED, LeaseKind.LEASED, LeaseKind.PUBLIC


def _held(kind: LeaseKind, first: int, last: int | None) -> Holding:
    return Holding(kind, date(2026, 1, first), date(2026, 1, last) if last else None)


@pytest.mark.parametrize(
    ("new", "other", "taken"),
    [
        (_held(LET, 1, 10), _held(LET, 11, None), False),
        (_held(LET, 1, 10), _held(LET, 10, None), True),
        (_held(LET, 1, None), _held(OWN, 20, None), True),
        (_held(SHARED, 1, None), _held(SHARED, 5, 9), False),
        (_held(SHARED, 1, None), _held(LET, 5, 9), True),
        # One that was taken back before it began holds nothing.
        (_held(LET, 1, None), _held(LET, 5, 4), False),
    ],
)
def test_one_holder_at_a_time_unless_the_space_is_public(new: Holding, other: Holding, taken: bool) -> None:
    assert (clash(new, [other]) == other) is taken


_DAYS = st.integers(0, 40).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
_HOLDINGS = st.builds(Holding, st.sampled_from(LeaseKind), _DAYS, st.none() | _DAYS)


@given(_HOLDINGS, _HOLDINGS)
def test_two_touch_exactly_where_they_share_a_day(one: Holding, other: Holding) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(60)]
    shared = [
        day for day in days
        if all(span.first <= day and (span.last is None or day <= span.last) for span in (one, other))
    ]  # fmt: skip
    assert one.touches(other) == other.touches(one) == bool(shared)
