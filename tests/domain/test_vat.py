from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import Fen
from app.domain.vat import split, water_difference

AMOUNTS = st.integers(-(10**13), 10**13).map(Fen)
RATES = st.integers(0, 10**8)


@given(AMOUNTS, RATES)
def test_net_and_tax_add_up_and_mirror(gross: Fen, rate: int) -> None:
    net, tax = split(gross, rate)
    assert net + tax == gross
    assert split(Fen(-gross), rate) == (-net, -tax)
    assert abs(net - Fraction(gross * 10**8, 10**8 + rate)) <= Fraction(1, 2)


@given(AMOUNTS, AMOUNTS, RATES)
def test_a_loss_is_no_negative_tax(collected: Fen, paid: Fen, rate: int) -> None:
    taxable, net, tax = water_difference(collected, paid, rate)
    assert taxable == net + tax == max(0, collected - paid)
    assert tax >= 0
