"""The ledger: entries that only grow. Triggers refuse every change; a mistake is met by an opposite entry.

Each row carries `seq`, the number of the audit record whose transaction wrote it, a business date `on` and the
instant `entered_at`. Columns are frozen in their order (row digests); a new one comes nullable and last.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Row, strict
from db.types import Day, Id, Scaled


class Entry(Row):
    """What every ledger row has."""

    seq: Mapped[int] = mapped_column(Id)
    on: Mapped[date] = mapped_column(Day)
    entered_at: Mapped[str]


class Charge(Entry, Base):
    """应收. `part` is principal, late_fee or cost; the latter two name their `base_charge`.

    `kind` is normal, opening, or assumed (taken over from a former payer); `billing_month` the month whose run posted
    it; amounts in fen, late rate 1e-8 a day.
    """

    __tablename__ = "charge"
    __table_args__ = strict(
        Index(
            "uq_charge_line",
            "house_id",
            "item_id",
            "period_from",
            "period_to",
            "payer_id",
            "issue",
            unique=True,
            sqlite_where=text("part = 'principal'"),
            postgresql_where=text("part = 'principal'"),
        ),
        Index("ix_charge_item_period", "item_id", "period_to"),
        Index("ix_charge_run", "run_id"),
        Index("ix_charge_bill", "bill_id"),
        Index(
            "ix_charge_base",
            "base_charge",
            sqlite_where=text("base_charge IS NOT NULL"),
            postgresql_where=text("base_charge IS NOT NULL"),
        ),
    )
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    item_id: Mapped[int] = mapped_column(Id, ForeignKey("fee_item.id"))
    payer_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"))
    period_from: Mapped[date] = mapped_column(Day)
    period_to: Mapped[date] = mapped_column(Day)
    issue: Mapped[int] = mapped_column(Id)
    part: Mapped[str]
    kind: Mapped[str]
    amount: Mapped[int] = mapped_column(Id)
    due_date: Mapped[date] = mapped_column(Day)
    billing_month: Mapped[str | None]
    run_id: Mapped[int | None] = mapped_column(Id, ForeignKey("bill_run.id"))
    bill_id: Mapped[int | None] = mapped_column(Id, ForeignKey("bill.id"))
    base_charge: Mapped[int | None] = mapped_column(Id, ForeignKey("charge.id"))


class ChargePart(Entry, Base):
    """How an amount arose: one segment each; their `shown` fen add up to the charge.

    quantity, previous, current 1e-4; price 1e-6 yuan; fixed 1e-6 yuan a month; factor 1e-6; months an exact
    fraction in text. `inputs` is canonical JSON: what else the kind computed with (a cost divided, a formula's values).
    """

    __tablename__ = "charge_part"
    __table_args__ = strict(Index("ix_charge_part_charge", "charge_id"), Index("ix_charge_part_reading", "reading_id"))
    charge_id: Mapped[int] = mapped_column(Id, ForeignKey("charge.id"))
    tariff_id: Mapped[int | None] = mapped_column(Id, ForeignKey("tariff.id"))
    part_from: Mapped[date] = mapped_column(Day)
    part_to: Mapped[date] = mapped_column(Day)
    quantity: Mapped[int] = mapped_column(Scaled(4))
    price: Mapped[int] = mapped_column(Scaled(6))
    fixed: Mapped[int] = mapped_column(Scaled(6))
    months: Mapped[str]
    factor: Mapped[int] = mapped_column(Scaled(6))
    shown: Mapped[int] = mapped_column(Id)
    tier: Mapped[int | None] = mapped_column(Id)
    meter_id: Mapped[int | None] = mapped_column(Id, ForeignKey("meter.id"))
    reading_id: Mapped[int | None] = mapped_column(Id, ForeignKey("reading.id"))
    previous: Mapped[int | None] = mapped_column(Scaled(4))
    current: Mapped[int | None] = mapped_column(Scaled(4))
    inputs: Mapped[str | None]


_PART, _REFERRED = text("with_payment IS NOT NULL"), text("reference IS NOT NULL")


class Payment(Entry, Base):
    """收款, or its opposite (`reverses`). Method cash, wechat, alipay, pos, bank or opening; amount in fen.

    `reference` is the channel's own number. Where one receipt has several methods, each is a payment of its own; all
    but the first name it (`with_payment`), and the receipt is the first one's.
    """

    __tablename__ = "payment"
    __table_args__ = strict(
        Index("ix_payment_house", "house_id"),
        Index("ix_payment_user", "user_id", "on"),
        Index("ix_payment_with", "with_payment", sqlite_where=_PART, postgresql_where=_PART),
        Index("ix_payment_reference", "reference", sqlite_where=_REFERRED, postgresql_where=_REFERRED),
    )
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    payer_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"))
    amount: Mapped[int] = mapped_column(Id)
    method: Mapped[str]
    kind: Mapped[str]
    user_id: Mapped[int] = mapped_column(Id)
    reverses: Mapped[int | None] = mapped_column(Id, ForeignKey("payment.id"), unique=True)
    reference: Mapped[str | None]
    with_payment: Mapped[int | None] = mapped_column(Id)


class Allocation(Entry, Base):
    """核销: money (`paid`) or prepaid (`set_off`) applied to a charge; source a payment or a credit charge."""

    __tablename__ = "allocation"
    __table_args__ = strict(
        # Holds all that taking back later money needs (db/queries/ageing.py), in the order of the charges.
        Index("ix_allocation_charge", "charge_id", "on", "amount"),
        Index("ix_allocation_payment", "payment_id"),
        Index("ix_allocation_credit", "credit_charge"),
    )
    charge_id: Mapped[int] = mapped_column(Id, ForeignKey("charge.id"))
    kind: Mapped[str]
    amount: Mapped[int] = mapped_column(Id)
    payment_id: Mapped[int | None] = mapped_column(Id, ForeignKey("payment.id"))
    credit_charge: Mapped[int | None] = mapped_column(Id, ForeignKey("charge.id"))
    reverses: Mapped[int | None] = mapped_column(Id, ForeignKey("allocation.id"), unique=True)


class Adjustment(Entry, Base):
    """减免/调整 of a charge, in fen, signed; kind reversal, waiver, small_change, correction, prepay_gift …"""

    __tablename__ = "adjustment"
    __table_args__ = strict(Index("ix_adjustment_charge", "charge_id"))
    charge_id: Mapped[int] = mapped_column(Id, ForeignKey("charge.id"))
    amount: Mapped[int] = mapped_column(Id)
    kind: Mapped[str]
    user_id: Mapped[int] = mapped_column(Id)


class Refund(Entry, Base):
    """Prepaid balance given back, in fen; source a payment or a credit charge."""

    __tablename__ = "refund"
    __table_args__ = strict(Index("ix_refund_payment", "payment_id"), Index("ix_refund_credit", "credit_charge"))
    payment_id: Mapped[int | None] = mapped_column(Id, ForeignKey("payment.id"))
    amount: Mapped[int] = mapped_column(Id)
    method: Mapped[str]
    user_id: Mapped[int] = mapped_column(Id)
    credit_charge: Mapped[int | None] = mapped_column(Id, ForeignKey("charge.id"))


class Receipt(Entry, Base):
    """收据: the number of a payment; kind normal or reversal. Its state is read from the payment."""

    __tablename__ = "receipt"
    number: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[int] = mapped_column(Id, ForeignKey("payment.id"), unique=True)
    kind: Mapped[str]


ENTRIES = (Charge, ChargePart, Payment, Allocation, Adjustment, Refund, Receipt)
"""The ledger tables that services append to; the eighth, `audit`, is written by the transaction itself."""
