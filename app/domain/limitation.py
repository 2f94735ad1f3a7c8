"""Limitation 诉讼时效 of one charge (民法典 art. 188–203, 时效规定; HANDBOOK §5.2).

Three years from the stored due date, afresh from each interruption, six months after an obstacle of the last six
months, twenty years at most. A debt whose period has ended is not deleted: no court raises limitation by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.period import add_months
from app.domain.rest_day import IsRest, next_working

YEARS = 3
LONGEST_YEARS = 20
WARN_DAYS = (180, 90, 30)
"""Days left at which the office is warned."""


class EventKind(StrEnum):
    """What may happen to a debt. `demand_not_served` and `posted_on_door` prove no arrival and change nothing."""

    DEMAND_SERVED = "demand_served"
    PART_PAYMENT = "part_payment"
    DEBTOR_ACKNOWLEDGED = "debtor_acknowledged"
    MEDIATION_REQUESTED = "mediation_requested"
    INSTALMENT_PLAN = "instalment_plan"
    LAWSUIT_FILED = "lawsuit_filed"
    SUSPENDED = "suspended"
    DEMAND_NOT_SERVED = "demand_not_served"
    POSTED_ON_DOOR = "posted_on_door"


_NOTHING = frozenset({EventKind.DEMAND_NOT_SERVED, EventKind.POSTED_ON_DOOR, EventKind.SUSPENDED})
# After the end only a signed promise to pay counts: art. 192, 时效规定 art. 19. A plan is one.
_REVIVING = frozenset({EventKind.DEBTOR_ACKNOWLEDGED, EventKind.INSTALMENT_PLAN})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day.

    `until`: the last instalment's date of a plan, the end of a suit or of an obstacle (None: not over).
    """

    kind: EventKind
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Limitation:
    """The last day in time (None while a suit or an obstacle lasts), whether it is over, days left (0 on the last
    day, negative after it), and the day of the last interruption.
    """

    expires_on: date | None
    expired: bool
    days_left: int | None
    interrupted_on: date | None


def limitation(due: date, as_of: date, events: Iterable[Event], is_rest: IsRest) -> Limitation:
    """When the limitation of a charge ends, as known on a day; later events do not count yet."""
    known = sorted((event for event in events if event.on <= as_of), key=lambda event: event.on)
    obstacles = [event for event in known if event.kind == EventKind.SUSPENDED]
    start, interrupted_on = due, None
    for event in known:
        if event.kind in _NOTHING or (event.on <= due and event.kind != EventKind.INSTALMENT_PLAN):
            continue
        end = _end(due, start, obstacles, as_of, is_rest)
        if end is not None and event.on > end and event.kind not in _REVIVING:
            continue
        if event.kind == EventKind.LAWSUIT_FILED and (event.until is None or event.until > as_of):
            return Limitation(None, False, None, event.on)
        afresh = event.on
        if event.kind in (EventKind.LAWSUIT_FILED, EventKind.INSTALMENT_PLAN) and event.until is not None:
            afresh = max(event.on, event.until)
        # While instalments are not yet due, or a suit ran, nothing runs that a demand could interrupt.
        if afresh > start:
            start = afresh
            interrupted_on = afresh if event.kind == EventKind.LAWSUIT_FILED else event.on
    end = _end(due, start, obstacles, as_of, is_rest)
    if end is None:
        return Limitation(None, False, None, interrupted_on)
    return Limitation(end, as_of > end, (end - as_of).days, interrupted_on)


def warning(days_left: int | None) -> int | None:
    """The narrowest warning reached (30, 90 or 180 days), None while there is time or after the end."""
    if days_left is None or days_left < 0:
        return None
    return min((days for days in WARN_DAYS if days_left <= days), default=None)


def _end(due: date, start: date, obstacles: list[Event], as_of: date, is_rest: IsRest) -> date | None:
    """The last day of a period that runs from `start`; None while an obstacle holds it open."""
    end = add_months(start, 12 * YEARS)
    for obstacle in obstacles:
        over = obstacle.until if obstacle.until is not None and obstacle.until <= as_of else None
        if obstacle.on > end or (over or as_of) < add_months(end, -6):
            continue
        if over is None:
            return None
        end = max(end, add_months(over, 6))
    return next_working(min(end, add_months(due, 12 * LONGEST_YEARS)), is_rest)
