"""Meters and their readings (quantities in 1e-4, multiplier 1e-4)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row, strict
from db.types import Day, Id, Scaled


class Meter(Master, Base):
    """A meter of a house that feeds one metered item; `digits` is the size of its register."""

    __tablename__ = "meter"
    __table_args__ = strict(UniqueConstraint("house_id", "number"))
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    item_id: Mapped[int] = mapped_column(Id, ForeignKey("fee_item.id"), index=True)
    number: Mapped[str]
    multiplier: Mapped[int] = mapped_column(Scaled(4))
    digits: Mapped[int] = mapped_column(Id)


class Reading(Row, Base):
    """A dated reading: kind `start`, `true`, `estimate`, or `change` where a new meter begins; usage since the one
    before.
    """

    __tablename__ = "reading"
    __table_args__ = strict(UniqueConstraint("meter_id", "on"))
    meter_id: Mapped[int] = mapped_column(Id, ForeignKey("meter.id"))
    on: Mapped[date] = mapped_column(Day)
    value: Mapped[int] = mapped_column(Scaled(4))
    kind: Mapped[str]
    rollover: Mapped[bool]
    usage: Mapped[int] = mapped_column(Scaled(4))
    seq: Mapped[int] = mapped_column(Id)


class MainMeter(Master, Base):
    """A meter of no single house: `master` (总表, above the houses' meters of an item) or `shared` (公共表).

    `building_id` is the building it serves, NULL for the whole estate.
    """

    __tablename__ = "main_meter"
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    item_id: Mapped[int] = mapped_column(Id, ForeignKey("fee_item.id"), index=True)
    building_id: Mapped[int | None] = mapped_column(Id, ForeignKey("building.id"))
    multiplier: Mapped[int] = mapped_column(Scaled(4))
    digits: Mapped[int] = mapped_column(Id)


class MainReading(Row, Base):
    """A dated reading of such a meter: kind `start`, `true` or `change`; usage since the one before."""

    __tablename__ = "main_reading"
    __table_args__ = strict(UniqueConstraint("main_meter_id", "on"))
    main_meter_id: Mapped[int] = mapped_column(Id, ForeignKey("main_meter.id"))
    on: Mapped[date] = mapped_column(Day)
    value: Mapped[int] = mapped_column(Scaled(4))
    kind: Mapped[str]
    rollover: Mapped[bool]
    usage: Mapped[int] = mapped_column(Scaled(4))
    seq: Mapped[int] = mapped_column(Id)


class TierUsage(Base):
    """From the opening: the quantity used so far in the tier year that holds `on`."""

    __tablename__ = "tier_usage"
    meter_id: Mapped[int] = mapped_column(Id, ForeignKey("meter.id"), primary_key=True)
    on: Mapped[date] = mapped_column(Day, primary_key=True)
    quantity: Mapped[int] = mapped_column(Scaled(4))
