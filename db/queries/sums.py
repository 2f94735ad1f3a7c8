"""The sums of the ledger: entries and projections must say the same."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from db.models.ledger import Adjustment, Charge, Payment, Refund
from db.models.projection import OpenCharge, PayerBalance


def total(connection: Connection, column: Any) -> int:
    """All values of a column added up, in its units."""
    return int(connection.execute(select(func.coalesce(func.sum(column), 0))).scalar_one())


def owed_by_entries(connection: Connection) -> int:
    """What is owed in fen, by the entries: charged + adjusted − paid + prepaid + refunded."""
    return (
        total(connection, Charge.amount)
        + total(connection, Adjustment.amount)
        - total(connection, Payment.amount)
        + total(connection, PayerBalance.prepaid)
        + total(connection, Refund.amount)
    )


def owed_by_projection(connection: Connection) -> int:
    """What is owed in fen, by the open charges."""
    return total(connection, OpenCharge.open)


def sums_agree(connection: Connection) -> bool:
    """Whether entries and projections say the same."""
    return owed_by_entries(connection) == owed_by_projection(connection)
