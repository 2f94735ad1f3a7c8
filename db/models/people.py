"""People and firms, the parties that owe and pay, who lives where, who is billed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row, strict
from db.types import Day, Id


class Person(Master, Base):
    """A person or firm. `registered` is false for the stand-in 业主（未登记）of a house without a known owner."""

    __tablename__ = "person"
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(index=True)
    registered: Mapped[bool]
    sex: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(index=True)
    phone2: Mapped[str | None]
    id_kind: Mapped[str | None]
    id_number: Mapped[str | None] = mapped_column(index=True)
    id_verified: Mapped[bool | None]
    owner_number: Mapped[str | None]
    remark: Mapped[str | None]


class Party(Row, Base):
    """付款人: who owes, pays and is written to. The ledger names parties; naming an owner changes the person."""

    __tablename__ = "party"
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)


class Resident(Row, Base):
    """Who belongs to a house: owner, co_owner, family, tenant, temporary; with dates where known."""

    __tablename__ = "resident"
    __table_args__ = strict(UniqueConstraint("house_id", "person_id", "relation"))
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    relation: Mapped[str]
    position: Mapped[int] = mapped_column(Id)
    valid_from: Mapped[date | None] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)


class HousePayer(Base):
    """The party billed for a house from a day on (NULL = from the beginning)."""

    __tablename__ = "house_payer"
    __table_args__ = strict(UniqueConstraint("house_id", "valid_from"))
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), index=True)
    party_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"), index=True)
    valid_from: Mapped[date | None] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
