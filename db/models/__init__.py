"""The tables, one module a subject. Importing this package registers all of them."""

from db.models import audit, document, estate, ledger, meter, office, people, projection, run, security, tariff
from db.models.base import Base, metadata

__all__ = [
    "Base",
    "audit",
    "document",
    "estate",
    "ledger",
    "metadata",
    "meter",
    "office",
    "people",
    "projection",
    "run",
    "security",
    "tariff",
]
