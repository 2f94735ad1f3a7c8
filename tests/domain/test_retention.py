"""How long data of who left is kept, and what a replaced name leaves alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.retention import kept_until, replaced


@pytest.mark.parametrize(
    ("last", "years", "until"),
    [
        (date(2021, 7, 6), 5, date(2026, 7, 6)),
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_years_after_the_last_day(last: date, years: int, until: date) -> None:
    assert kept_until(last, years) == until


def test_a_longer_name_of_somebody_else_stays() -> None:
    others = frozenset({"王明华", "李王明", "王明"})
    assert replaced("王明、王明华、李王明：王明您好", "王明", others, "某人") == "某人、王明华、李王明：某人您好"


@given(st.text("王明华李、 ", max_size=30), st.frozensets(st.text("王明华李", min_size=1, max_size=4), max_size=4))
def test_nothing_of_the_name_is_left_outside_other_names(text: str, others: frozenset[str]) -> None:
    found = replaced(text, "王明", others, "某人")
    for other in sorted((one for one in others if "王明" in one and one != "王明"), key=len, reverse=True):
        found = found.replace(other, "")
    assert "王明" not in found
