"""Pinyin initials of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.initials import LONGEST, MOST_SPELLINGS, spellings


@pytest.mark.parametrize(
    ("name", "letters", "found"),
    [
        ("王样例", "wyl", True),
        ("王样例", "wy", True),
        ("王样例", "yl", False),
        ("曾国立", "zgl", True),
        ("单小", "sx", True),
        ("单小", "dx", True),
        ("欧阳 娜", "oyn", True),
        ("Li Lei", "lil", True),
        ("喆", "z", True),
        ("𠮷", "j", False),
        ("王", "wy", False),
    ],
)
def test_initials_in_any_reading(name: str, letters: str, found: bool) -> None:
    assert any(each.startswith(letters) for each in spellings(name)) is found


@given(st.text())
def test_any_name_has_few_spellings_in_small_letters(name: str) -> None:
    found = spellings(name)
    assert len(found) <= MOST_SPELLINGS
    assert all(1 <= len(each) <= LONGEST and each == each.lower() for each in found)
