"""Pinyin initials of names."""

from __future__ import annotations

import pytest

from app.domain.initials import begins


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
    assert begins(name, letters) is found
