"""设备台账: equipment, its maintenance plans and what was done."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, Row, strict
from db.types import Day, Id


class Equipment(Master, Base):
    """A piece of equipment (HANDBOOK §8.1). `category` and `type` as the presets name them; state in_use, stopped or
    scrapped; `restarted_on` is the first due day of all its plans after a standstill.
    """

    __tablename__ = "equipment"
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    category: Mapped[str]
    type: Mapped[str]
    place: Mapped[str | None]
    brand: Mapped[str | None]
    model: Mapped[str | None]
    serial: Mapped[str | None]
    maker: Mapped[str | None]
    maintainer: Mapped[str | None]
    contract_end: Mapped[date | None] = mapped_column(Day)
    in_service: Mapped[date | None] = mapped_column(Day)
    manufactured: Mapped[date | None] = mapped_column(Day)
    warranty_end: Mapped[date | None] = mapped_column(Day)
    registration: Mapped[str | None]
    certificate: Mapped[str | None]
    certificate_end: Mapped[date | None] = mapped_column(Day)
    state: Mapped[str]
    restarted_on: Mapped[date | None] = mapped_column(Day)
    remark: Mapped[str | None]


class MaintenancePlan(Master, Base):
    """维保计划: a recurring task of one piece of equipment, with the words of app/domain/maintenance.py.

    `source` is the rule it follows; `verified` false asks to check with the local rule. A plan that ended keeps its
    completions (`active` false).
    """

    __tablename__ = "maintenance_plan"
    __table_args__ = strict(UniqueConstraint("equipment_id", "task"))
    equipment_id: Mapped[int] = mapped_column(Id, ForeignKey("equipment.id"))
    task: Mapped[str]
    first_due: Mapped[date] = mapped_column(Day)
    every: Mapped[int] = mapped_column(Id)
    unit: Mapped[str]
    basis: Mapped[str]
    lead_days: Mapped[int] = mapped_column(Id)
    grace_days: Mapped[int] = mapped_column(Id)
    shift: Mapped[str]
    statutory: Mapped[bool]
    verified: Mapped[bool]
    source: Mapped[str | None]
    active: Mapped[bool]


class Completion(Row, Base):
    """登记完成: who did a task when, with what result (`pass` or `fail`), findings, parts and cost in fen."""

    __tablename__ = "completion"
    __table_args__ = strict(Index("ix_completion_plan", "plan_id"))
    plan_id: Mapped[int] = mapped_column(Id, ForeignKey("maintenance_plan.id"))
    on: Mapped[date] = mapped_column(Day)
    result: Mapped[str]
    done_by: Mapped[str]
    findings: Mapped[str | None]
    parts: Mapped[str | None]
    cost: Mapped[int | None] = mapped_column(Id)
    user_id: Mapped[int] = mapped_column(Id)
    at: Mapped[str]
    seq: Mapped[int] = mapped_column(Id)
