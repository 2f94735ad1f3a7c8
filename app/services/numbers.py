"""Numbers that are shown outside: drawn one after another inside the posting transaction, so that none is missing."""

from __future__ import annotations

from db.work import Work

_DRAW = (
    "INSERT INTO number_series (series, first, next) VALUES (?, 1, ?) "
    "ON CONFLICT (series) DO UPDATE SET next = number_series.next + ? RETURNING next"
)


def draw_many(work: Work, series: str, n: int) -> range:
    """The next n numbers of a series; it begins at 1."""
    after = int(work.driver(_DRAW, (series, 1 + n, n)).scalar_one())
    return range(after - n, after)


def draw(work: Work, series: str) -> int:
    """The next number of a series."""
    return draw_many(work, series, 1)[0]
