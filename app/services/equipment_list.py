"""设备 as a list: where each stands, what is due next, until when it is inspected."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from app.domain.maintenance import TaskState
from app.security.permissions import Permission
from app.services import list_export, maintenance_tasks
from app.services.gathered import Field, Gathered, Pick
from app.services.list_export import Exported
from app.services.list_face import Counts, Kind, Query, Sort, State
from app.services.maintenance_tasks import Standing
from app.services.use_case import use_case
from db.models.equipment import Completion, Equipment, MaintenancePlan
from db.work import Work

STATES = (
    State("overdue", "逾期", "danger", "triangle"),
    State("due", "到期", "warn", "clock"),
    State("soon", "将到期", "warn", "clock"),
    State("ok", "正常", "ok", "check"),
    State("stopped", "停用", "neutral", "stop"),
    State("scrapped", "报废", "neutral", "close"),
)
"""How equipment stands, the most urgent first."""

WARNED_DAYS = 30
"""An inspection that ends within so many days is named."""

STATE_OF = {
    TaskState.OK: "ok",
    TaskState.UPCOMING: "soon",
    TaskState.DUE: "due",
    TaskState.GRACE: "due",
    TaskState.OVERDUE: "overdue",
}
"""The code of a task's state."""


@dataclass(frozen=True, slots=True)
class EquipmentLine:
    """A piece of equipment in the list; `left` days until its next task, negative when it is late."""

    number: str
    name: str
    place: str | None
    category: str
    state: str
    task: str | None
    next_due: date | None
    left: int | None
    certificate_end: date | None
    maintainer: str | None
    inspection: bool


def _gather(work: Work) -> Mapping[int, EquipmentLine]:
    next_tasks: dict[str, Standing] = {}
    for task in maintenance_tasks.standing(work, work.today):
        known = next_tasks.get(task.equipment)
        if known is None or task.due.next_due < known.due.next_due:
            next_tasks[task.equipment] = task
    rows = work.execute(select(Equipment).order_by(Equipment.number))
    return {row.id: _line(row, next_tasks.get(row.number), work.today) for row in rows}


def _line(row: Row[Any], task: Standing | None, today: date) -> EquipmentLine:
    state = row.state if row.state != "in_use" else STATE_OF[task.due.state] if task else "ok"
    due = task.due.next_due if task else None
    ends = row.certificate_end
    return EquipmentLine(
        row.number, row.name, row.place, row.category, state, task.task if task else None, due,
        (due - today).days if due else None, ends, row.maintainer,
        row.state == "in_use" and ends is not None and (ends - today).days <= WARNED_DAYS,
    )  # fmt: skip


def _marks(row: EquipmentLine) -> Sequence[str]:
    return (row.state, "inspection") if row.inspection else (row.state,)


EQUIPMENT = Gathered(
    name="equipment",
    title="设备",
    unit="台",
    gather=_gather,
    columns=(
        Field("number", "编号", Kind.NUMBER, 9, find=True),
        Field("name", "设备", width=18, find=True),
        Field("place", "位置", width=14, find=True),
        Field("category", "类别", width=10, find=True),
        Field("state", "状态", Kind.STATE, 9, states=STATES),
        Field("task", "下次任务", width=14, find=True),
        Field("next_due", "下次维保", Kind.DATE, 11),
        Field("left", "余天", Kind.COUNT, 7, alarming=True),
        Field("certificate_end", "检验有效期", Kind.DATE, 11),
        Field("maintainer", "维保单位", width=16, find=True, shown=False),
    ),
    default=(Sort("state"), Sort("next_due"), Sort("number")),
    reads=frozenset({"equipment"}),
    filters=(
        Pick("state", "状态", (*((state.code, state.word) for state in STATES), ("inspection", "检验将到期")), _marks),
    ),
)


@use_case(Permission.SEE_EQUIPMENT)
def keys(work: Work, query: Query) -> array[int]:
    """The equipment that matches, in order."""
    return EQUIPMENT.keys(work, query)


@use_case(Permission.SEE_EQUIPMENT)
def rows(work: Work, keys: Sequence[int]) -> dict[int, EquipmentLine]:
    """The equipment of these keys."""
    return EQUIPMENT.rows(work, keys)


@use_case(Permission.SEE_EQUIPMENT)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Nothing of equipment is added up."""
    return EQUIPMENT.totals(work, query)


@use_case(Permission.SEE_EQUIPMENT)
def counts(work: Work, query: Query) -> Counts:
    """How much equipment matches, by filter."""
    return EQUIPMENT.counts(work, query)


@use_case(Permission.SEE_EQUIPMENT, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the equipment that matches to a workbook."""
    return list_export.write(work, EQUIPMENT, query, target, columns)


@dataclass(frozen=True, slots=True)
class DoneRow:
    """Work that was done on a piece of equipment; cost in fen."""

    on: date
    task: str
    result: str
    done_by: str
    findings: str | None
    cost: int | None


MOST_DONE = 100


@use_case(Permission.SEE_EQUIPMENT)
def history(work: Work, number: str) -> tuple[DoneRow, ...]:
    """What was done on a piece of equipment, newest first."""
    found = work.execute(
        select(
            Completion.on, MaintenancePlan.task, Completion.result, Completion.done_by, Completion.findings,
            Completion.cost,
        )
        .join(MaintenancePlan, MaintenancePlan.id == Completion.plan_id)
        .join(Equipment, Equipment.id == MaintenancePlan.equipment_id)
        .where(Equipment.number == number)
        .order_by(Completion.on.desc(), Completion.id.desc())
        .limit(MOST_DONE)
    )  # fmt: skip
    money = Permission.SEE_MONEY in work.permissions
    return tuple(
        DoneRow(row.on, row.task, row.result, row.done_by, row.findings, row.cost if money else None) for row in found
    )
