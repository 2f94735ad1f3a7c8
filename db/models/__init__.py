"""The tables, one module a subject. Importing this package registers all of them."""

from db.models import (
    alert,
    audit,
    closing,
    desk,
    document,
    dunning,
    equipment,
    estate,
    ledger,
    meter,
    month,
    office,
    people,
    projection,
    run,
    security,
    tariff,
)
from db.models.base import Base, metadata

__all__ = [
    "Base",
    "alert",
    "audit",
    "closing",
    "desk",
    "document",
    "dunning",
    "equipment",
    "estate",
    "ledger",
    "metadata",
    "meter",
    "month",
    "office",
    "people",
    "projection",
    "run",
    "security",
    "tariff",
]
