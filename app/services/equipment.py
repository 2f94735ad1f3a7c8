"""设备台账: what the estate's equipment is, where it stands, and whether it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from app.security.permissions import Permission
from app.services import alerts, maintenance_plans
from app.services.equipment_alerts import CERTIFICATES, close_failed, close_gone
from app.services.equipment_details import FIELDS, STATES, Details, checked, restarted, row_of, stored
from app.services.maintenance_plans import PlanRow
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.alert import Alert
from db.models.equipment import Equipment
from db.work import Work

TOUCHES = frozenset({"equipment", "alert"})


@dataclass(frozen=True, slots=True)
class EquipmentAnswer:
    """A piece of equipment after the change; `plans` are the tasks it was given now."""

    equipment: str
    state: str
    version: int
    plans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    """A piece of equipment as the ledger has it; `version` is what a change must name."""

    details: Details
    state: str
    restarted_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class EquipmentFile:
    """A piece of equipment with its plans."""

    row: EquipmentRow
    plans: tuple[PlanRow, ...]


def _row(row: Row[Any]) -> EquipmentRow:
    details = Details(**{name: getattr(row, name) for name in FIELDS})
    return EquipmentRow(details, row.state, row.restarted_on, row.version)


@use_case(Permission.MAINTAIN, audit="equipment.added", touches=TOUCHES)
def add(work: Work, details: Details, presets: bool = True) -> EquipmentAnswer:
    """Enter a piece of equipment; a known type brings its preset plans, unless `presets` is false."""
    values = checked(details)
    if work.execute(select(Equipment.id).where(Equipment.number == values["number"])).first():
        raise refuse(
            "equipment_exists",
            "已经有编号为 {number} 的设备。",
            "请换一个编号；要改它的资料请用 equipment change。",
            number=values["number"],
            field="number",
        )
    (row_id,) = work.insert(Equipment, (*FIELDS, "state"), [(*stored(values), "in_use")])
    tasks: tuple[str, ...] = ()
    if presets:
        tasks = maintenance_plans.put_presets(
            work, row_id, values["type"], values["in_service"], None, values["certificate_end"]
        )
    work.audit("equipment.added", "equipment", row_id, detail={"number": values["number"], "plans": len(tasks)})
    return EquipmentAnswer(values["number"], "in_use", 1, tasks)


def _seen(row: Row[Any], version: int) -> None:
    if row.version != version:
        raise refuse(
            "changed_meanwhile",
            "{number} 刚被别人改过。",
            "请重新打开，看过后再改。",
            number=row.number,
            field="version",
        )


@use_case(Permission.MAINTAIN, audit="equipment.changed", touches=TOUCHES)
def change(work: Work, number: str, version: int, details: Details) -> EquipmentAnswer:
    """Put other details in the place of those seen at `version`; its plans stay as they are.

    Raises Refused `changed_meanwhile` where somebody else changed it since.
    """
    row = row_of(work, number)
    _seen(row, version)
    values = checked(details)
    if values["number"] != row.number:
        raise refuse("number_fixed", "设备编号不能改。", "请把旧的报废，再按新编号添加。", field="number")
    different = {name: values[name] for name in FIELDS if values[name] != getattr(row, name)}
    if different:
        work.execute(update(Equipment).where(Equipment.id == row.id).values(**different, version=row.version + 1))
        _close_papers(work, row, values)
    close_gone(work, row.number)
    detail = {name: str(value) for name, value in different.items()}
    work.audit("equipment.changed", "equipment", row.id, detail={"number": row.number, "after": detail})
    return EquipmentAnswer(row.number, row.state, row.version + bool(different))


def _close_papers(work: Work, row: Row[Any], values: Mapping[str, Any]) -> None:
    """Alerts about a certificate or contract whose end was changed close at once."""
    ends = {"certificate": "certificate_end", "contract": "contract_end"}
    keys = [
        f"{kind}:{row.number}:{getattr(row, end)}" for kind, end in ends.items() if values[end] != getattr(row, end)
    ]
    query = select(Alert.key).where(Alert.key.in_(keys), Alert.closed_at.is_(None))
    alerts.close(work, list(work.execute(query).scalars()))


@use_case(Permission.MAINTAIN, audit="equipment.state", touches=TOUCHES)
def set_state(work: Work, number: str, state: str) -> EquipmentAnswer:
    """Put equipment into use, stop it, or scrap it. Standing equipment has no tasks; on the day of the restart all of
    them are due.
    """
    if state not in STATES:
        words = "、".join(f"{word}（{title}）" for word, title in STATES.items())
        raise refuse("bad_state", "没有这种状态：{state}。", "只能是：" + words, state=state, field="state")
    row = row_of(work, number)
    if row.state == state:
        raise refuse(
            "same_state", "{number} 本来就是{state}。", "不用再改。", number=row.number, state=STATES[state],
            field="state",
        )  # fmt: skip
    since = restarted(row.state, state, row.restarted_on, work.today)
    changed = update(Equipment).where(Equipment.id == row.id)
    work.execute(changed.values(state=state, restarted_on=since, version=row.version + 1))
    close_gone(work, row.number)
    if state == "scrapped":
        close_failed(work, row.number)
    if state != "in_use":
        papers = select(Alert.key).where(
            Alert.kind.in_(CERTIFICATES), Alert.object == row.number, Alert.closed_at.is_(None)
        )
        alerts.close(work, list(work.execute(papers).scalars()))
    detail = {"number": row.number, "before": row.state, "after": state}
    work.audit("equipment.state", "equipment", row.id, detail=detail)
    return EquipmentAnswer(row.number, state, row.version + 1)


@use_case(Permission.SEE_EQUIPMENT)
def listing(work: Work, state: str | None = None) -> tuple[EquipmentRow, ...]:
    """The ledger by category and number; all states, or one."""
    query = select(Equipment).order_by(Equipment.category, Equipment.number)
    if state is not None:
        query = query.where(Equipment.state == state)
    return tuple(_row(row) for row in work.execute(query))


@use_case(Permission.SEE_EQUIPMENT)
def show(work: Work, number: str) -> EquipmentFile:
    """A piece of equipment with its plans and where they stand today."""
    row = row_of(work, number)
    return EquipmentFile(_row(row), maintenance_plans.rows(work, work.today, row.number))
