"""Discounts cut a period by days; the parts add up, the factor goes in before the one rounding."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.charge import Basis
from app.domain.discount import Discount, discount_on, discounted
from app.domain.kinds import KINDS
from app.domain.kinds.area import AreaParams
from app.domain.kinds.flat import FlatParams
from app.domain.problem import Problem
from app.domain.proration import months
from app.domain.tariff import Version, segments

JAN = date(2026, 1, 1)
VERSION = Version(7, JAN, None, AreaParams(2_350_000))
DAYS = st.dates(date(2026, 1, 1), date(2026, 6, 30))
SPANS = st.lists(st.tuples(DAYS, DAYS, st.integers(0, 999_999), st.booleans()), max_size=4)


def _discounts(rows: list[tuple[date, date, int, bool]]) -> list[Discount]:
    return [Discount(factor, min(a, b), max(a, b), own) for a, b, factor, own in rows]


@given(SPANS, DAYS, DAYS)
def test_each_day_has_its_factor_and_the_months_add_up(
    rows: list[tuple[date, date, int, bool]], one: date, other: date
) -> None:
    first, last = min(one, other), max(one, other)
    given = _discounts(rows)
    found = discounted(segments((VERSION,), first, last), given)
    assert [found[0].from_, found[-1].to] == [first, last]
    for before, after in pairwise(found):
        assert before.to + timedelta(days=1) == after.from_
    day = first
    for segment in found:
        while day <= segment.to:
            holding = discount_on(given, day)
            assert segment.factor == (holding.factor if holding else 1_000_000)
            day += timedelta(days=1)
    total = sum((Fraction(segment.months_num, segment.months_den) for segment in found), Fraction(0))
    assert total == Fraction(*months(first, last))


def test_a_discount_of_the_item_beats_one_for_all_and_they_do_not_multiply() -> None:
    every, own = Discount(700_000, JAN, date(2026, 12, 31), own=False), Discount(500_000, JAN, date(2026, 1, 10))
    assert discount_on((every, own), date(2026, 1, 10)) == own
    assert discount_on((every, own), date(2026, 1, 11)) == every
    assert discount_on((every,), date(2027, 1, 1)) is None


def test_half_a_month_at_seven_tenths() -> None:
    found = discounted(segments((VERSION,), JAN, date(2026, 1, 31)), [Discount(700_000, date(2026, 1, 16), JAN.max)])
    line = KINDS["area"].line(Basis(found, 1_000_000))
    # 100 m² × 2.35 × (15/31 + 16/31 × 0.7) = 198.6129…
    assert (line.amount, [part.shown for part in line.parts]) == (19861, [11371, 8490])
    assert [part.factor for part in line.parts] == [1_000_000, 700_000]


def test_a_whole_period_is_not_cut_and_keeps_its_way_of_counting() -> None:
    plain = segments((VERSION,), JAN, date(2026, 3, 31))
    (found,) = discounted(plain, [Discount(600_000, JAN, date(2026, 3, 31))])
    assert (found.months_num, found.months_den, found.factor) == (3, 1, 600_000)
    assert discounted(plain, []) == plain
    assert discounted((), [Discount(600_000, JAN, JAN)]) == ()


def test_a_product_of_more_than_six_places_is_refused() -> None:
    version = Version(7, JAN, None, FlatParams(1_000_000))
    found = discounted(segments((version,), JAN, date(2026, 1, 31)), [Discount(333_333, JAN, JAN.max)])
    assert KINDS["flat"].line(Basis(found, factor=1_000_000)).amount == 33
    with pytest.raises(Problem, match="六位小数"):
        KINDS["flat"].line(Basis(found, factor=500_000))
