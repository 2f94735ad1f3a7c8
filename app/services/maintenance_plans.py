"""Maintenance plans as they are checked, written and shown; bodies of use cases are made of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from app.domain.equipment import Preset
from app.domain.maintenance import IntervalUnit, ScheduleBasis, Shift
from app.domain.problem import problem
from app.services import equipment_presets, look_up
from app.services.maintenance_tasks import stands
from app.services.refused import refuse
from db.models.equipment import MaintenancePlan
from db.queries import maintenance as read
from db.work import Work

COLUMNS = (
    "task", "first_due", "every", "unit", "basis", "lead_days", "grace_days", "shift", "statutory", "verified",
    "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan as typed. `first_due` None is today; `shift` None is `previous` for statutory tasks, `next` for others."""

    task: str
    every: int | None
    unit: str = "month"
    first_due: date | None = None
    basis: str = "fixed_schedule"
    lead_days: int = 0
    grace_days: int = 0
    shift: str | None = None
    statutory: bool = False
    source: str | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan with where it stands on a day; state as app/domain/maintenance.py names it, None for standing equipment.
    `version` is what a change must name.
    """

    equipment: str
    name: str
    task: str
    every: int
    unit: str
    basis: str
    lead_days: int
    grace_days: int
    shift: str
    statutory: bool
    verified: bool
    source: str | None
    first_due: date
    next_due: date | None
    state: str | None
    last_done: date | None
    version: int


def _word(options: Sequence[str], given: str, title: str, field: str) -> str:
    if given not in options:
        raise refuse(
            "bad_choice", "{title}不能是 {given}。", "只能是：" + "、".join(options) + "。", title=title, given=given,
            field=field,
        )  # fmt: skip
    return given


def _days(value: int, title: str, field: str) -> int:
    if not 0 <= value <= 365:
        raise refuse("plan.days", "{title}应为 0 到 365 天。", "请改正 --{field}。", title=title, field=field)
    return value


def checked(plan: NewPlan, today: date) -> tuple[Any, ...]:
    """The stored values of `COLUMNS`. Raises Refused or Problem `plan.*`."""
    task = " ".join(plan.task.split())
    if not 0 < len(task) <= 40 or not task.isprintable() or ":" in task:
        raise problem("plan.task", "任务名称应为 1 到 40 个字，不含冒号。", "请改正任务名称，如 半月维保。")
    if plan.every is None or not 1 <= plan.every <= 3660:
        raise refuse(
            "plan.interval",
            "没有写周期，或周期不是 1 到 3660。",
            "请写明多久做一次，如每 15 天。",
            field="every",
        )
    first = plan.first_due or today
    if not 1950 <= first.year <= 2199:
        raise refuse("plan.first_due", "首次到期日 {day} 不合理。", "请核对年份。", day=first, field="first_due")
    if plan.statutory and plan.grace_days:
        raise refuse("plan.grace", "法定任务没有宽限期。", "请去掉宽限天数。", field="grace_days")
    shift = plan.shift or (Shift.PREVIOUS if plan.statutory else Shift.NEXT)
    return (
        task,
        first.isoformat(),
        plan.every,
        _word([*IntervalUnit], plan.unit, "周期单位", "unit"),
        _word([*ScheduleBasis], plan.basis, "计算方式", "basis"),
        _days(plan.lead_days, "提前提醒", "lead-days"),
        _days(plan.grace_days, "宽限", "grace-days"),
        _word([*Shift], str(shift), "遇休息日", "shift"),
        plan.statutory,
        # What the office wrote down itself needs no hint to check it.
        True,
        (plan.source or "").strip()[:200] or None,
    )


def preset_values(row: Preset, first_due: date) -> tuple[Any, ...]:
    """The stored values of `COLUMNS` for a preset."""
    return (
        row.task, first_due.isoformat(), row.every, str(row.unit), str(row.basis), row.lead_days, 0, str(row.shift),
        row.statutory, row.verified, row.source,
    )  # fmt: skip


def put(work: Work, equipment_id: int, values: Sequence[tuple[Any, ...]]) -> tuple[str, ...]:
    """Write plans; one that was ended stands up again, one that is active stays. Gives the tasks that are new."""
    known = {
        row.task: row
        for row in work.execute(
            select(MaintenancePlan.id, MaintenancePlan.task, MaintenancePlan.active).where(
                MaintenancePlan.equipment_id == equipment_id
            )
        )
    }
    columns = ("equipment_id", *COLUMNS, "active")
    new = [(equipment_id, *row, True) for row in values if row[0] not in known]
    if new:
        work.insert(MaintenancePlan, columns, new)
    again = [(*row, True, known[row[0]].id) for row in values if row[0] in known and not known[row[0]].active]
    work.change_many("maintenance_plan", ("id",), (*COLUMNS, "active"), again)
    return tuple(row[0] for row in values if row[0] not in known or not known[row[0]].active)


def put_presets(
    work: Work, equipment_id: int, type_: str, in_service: date | None, last: date | None, certificate: date | None
) -> tuple[str, ...]:
    """Give equipment the tasks of its type that it does not have; gives the new ones (none for an unknown type)."""
    values = [
        preset_values(row, equipment_presets.first_due(row, work.today, in_service, last, certificate))
        for row in equipment_presets.presets_of(type_)
    ]
    return put(work, equipment_id, values) if values else ()


def rows(work: Work, as_of: date, equipment: str | None = None) -> tuple[PlanRow, ...]:
    """Active plans by equipment and task; standing equipment has no next day."""
    office, done = look_up.calendar(work), read.done_days(work.connection, equipment)
    running = {plan.id for plan in read.plans(work.connection, equipment)}
    return tuple(
        _row(
            plan,
            done.get(plan.id, []),
            as_of,
            stands(plan, done.get(plan.id, []), as_of, office) if plan.id in running else None,
        )
        for plan in read.plans(work.connection, equipment, in_use=False)
    )


def _row(plan: Row[Any], done: list[date], as_of: date, due: Any) -> PlanRow:
    return PlanRow(
        plan.number, plan.name, plan.task, plan.every, plan.unit, plan.basis, plan.lead_days, plan.grace_days,
        plan.shift, plan.statutory, plan.verified, plan.source, plan.first_due, due.next_due if due else None,
        str(due.state) if due else None, max((day for day in done if day <= as_of), default=None), plan.version,
    )  # fmt: skip


def of_task(work: Work, equipment: Row[Any], task: str) -> Row[Any]:
    """The active plan of a task. Raises Refused `unknown_task`."""
    wanted = " ".join(task.split())
    plans = read.plans(work.connection, equipment.number, in_use=False)
    found = next((plan for plan in plans if plan.task == wanted), None)
    if found is None:
        known = "、".join(plan.task for plan in plans) or "（还没有，请先 plan add）"
        raise refuse(
            "unknown_task", "{number} 没有维保任务“{task}”。", "它的任务：" + known, number=equipment.number,
            task=wanted, field="task",
        )  # fmt: skip
    return found


def change(work: Work, plan: Row[Any], version: int, values: tuple[Any, ...]) -> None:
    """Put other values in the place of those seen at `version`. Raises Refused `changed_meanwhile`, `plan_exists`."""
    if plan.version != version:
        raise refuse("changed_meanwhile", "这项维保计划刚被别人改过。", "请重新打开，看过后再改。", field="version")
    twin = select(MaintenancePlan.id).where(
        MaintenancePlan.equipment_id == plan.equipment_id,
        MaintenancePlan.task == values[0],
        MaintenancePlan.id != plan.id,
    )
    if work.execute(twin).first():
        raise refuse("plan_exists", "这台设备已经有任务“{task}”。", "请换一个名称。", task=values[0], field="task")
    new = dict(zip(COLUMNS, values, strict=True))
    work.execute(update(MaintenancePlan).where(MaintenancePlan.id == plan.id).values(**new, version=plan.version + 1))
