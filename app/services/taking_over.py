"""What somebody owes taken over by another in writing: let off here, posted there (HANDBOOK §5.1)."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.period import Period
from app.domain.quantity import FACTOR_SCALE, PRICE_SCALE, QUANTITY_SCALE
from app.services import disputes
from app.services.projections import insert_open, lower_open, touch_open
from db.models.ledger import Adjustment, Charge, ChargePart
from db.queries import owed
from db.work import Work

ASSUMED = "assumed"
"""The kind of the adjustment that lets off, and of a charge whose late fee counts from the day it was taken over."""


def take_over(work: Work, pair: tuple[int, int], follower: int) -> int:
    """What the leaver owes becomes the follower's: let off here, posted there with its period and due date. A late fee
    of his own counts from the day he took it over where some was posted before, else from the due date.
    """
    house_id, leaver = pair
    charges = owed.open_charges(work.connection, [house_id], leaver)
    if not charges:
        return 0
    day = work.today
    posted = owed.posted_late_fees(work.connection, [charge.charge_id for charge in charges])
    work.append(Adjustment, day, [(charge.charge_id, -charge.open, ASSUMED, work.user_id) for charge in charges])
    lower_open(work, {charge.charge_id: charge.open for charge in charges})
    anew: dict[int, int] = {}
    for charge in sorted(charges, key=lambda charge: charge.part != "principal"):
        kind = ASSUMED if posted.get(charge.charge_id) else "normal"
        base = None if charge.part == "principal" else anew.get(charge.base_charge or 0, charge.base_charge)
        first, last, due = charge.period_from.isoformat(), charge.period_to.isoformat(), charge.due_date.isoformat()
        row = (house_id, charge.item_id, follower, first, last, _issue(work, charge, follower), charge.part, kind,
               charge.open, due, str(Period.of(charge.period_from)), None, None, base)  # fmt: skip
        (new,) = work.append(Charge, day, [row])
        anew[charge.charge_id] = new
        part = (new, None, first, last, QUANTITY_SCALE, charge.open * PRICE_SCALE // 100, 0, "1", FACTOR_SCALE,
                charge.open, None, None, None, None, None, None)  # fmt: skip
        work.append(ChargePart, day, [part])
        late = max(charge.due_date, day) if kind == ASSUMED else charge.due_date
        insert_open(work, [(new, house_id, follower, charge.item_id, charge.part, due, charge.open, late.isoformat(),
                            False)])  # fmt: skip
    disputes.carry(work, {new: old for old, new in anew.items()})
    touch_open(work, {anew[charge.base_charge] for charge in charges if charge.base_charge in anew})
    return sum(charge.open for charge in charges)


def _issue(work: Work, charge: owed.Open, follower: int) -> int:
    taken = work.execute(
        select(Charge.issue).where(
            Charge.house_id == charge.house_id, Charge.item_id == charge.item_id, Charge.payer_id == follower,
            Charge.period_from == charge.period_from, Charge.period_to == charge.period_to, Charge.part == charge.part,
        )
    ).scalars()  # fmt: skip
    return max(taken, default=0) + 1
