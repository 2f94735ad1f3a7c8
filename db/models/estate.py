"""Estates, buildings, houses (also shops, parking and storage) and what changes about them by date."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row, strict
from db.parts import after
from db.types import Day, Id, Scaled


class Estate(Master, Base):
    """小区: an estate inside the office."""

    __tablename__ = "estate"
    name: Mapped[str] = mapped_column(unique=True)


class Building(Master, Base):
    """楼栋; `code` is the normal form (`3`, `A`), `label` the office's own words."""

    __tablename__ = "building"
    __table_args__ = strict(UniqueConstraint("estate_id", "code"))
    estate_id: Mapped[int] = mapped_column(Id, ForeignKey("estate.id"))
    code: Mapped[str]
    label: Mapped[str]


class House(Master, Base):
    """房屋, shop, parking space or storage. Areas in 1e-4 m², rent in fen a month.

    `number` as the office writes it, `number_key` its normal form (HANDBOOK §7), unique in the estate.
    """

    __tablename__ = "house"
    __table_args__ = strict(UniqueConstraint("estate_id", "number_key"), Index("ix_house_sort", "sort_key"))
    estate_id: Mapped[int] = mapped_column(Id, ForeignKey("estate.id"))
    building_id: Mapped[int | None] = mapped_column(Id, ForeignKey("building.id"))
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(index=True)
    number_key: Mapped[str] = mapped_column(index=True)
    sort_key: Mapped[str]
    building: Mapped[str | None]
    entrance: Mapped[str | None]
    floor: Mapped[int | None] = mapped_column(Id)
    room: Mapped[str | None]
    floors: Mapped[int | None] = mapped_column(Id)
    lift: Mapped[bool | None]
    house_type: Mapped[str | None]
    layout: Mapped[str | None]
    orientation: Mapped[str | None]
    gross_area: Mapped[int | None] = mapped_column(Scaled(4))
    net_area: Mapped[int | None] = mapped_column(Scaled(4))
    rent: Mapped[int | None] = mapped_column(Id)
    state: Mapped[str]
    delivered_on: Mapped[date | None] = mapped_column(Day)
    bill_with: Mapped[int | None] = mapped_column(Id, ForeignKey("house.id"))
    remark: Mapped[str | None]
    year_built: Mapped[int | None] = mapped_column(Id)
    structure: Mapped[str | None]
    use: Mapped[str | None]
    ended_on: Mapped[date | None] = mapped_column(Day)


class HouseState(Row, Base):
    """The state of a house from a day on; the newest is the house's own."""

    __tablename__ = "house_state"
    __table_args__ = strict(Index("ix_house_state_house", "house_id", "valid_from"))
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    state: Mapped[str]
    valid_from: Mapped[date] = mapped_column(Day)
    reason: Mapped[str | None]
    seq: Mapped[int] = mapped_column(Id)


class FormerNumber(Row, Base):
    """A number that a house had until a day; it stays findable."""

    __tablename__ = "former_number"
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), index=True)
    number: Mapped[str]
    number_key: Mapped[str] = mapped_column(index=True)
    until: Mapped[date] = mapped_column(Day)
    seq: Mapped[int] = mapped_column(Id)


class HouseLink(Row, Base):
    """A house that was split or merged: the old one ended on the day before, the new one names it."""

    __tablename__ = "house_link"
    __table_args__ = strict(UniqueConstraint("old_house", "new_house"))
    old_house: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    new_house: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), index=True)
    kind: Mapped[str]
    on: Mapped[date] = mapped_column(Day)
    seq: Mapped[int] = mapped_column(Id)


class Permit(Master, Base):
    """装修许可: who fits out a house between two days; the deposit is held in the ledger, here stands its receipt."""

    __tablename__ = "permit"
    number: Mapped[str] = mapped_column(unique=True)
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), index=True)
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date] = mapped_column(Day)
    company: Mapped[str]
    contact: Mapped[str | None]
    phone: Mapped[str | None]
    content: Mapped[str | None]
    deposit_receipt: Mapped[str | None]
    state: Mapped[str]
    seq: Mapped[int] = mapped_column(Id)


class Lease(Master, Base):
    """Who has a parking space: `owned`, `leased` or `public` (several may share it), between two days."""

    __tablename__ = "lease"
    __table_args__ = strict(Index("ix_lease_space", "space_id"))
    space_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    item_id: Mapped[int | None] = mapped_column(Id, ForeignKey("fee_item.id"))
    remark: Mapped[str | None]
    seq: Mapped[int] = mapped_column(Id)


class Attachment(Row, Base):
    """A photo or file of a house or person, stored encrypted (RELIABILITY §8): its name, size, digest and own key."""

    __tablename__ = "attachment"
    __table_args__ = strict(Index("ix_attachment_owner", "owner_kind", "owner_id"))
    owner_kind: Mapped[str]
    owner_id: Mapped[int] = mapped_column(Id)
    name: Mapped[str]
    size: Mapped[int] = mapped_column(Id)
    sha256: Mapped[str]
    file: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str]
    dropped: Mapped[bool]
    seq: Mapped[int] = mapped_column(Id)


class HousePeople(Base):
    """How many people live in a house from a day on (tiers, per-head fees)."""

    __tablename__ = "house_people"
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Day, primary_key=True)
    people: Mapped[int] = mapped_column(Id)


class Tenancy(Master, Base):
    """A tenant's contract for a house between two days; rent in fen a month, `file` the name of the house's file."""

    __tablename__ = "tenancy"
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), index=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), index=True)
    number: Mapped[str | None]
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    rent: Mapped[int | None] = mapped_column(Id)
    file: Mapped[str | None]
    seq: Mapped[int] = mapped_column(Id)


class Pet(Master, Base):
    """A pet of a house; who keeps it where that is known."""

    __tablename__ = "pet"
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str | None]
    licence: Mapped[str | None]
    vaccinated_to: Mapped[date | None] = mapped_column(Day)
    remark: Mapped[str | None]
    seq: Mapped[int] = mapped_column(Id)


class Vehicle(Row, Base):
    """A car that stands on a parking space between two days."""

    __tablename__ = "vehicle"
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), index=True)
    plate: Mapped[str]
    brand: Mapped[str | None]
    kind: Mapped[str | None]
    colour: Mapped[str | None]
    valid_from: Mapped[date | None] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)


Index("ix_vehicle_plate", Vehicle.plate)
Index("ix_vehicle_plate_bare", after(Vehicle.plate, 1))
Index("ix_vehicle_plate_serial", after(Vehicle.plate, 2))
