"""A day as people type it: 2026-07-06, 2026.7.6, 2026年7月6日, 20260706, 7-6, 0706."""

from __future__ import annotations

import re
from datetime import date

from app.domain.decimal_text import compact, refuse_odd_digits
from app.domain.problem import Problem, problem

_SEPARATORS = re.compile(r"[-./。年月−–]")
_CLOSED = re.compile(r"(\d{4})?(\d{2})(\d{2})")


def read_day(text: str, today: date) -> date:
    """The day that was typed; without a year it is one of this year. Raises Problem `day.format`."""
    refuse_odd_digits(text, "day", "日期")
    plain = _SEPARATORS.sub("-", compact(text)).removesuffix("日")
    closed = _CLOSED.fullmatch(plain)
    parts = [part for part in closed.groups() if part] if closed else plain.split("-")
    if len(parts) not in (2, 3) or not all(part.isdecimal() and part.isascii() and len(part) <= 4 for part in parts):
        raise _no_day(text)
    if len(parts) == 3 and len(parts[0]) != 4:
        raise _no_day(text)
    numbers = [int(part) for part in parts]
    try:
        return date(*numbers) if len(numbers) == 3 else date(today.year, *numbers)
    except ValueError:
        raise _no_day(text) from None


def _no_day(text: str) -> Problem:
    return problem("day.format", "“{value}”不是日期。", "请写成 2026-07-06、7-6 或 0706。", value=text.strip()[:40])
