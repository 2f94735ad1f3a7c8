"""Which charges were taken back as a whole: by a voided run, a receipt, a settlement, a prepayment ended early."""

from __future__ import annotations

from sqlalchemy import select

from db.models.ledger import Adjustment

TAKEN_BACK = select(Adjustment.charge_id).where(Adjustment.kind == "reversal")
"""Their ids, for `in_` and `not_in`."""
