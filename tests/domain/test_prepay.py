from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import Fen
from app.domain.prepay import prepay_gift, refund_on_early_end
from app.domain.problem import Problem
from app.domain.warranty import ITEM_TITLES, ITEMS, warranty


@given(st.integers(0, 10**7).map(Fen), st.integers(1, 24), st.integers(0, 6), st.integers(0, 30))
def test_a_gift_and_its_early_end(monthly: Fen, paid: int, free: int, used: int) -> None:
    gift = prepay_gift(monthly, paid, free, date(2026, 1, 1))
    assert gift.payable + gift.waived == monthly * (paid + free)
    refund = refund_on_early_end(gift.payable, monthly, used)
    assert 0 <= refund <= gift.payable
    assert refund == monthly * max(0, paid - used)


def test_warranty() -> None:
    accepted = date(2024, 1, 1)
    assert set(ITEM_TITLES) == set(ITEMS)
    assert warranty("heating_cooling", accepted, date(2030, 1, 1)).in_warranty
    with pytest.raises(Problem):
        warranty("garden", accepted, accepted)
