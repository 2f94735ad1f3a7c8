"""The order in which people read names with figures in them: 2 before 10."""

from __future__ import annotations

import re

_FIGURES = re.compile(r"(\d+)")


def natural_key(text: str) -> tuple[tuple[int, str], ...]:
    """A key by which 2 stands before 10, and figures before words."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in _FIGURES.split(text) if part)
