import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.meter import Replacement, check_between, unusual, usage
from app.domain.problem import Problem

ONE = 10_000
READINGS = st.integers(0, 10**9 - 1)


@given(READINGS, READINGS, st.integers(1, 100), st.booleans())
def test_a_register_of_five_digits(previous: int, current: int, times: int, rollover: bool) -> None:
    try:
        used = usage(previous, current, times * ONE, 5, rollover)
    except Problem as refused:
        assert refused.code == "reading_decreased"  # noqa: PT017
        assert current < previous
        assert not rollover
    else:
        assert 0 <= used < 10**5 * ONE * times


@given(READINGS, READINGS, READINGS)
def test_an_estimate_moves_no_usage(previous: int, current: int, estimate: int) -> None:
    low, high = sorted((previous, current))
    assert usage(low, high, already_billed=estimate) + estimate == high - low


def test_changed_meter() -> None:
    assert usage(100 * ONE, 10 * ONE, 20 * ONE, 4, False, Replacement(110 * ONE, 0, 30 * ONE)) == 500 * ONE
    with pytest.raises(Problem) as refused:
        usage(100 * ONE, 10 * ONE, ONE, 4, False, Replacement(90 * ONE, 0, ONE))
    assert refused.value.code == "reading_decreased"


@pytest.mark.parametrize(
    ("previous", "current", "times", "code"),
    [
        (0, 10**5 * ONE, ONE, "reading_out_of_register"),
        (0, -1, ONE, "reading_out_of_register"),
        (0, 1, ONE // 2, "usage_too_fine"),
    ],
)
def test_refused(previous: int, current: int, times: int, code: str) -> None:
    with pytest.raises(Problem) as refused:
        usage(previous, current, times, 5)
    assert refused.value.code == code
    assert refused.value.text


def test_unusual_is_over_three_times_the_average_of_six() -> None:
    assert not unusual(31, [])
    assert not unusual(30, [10] * 6)
    assert unusual(31, [10] * 6)
    assert unusual(31, [1000, 10, 10, 10, 10, 10, 10])


def test_a_backdated_reading_lies_between_its_neighbours() -> None:
    check_between(5, 5, 6)
    check_between(5, None, None)
    for before, after in ((6, None), (None, 4)):
        with pytest.raises(Problem):
            check_between(5, before, after)
