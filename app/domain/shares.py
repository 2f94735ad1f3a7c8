"""产权份额 of owners: exact fractions that make one whole on each day (民法典 art. 298, 309)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from app.domain.problem import problem

_TYPED = re.compile(r"(\d{1,6})\s*[/／]\s*(\d{1,6})|(\d{1,3})(?:\.(\d{1,4}))?\s*[%％]", re.ASCII)
_FIRST = date.min


@dataclass(frozen=True, slots=True)
class Holding:
    """An owner's share between two days (None: open); `share` None: not written down."""

    share: Fraction | None
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Off:
    """From a day on the shares add up to something else than one, or only some are written down (`missing`)."""

    since: date | None
    total: Fraction
    missing: int


def parse(typed: str) -> Fraction:
    """A share as people write it: 1/2, 50%, 33.33%. Raises Problem `share.format`."""
    found = _TYPED.fullmatch(typed.strip())
    if found is not None:
        top, bottom, whole, part = found.groups()
        if top is None:
            digits = part or ""
            share = Fraction(int(whole + digits), 100 * 10 ** len(digits))
        else:
            share = Fraction(int(top), int(bottom)) if int(bottom) else Fraction(0)
        if 0 < share <= 1:
            return share
    raise problem(
        "share.format", "“{value}”不是份额。", "请写成 1/2 或 50%，大于 0，不超过 1。", value=typed.strip()[:20]
    )


def show(share: Fraction) -> str:
    """A share as it is kept and printed: 1/2; the whole is 1."""
    return str(share)


def off(holdings: Sequence[Holding], today: date) -> tuple[Off, ...]:
    """The days from today on, or today, since which the shares do not make one. Where nobody has one nothing is off."""
    starts = {max(one.first or _FIRST, today) for one in holdings}
    starts |= {one.last + timedelta(days=1) for one in holdings if one.last is not None and one.last >= today}
    found: list[Off] = []
    for day in sorted(starts | {today}):
        here = [one for one in holdings if (one.first or _FIRST) <= day and (one.last is None or one.last >= day)]
        known = [one.share for one in here if one.share is not None]
        total, missing = sum(known, Fraction(0)), len(here) - len(known)
        wrong = bool(known) and (total != 1 or missing > 0)
        last = found[-1] if found else None
        if wrong and (last is None or (last.total, last.missing) != (total, missing)):
            found.append(Off(None if day == today else day, total, missing))
    return tuple(found)


def words(one: Off) -> str:
    """What is off, as a sentence."""
    since = f"从 {one.since} 起" if one.since else "现在"
    if one.missing:
        return f"{since}有 {one.missing} 位业主没有写份额，已写的加起来是 {show(one.total)}。"
    return f"{since}各业主的份额加起来是 {show(one.total)}，不是 1。"
