"""People and firms, the parties that owe and pay, who lives where, who is billed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row, strict
from db.parts import tail_of
from db.types import Day, Id, Json


class Person(Master, Base):
    """A person or firm. `registered` is false for the stand-in 业主（未登记）of a house without a known owner."""

    __tablename__ = "person"
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(index=True)
    registered: Mapped[bool]
    sex: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(index=True)
    phone2: Mapped[str | None] = mapped_column(index=True)
    id_kind: Mapped[str | None]
    id_number: Mapped[str | None] = mapped_column(index=True)
    id_verified: Mapped[bool | None]
    owner_number: Mapped[str | None]
    remark: Mapped[str | None]
    birth_on: Mapped[date | None] = mapped_column(Day)
    email: Mapped[str | None]
    contact_by: Mapped[str | None]
    consent_on: Mapped[date | None] = mapped_column(Day)
    consent_note: Mapped[str | None]
    anonymised_on: Mapped[date | None] = mapped_column(Day)


Index("ix_person_phone_tail", tail_of(Person.phone))
Index("ix_person_phone2_tail", tail_of(Person.phone2))


class PersonInitials(Base):
    """拼音首字母 of a person's name, one row a reading: what the search looks up instead of reading every name."""

    __tablename__ = "person_initials"
    letters: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True, index=True)


class PersonTag(Base):
    """标签 of a person: a need in an emergency, a group the office made; who gave it and when stands in the chain."""

    __tablename__ = "person_tag"
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)


class Segment(Master, Base):
    """A group of people or houses saved under a name: the list it belongs to and what is asked of it; it stays live."""

    __tablename__ = "segment"
    __table_args__ = strict(UniqueConstraint("list", "name"))
    list: Mapped[str]
    name: Mapped[str]
    query: Mapped[dict[str, object]] = mapped_column(Json)
    user_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)


class Event(Master, Base):
    """活动: what residents are invited to. `begins` is an hour (`19:00`), `capacity` how many there is room for;
    `reason` why it was called off.
    """

    __tablename__ = "event"
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    on: Mapped[date] = mapped_column(Day)
    place: Mapped[str | None]
    note: Mapped[str | None]
    state: Mapped[str]
    seq: Mapped[int] = mapped_column(Id)
    begins: Mapped[str | None]
    capacity: Mapped[int | None] = mapped_column(Id)
    reason: Mapped[str | None]


class EventGuest(Base):
    """Somebody who is invited: what was answered (`none`, `yes`, `no`, `maybe`), with how many heads, whether he came.

    `house_id` is the house he was invited at.
    """

    __tablename__ = "event_guest"
    event_id: Mapped[int] = mapped_column(Id, ForeignKey("event.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True, index=True)
    reply: Mapped[str]
    came: Mapped[bool]
    house_id: Mapped[int | None] = mapped_column(Id)
    heads: Mapped[int | None] = mapped_column(Id)


class SettlePrep(Row, Base):
    """A settlement of a house that the front desk prepared: what is wanted (JSON, empty once it is over), state ready,
    done or dropped.
    """

    __tablename__ = "settle_prep"
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), index=True)
    wanted: Mapped[dict[str, object]] = mapped_column(Json)
    state: Mapped[str]
    by_user: Mapped[int] = mapped_column(Id)
    at: Mapped[str]
    seq: Mapped[int] = mapped_column(Id)


class Party(Row, Base):
    """付款人: who owes, pays and is written to. The ledger names parties; naming an owner changes the person."""

    __tablename__ = "party"
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)


class Resident(Row, Base):
    """Who belongs to a house: owner, co_owner, family, tenant, temporary; with dates where known.

    `share` is an owner's part as a fraction, `1/2`.
    """

    __tablename__ = "resident"
    __table_args__ = strict(UniqueConstraint("house_id", "person_id", "relation"))
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    relation: Mapped[str]
    position: Mapped[int] = mapped_column(Id)
    valid_from: Mapped[date | None] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    share: Mapped[str | None]


class HousePayer(Base):
    """The party billed for a house from a day on (NULL = from the beginning)."""

    __tablename__ = "house_payer"
    __table_args__ = strict(UniqueConstraint("house_id", "valid_from"))
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), index=True)
    party_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"), index=True)
    valid_from: Mapped[date | None] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
