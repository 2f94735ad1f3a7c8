"""Why a line differs from the last one, and what of it deserves a look."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.billing_change import Drawn, doubled, odd_usage, reasons

LAST = Drawn(20962, frozenset({1}), (2_350_000,), 892_000, Fraction(1), (1_000_000,))


@pytest.mark.parametrize(("now", "said"), [
    (LAST, []),
    (replace(LAST, versions=frozenset({2}), prices=(2_800_000,)), ["标准 2.35 → 2.80"]),
    (replace(LAST, versions=frozenset({1, 2}), prices=(2_350_000, 2_800_000)), ["标准 2.35 → 2.35、2.80"]),
    (replace(LAST, versions=frozenset({2})), ["标准换了一版"]),
    (replace(LAST, quantity=900_000), ["数量 89.2 → 90 m²"]),
    (replace(LAST, months=Fraction(15, 31), factors=(700_000,)), ["月数 1 → 15/31", "系数 1 → 0.7"]),
    (replace(LAST, cost="12.00", weight="300"), ["总额 — → 12.00", "总权重 — → 300"]),
])  # fmt: skip
def test_reasons(now: Drawn, said: list[str]) -> None:
    assert reasons(LAST, now, "m²") == said


def test_what_was_not_billed_before_and_usage() -> None:
    assert reasons(None, LAST, "m²") == ["上期没有"]
    used = replace(LAST, metered=True)
    assert reasons(used, replace(used, quantity=0), "t") == ["用量 89.2 → 0 t"]


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_only_what_was_owed_doubles(last: int, now: int) -> None:
    assert doubled(last, now) == (last > 0 and now >= 2 * last)
    assert not doubled(None, now)


@pytest.mark.parametrize(("used", "recent", "lived_in", "odd"), [
    (-1, (), False, True), (0, (10,), True, True), (0, (10,), False, False), (30, (10, 10), True, False),
    (31, (10, 10), True, True), (1000, (), True, False),
])  # fmt: skip
def test_odd_usage(used: int, recent: tuple[int, ...], lived_in: bool, odd: bool) -> None:
    assert odd_usage(used, recent, lived_in=lived_in) == odd
