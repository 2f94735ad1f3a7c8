import itertools
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import Fen
from app.domain.proration import Method, StartRule, charge_from, liable_span, month_parts, months, transfer_split

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
METHODS = st.sampled_from(Method)


@given(DAYS, st.integers(0, 800), METHODS)
def test_month_parts_cover_the_span(first: date, length: int, method: Method) -> None:
    last = first + timedelta(days=length)
    parts = month_parts(first, last, method)
    assert parts[0].from_ == first
    assert parts[-1].to == last
    assert all(after.from_ == before.to + timedelta(days=1) for before, after in itertools.pairwise(parts))
    assert sum(part.days for part in parts) == length + 1
    assert all(0 < Fraction(part.num, part.den) <= 1 for part in parts)
    assert all(part.num == part.den for part in parts if part.days == part.days_in_month)
    assert Fraction(*months(first, last, method)) == sum(Fraction(part.num, part.den) for part in parts)


@given(DAYS, st.integers(0, 400), st.integers(-30, 430))
def test_seller_and_buyer_add_up(first: date, length: int, moved: int) -> None:
    last = first + timedelta(days=length)
    split = transfer_split(
        lambda start, end: Fen(((end - start).days + 1) * 100), first, last, first + timedelta(days=moved)
    )
    assert split.seller + split.buyer == split.whole
    assert split.seller == 100 * max(0, min(moved, length + 1))


@given(DAYS)
def test_the_start(delivery: date) -> None:
    assert charge_from(delivery, StartRule.DELIVERY_DAY) == delivery
    assert charge_from(delivery, StartRule.NEXT_DAY) == delivery + timedelta(days=1)
    start = charge_from(delivery)
    assert (start.day, start > delivery) == (1, True)


def test_nobody_liable() -> None:
    span = date(2026, 1, 1), date(2026, 1, 31)
    assert liable_span(*span, date(2026, 2, 1), None) is None
    assert liable_span(*span, None, date(2025, 12, 31)) is None
