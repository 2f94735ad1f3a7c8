"""Which debt of a payer money settles first, and which part of it: by law, or as the office agreed (HANDBOOK §4)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from app.domain.allocation import PRINCIPAL_FIRST, STATUTORY_PARTS, DebtPart, Order
from app.services import settings
from db.work import Work


class Agreed(NamedTuple):
    """The order among debts, and that of the parts within one."""

    order: Order
    within: tuple[DebtPart, ...]


def order_on(work: Work, day: date) -> Agreed:
    """The order that holds for money of a day. For bodies of use cases."""
    principal_first = settings.value(work, "within_debt_order", day) == "principal_first"
    order = Order(settings.value(work, "allocation_order", day))
    return Agreed(order, PRINCIPAL_FIRST if principal_first else STATUTORY_PARTS)
