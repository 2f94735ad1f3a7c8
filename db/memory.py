"""Memory that a large query needed goes back to the system."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

MANY = 50_000
"""Rows sorted in memory leave something worth giving back from so many on."""


@cache
def _trim() -> Any:
    """The C library's own way, where it has one (glibc); others give back by themselves."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def give_back(rows: int) -> None:
    """Give back what was freed after a query of so many rows; the C library would keep it for the process."""
    trim = _trim()
    if trim is not None and rows >= MANY:
        trim(0)
