"""Dunning: what was sent, how it was served, what holds the ladder, what is paid by instalments."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row, strict
from db.types import Day, Id


class DunStep(Row, Base):
    """A stage that was carried out for a payer at a house (spaces billed with it included).

    Amounts in fen as printed; `deadline` is the day until which the paper asks for payment. The paper is `document_id`.
    `ladder` counts the payer's ladders: one that was settled to zero ended, new arrears began another.
    """

    __tablename__ = "dun_step"
    __table_args__ = strict(Index("ix_dun_step_payer", "house_id", "payer_id"))
    number: Mapped[str] = mapped_column(unique=True)
    stage: Mapped[str]
    ladder: Mapped[int] = mapped_column(Id)
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    payer_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"))
    on: Mapped[date] = mapped_column(Day)
    principal: Mapped[int] = mapped_column(Id)
    late_fee: Mapped[int] = mapped_column(Id)
    deadline: Mapped[date | None] = mapped_column(Day)
    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"))
    seq: Mapped[int] = mapped_column(Id)


class DunContact(Row, Base):
    """催缴记录: the service of a paper (送达), or a call or visit (`step_id` NULL).

    `served` says whether arrival is proven (时效规定 art. 8), so that limitation counts afresh and a term runs.
    """

    __tablename__ = "dun_contact"
    __table_args__ = strict(Index("ix_dun_contact_payer", "house_id", "payer_id"))
    step_id: Mapped[int | None] = mapped_column(Id, ForeignKey("dun_step.id"), index=True)
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    payer_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"))
    way: Mapped[str]
    on: Mapped[date] = mapped_column(Day)
    served: Mapped[bool]
    signer: Mapped[str | None]
    relation: Mapped[str | None]
    tracking: Mapped[str | None]
    witnesses: Mapped[str | None]
    note: Mapped[str | None]
    user_id: Mapped[int] = mapped_column(Id)
    at: Mapped[str]
    seq: Mapped[int] = mapped_column(Id)


class DunHold(Master, Base):
    """暂缓: disputed, plan_active, heirs_unknown or insolvency, between two days (`valid_to` NULL: until ended)."""

    __tablename__ = "dun_hold"
    __table_args__ = strict(Index("ix_dun_hold_payer", "house_id", "payer_id"))
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    payer_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"))
    kind: Mapped[str]
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    reason: Mapped[str]
    user_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)


class PaymentPlan(Master, Base):
    """分期协议: a payer acknowledges what was past due when it was signed (principal, fen) and pays it by instalments.

    Whether it is kept follows from what was paid since (app/domain/instalments.py); `ended_on` where it was given up.
    """

    __tablename__ = "payment_plan"
    __table_args__ = strict(Index("ix_payment_plan_payer", "house_id", "payer_id"))
    number: Mapped[str] = mapped_column(unique=True)
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    payer_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"))
    signed_on: Mapped[date] = mapped_column(Day)
    amount: Mapped[int] = mapped_column(Id)
    ended_on: Mapped[date | None] = mapped_column(Day)
    end_reason: Mapped[str | None]
    document_id: Mapped[int | None] = mapped_column(Id, ForeignKey("document.id"))
    user_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)


class PlanInstalment(Base):
    """One instalment of a plan: its day and fen."""

    __tablename__ = "plan_instalment"
    __table_args__ = strict()
    plan_id: Mapped[int] = mapped_column(Id, ForeignKey("payment_plan.id"), primary_key=True)
    n: Mapped[int] = mapped_column(Id, primary_key=True)
    due: Mapped[date] = mapped_column(Day)
    amount: Mapped[int] = mapped_column(Id)


class PlanCharge(Base):
    """A charge that a plan covers, with what was open of it when it was signed, in fen."""

    __tablename__ = "plan_charge"
    __table_args__ = strict(Index("ix_plan_charge_charge", "charge_id"))
    plan_id: Mapped[int] = mapped_column(Id, ForeignKey("payment_plan.id"), primary_key=True)
    charge_id: Mapped[int] = mapped_column(Id, ForeignKey("charge.id"), primary_key=True)
    open: Mapped[int] = mapped_column(Id)


class LetterText(Base):
    """The office's own words of a stage's paper, in place of the packaged ones."""

    __tablename__ = "letter_text"
    kind: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    version: Mapped[int] = mapped_column(Id)
