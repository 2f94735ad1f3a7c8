"""The audit trail: a hash chain (ledger) and, beside it, the details (no ledger, can be anonymised)."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import Id


class Audit(Base):
    """One record a transaction. `digest` covers all other columns; `previous` is the digest of the record before."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    at: Mapped[str]
    local: Mapped[str]
    user_id: Mapped[int] = mapped_column(Id)
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[int | None] = mapped_column(Id)
    sole: Mapped[bool]
    approver_id: Mapped[int | None] = mapped_column(Id)
    rows: Mapped[str]
    detail: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]


class Change(Base):
    """The detail of an audit record: before and after, reason, digests of documents; canonical JSON."""

    __tablename__ = "change"
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    detail: Mapped[str]
