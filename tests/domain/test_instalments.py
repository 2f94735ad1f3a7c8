"""Instalments: equal parts to the fen, and whether a plan is kept, from what was paid by when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.instalments import Instalment, check, equal_parts, standing
from app.domain.money import Fen
from app.domain.problem import Problem

SIGNED = date(2026, 7, 6)
PLAN = (Instalment(date(2026, 7, 31), Fen(500)), Instalment(date(2026, 8, 31), Fen(500)))


@given(st.integers(1, 10**7), st.integers(1, 60))
def test_equal_parts_add_up_and_differ_by_a_fen(total: int, n: int) -> None:
    if total < n:
        with pytest.raises(Problem):
            equal_parts(Fen(total), n, SIGNED)
        return
    parts = equal_parts(Fen(total), n, SIGNED)
    assert sum(each.amount for each in parts) == total
    assert max(each.amount for each in parts) - min(each.amount for each in parts) <= 1
    check(parts, Fen(total), SIGNED)


@pytest.mark.parametrize(
    ("paid", "as_of", "left", "broken"),
    [
        ([], date(2026, 8, 7), 1000, None),
        ([], date(2026, 8, 8), 1000, date(2026, 8, 8)),
        ([(date(2026, 8, 7), 500)], date(2026, 9, 7), 500, None),
        ([(date(2026, 8, 7), 500)], date(2026, 9, 8), 500, date(2026, 9, 8)),
        ([(date(2026, 8, 8), 1000)], date(2026, 8, 9), 0, date(2026, 8, 8)),
        ([(date(2026, 7, 10), 1000)], date(2027, 1, 1), 0, None),
        ([(date(2026, 7, 10), 1000), (date(2026, 7, 20), -1000)], date(2026, 8, 8), 1000, date(2026, 8, 8)),
    ],
)
def test_seven_days_late_is_too_late(paid: list[tuple[date, int]], as_of: date, left: int, broken: date | None) -> None:
    now = standing(PLAN, paid, as_of)
    assert (now.left, now.broken_on, now.kept) == (left, broken, broken is None)


def test_what_is_next() -> None:
    now = standing(PLAN, [(date(2026, 7, 30), 620)], date(2026, 8, 1))
    assert (now.paid, now.next_due, now.next_missing) == (620, date(2026, 8, 31), 380)


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(1, 700)), max_size=6), st.integers(0, 120))
def test_more_money_never_breaks_a_plan(paid: list[tuple[int, int]], more: int) -> None:
    entries = [(SIGNED + timedelta(days=day), fen) for day, fen in paid]
    as_of = SIGNED + timedelta(days=150)
    before = standing(PLAN, entries, as_of)
    after = standing(PLAN, [*entries, (SIGNED + timedelta(days=more), 100)], as_of)
    assert after.kept or (not before.kept and (before.broken_on or SIGNED) <= (after.broken_on or SIGNED))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((), "plan.count"),
        ((Instalment(SIGNED, Fen(0)), Instalment(date(2026, 8, 1), Fen(1000))), "plan.amount"),
        ((Instalment(date(2026, 8, 1), Fen(500)), Instalment(date(2026, 8, 1), Fen(500))), "plan.order"),
        ((Instalment(date(2026, 7, 5), Fen(1000)),), "plan.order"),
        ((Instalment(SIGNED, Fen(999)),), "plan.sum"),
    ],
)
def test_what_is_no_plan(parts: tuple[Instalment, ...], code: str) -> None:
    with pytest.raises(Problem) as why:
        check(parts, Fen(1000), SIGNED)
    assert why.value.code == code
