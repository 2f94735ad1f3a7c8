"""Bill runs and bills: what was posted together and under which number it is printed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row, strict
from db.types import Day, Id


class BillRun(Master, Base):
    """出账: one posting of a billing month; state posted or void."""

    __tablename__ = "bill_run"
    month: Mapped[str]
    on: Mapped[date] = mapped_column(Day)
    state: Mapped[str]
    bills: Mapped[int] = mapped_column(Id)
    lines: Mapped[int] = mapped_column(Id)
    amount: Mapped[int] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)


class Bill(Row, Base):
    """账单: one number for each house and payer of a run; `house_id` is the house it is delivered to."""

    __tablename__ = "bill"
    __table_args__ = strict(UniqueConstraint("run_id", "house_id", "payer_id"))
    number: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[int] = mapped_column(Id, ForeignKey("bill_run.id"))
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), index=True)
    payer_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"))
    amount: Mapped[int] = mapped_column(Id)
    document_id: Mapped[int | None] = mapped_column(Id, ForeignKey("document.id"))
