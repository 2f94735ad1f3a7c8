"""The unit of work: one transaction that commits with its audit record or leaves nothing.

`append` is the only way into the ledger: it gives ids, numbers each row with the coming audit record, collects the
row digests and writes with executemany. `insert` writes the other tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Executable, Table, UpdateBase, select

from app.domain.problem import Problem
from db.canonical import ENTRY_COLUMNS, row_digest
from db.driver import mark
from db.journal import Journal
from db.models import desk
from db.models.base import Base, metadata
from db.models.office import Revision
from db.queries import closed

_NEXT_IDS = (
    "INSERT INTO counter (name, next) VALUES (?, ?) "
    "ON CONFLICT (name) DO UPDATE SET next = counter.next + ? RETURNING next"
)
_MOVE_ON = "INSERT INTO revision (topic, n) VALUES (?, 1) ON CONFLICT (topic) DO UPDATE SET n = revision.n + 1"


@dataclass(slots=True)
class Record:
    """What the audit record of this transaction will say."""

    action: str
    object_kind: str
    object_id: int | None
    detail: dict[str, object]
    sole: bool = False
    approver_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an office lies and what opens it; the key never leaves the process."""

    folder: Path
    office: str
    key: bytes = field(repr=False)


@dataclass(slots=True)
class Work:
    """One transaction of one user with his roles and permissions.

    `now` is the UTC instant of its entries, `today` the office's business date. `after_commit` and `on_rollback` are
    for files that change together with the database.
    """

    connection: Connection
    user_id: int
    roles: frozenset[str]
    permissions: frozenset[str]
    place: Place
    now: str
    today: date
    seq: int = 0
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    on_rollback: list[Callable[[], None]] = field(default_factory=list)
    previous: str = ""
    record: Record | None = None
    appended: list[tuple[str, int, bytes]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    desk: bool = False
    estate: str = ""
    """The estate that new houses belong to; empty: the first."""
    journal: Journal | None = None
    """What this transaction does is kept here, where it may be taken back later."""
    _closed: dict[int, closed.ClosedDays] = field(default_factory=dict)

    def _may_write(self, table: str) -> None:
        if self.desk and table not in desk.TABLES:
            raise AssertionError(f"{table} is not of the desk")

    def require_open(self, on: date, user_id: int | None = None) -> None:
        """Refuse an entry on a day that is closed, for the office or for this cashier.

        Raises Problem `day_closed`, `month_closed`.
        """
        who = self.user_id if user_id is None else user_id
        known = self._closed.get(who)
        if known is None:
            known = self._closed[who] = closed.closed_days(self.connection, who, self.today)
        known.require_open(on)

    def is_open(self, on: date) -> bool:
        """Whether an entry may stand on a day."""
        try:
            self.require_open(on)
        except Problem:
            return False
        return True

    def driver(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Run a statement given as text with `?` for its values, below SQLAlchemy's expressions: for what every
        transaction does several times.
        """
        if self.connection.dialect.name != "sqlite":
            statement = statement.replace("?", "%s")
        return self.connection.exec_driver_sql(statement, tuple(values))

    def ids(self, table: str, n: int) -> range:
        """The next n ids of a table, from its counter row, under the write lock."""
        after = int(self.driver(_NEXT_IDS, (table, 1 + n, n)).scalar_one())
        return range(after - n, after)

    def append(self, model: type[Base], on: date | str, rows: Sequence[Sequence[object]]) -> range:
        """Write entries into a ledger table and give their ids.

        A row holds the values after `entered_at` in the frozen order; dates as ISO text, amounts as integers. Rows that
        end before the last columns have NULL there, all the same number. `on` is the business date of all of them.
        """
        table = model.__tablename__
        if not rows:
            return range(0)
        self.require_open(date.fromisoformat(on) if isinstance(on, str) else on)
        ids = self.ids(table, len(rows))
        head = (self.seq, on if isinstance(on, str) else on.isoformat(), self.now)
        blank = (None,) * (len(ENTRY_COLUMNS[table]) - len(head) - 1 - len(rows[0]))
        full = [(row_id, *head, *row, *blank) for row_id, row in zip(ids, rows, strict=True)]
        self.appended.extend(
            (table, row_id, row_digest(table, values)) for row_id, values in zip(ids, full, strict=True)
        )
        self.many(table, ENTRY_COLUMNS[table], full)
        return ids

    def insert(self, model: type[Base], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> range:
        """Write rows with new ids into a table that is no ledger; values in stored form (dates as ISO text)."""
        table = model.__tablename__
        if table in ENTRY_COLUMNS:
            raise AssertionError(f"{table} is a ledger table")
        ids = self.ids(table, len(rows))
        self.many(table, ("id", *columns), [(row_id, *row) for row_id, row in zip(ids, rows, strict=True)])
        return ids

    def many(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """executemany of plain tuples; values in stored form."""
        if not rows:
            return
        self._may_write(table)
        if self.journal is not None:
            self.journal.inserted(table, columns, rows)
        sign = mark(self.connection)
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join([sign] * len(columns))
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
        self.connection.exec_driver_sql(statement, [tuple(row) for row in rows])

    def change_many(
        self, table: str, key: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """executemany UPDATE: each row holds the new values of `columns`, then the values of `key`."""
        if not rows:
            return
        self._may_write(table)
        if self.journal is not None:
            self.journal.changing(self.connection, table, key, [row[len(columns) :] for row in rows])
        sign = mark(self.connection)
        sets = ", ".join(f'"{name}" = {sign}' for name in columns)
        where = " AND ".join(f'"{name}" = {sign}' for name in key)
        self.connection.exec_driver_sql(f'UPDATE "{table}" SET {sets} WHERE {where}', [tuple(row) for row in rows])

    def delete_many(self, table: str, key: str, values: Iterable[int]) -> None:
        """executemany DELETE by one key column."""
        self._may_write(table)
        rows = [(value,) for value in values]
        if rows and self.journal is not None:
            self.journal.changing(self.connection, table, (key,), rows)
        if rows:
            sign = mark(self.connection)
            self.connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE "{key}" = {sign}', rows)

    def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None = None
    ) -> Any:
        """Run a statement of this transaction, with the values of its parameters; with several `rows` once for each."""
        if isinstance(statement, UpdateBase):
            self._may_write(str(getattr(statement.table, "name", "")))
            if self.journal is not None:
                self.journal.stating(self.connection, statement)
        return self.connection.execute(statement, rows) if rows is not None else self.connection.execute(statement)

    def audit(
        self,
        action: str,
        object_kind: str,
        object_id: int | None = None,
        *,
        detail: Mapping[str, object] | None = None,
        sole: bool = False,
        approver_id: int | None = None,
    ) -> None:
        """Say what this transaction did; exactly once. Raises AssertionError for a second record."""
        if self.record is not None:
            raise AssertionError(f"second audit record: {action} after {self.record.action}")
        self.record = Record(action, object_kind, object_id, dict(detail or {}), sole, approver_id)

    def require_audit(self, action: str | None) -> None:
        """Raise AssertionError when a writing body left no record of its declared action (or a sub-action of it)."""
        if action is None:
            return
        if self.record is None or not (self.record.action == action or self.record.action.startswith(action + ".")):
            raise AssertionError(f"no audit record of {action}")

    def touch(self, topics: Iterable[str]) -> None:
        """Move the change counters of these topics on."""
        for topic in sorted(topics):
            self.driver(_MOVE_ON, (topic,))

    def revisions(self, topics: Iterable[str]) -> dict[str, int]:
        """Where the change counters of these topics stand."""
        wanted = set(topics)
        known = dict(self.connection.execute(select(Revision.topic, Revision.n)).all())
        return {topic: known.get(topic, 0) for topic in wanted}


def table_of(name: str) -> Table:
    """The table of that name."""
    return metadata.tables[name]
