"""What a list shows and what it can be asked, in plain words: the part of a listing that the window knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a column holds, and so how it is drawn, sorted, copied and exported.

    `number` is what people call a thing by (house, bill, receipt); `count` whole figures; `money` fen; `area` and
    `quantity` 1e-4; `price` 1e-6 yuan; `period` `2026-07`; `moment` the office's time; `masked` text with its middle
    hidden; `check` yes or no.
    """

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    MONEY = "money"
    AREA = "area"
    QUANTITY = "quantity"
    PRICE = "price"
    DATE = "date"
    PERIOD = "period"
    MOMENT = "moment"
    STATE = "state"
    MASKED = "masked"
    CHECK = "check"


FIGURES = frozenset({Kind.COUNT, Kind.MONEY, Kind.AREA, Kind.QUANTITY, Kind.PRICE})
"""Kinds that stand at the right."""


@dataclass(frozen=True, slots=True)
class State:
    """A state: its code, its word, the tone of its badge (ok, info, warn, danger, neutral) and its icon; `counted` is
    whether the figures of a row in this state are added up.
    """

    code: str
    word: str
    tone: str = "neutral"
    icon: str = "dot"
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Sort:
    """A column that a list is sorted by."""

    key: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a list is asked: words that must all be found, filters by key (several values of one key: any of them),
    sorts from the first to the last. Empty sorts are the list's own order.
    """

    words: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    sorts: tuple[Sort, ...] = ()

    def values(self, key: str) -> tuple[str, ...]:
        """What is asked of a filter."""
        return tuple(value for name, value in self.filters if name == key)

    def only(self, key: str, values: Iterable[str]) -> Query:
        """The same with other values of one filter; none of them takes the filter away."""
        others = tuple(pair for pair in self.filters if pair[0] != key)
        return replace(self, filters=(*others, *((key, value) for value in values)))

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words.strip() or self.filters)


@dataclass(frozen=True, slots=True)
class ColumnFace:
    """A column as the window sees it; `width` in characters, `needs` the right without which it is not shown."""

    key: str
    title: str
    kind: Kind
    width: int
    needs: str | None
    shown: bool
    total: bool
    states: tuple[State, ...]
    alarming: bool


def sums(columns: Sequence[ColumnFace], rows: Iterable[Any]) -> dict[str, int]:
    """What rows add up to by column, in the column's units; a row in a state that does not count adds nothing."""
    left_out = _left_out(columns)
    counted = [row for row in rows if all(getattr(row, key) != state.code for key, state in left_out)]
    return {c.key: sum(getattr(row, c.key) or 0 for row in counted) for c in columns if c.total}


def not_counted(columns: Sequence[ColumnFace]) -> str:
    """The states that the sums leave out, in words: （已作废不计）; empty where all count."""
    words = "、".join(state.word for _, state in _left_out(columns))
    return f"（{words}不计）" if words else ""


def _left_out(columns: Sequence[ColumnFace]) -> list[tuple[str, State]]:
    return [(column.key, state) for column in columns for state in column.states if not state.counted]


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter and its word."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class FilterFace:
    """A filter as the window sees it; one without options has the values that the data has. `chip`: shown above the
    table. With a `unit` its value is a whole number of it, typed by hands: 逾期超过 90 天.
    """

    key: str
    title: str
    options: tuple[Option, ...]
    needs: str | None
    chip: bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """A list as the window sees it. `unit` is its counting word (户, 张); `reads` the topics whose changes touch it."""

    name: str
    title: str
    unit: str
    columns: tuple[ColumnFace, ...]
    filters: tuple[FilterFace, ...]
    default: tuple[Sort, ...]
    reads: frozenset[str]

    def said(self, key: str, value: str) -> str:
        """A condition in words: of what it has options for the option's own, else title, value and unit."""
        face = next((each for each in self.filters if each.key == key), None)
        if face is None:
            return f"{key} {value}"
        words = {option.value: option.title for option in face.options}
        return words.get(value, f"{face.title} {value} {face.unit}".rstrip())

    def column(self, key: str) -> ColumnFace:
        """The column of a key. Raises KeyError."""
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows match, and for each filter how many would with each of its values."""

    found: int
    all: int
    of: dict[str, dict[str, int]]
