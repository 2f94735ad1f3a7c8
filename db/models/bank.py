"""银行流水: what the bank says came in, beside the ledger; and how the columns of foreign workbooks are read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, strict
from db.types import Day, Id


class BankLine(Master, Base):
    """A line of a statement: money in, fen. State open, matched (to `payment_id`), booked (as it) or ignored.

    `identity` is the digest of what the bank says of it, and of its place among lines that are all alike, so that a
    line that comes again is known. Who paid stands here and nowhere in the ledger.
    """

    __tablename__ = "bank_line"
    __table_args__ = strict(Index("ix_bank_line_state", "state"), Index("ix_bank_line_payment", "payment_id"))
    number: Mapped[str] = mapped_column(unique=True)
    identity: Mapped[str] = mapped_column(unique=True)
    day: Mapped[date] = mapped_column(Day)
    amount: Mapped[int] = mapped_column(Id)
    counterparty: Mapped[str | None]
    reference: Mapped[str | None]
    remark: Mapped[str | None]
    state: Mapped[str]
    payment_id: Mapped[int | None] = mapped_column(Id, ForeignKey("payment.id"))
    reason: Mapped[str | None]
    seq: Mapped[int] = mapped_column(Id)


class ImportMapping(Master, Base):
    """How the columns of a sheet are read that a person put right: the kind of import, the sheet's titles, joined, the
    name it was given, and the mapping (canonical JSON).
    """

    __tablename__ = "import_mapping"
    __table_args__ = strict(UniqueConstraint("kind", "titles"))
    kind: Mapped[str]
    titles: Mapped[str]
    name: Mapped[str]
    mapping: Mapped[str]
