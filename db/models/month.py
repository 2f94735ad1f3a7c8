"""A month that is shut (月结), and the vouchers that were handed to the bookkeeping program for it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, strict
from db.types import Day, Id


class MonthClose(Master, Base):
    """月结: nothing is entered any more `on` a day up to `last`; state closed or reopened.

    A month that was reopened and closed again has a row for each close. The control sums stand in its document.
    """

    __tablename__ = "month_close"
    __table_args__ = strict(
        Index(
            "uq_month_close_last",
            "last",
            unique=True,
            sqlite_where=text("state = 'closed'"),
            postgresql_where=text("state = 'closed'"),
        ),
    )
    month: Mapped[str]
    last: Mapped[date] = mapped_column(Day)
    state: Mapped[str]
    on: Mapped[date] = mapped_column(Day)
    user_id: Mapped[int] = mapped_column(Id)
    reason: Mapped[str | None]
    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"))
    reopened_on: Mapped[date | None] = mapped_column(Day)
    reopened_by: Mapped[int | None] = mapped_column(Id)
    reopen_reason: Mapped[str | None]
    seq: Mapped[int] = mapped_column(Id)


class VoucherBatch(Master, Base):
    """凭证导出: a month's vouchers written to a file; `issue` counts how often. Debit (= credit) in fen.

    `digest` is that of the rows: two exports with one digest booked the same.
    """

    __tablename__ = "voucher_batch"
    __table_args__ = strict(Index("uq_voucher_batch_month", "month", "issue", unique=True))
    month: Mapped[str]
    issue: Mapped[int] = mapped_column(Id)
    layout: Mapped[str]
    on: Mapped[date] = mapped_column(Day)
    user_id: Mapped[int] = mapped_column(Id)
    reason: Mapped[str | None]
    vouchers: Mapped[int] = mapped_column(Id)
    lines: Mapped[int] = mapped_column(Id)
    debit: Mapped[int] = mapped_column(Id)
    digest: Mapped[str]
    seq: Mapped[int] = mapped_column(Id)


class VoucherAccount(Master, Base):
    """会计科目 of a key (receivable, cash, income:CODE …) in the office's own chart; without a row, the default."""

    __tablename__ = "voucher_account"
    key: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str]
    name: Mapped[str]
