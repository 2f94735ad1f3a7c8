"""Instants as the office reads them: UTC text in the records, the office's fixed time on screen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.services import settings
from db.work import Work


def offset_of(work: Work) -> int:
    """The office's time zone in minutes east of UTC."""
    return int(settings.value(work, "utc_offset"))


def local_minute(instant: str, offset: int) -> str:
    """An instant to the minute: `2026-07-06 09:00`."""
    return (datetime.fromisoformat(instant) + timedelta(minutes=offset)).strftime("%Y-%m-%d %H:%M")


def day_begins(day: date, offset: int) -> str:
    """The instant at which a day of the office begins, as the records write it."""
    return (datetime(day.year, day.month, day.day) - timedelta(minutes=offset)).isoformat(timespec="milliseconds")
