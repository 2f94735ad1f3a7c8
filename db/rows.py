"""Rows of a statement of our own, below SQLAlchemy's: there may be a hundred thousand of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy import Connection

AT_A_TIME = 2_000


def fetch(connection: Connection, query: str) -> list[Any]:
    """All rows at once."""
    cursor = connection.connection.cursor()
    cursor.execute(query)
    return list(cursor.fetchall())


def stream(connection: Connection, query: str) -> Iterator[Any]:
    """The rows, a few thousand in memory at a time.

    Nothing of this needs the connection when it is dropped half read: whoever holds it may outlive the connection.
    """
    cursor = connection.connection.cursor()
    cursor.execute(query)
    return chain.from_iterable(iter(partial(cursor.fetchmany, AT_A_TIME), []))


def literal(connection: Connection, day: date) -> str:
    """A day as it stands in a statement of our own."""
    return f"'{day.isoformat()}'" if connection.dialect.name == "sqlite" else f"DATE '{day.isoformat()}'"


def as_day(value: date | str) -> date:
    """A day as a statement of our own gives it: ISO text on SQLCipher, a date on PostgreSQL."""
    return date.fromisoformat(value) if isinstance(value, str) else value
