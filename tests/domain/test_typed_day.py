"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.problem import Problem
from app.domain.typed_day import read_day

TODAY = date(2026, 7, 6)


@pytest.mark.parametrize(
    "typed",
    ["2026-07-06", "2026.7.6", "2026/7/6", "2026年7月6日", "20260706", "7-6", "0706", "７－６", "7。6", " 7.6 "],
)
def test_ways_to_write_a_day(typed: str) -> None:
    assert read_day(typed, TODAY) == TODAY


@pytest.mark.parametrize("typed", ["", "7", "13-40", "2026-02-30", "26-7-6", "0230", "七月", "²-³", "1-2-3-4", "12345"])
def test_what_is_no_day(typed: str) -> None:
    with pytest.raises(Problem) as refused:
        read_day(typed, TODAY)
    assert refused.value.code == "day.format"
