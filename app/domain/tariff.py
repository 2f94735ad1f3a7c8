"""Which price holds on which day (HANDBOOK §2.1, §2.7).

Versions are effective-dated and scoped: estate < building < house type < house. The narrowest version valid on a day
wins that day; within one scope the one that began last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from app.domain.problem import Problem, problem
from app.domain.proration import Method, liable_span, months
from app.domain.quantity import FACTOR_SCALE


class Scope(StrEnum):
    """What a version holds for, from wide to narrow."""

    ESTATE = "estate"
    BUILDING = "building"
    HOUSE_TYPE = "house_type"
    HOUSE = "house"


_WIDTH = {scope: rank for rank, scope in enumerate(Scope)}


class Policy(StrEnum):
    """What a price change inside a period does."""

    SPLIT_BY_DAY = "split_by_day"
    PERIOD_START_PRICE = "period_start_price"


class Params(Protocol):
    """A version's checked parameters; each fee kind has its own frozen class."""

    def __hash__(self) -> int: ...

    def as_json(self) -> dict[str, object]:
        """As they are stored: strings of decimals."""
        ...


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a tariff. `valid_to` None is open; `target` is the building, house type or house of its scope,
    by whatever name or id the caller uses in `valid_versions`.
    """

    id: int | None
    valid_from: date
    valid_to: date | None
    params: Params
    scope: Scope = Scope.ESTATE
    target: str | int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the version is valid on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def standing(valid_from: date, valid_to: date | None, today: date) -> str:
    """How a version stands on a day: now, later or past."""
    if valid_from > today:
        return "later"
    return "past" if valid_to is not None and valid_to < today else "now"


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive days under one version, counting months_num/months_den months (lowest terms). `factor` (1e-6) is that
    of the discount that holds on them.
    """

    version: Version
    from_: date
    to: date
    months_num: int
    months_den: int
    factor: int = FACTOR_SCALE


def valid_versions(
    candidates: Iterable[Version],
    building: str | int | None = None,
    house_type: str | int | None = None,
    house: str | int | None = None,
) -> tuple[Version, ...]:
    """The versions whose scope includes a house. Which of them holds is decided day by day in `segments`.

    Houses with equal answers share one cached result there.
    """
    targets = {Scope.BUILDING: building, Scope.HOUSE_TYPE: house_type, Scope.HOUSE: house}
    return tuple(
        version
        for version in candidates
        if version.scope == Scope.ESTATE or (version.target is not None and targets[version.scope] == version.target)
    )


def version_on(versions: Iterable[Version], day: date) -> Version:
    """The version that holds on a day.

    Raises: `no_tariff`.
    """
    best = _best(versions, day)
    if best is None:
        raise _no_tariff(day)
    return best


@lru_cache(maxsize=8192)
def segments(
    versions: tuple[Version, ...],
    period_from: date,
    period_to: date,
    liable_from: date | None = None,
    liable_to: date | None = None,
    method: Method = Method.ACTUAL_DAYS,
    policy: Policy = Policy.SPLIT_BY_DAY,
) -> tuple[Segment, ...]:
    """The liable days of a period, by the version that holds on each; empty when no day is liable.

    With one price for all of them part months count by `method`. Where the price changes among them, `split_by_day`
    weighs each day 1/(days of its month) whatever the method; `period_start_price` keeps the first day's version.

    Raises: `no_tariff` when a liable day has no version (a missing price is refused, never 0).
    """
    span = liable_span(period_from, period_to, liable_from, liable_to)
    if span is None:
        return ()
    first, last = span
    if policy == Policy.PERIOD_START_PRICE:
        return (Segment(version_on(versions, first), first, last, *months(first, last, method)),)
    runs: list[tuple[Version, date, date]] = []
    starts = _changes(versions, first, last)
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        end = last if following is None else following - timedelta(days=1)
        version = version_on(versions, start)
        if runs and runs[-1][0] == version:
            runs[-1] = (version, runs[-1][1], end)
        else:
            runs.append((version, start, end))
    if len(runs) > 1:
        method = Method.ACTUAL_DAYS
    return tuple(Segment(version, start, end, *months(start, end, method)) for version, start, end in runs)


def _changes(versions: tuple[Version, ...], first: date, last: date) -> list[date]:
    """The days on which another version may begin to hold, the first liable day included."""
    days = {first}
    for version in versions:
        days.add(version.valid_from)
        if version.valid_to is not None and version.valid_to < date.max:
            days.add(version.valid_to + timedelta(days=1))
    return sorted(day for day in days if first <= day <= last)


def _best(versions: Iterable[Version], day: date) -> Version | None:
    holding = [version for version in versions if version.holds_on(day)]
    return max(holding, key=lambda v: (_WIDTH[v.scope], v.valid_from, v.id or 0), default=None)


def _no_tariff(day: date) -> Problem:
    return problem("no_tariff", "{day} 没有有效的收费标准。", "请先补录这一天的收费标准。", day=day.isoformat())
