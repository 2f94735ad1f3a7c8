"""Numbers that are shown outside: drawn one after another inside the posting transaction, so that none is missing."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from db.models.projection import NumberSeries
from db.work import Work


def draw_many(work: Work, series: str, n: int) -> range:
    """The next n numbers of a series; it begins at 1."""
    first = work.execute(select(NumberSeries.next).where(NumberSeries.series == series)).scalar()
    if first is None:
        work.execute(insert(NumberSeries).values(series=series, first=1, next=1 + n))
        return range(1, 1 + n)
    work.execute(update(NumberSeries).where(NumberSeries.series == series).values(next=first + n))
    return range(first, first + n)


def draw(work: Work, series: str) -> int:
    """The next number of a series."""
    return draw_many(work, series, 1)[0]
