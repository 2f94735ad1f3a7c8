"""Fee items with rules, who has them, prices by date and scope, discounts, costs to be divided."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row, strict
from db.types import Day, Id, Json, Scaled


class FeeItem(Master, Base):
    """收费项目. `houses` is `listed` or the kinds that have it, joined by commas (`house,shop`)."""

    __tablename__ = "fee_item"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    cycle: Mapped[str]
    bill_when: Mapped[str]
    anchor: Mapped[int] = mapped_column(Id)
    houses: Mapped[str]


class FeeRule(Base):
    """An item's rules from a day on: rounding, first day, part months, due day and its offset in months (NULL: as the
    settings say), late fee (rate 1e-8 a day), the VAT that the price includes (rate 1e-8; NULL: none), and whether
    prepaid balance settles it (`allowed`, `barred`).
    """

    __tablename__ = "fee_rule"
    item_id: Mapped[int] = mapped_column(Id, ForeignKey("fee_item.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Day, primary_key=True)
    unit: Mapped[str]
    rule: Mapped[str]
    start_rule: Mapped[str]
    part_month: Mapped[str]
    tariff_change: Mapped[str]
    due_day: Mapped[int | None] = mapped_column(Id)
    late_rate: Mapped[int | None] = mapped_column(Scaled(8))
    late_cap: Mapped[int | None] = mapped_column(Scaled(6))
    grace_days: Mapped[int] = mapped_column(Id)
    vat_rate: Mapped[int | None] = mapped_column(Scaled(8))
    due_offset: Mapped[int | None] = mapped_column(Id)
    set_off: Mapped[str] = mapped_column(server_default="allowed")


class HouseItem(Row, Base):
    """A house has an item between two days; count and factor (1e-6) go into the amount."""

    __tablename__ = "house_item"
    __table_args__ = strict(UniqueConstraint("house_id", "item_id", "valid_from"))
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    item_id: Mapped[int] = mapped_column(Id, ForeignKey("fee_item.id"), index=True)
    valid_from: Mapped[date | None] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    count: Mapped[int] = mapped_column(Id)
    factor: Mapped[int] = mapped_column(Scaled(6))
    start_rule: Mapped[str | None]


class PaidUntil(Base):
    """From the opening: the item of the house is settled up to this day; billing begins the day after."""

    __tablename__ = "paid_until"
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(Id, ForeignKey("fee_item.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Day)


class Tariff(Master, Base):
    """收费标准: one version of a price for a scope (estate, building, house_type, house). `params` per kind."""

    __tablename__ = "tariff"
    __table_args__ = strict(UniqueConstraint("item_id", "scope", "scope_ref", "valid_from"))
    item_id: Mapped[int] = mapped_column(Id, ForeignKey("fee_item.id"))
    scope: Mapped[str]
    scope_ref: Mapped[str]
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    params: Mapped[dict[str, object]] = mapped_column(Json)
    basis: Mapped[str | None]


class Discount(Master, Base):
    """A house pays only a factor (1e-6) of an item, or of all (`item_id` NULL), between two days (vacancy, staff …).

    `given_by` is who entered it, `approver_id` who agreed.
    """

    __tablename__ = "discount"
    __table_args__ = strict(Index("ix_discount_house", "house_id"))
    house_id: Mapped[int] = mapped_column(Id, ForeignKey("house.id"))
    item_id: Mapped[int | None] = mapped_column(Id, ForeignKey("fee_item.id"))
    kind: Mapped[str]
    factor: Mapped[int] = mapped_column(Scaled(6))
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date] = mapped_column(Day)
    reason: Mapped[str]
    given_by: Mapped[int] = mapped_column(Id)
    approver_id: Mapped[int | None] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)


class SharedCost(Master, Base):
    """公摊费用: one invoice to be divided among the houses of a scope (estate, building), in fen.

    quantity 1e-4 and unit price 1e-6 yuan as the invoice says, for the public sheet.
    """

    __tablename__ = "shared_cost"
    __table_args__ = strict(Index("ix_shared_cost_item", "item_id", "period_from"))
    item_id: Mapped[int] = mapped_column(Id, ForeignKey("fee_item.id"))
    scope: Mapped[str]
    scope_ref: Mapped[str]
    period_from: Mapped[date] = mapped_column(Day)
    period_to: Mapped[date] = mapped_column(Day)
    amount: Mapped[int] = mapped_column(Id)
    supplier: Mapped[str]
    invoice: Mapped[str]
    quantity: Mapped[int | None] = mapped_column(Scaled(4))
    unit_price: Mapped[int | None] = mapped_column(Scaled(6))
    state: Mapped[str]
    entered_by: Mapped[int] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(Id)
