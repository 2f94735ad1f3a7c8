"""What payment plans mean for dunning and limitation: they hold the ladder while kept (HANDBOOK §5.2, §5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from app.domain.instalments import Instalment, Standing, standing
from app.domain.limitation import Event, EventKind
from app.domain.money import Fen
from db.queries import plans as read
from db.queries.dunning import HoldRow, Pair
from db.work import Work

_DAY = timedelta(days=1)
REASON = "分期协议"


def instalments_of(plan: read.PlanRow) -> tuple[Instalment, ...]:
    """A stored plan's instalments."""
    return tuple(Instalment(due, Fen(amount)) for due, amount in plan.instalments)


def standing_of(plan: read.PlanRow, as_of: date) -> Standing:
    """How a stored plan stands on a day."""
    return standing(instalments_of(plan), plan.paid, as_of)


def holds(work: Work, as_of: date) -> Mapping[Pair, Sequence[HoldRow]]:
    """Each plan as a hold of its payer's ladder: from its signature until it was broken or given up."""
    found: dict[Pair, list[HoldRow]] = {}
    for plan in read.plans(work.connection):
        broken = standing_of(plan, as_of).broken_on
        ends = [day for day in (plan.ended_on, broken - _DAY if broken else None) if day is not None]
        hold = HoldRow(plan.id, "plan_active", plan.signed_on, min(ends, default=None), f"{REASON} {plan.number}")
        found.setdefault(plan.pair, []).append(hold)
    return found


def acknowledged(work: Work) -> Mapping[int, Sequence[Event]]:
    """By charge: the plans that acknowledge it. Limitation runs from the last instalment, kept or not."""
    found: dict[int, list[Event]] = {}
    for plan in read.plans(work.connection):
        event = Event(EventKind.INSTALMENT_PLAN, plan.signed_on, plan.instalments[-1][0])
        for charge_id in plan.charges:
            found.setdefault(charge_id, []).append(event)
    return found
