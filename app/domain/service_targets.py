"""Work orders 工单: by when somebody answers, finishes and calls back (HANDBOOK §8.3).

Clocks run day and night, in the office's local time; a target is met at the very second. Entrapment in 30 minutes:
淄博市电梯安全条例 art. 44; the others are defaults and may be edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Priority(StrEnum):
    """How fast."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    NORMAL = "normal"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Target:
    """Time to be on site or reply, time to be done, and time to call back after that."""

    respond: timedelta
    finish: timedelta
    call_back: timedelta = timedelta(days=3)


TARGETS: Mapping[Priority, Target] = MappingProxyType(
    {
        Priority.EMERGENCY: Target(timedelta(minutes=30), timedelta(hours=4)),
        Priority.URGENT: Target(timedelta(minutes=30), timedelta(hours=24)),
        Priority.NORMAL: Target(timedelta(hours=24), timedelta(hours=72)),
        Priority.COMPLAINT: Target(timedelta(hours=24), timedelta(hours=72)),
    }
)


@dataclass(frozen=True, slots=True)
class Times:
    """What happened to an order, and when."""

    created: datetime
    responded: datetime | None = None
    finished: datetime | None = None
    called_back: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deadlines:
    """By when, and which of `respond`, `finish`, `call_back` were breached. No call-back before the work is done."""

    respond_by: datetime
    finish_by: datetime
    call_back_by: datetime | None
    breached: tuple[str, ...]


def deadlines(
    priority: Priority, times: Times, as_of: datetime, targets: Mapping[Priority, Target] = TARGETS
) -> Deadlines:
    """The deadlines of an order and what is breached as of a moment."""
    target = targets[priority]
    respond_by, finish_by = times.created + target.respond, times.created + target.finish
    call_back_by = None if times.finished is None else times.finished + target.call_back
    clocks = (
        ("respond", respond_by, times.responded),
        ("finish", finish_by, times.finished),
        ("call_back", call_back_by, times.called_back),
    )
    breached = tuple(name for name, by, at in clocks if by is not None and min(at or as_of, as_of) > by)
    return Deadlines(respond_by, finish_by, call_back_by, breached)
