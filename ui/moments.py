"""Moments in words: today 12:00, yesterday, 07-05 08:30."""

from __future__ import annotations

from datetime import date, datetime, timedelta

WEEKDAYS = "一二三四五六日"


def day_text(day: date) -> str:
    """A day with its weekday: 2026-07-06 周一."""
    return f"{day.isoformat()} 周{WEEKDAYS[day.weekday()]}"


def moment_text(moment: datetime, today: date) -> str:
    """A moment of the office's clock as near as it is: 今天 12:00, 昨天 09:00, 07-01 08:30, 2025-12-31."""
    clock = moment.strftime("%H:%M")
    if moment.date() == today:
        return f"今天 {clock}"
    if moment.date() == today - timedelta(days=1):
        return f"昨天 {clock}"
    return moment.strftime("%m-%d %H:%M") if moment.year == today.year else moment.date().isoformat()


def greeting(moment: datetime) -> str:
    """How one greets at this hour."""
    hour = moment.hour
    return "早上好" if 5 <= hour < 11 else "中午好" if hour < 13 else "下午好" if hour < 18 else "晚上好"
