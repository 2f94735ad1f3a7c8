"""A list is one table of columns: what is shown, searched, sorted, filtered, added up and exported is said once.

Keys come first (the ids of all rows that match, in order), then rows by key. A column or filter that the seat may not
see does not exist for it: no value, no sort, no search, no sum.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, FromClause, Select, String, and_, case, false, func, or_, select
from sqlalchemy.sql.elements import UnaryExpression

from app.security.permissions import Permission
from app.services import list_search
from app.services.list_face import FIGURES, ColumnFace, Counts, Face, FilterFace, Kind, Option, Query, Sort, State
from app.services.moments import local_minute, offset_of
from db.memory import give_back
from db.queries.owed import CHUNK
from db.work import Work

R = TypeVar("R")

__all__ = [
    "Choice", "Column", "Counts", "Face", "Flag", "Kind", "Least", "Listing", "Option", "Query", "Sort", "State",
]  # fmt: skip

DIGITS = 9
"""A figure typed into a filter has so many digits at most."""

Find = Callable[[str], ColumnElement[bool]]
"""What a word must fulfil to be found in a column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field of the row, its title, its value in SQL.

    `more` are further values that `read` makes the shown one of; `order` sorts in the place of the value; `find` says
    whether words are looked for in it, or how. `shown` is whether it stands in the table from the first.
    """

    key: str
    title: str
    value: Any
    kind: Kind = Kind.TEXT
    width: int = 12
    find: bool | Find = False
    order: Any = None
    needs: Permission | None = None
    total: bool = False
    shown: bool = True
    more: tuple[Any, ...] = ()
    read: Callable[..., Any] | None = None
    states: tuple[State, ...] = ()
    alarming: bool = False

    @property
    def face(self) -> ColumnFace:
        """The column for the window."""
        return ColumnFace(
            self.key, self.title, self.kind, self.width, self.needs and str(self.needs), self.shown, self.total,
            self.states, self.alarming,
        )  # fmt: skip

    def sorted_by(self) -> Any:
        """What it is sorted by: states by their place in the list, text without the empty one."""
        if self.order is not None:
            return self.order
        if self.kind is Kind.STATE and self.states:
            return case({state.code: place for place, state in enumerate(self.states)}, value=self.value)
        return func.nullif(self.value, "") if isinstance(self.value.type, String) else self.value


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter with values: of a column of the data, `options` with a condition each, or with a `unit` any whole number
    of it that `least` makes a condition of.
    """

    key: str
    title: str
    value: Any = None
    options: tuple[tuple[str, str, Any], ...] = ()
    needs: Permission | None = None
    chip: bool = True
    unit: str = ""
    least: Callable[[int], Any] | None = None
    counted: bool = True
    """Whether it is said how many rows each of its values has: for a few conditions on many rows it takes a while."""

    @property
    def face(self) -> FilterFace:
        """The filter for the window."""
        shown = tuple(Option(value, title) for value, title, _ in self.options)
        return FilterFace(self.key, self.title, shown, self.needs and str(self.needs), self.chip, self.unit)

    def condition(self, values: Iterable[str]) -> ColumnElement[bool]:
        """That a row has one of these values."""
        wanted = set(values)
        if self.least is not None:
            numbers = {int(value) for value in wanted if value.isascii() and value.isdecimal() and len(value) <= DIGITS}
            return or_(false(), *(self.least(number) for number in sorted(numbers)))
        if self.options:
            return or_(false(), *(rule for value, _, rule in self.options if value in wanted))
        return and_(self.value.in_(sorted(wanted)))


def Flag(  # noqa: N802
    key: str, title: str, condition: Any, *, needs: Permission | None = None, chip: bool = True
) -> Choice:
    """A filter that is on or off."""
    return Choice(key, title, options=(("1", title, condition),), needs=needs, chip=chip)


def Least(  # noqa: N802
    key: str, title: str, unit: str, rule: Callable[[int], Any], *, needs: Permission | None = None
) -> Choice:
    """A filter by a figure that hands type; it stands among the conditions, not above the table."""
    return Choice(key, title, needs=needs, chip=False, unit=unit, least=rule, counted=False)


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """A list of rows of one class, whose fields are the columns' keys.

    `key` is the integer that names a row; `source` what is selected from, `where` what always holds; `default` the
    list's own order. Values may use the parameter `today`.
    """

    name: str
    title: str
    unit: str
    row: type[R]
    key: Any
    source: FromClause
    columns: tuple[Column, ...]
    default: tuple[Sort, ...]
    reads: frozenset[str]
    filters: tuple[Choice, ...] = ()
    where: Any = None
    personal: bool = False

    @property
    def face(self) -> Face:
        """The list for the window."""
        columns = tuple(column.face for column in self.columns)
        filters = tuple(choice.face for choice in self.filters)
        return Face(self.name, self.title, self.unit, columns, filters, self.default, self.reads)

    def seen(self, work: Work) -> list[Column]:
        """The columns that this seat may see."""
        return [column for column in self.columns if may_see(work, column.needs)]

    def keys(self, work: Work, query: Query) -> array[int]:
        """The keys of all rows that match, in order."""
        statement = self._matching(work, query, select(self.key)).order_by(*self._order(work, query))
        found = _run(work, statement)
        # From the cursor itself: of a hundred thousand keys the result's own rows would take longer than the database.
        keys = array("q", chain.from_iterable(found.cursor))
        found.close()
        give_back(work.connection, len(keys))
        return keys

    def rows(self, work: Work, keys: Sequence[int]) -> dict[int, R]:
        """The rows of these keys; one that is gone is left out."""
        columns, offset = self.seen(work), offset_of(work)
        asked = [self.key]
        for column in columns:
            asked += [column.value, *column.more]
        base = select(*(each.label(f"c{place}") for place, each in enumerate(asked))).select_from(self.source)
        found: dict[int, R] = {}
        for start in range(0, len(keys), CHUNK):
            for values in _run(work, base.where(self.key.in_(list(keys[start : start + CHUNK])))):
                found[values[0]] = self._row(columns, values, offset)
        return found

    def totals(self, work: Work, query: Query) -> dict[str, int]:
        """The sums of all rows that match, by column, in the column's units."""
        summed = [column for column in self.seen(work) if column.total]
        if not summed:
            return {}
        matching = self._matching(work, query, select(*(c.value.label(c.key) for c in summed)))
        for column in self.columns:
            if silent := [state.code for state in column.states if not state.counted]:
                matching = matching.where(column.value.not_in(silent))
        inner = matching.subquery()
        sums = _run(work, select(*(func.coalesce(func.sum(inner.c[c.key]), 0) for c in summed))).one()
        return {column.key: int(value) for column, value in zip(summed, sums, strict=True)}

    def counts(self, work: Work, query: Query) -> Counts:
        """How many rows match, and how many would with each value of each filter in the place of what it asks now."""
        count = func.count()
        found = _run(work, self._matching(work, query, select(count))).scalar_one()
        everything = _run(work, self._matching(work, Query(), select(count))).scalar_one()
        each = {choice.key: self._of(work, query, choice) for choice in self._open(work) if choice.counted}
        give_back(work.connection, int(everything))
        return Counts(int(found), int(everything), each)

    def _of(self, work: Work, query: Query, choice: Choice) -> dict[str, int]:
        freed = query.only(choice.key, ())
        if choice.options:
            sums = [func.coalesce(func.sum(case((rule, 1), else_=0)), 0) for _, _, rule in choice.options]
            values = _run(work, self._matching(work, freed, select(*sums))).one()
            return {option[0]: int(n) for option, n in zip(choice.options, values, strict=True)}
        grouped = self._matching(work, freed, select(choice.value.label("v"), func.count())).group_by(choice.value)
        return {str(value): int(n) for value, n in _run(work, grouped) if value is not None}

    def _open(self, work: Work) -> list[Choice]:
        return [choice for choice in self.filters if may_see(work, choice.needs)]

    def _matching(self, work: Work, query: Query, statement: Select[Any]) -> Select[Any]:
        statement = statement.select_from(self.source)
        if self.where is not None:
            statement = statement.where(self.where)
        for choice in self._open(work):
            if values := query.values(choice.key):
                statement = statement.where(choice.condition(values))
        words = list_search.words(query.words)
        if words is None:
            return statement.where(false())
        searched = [column for column in self.seen(work) if column.find]
        for word in words:
            statement = statement.where(or_(false(), *(_found(column, word) for column in searched)))
        return statement

    def _order(self, work: Work, query: Query) -> list[UnaryExpression[Any]]:
        known = {column.key: column for column in self.seen(work)}
        chosen = [sort for sort in query.sorts if sort.key in known]
        chosen += [sort for sort in self.default if sort.key in known and sort.key not in {s.key for s in chosen}]
        found = []
        for sort in chosen:
            expression = known[sort.key].sorted_by()
            found.append((expression.desc() if sort.descending else expression.asc()).nulls_last())
        return [*found, self.key.asc()]

    def _row(self, columns: Sequence[Column], values: Sequence[Any], offset: int) -> R:
        made: dict[str, Any] = dict.fromkeys(column.key for column in self.columns)
        place = 1
        for column in columns:
            given = values[place : place + 1 + len(column.more)]
            place += len(given)
            made[column.key] = _shown(column, given, offset)
        return self.row(**made)


def _shown(column: Column, given: Sequence[Any], offset: int) -> Any:
    if column.read is not None:
        return column.read(*given)
    (value,) = given
    if column.kind is Kind.MOMENT and value is not None:
        return local_minute(value, offset)
    if column.kind is Kind.CHECK:
        return bool(value)
    if column.kind in FIGURES and value is not None:
        return int(value)
    return value


def _found(column: Column, word: str) -> ColumnElement[bool]:
    return column.find(word) if callable(column.find) else list_search.contains(column.value, word)


def may_see(work: Work, needs: Permission | None) -> bool:
    """Whether the seat of this transaction has the right that a column or filter needs."""
    return needs is None or needs in work.permissions


def _run(work: Work, statement: Select[Any]) -> Any:
    parameters: Mapping[str, Any] = {"today": work.today}
    return work.execute(statement, parameters)
