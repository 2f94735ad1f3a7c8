"""The present instant: an argument of the store, so that tests and the sample estate bring their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant, aware, in UTC."""


def pc_clock() -> datetime:
    """The PC's time."""
    return datetime.now(UTC)
