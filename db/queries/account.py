"""A house's account on any day, from its entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from db.models.ledger import Adjustment, Allocation, Charge


def open_on(connection: Connection, houses: Sequence[int], day: date) -> dict[int, int]:
    """What each charge of these houses owed on a day, in fen; settled ones are left out."""
    mine = select(Charge.id).where(Charge.house_id.in_(houses), Charge.on <= day)
    left: dict[int, int] = dict(
        connection.execute(select(Charge.id, Charge.amount).where(Charge.house_id.in_(houses), Charge.on <= day)).all()
    )
    for charge_id, amount in connection.execute(
        select(Adjustment.charge_id, Adjustment.amount).where(Adjustment.charge_id.in_(mine), Adjustment.on <= day)
    ):
        left[charge_id] += amount
    for charge_id, amount in connection.execute(
        select(Allocation.charge_id, Allocation.amount).where(Allocation.charge_id.in_(mine), Allocation.on <= day)
    ):
        left[charge_id] -= amount
    return {charge_id: amount for charge_id, amount in left.items() if amount > 0}
