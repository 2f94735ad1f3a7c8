"""Estates, buildings, houses (also shops, parking and storage) and what changes about them by date."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row, strict
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
    number: Mapped[str]
    number_key: Mapped[str]
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


class HousePeople(Base):
    """How many people live in a house from a day on (tiers, per-head fees)."""

    __tablename__ = "house_people"
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Day, primary_key=True)
    people: Mapped[int] = mapped_column(Id)


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
