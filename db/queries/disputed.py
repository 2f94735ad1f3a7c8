"""Which charges are contested (争议), and whose dunning that holds."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, or_, select

from db.models.estate import House
from db.models.ledger import Charge
from db.models.projection import OpenCharge
from db.models.run import Dispute
from db.models.tariff import FeeItem
from db.queries.dunning import HoldRow, Pair


def disputed_on(connection: Connection, day: date) -> frozenset[int]:
    """The charges that are contested on a day."""
    rows = connection.execute(
        select(Dispute.charge_id).where(
            Dispute.valid_from <= day, or_(Dispute.valid_to.is_(None), Dispute.valid_to >= day)
        )
    )
    return frozenset(rows.scalars())


def standing(connection: Connection) -> frozenset[int]:
    """The charges whose contest is not over; one that ends today still counts in figures of today, and is over here."""
    return frozenset(connection.execute(select(Dispute.charge_id).where(Dispute.valid_to.is_(None))).scalars())


def holds(connection: Connection) -> dict[Pair, list[HoldRow]]:
    """The contests of charges that are still open as holds of their payers' dunning."""
    found: dict[Pair, list[HoldRow]] = {}
    rows = connection.execute(
        select(
            func.coalesce(House.bill_with, House.id), Charge.payer_id, Dispute.id, Dispute.valid_from, Dispute.valid_to,
            Dispute.reason,
        )
        .select_from(Dispute)
        .join(OpenCharge, OpenCharge.charge_id == Dispute.charge_id)
        .join(Charge, Charge.id == Dispute.charge_id)
        .join(House, House.id == Charge.house_id)
    )  # fmt: skip
    for house_id, payer_id, dispute_id, first, last, reason in rows:
        found.setdefault((house_id, payer_id), []).append(HoldRow(dispute_id, "disputed", first, last, reason))
    return found


def houses_and_items(connection: Connection) -> list[tuple[str, str]]:
    """House number and item name of each charge that is open and whose contest is not over, in house order."""
    rows = connection.execute(
        select(House.number, FeeItem.name)
        .select_from(Dispute)
        .join(OpenCharge, OpenCharge.charge_id == Dispute.charge_id)
        .join(Charge, Charge.id == Dispute.charge_id)
        .join(House, House.id == Charge.house_id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .where(Dispute.valid_to.is_(None))
        .order_by(House.sort_key, Dispute.id)
    )
    return [(number, name) for number, name in rows]
