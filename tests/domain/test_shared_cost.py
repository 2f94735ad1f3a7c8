from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import Fen
from app.domain.problem import Problem
from app.domain.shared_cost import share

WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=60).filter(any)


@given(st.integers(-(10**13), 10**13), WEIGHTS)
def test_shares_add_up_to_the_cost(cost: int, weights: list[int]) -> None:
    shares = share(Fen(cost), weights)
    assert sum(shares) == cost
    assert share(Fen(-cost), weights) == tuple(-part for part in shares)
    for part, weight in zip(shares, weights, strict=True):
        assert abs(part - Fraction(cost * weight, sum(weights))) < 1
        assert weight or part == 0


@pytest.mark.parametrize(
    ("weights", "code"),
    [([], "nothing_to_allocate_by"), ([0, 0], "nothing_to_allocate_by"), ([1, -1], "negative_weight")],
)
def test_refused(weights: list[int], code: str) -> None:
    with pytest.raises(Problem) as refused:
        share(Fen(100), weights)
    assert refused.value.code == code
