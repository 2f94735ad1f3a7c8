from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cash import DENOMINATIONS, counted, title
from app.domain.problem import Problem

PIECES = st.lists(st.tuples(st.sampled_from(DENOMINATIONS), st.integers(0, 100)))


def test_a_drawer() -> None:
    assert counted([(100, 3), (10_000, 12), (10, 0), (100, 1)]) == (((10_000, 12), (100, 4)), 120_400)
    assert [title(fen) for fen in (10_000, 100, 50, 10)] == ["100 元", "1 元", "5 角", "1 角"]


@pytest.mark.parametrize("piece", [(300, 1), (100, -1), (100, 10**6)])
def test_what_is_no_money_is_refused(piece: tuple[int, int]) -> None:
    with pytest.raises(Problem):
        counted([piece])


@given(PIECES)
def test_the_sum_is_that_of_the_pieces(pieces: list[tuple[int, int]]) -> None:
    kept, total = counted(pieces)
    assert total == sum(fen * count for fen, count in pieces)
    assert [fen for fen, _ in kept] == sorted({fen for fen, count in pieces if count}, reverse=True)
