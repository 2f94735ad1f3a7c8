"""What was printed, kept as its values; outside the ledger, so that a person can be anonymised."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Row, strict
from db.types import Id


class Document(Row, Base):
    """The values of one printed document (canonical JSON) and their SHA-256; the PDF is made again from them."""

    __tablename__ = "document"
    __table_args__ = strict(Index("ix_document_kind_number", "kind", "number"))
    kind: Mapped[str]
    number: Mapped[str]
    body: Mapped[str]
    digest: Mapped[str]
    seq: Mapped[int] = mapped_column(Id)


class PrintLog(Row, Base):
    """One print of a document: the copy's number (1 = first, more = 补打)."""

    __tablename__ = "print_log"
    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"), index=True)
    copy: Mapped[int] = mapped_column(Id)
    at: Mapped[str]
    user_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)
