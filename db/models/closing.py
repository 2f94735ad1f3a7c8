"""A cashier's shift and the close of his day (日结): after it the day is shut for him."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row, strict
from db.types import Day, Id


class Shift(Master, Base):
    """开班: a cashier at the counter since an instant, with so much change in the drawer (fen).

    `closed_by` is the close that ended it.
    """

    __tablename__ = "shift"
    __table_args__ = strict(Index("ix_shift_user", "user_id"))
    user_id: Mapped[int] = mapped_column(Id)
    on: Mapped[date] = mapped_column(Day)
    opened_at: Mapped[str]
    float_fen: Mapped[int] = mapped_column(Id)
    closed_by: Mapped[int | None] = mapped_column(Id, ForeignKey("daily_close.id"))
    seq: Mapped[int] = mapped_column(Id)


class DailyClose(Row, Base):
    """日结: a cashier's entries up to and with day `on` are counted and shut; amounts in fen.

    `booked` is the cash that the entries say, `counted` what lay in the drawer (NULL: not counted), both with the
    float. `head_seq`/`head_digest` is where the audit chain stood before this record: what the paper shows.
    """

    __tablename__ = "daily_close"
    __table_args__ = strict(UniqueConstraint("user_id", "on"), Index("ix_daily_close_on", "on"))
    number: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(Id)
    on: Mapped[date] = mapped_column(Day)
    float_fen: Mapped[int] = mapped_column(Id)
    booked: Mapped[int] = mapped_column(Id)
    counted: Mapped[int | None] = mapped_column(Id)
    reason: Mapped[str | None]
    head_seq: Mapped[int] = mapped_column(Id)
    head_digest: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(Id, ForeignKey("document.id"))
    seq: Mapped[int] = mapped_column(Id)
