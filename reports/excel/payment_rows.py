"""Rows of payments: there may be a hundred thousand, so that what repeats (houses, spans) is looked at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from app.domain.problem import Problem, problem
from reports.excel.collected import Collected, Rows
from reports.excel.opening_rows import house_of, span_of

HOUSE = ("building", "entrance", "block", "room")
_SAID = ("payer", "fen", "day", "method", "reference", "item")
Span = tuple[date | None, date | None]


def take(rows: Rows, collected: Collected) -> None:
    """Take the rows of a sheet of payments."""
    houses = zip(*(rows.column(key) for key in HOUSE), rows.block.context, strict=True)
    spans = zip(*(rows.column(key) for key in ("period", "first", "last")), strict=True)
    known_houses: dict[Any, tuple[str, str] | Problem] = {}
    known_spans: dict[Any, Span | Problem] = {}
    add, bad, sheet = collected.records["payments"].append, rows.bad, rows.sheet
    said = zip(*(rows.column(key) for key in _SAID), strict=True)
    for place, (where, when, values) in enumerate(zip(houses, spans, said, strict=True)):
        house = known_houses.get(where)
        if house is None:
            house = known_houses[where] = _or_problem(lambda place=place: house_of(rows, place))  # type: ignore[misc]
        span = known_spans.get(when)
        if span is None:
            span = known_spans[when] = _or_problem(lambda when=when: _span(*when))  # type: ignore[misc]
        missing = "fen" if values[1] is None else "day" if values[2] is None else None
        if isinstance(house, Problem):
            rows.reject(place, "room", house)
        elif missing is not None and place not in bad:
            rows.reject(place, missing, problem("cell.missing", "不能为空。"))
        elif isinstance(span, Problem):
            rows.reject(place, "period" if when[0] else "first", span)
        elif place not in bad:
            add((sheet, rows.number(place), *house, *values, *span))


def _or_problem(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Problem as why:
        return why


def _span(period: str | None, first: date | None, last: date | None) -> Span:
    """First and last day of what a payment is meant for; one stands for both where the other is missing."""
    if period:
        first, last = span_of(period)
    if first and last and last < first:
        raise problem("arrear.span", "结束日期早于开始日期。")
    return first or last, last or first
