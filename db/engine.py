"""Connections: SQLCipher with a raw key (one writer, four readers) and PostgreSQL."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

KEY_BYTES = 32
SMALLEST = 4096
UNREADABLE = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_IOERR", "SQLITE_IOERR_READ", "SQLITE_IOERR_SHORT_READ")

# busy_timeout: between processes a writer waits 10 s, then the command is refused (RELIABILITY §3).
PRAGMAS = (
    "trusted_schema=OFF",
    "foreign_keys=ON",
    "cell_size_check=ON",
    "temp_store=MEMORY",
    "busy_timeout=10000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "recursive_triggers=ON",
    "cache_size=-65536",
)


class Unreadable(Exception):
    """The database cannot be opened with this key: another key, or a damaged file."""


@dataclass(frozen=True, slots=True)
class Engines:
    """One writer connection a process (whoever holds it writes, on any thread) and readers."""

    writer: Engine
    reader: Engine

    def close(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


def disk_is_full(folder: Path) -> bool:
    """Whether less than a mebibyte is left; SQLite then often says no more than "disk I/O error"."""
    return shutil.disk_usage(folder).free < 2**20


def connect(path: Path, key: bytes, *, writer: bool, create: bool = False) -> Any:
    """A SQLCipher connection on an existing file (or a new one with `create`), settings pinned.

    Raises Unreadable where the key does not open the file; FileNotFoundError where there is none. The key reaches
    no exception and no log.
    """
    import sqlcipher3

    if len(key) != KEY_BYTES:
        raise ValueError("a database key has 32 bytes")
    if not create and not path.is_file():
        raise FileNotFoundError(path)
    if not create and path.stat().st_size < SMALLEST:
        # SQLite would take it for a new database and write into it.
        raise Unreadable(path.name)
    if create:
        # SQLite gives its side files the mode of the database.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlcipher3.connect(str(path), check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_compatibility = 4")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            for pragma in PRAGMAS:
                connection.execute("PRAGMA " + pragma)
        except sqlcipher3.DatabaseError as error:
            if getattr(error, "sqlite_errorname", "") not in UNREADABLE or disk_is_full(path.parent):
                raise
            raise Unreadable(path.name) from None
        if not writer:
            connection.execute("PRAGMA query_only=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def sqlcipher(path: Path, key: bytes, *, create: bool = False) -> Engines:
    """The engines of an office's database; writers begin IMMEDIATE, so that nobody reads what another changes."""
    import sqlcipher3.dbapi2

    def engine(writer: bool) -> Engine:
        made = create_engine(
            "sqlite+pysqlite://",
            module=sqlcipher3.dbapi2,
            creator=lambda: connect(path, key, writer=writer, create=create and writer),
            poolclass=QueuePool,
            pool_size=1 if writer else 4,
            max_overflow=0,
            # The connection used last has the pages already deciphered; in turn, each would decipher them for itself.
            pool_use_lifo=True,
            hide_parameters=True,
        )
        begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

        def on_begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        event.listen(made, "begin", on_begin)
        return made

    return Engines(engine(True), engine(False))


def postgresql(url: str) -> Engines:
    """The engines of an office on a PostgreSQL server."""
    return Engines(create_engine(url, pool_size=1, max_overflow=0), create_engine(url, pool_size=4, max_overflow=0))
