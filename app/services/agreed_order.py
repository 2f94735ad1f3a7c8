"""Which debt of a payer money settles first: by law, or in the order that the office agreed on (HANDBOOK §4)."""

from __future__ import annotations

from datetime import date

from app.domain.allocation import Order
from app.services import settings
from db.work import Work


def order_on(work: Work, day: date) -> Order:
    """The order that holds for money of a day. For bodies of use cases."""
    return Order(settings.value(work, "allocation_order", day))
