"""A list of few rows whose values a rule computes (when a task is due): gathered whole, then searched and sorted here.

It answers like a `Listing`. For hundreds of rows, never for thousands.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.security.permissions import Permission
from app.services import list_search
from app.services.list_face import ColumnFace, Counts, Face, FilterFace, Kind, Option, Query, Sort, State, sums
from db.work import Work

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a gathered list: the field of the row, and `order` where something else sorts in its place."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: int = 12
    find: bool = False
    order: Callable[[Any], Any] | None = None
    needs: Permission | None = None
    total: bool = False
    shown: bool = True
    states: tuple[State, ...] = ()
    alarming: bool = False

    @property
    def face(self) -> ColumnFace:
        """The column for the window."""
        return ColumnFace(
            self.key, self.title, self.kind, self.width, self.needs and str(self.needs), self.shown, self.total,
            self.states, self.alarming,
        )  # fmt: skip

    def sorted_by(self, row: Any) -> Any:
        """What a row is sorted by; None is last."""
        if self.order is not None:
            return self.order(row)
        value = getattr(row, self.key)
        if self.kind is Kind.STATE:
            return next((place for place, state in enumerate(self.states) if state.code == value), None)
        return value if value != "" else None


@dataclass(frozen=True, slots=True)
class Pick:
    """A filter of a gathered list: its values with their words, and which of them a row has."""

    key: str
    title: str
    options: tuple[tuple[str, str], ...]
    of: Callable[[Any], Sequence[str]]
    chip: bool = True

    @property
    def face(self) -> FilterFace:
        """The filter for the window."""
        return FilterFace(self.key, self.title, tuple(Option(*option) for option in self.options), None, self.chip)


@dataclass(frozen=True, slots=True)
class Gathered(Generic[R]):
    """A list whose rows `gather` computes, by key, in their own order."""

    name: str
    title: str
    unit: str
    gather: Callable[[Work], Mapping[int, R]]
    columns: tuple[Field, ...]
    default: tuple[Sort, ...]
    reads: frozenset[str]
    filters: tuple[Pick, ...] = ()
    personal: bool = False

    @property
    def face(self) -> Face:
        """The list for the window."""
        columns = tuple(column.face for column in self.columns)
        return Face(
            self.name, self.title, self.unit, columns, tuple(f.face for f in self.filters), self.default, self.reads
        )

    def seen(self, work: Work) -> list[Field]:
        """The columns that this seat may see."""
        return [column for column in self.columns if column.needs is None or column.needs in work.permissions]

    def keys(self, work: Work, query: Query) -> array[int]:
        """The keys of all rows that match, in order."""
        known = {column.key: column for column in self.seen(work)}
        found = list(self._matching(work, query).items())
        chosen = [sort for sort in query.sorts if sort.key in known]
        chosen += [sort for sort in self.default if sort.key in known and sort.key not in {s.key for s in chosen}]
        for sort in reversed(chosen):
            by = known[sort.key].sorted_by
            empty = [pair for pair in found if by(pair[1]) is None]
            full = [pair for pair in found if by(pair[1]) is not None]
            found = sorted(full, key=lambda pair: by(pair[1]), reverse=sort.descending) + empty
        return array("q", [key for key, _ in found])

    def rows(self, work: Work, keys: Sequence[int]) -> dict[int, R]:
        """The rows of these keys; one that is gone is left out."""
        gathered = self.gather(work)
        return {key: gathered[key] for key in keys if key in gathered}

    def totals(self, work: Work, query: Query) -> dict[str, int]:
        """The sums of all rows that match, by column."""
        return sums([column.face for column in self.seen(work)], self._matching(work, query).values())

    def counts(self, work: Work, query: Query) -> Counts:
        """How many rows match, and how many would with each value of each filter."""
        gathered = self.gather(work)
        found = self._narrowed(work, query, gathered)
        of = {}
        for pick in self.filters:
            rows = self._narrowed(work, query.only(pick.key, ()), gathered).values()
            n = Counter(value for row in rows for value in pick.of(row))
            of[pick.key] = {value: n[value] for value, _ in pick.options}
        return Counts(len(found), len(gathered), of)

    def _matching(self, work: Work, query: Query) -> dict[int, R]:
        return self._narrowed(work, query, self.gather(work))

    def _narrowed(self, work: Work, query: Query, gathered: Mapping[int, R]) -> dict[int, R]:
        words = list_search.words(query.words)
        if words is None:
            return {}
        searched = [column for column in self.seen(work) if column.find]
        asked = [(pick, set(query.values(pick.key))) for pick in self.filters if query.values(pick.key)]
        return {
            key: row
            for key, row in gathered.items()
            if all(wanted & set(pick.of(row)) for pick, wanted in asked)
            and all(any(_holds(getattr(row, column.key), word) for column in searched) for word in words)
        }


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _holds(value: Any, word: str) -> bool:
    return value is not None and _plain(word) in _plain(str(value))
