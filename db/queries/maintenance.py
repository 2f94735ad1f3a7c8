"""Maintenance plans and what was done, read in bulk: no query inside a loop over equipment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from db.models.equipment import Completion, Equipment, MaintenancePlan


def plans(connection: Connection, equipment: str | None = None, *, in_use: bool = True) -> Sequence[Row[Any]]:
    """Active plans with their equipment, by number and task; of equipment in use only, unless told otherwise."""
    query = (
        select(
            MaintenancePlan.id, MaintenancePlan.version, MaintenancePlan.equipment_id, Equipment.number,
            Equipment.name, Equipment.category, Equipment.type, Equipment.place, Equipment.restarted_on,
            MaintenancePlan.task, MaintenancePlan.first_due, MaintenancePlan.every, MaintenancePlan.unit,
            MaintenancePlan.basis, MaintenancePlan.lead_days, MaintenancePlan.grace_days, MaintenancePlan.shift,
            MaintenancePlan.statutory, MaintenancePlan.verified, MaintenancePlan.source,
        )
        .join(Equipment, Equipment.id == MaintenancePlan.equipment_id)
        .where(MaintenancePlan.active)
        .order_by(Equipment.number, MaintenancePlan.id)
    )  # fmt: skip
    if in_use:
        query = query.where(Equipment.state == "in_use")
    if equipment is not None:
        query = query.where(Equipment.number == equipment)
    return [*connection.execute(query)]


def done_days(connection: Connection, equipment: str | None = None) -> Mapping[int, list[date]]:
    """The days on which a plan's task was done, by plan."""
    query = select(Completion.plan_id, Completion.on).order_by(Completion.on)
    if equipment is not None:
        query = (
            query.join(MaintenancePlan, MaintenancePlan.id == Completion.plan_id)
            .join(Equipment, Equipment.id == MaintenancePlan.equipment_id)
            .where(Equipment.number == equipment)
        )
    found: dict[int, list[date]] = {}
    for plan_id, day in connection.execute(query):
        found.setdefault(plan_id, []).append(day)
    return found
