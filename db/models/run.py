"""Bill runs and bills, what is disputed of them, and the invoices asked for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
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


class Dispute(Master, Base):
    """争议: a charge that is disputed between two days (`valid_to` NULL: until ended); it is not dunned meanwhile."""

    __tablename__ = "dispute"
    __table_args__ = strict(Index("ix_dispute_charge", "charge_id"))
    charge_id: Mapped[int] = mapped_column(Id, ForeignKey("charge.id"))
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    reason: Mapped[str]
    user_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)


class InvoiceRequest(Master, Base):
    """开票申请 of a receipt: title and tax number as given, net and tax in fen; the invoice's number once issued."""

    __tablename__ = "invoice_request"
    __table_args__ = strict(Index("ix_invoice_request_payment", "payment_id"))
    number: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[int] = mapped_column(Id, ForeignKey("payment.id"))
    title: Mapped[str]
    tax_number: Mapped[str]
    net: Mapped[int] = mapped_column(Id)
    tax: Mapped[int] = mapped_column(Id)
    on: Mapped[date] = mapped_column(Day)
    state: Mapped[str]
    invoice: Mapped[str | None]
    issued_on: Mapped[date | None] = mapped_column(Day)
    user_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)


class Payout(Row, Base):
    """到账: when a channel paid out a payment, and what it kept as its fee (fen), which is the office's cost."""

    __tablename__ = "payout"
    payment_id: Mapped[int] = mapped_column(Id, ForeignKey("payment.id"), unique=True)
    on: Mapped[date] = mapped_column(Day)
    fee: Mapped[int] = mapped_column(Id)
    user_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)
