"""电脑时间: going on although the PC's clock stands before the last record, on a manager's word."""

from __future__ import annotations

from dataclasses import dataclass

from app.security.permissions import Permission
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.work import Work


@dataclass(frozen=True, slots=True)
class Accepted:
    """The instant from which the clock was accepted, UTC text."""

    time: str


@use_case(Permission.ACCEPT_CLOCK, audit="clock.accepted", accept_clock=True)
def accept(work: Work, reason: str | None) -> Accepted:
    """Accept the PC's time with a reason, so that a dead battery does not stop the counter.

    This record carries the PC's time; the next ones are measured against it.
    """
    why = need_reason(reason)
    work.audit("clock.accepted", "office", 1, detail={"reason": why, "at": work.now})
    return Accepted(work.now)
