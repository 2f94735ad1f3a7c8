"""Shares are exact, and make one whole on each day or are said not to."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from app.domain import shares
from app.domain.problem import Problem
from app.domain.shares import Holding

TODAY = date(2026, 7, 6)
HALF = Fraction(1, 2)


def test_a_share_is_read_exactly() -> None:
    assert shares.show(shares.parse(" 2/4 ")) == "1/2"
    assert shares.parse("33.33%") == Fraction(3333, 10000)
    assert shares.show(shares.parse("100％")) == "1"
    for typed in ("", "0/1", "3/2", "1/0", "0.5", "150%", "一半", "-1/2", "1/1234567"):
        with pytest.raises(Problem):
            shares.parse(typed)
    for typed in ("1/3", "7/9", "12.5%"):
        assert shares.parse(shares.show(shares.parse(typed))) == shares.parse(typed)


def test_a_whole_is_not_off_on_any_day() -> None:
    until = date(2026, 7, 31)
    assert shares.off([Holding(HALF, None, None), Holding(HALF, None, until), Holding(HALF, date(2026, 8, 1), None)],
                      TODAY) == ()  # fmt: skip
    assert shares.off([Holding(None, None, None), Holding(None, None, None)], TODAY) == ()
    assert shares.off([], TODAY) == ()


def test_what_is_off_is_said_with_its_day() -> None:
    found = shares.off([Holding(HALF, None, None), Holding(HALF, None, date(2026, 7, 31))], TODAY)
    assert [shares.words(one) for one in found] == ["从 2026-08-01 起各业主的份额加起来是 1/2，不是 1。"]
    found = shares.off([Holding(HALF, None, None), Holding(None, None, None)], TODAY)
    assert [shares.words(one) for one in found] == ["现在有 1 位业主没有写份额，已写的加起来是 1/2。"]
    # What was off before today and is none now is not told.
    assert (
        shares.off([Holding(HALF, None, date(2026, 7, 5)), Holding(Fraction(1), date(2026, 7, 6), None)], TODAY) == ()
    )
