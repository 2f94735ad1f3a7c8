from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.problem import Problem
from app.domain.tender import Share, Use, spread

LINES = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10_000)), max_size=8)
TENDERS = st.lists(st.integers(1, 20_000), min_size=1, max_size=4)


def test_the_second_way_pays_what_the_first_left_open() -> None:
    assert spread([(7, 300), (7, 200)], [350, 150], 7) == (
        Share(7, 0, 350, (Use(0, 300), Use(1, 50))),
        Share(7, 1, 150, (Use(1, 150),)),
    )


def test_the_rest_stays_with_the_home_and_comes_first() -> None:
    assert spread([(9, 100)], [250], 7) == (Share(7, 0, 150, ()), Share(9, 0, 100, (Use(0, 100),)))


def test_nothing_given_is_no_way_to_pay() -> None:
    with pytest.raises(Problem):
        spread([(1, 100)], [100, 0], 1)


@given(LINES, TENDERS)
def test_nothing_is_lost(lines: list[tuple[int, int]], tenders: list[int]) -> None:
    shares = spread(lines, tenders, 0)
    for place, fen in enumerate(tenders):
        assert sum(share.amount for share in shares if share.tender == place) == fen
    paid = [sum(use.amount for share in shares for use in share.uses if use.line == n) for n in range(len(lines))]
    assert all(fen <= line for fen, (_, line) in zip(paid, lines, strict=True))
    assert sum(paid) == min(sum(tenders), sum(fen for _, fen in lines))
    assert len({(share.house, share.tender) for share in shares}) == len(shares)
    assert all(lines[use.line][0] == share.house for share in shares for use in share.uses)
