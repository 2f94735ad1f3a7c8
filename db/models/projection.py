"""Projections: today's state, written with the entries in one transaction; `verify` computes them anew."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, strict
from db.types import Day, Id


class OpenCharge(Base):
    """A charge that is not settled: `open` = net − allocated in fen, always above 0.

    `late_from` is the day after which it is late: its due date, for an opening entry not before the eve of go-live
    (HANDBOOK §9.7). `touched` once anything but its posting concerned it (an allocation, an adjustment, a late fee
    posted for it): an untouched one owes all of its amount, so that its late fee follows from this row alone.
    """

    __tablename__ = "open_charge"
    __table_args__ = strict(
        # Holds all that arrears are added up from, in the order of the houses.
        Index(
            "ix_open_charge_house",
            "house_id",
            "item_id",
            "part",
            "due_date",
            "late_from",
            "open",
            "touched",
        ),
        Index("ix_open_charge_payer", "payer_id"),
    )
    charge_id: Mapped[int] = mapped_column(Id, ForeignKey("charge.id"), primary_key=True)
    house_id: Mapped[int] = mapped_column(Id)
    payer_id: Mapped[int] = mapped_column(Id)
    item_id: Mapped[int] = mapped_column(Id)
    part: Mapped[str]
    due_date: Mapped[date] = mapped_column(Day)
    open: Mapped[int] = mapped_column(Id)
    late_from: Mapped[date] = mapped_column(Day)
    touched: Mapped[bool]


class PayerBalance(Base):
    """预存: what a payer has at a house, in fen."""

    __tablename__ = "payer_balance"
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), primary_key=True)
    payer_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"), primary_key=True)
    prepaid: Mapped[int] = mapped_column(Id)


class NumberSeries(Base):
    """The next number of a series (`receipt:2026`, `bill:2026-07`); `first` where the office's own began."""

    __tablename__ = "number_series"
    series: Mapped[str] = mapped_column(primary_key=True)
    first: Mapped[int] = mapped_column(Id)
    next: Mapped[int] = mapped_column(Id)
