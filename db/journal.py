"""What a transaction did to tables that are no ledger, so that it can be taken back: rows that came, and rows as they
were before.

Values are as the driver gives them. What is kept knows by a digest whether the rows still stand as they were left.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Delete, Table, Update, UpdateBase, select

from db.driver import mark
from db.models.base import metadata

Key = tuple[Any, ...]
Values = list[Any]
_CHUNK = 500


class Moved(Exception):
    """Rows no longer stand as the transaction left them: `table` and how many were touched there."""

    def __init__(self, table: str, rows: int) -> None:
        super().__init__(table)
        self.table, self.rows = table, rows


def _keys(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in metadata.tables[table].primary_key.columns)


def _names(table: str) -> list[str]:
    return [column.name for column in metadata.tables[table].columns]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _read(connection: Connection, table: str, keys: Sequence[Key]) -> dict[Key, Values]:
    """The rows of these keys as they stand."""
    names, of_key = _names(table), _keys(table)
    sign = mark(connection)
    listed = ", ".join(f'"{name}"' for name in names)
    found: dict[Key, Values] = {}
    places = [names.index(name) for name in of_key]
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        one = "(" + " AND ".join(f'"{name}" = {sign}' for name in of_key) + ")"
        where = " OR ".join([one] * len(some))
        if len(of_key) == 1:
            where = f'"{of_key[0]}" IN ({", ".join([sign] * len(some))})'
        values = tuple(value for key in some for value in key)
        for row in connection.exec_driver_sql(f'SELECT {listed} FROM "{table}" WHERE {where}', values):
            plain = [_plain(value) for value in row]
            found[tuple(plain[place] for place in places)] = plain
    return found


@dataclass(slots=True)
class Journal:
    """Filled by the unit of work while it writes; `came` in the order of writing, by key to be found at
    once however many they are; `before` by table and key."""

    came: dict[str, dict[Key, None]] = field(default_factory=dict)
    before: dict[str, dict[Key, Values]] = field(default_factory=dict)

    def inserted(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """These rows come."""
        places = [list(columns).index(name) for name in _keys(table)]
        came = self.came.setdefault(table, {})
        came.update(dict.fromkeys(tuple(_plain(row[place]) for place in places) for row in rows))

    def changing(self, connection: Connection, table: str, key: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
        """These rows are about to change or go."""
        if tuple(key) == _keys(table):
            self._keep(connection, table, [tuple(_plain(value) for value in row) for row in values])
            return
        columns = metadata.tables[table].c
        for row in values:
            conditions = [columns[name] == value for name, value in zip(key, row, strict=True)]
            self._keep(connection, table, _found(connection, metadata.tables[table], conditions))

    def stating(self, connection: Connection, statement: UpdateBase) -> None:
        """A statement that changes or deletes rows is about to run."""
        if not isinstance(statement, Update | Delete) or not isinstance(statement.table, Table):
            raise AssertionError("not to be taken back")
        conditions = [] if statement.whereclause is None else [statement.whereclause]
        self._keep(connection, statement.table.name, _found(connection, statement.table, conditions))

    def _keep(self, connection: Connection, table: str, keys: Iterable[Key]) -> None:
        came, known = self.came.get(table, {}), self.before.setdefault(table, {})
        fresh = [key for key in dict.fromkeys(keys) if key not in came and key not in known]
        known.update(_read(connection, table, fresh))

    def closed(self, connection: Connection) -> str:
        """The journal as text, with a digest of how each table's rows stand now."""
        tables = list(dict.fromkeys([*self.came, *self.before]))
        said = [
            {
                "table": table,
                "came": list(self.came.get(table, {})),
                "before": list(self.before.get(table, {}).values()),
                "digest": _digest(connection, table, self.came.get(table, {}), self.before.get(table, {})),
            }
            for table in tables
        ]
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _found(connection: Connection, table: Table, conditions: Sequence[Any]) -> list[Key]:
    query = select(*table.primary_key.columns).where(*conditions)
    return [tuple(_plain(value) for value in row) for row in connection.execute(query)]


def _digest(connection: Connection, table: str, came: Iterable[Key], before: Iterable[Key]) -> str:
    rows = _read(connection, table, list(dict.fromkeys([*came, *before])))
    summed = sha256()
    for key in sorted(rows, key=repr):
        summed.update(json.dumps(rows[key], ensure_ascii=False).encode())
    return summed.hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of a journal that was read back."""

    table: str
    came: tuple[Key, ...]
    before: Mapping[Key, Values]
    digest: str


def read_back(text: str) -> tuple[Kept, ...]:
    """The tables of a journal, in the order in which they were first written."""
    found = []
    for said in json.loads(text):
        names, of_key = _names(said["table"]), _keys(said["table"])
        places = [names.index(name) for name in of_key]
        before = {tuple(row[place] for place in places): row for row in said["before"]}
        found.append(Kept(said["table"], tuple(tuple(key) for key in said["came"]), before, said["digest"]))
    return tuple(found)


def houses_of(connection: Connection, kept: Sequence[Kept]) -> set[int]:
    """The houses that a journal touches: their own rows, and those of rows that name one."""
    found: set[int] = set()
    for each in kept:
        names = _names(each.table)
        place = names.index("id") if each.table == "house" else names.index("house_id") if "house_id" in names else None
        if place is not None:
            rows = [*each.before.values(), *_read(connection, each.table, each.came).values()]
            found.update(int(row[place]) for row in rows if row[place] is not None)
    return found


def require_as_left(connection: Connection, kept: Sequence[Kept]) -> None:
    """Raises Moved where rows changed since."""
    for each in kept:
        if _digest(connection, each.table, each.came, each.before) != each.digest:
            raise Moved(each.table, len(each.came) + len(each.before))


def used_by_others(connection: Connection, kept: Sequence[Kept]) -> bool:
    """Whether rows that are not of the journal refer to rows that came."""
    touched = {each.table: {*each.came, *each.before} for each in kept}
    came = {each.table: {key[0] for key in each.came} for each in kept if len(_keys(each.table)) == 1}
    for table in metadata.tables.values():
        for column in table.columns:
            for reference in column.foreign_keys:
                gone = came.get(reference.column.table.name)
                if gone and _others(connection, table, column, gone, touched.get(table.name, set())):
                    return True
    return False


def _others(connection: Connection, table: Table, column: Any, gone: set[Any], touched: set[Key]) -> bool:
    named = [value for value in connection.execute(select(column).distinct()).scalars() if value in gone]
    for start in range(0, len(named), _CHUNK):
        query = select(*table.primary_key.columns).where(column.in_(named[start : start + _CHUNK]))
        if any(tuple(_plain(value) for value in row) not in touched for row in connection.execute(query)):
            return True
    return False


def take_back(connection: Connection, kept: Sequence[Kept]) -> None:
    """Put the rows back as they were and take away those that came."""
    for each in kept:
        _restore(connection, each)
    for each in reversed(kept):
        _remove(connection, each)


def _restore(connection: Connection, kept: Kept) -> None:
    """Rows before, with a higher version: who has one open sees that it moved on."""
    if not kept.before:
        return
    names, of_key = _names(kept.table), _keys(kept.table)
    now = _read(connection, kept.table, list(kept.before))
    sign = mark(connection)
    version = names.index("version") if "version" in names else None
    changed: list[tuple[Key, Values]] = []
    gone: list[tuple[Key, Values]] = []
    for key, row in kept.before.items():
        values = list(row)
        if version is not None and key in now:
            values[version] = now[key][version] + 1
        (changed if key in now else gone).append((key, values))
    others = [name for name in names if name not in of_key]
    if changed and others:
        sets = ", ".join(f'"{name}" = {sign}' for name in others)
        where = " AND ".join(f'"{name}" = {sign}' for name in of_key)
        rows = [(*(values[names.index(name)] for name in others), *key) for key, values in changed]
        connection.exec_driver_sql(f'UPDATE "{kept.table}" SET {sets} WHERE {where}', rows)
    if gone:
        listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join([sign] * len(names))
        rows = [tuple(values) for _, values in gone]
        connection.exec_driver_sql(f'INSERT INTO "{kept.table}" ({listed}) VALUES ({marks})', rows)


def _remove(connection: Connection, kept: Kept) -> None:
    """The rows that came, the last first; what they say of each other goes before them."""
    if not kept.came:
        return
    table, of_key = metadata.tables[kept.table], _keys(kept.table)
    sign = mark(connection)
    where = " AND ".join(f'"{name}" = {sign}' for name in of_key)
    for column in table.columns:
        if column.nullable and any(each.column.table is table for each in column.foreign_keys):
            clear = f'UPDATE "{kept.table}" SET "{column.name}" = NULL WHERE {where}'
            connection.exec_driver_sql(clear, list(kept.came))
    connection.exec_driver_sql(f'DELETE FROM "{kept.table}" WHERE {where}', list(reversed(kept.came)))
