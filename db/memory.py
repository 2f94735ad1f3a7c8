"""Memory that a large query needed goes back to the system."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

from sqlalchemy import Connection

MANY = 50_000
"""Rows sorted in memory leave something worth giving back from so many on."""
VERY_MANY = 200_000
"""Rows from which the pages read for them are worth more as memory than as a cache."""


@cache
def _trim() -> Any:
    """The C library's own way, where it has one (glibc); others give back by themselves."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def give_back(connection: Connection, rows: int) -> None:
    """Give back what was freed after a query of so many rows: the C library would keep it for the process, and a
    database that read all its pages keeps those that nobody will look at soon.
    """
    if rows >= VERY_MANY and connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA shrink_memory")
    trim = _trim()
    if trim is not None and rows >= MANY:
        trim(0)
