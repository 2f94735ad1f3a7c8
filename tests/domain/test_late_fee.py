from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.late_fee import AnnualRate, late_fee, untouched_share
from app.domain.money import Fen

DUE = date(2026, 3, 31)
PRINCIPALS = st.integers(1, 10**8).map(Fen)
DAYS = st.integers(-100, 3000)
RATES = st.integers(0, 10**7)
CAPS = st.none() | st.integers(0, 2 * 10**6)
PAYMENTS = st.lists(
    st.tuples(st.integers(-60, 2000), st.integers(1, 10**7)).map(
        lambda paid: (DUE + timedelta(days=paid[0]), Fen(paid[1]))
    ),
    max_size=5,
)


@given(PRINCIPALS, DAYS, PAYMENTS, RATES, CAPS, st.integers(0, 60))
def test_against_a_count_day_by_day(
    principal: Fen, days: int, payments: list[tuple[date, Fen]], rate: int, cap: int | None, grace: int
) -> None:
    as_of = DUE + timedelta(days=days)
    found = late_fee(principal, DUE, as_of, payments, rate, cap, grace)
    bearing = late = 0
    for n in range(1, days + 1):
        day = DUE + timedelta(days=n)
        # A payment bears its own day: only what was paid before the day lowers it.
        open_ = principal - sum(amount for on, amount in payments if on < day)
        if open_ > 0:
            bearing, late = bearing + open_, n
    assert found.outstanding == max(0, principal - sum(amount for on, amount in payments if on <= as_of))
    assert found.days == late
    exact = Fraction(bearing * rate, 10**8) if late > grace else Fraction(0)
    held = exact if cap is None else min(exact, Fraction(principal * cap, 10**6))
    assert abs(found.fee - held) <= Fraction(1, 2)
    assert found.capped == (held < exact)


@given(PRINCIPALS, DAYS, PAYMENTS, RATES, st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_is_posted_or_waived_is_not_quoted_again(
    principal: Fen, days: int, payments: list[tuple[date, Fen]], rate: int, posted: int, waived: int
) -> None:
    as_of = DUE + timedelta(days=days)
    whole = late_fee(principal, DUE, as_of, payments, rate).fee
    rest = late_fee(principal, DUE, as_of, payments, rate, waived=Fen(waived), posted=Fen(posted)).fee
    assert rest == max(0, whole - posted - waived)


@given(PRINCIPALS, st.integers(0, 2000), st.integers(1, 10**7))
def test_a_bounced_payment_opens_the_charge_again(principal: Fen, days: int, paid: int) -> None:
    on = DUE + timedelta(days=days)
    both = [(on, Fen(paid)), (on, Fen(-paid))]
    as_of = DUE + timedelta(days=2500)
    assert late_fee(principal, DUE, as_of, both, 50_000) == late_fee(principal, DUE, as_of, [], 50_000)


def test_a_year_at_the_annual_rate() -> None:
    found = late_fee(Fen(120_000), DUE, DUE + timedelta(days=365), [], AnnualRate(3_000_000, 1_500_000))
    assert found.fee == 5400


@given(PRINCIPALS, DAYS, RATES, CAPS, st.integers(0, 60))
def test_the_share_of_an_untouched_principal_gives_the_same_fee(
    principal: Fen, days: int, rate: int, cap: int | None, grace: int
) -> None:
    numerator, denominator = untouched_share(days, rate, cap, grace)
    whole = late_fee(principal, DUE, DUE + timedelta(days=days), (), rate, cap, grace)
    assert (2 * principal * numerator + denominator) // (2 * denominator) == whole.fee
