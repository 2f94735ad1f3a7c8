"""维保: plans of recurring tasks, what is due, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from app.domain.equipment import Preset
from app.domain.maintenance import TaskState
from app.security.permissions import Permission
from app.services import equipment_alerts, equipment_presets, look_up, maintenance_plans
from app.services.equipment_details import STATES, row_of
from app.services.maintenance_plans import NewPlan, PlanRow
from app.services.maintenance_tasks import open_tasks, stands
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.equipment import Completion, MaintenancePlan
from db.queries import maintenance as read
from db.work import Work

TOUCHES = frozenset({"equipment", "alert"})
RESULTS = {"pass": "合格", "fail": "不合格"}
SHOWN = {
    TaskState.UPCOMING: "soon",
    TaskState.DUE: "due",
    TaskState.GRACE: "due",
    TaskState.OVERDUE: "overdue",
}
"""How a state is called outside (HANDBOOK §8.2)."""


@dataclass(frozen=True, slots=True)
class PlansAnswer:
    """The tasks that a piece of equipment was given."""

    equipment: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """A plan after the change."""

    equipment: str
    task: str
    version: int


@dataclass(frozen=True, slots=True)
class DueRow:
    """A task that somebody must think of; state soon, due or overdue; `escalate_to` engineer, supervisor or manager."""

    equipment: str
    name: str
    place: str | None
    task: str
    due: date
    state: str
    days_overdue: int
    escalate_to: str | None
    statutory: bool
    verified: bool
    source: str | None
    skipped: int


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """What is due on a day."""

    as_of: date
    due: tuple[DueRow, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Work as typed: who, when (None: today), result `pass` or `fail`, what was found, parts, cost in fen."""

    by: str
    on: date | None = None
    result: str = "pass"
    findings: str | None = None
    parts: str | None = None
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class DoneAnswer:
    """What was recorded. `skipped` occurrences were closed by this work beyond the first; `failed` raised an alert."""

    equipment: str
    task: str
    on: date
    result: str
    failed: bool
    next_due: date
    skipped: int


@use_case(Permission.SEE_EQUIPMENT)
def presets(work: Work, equipment_type: str | None = None) -> tuple[Preset, ...]:
    """The tasks that the product ships: all, or those of a type under any usual name."""
    return _presets(equipment_type) if equipment_type is not None else equipment_presets.presets()


def _presets(equipment_type: str) -> tuple[Preset, ...]:
    found = equipment_presets.presets_of(equipment_presets.known_type(equipment_type) or "")
    if not found:
        known = "、".join(equipment_presets.categories())
        raise refuse(
            "unknown_type", "预设里没有设备类型“{type}”。", "有预设的类型：" + known + "。也可以手工添加计划。",
            type=equipment_type, field="type",
        )  # fmt: skip
    return found


@use_case(Permission.SEE_EQUIPMENT)
def plans(work: Work, number: str | None = None) -> tuple[PlanRow, ...]:
    """Active plans with where they stand today: of all equipment, or of one."""
    return maintenance_plans.rows(work, work.today, None if number is None else row_of(work, number).number)


@use_case(Permission.MAINTAIN, audit="plan.added", touches=TOUCHES)
def add_plan(work: Work, number: str, plan: NewPlan) -> PlansAnswer:
    """Give equipment a recurring task. One that was ended may be added anew."""
    row = row_of(work, number)
    values = maintenance_plans.checked(plan, work.today)
    if not maintenance_plans.put(work, row.id, [values]):
        raise refuse(
            "plan_exists", "{number} 已经有任务“{task}”。", "请换一个名称，或先 plan end 结束原来的。",
            number=row.number, task=values[0], field="task",
        )  # fmt: skip
    detail = {"number": row.number, "task": values[0], "first_due": values[1], "every": values[2], "unit": values[3]}
    work.audit("plan.added", "equipment", row.id, detail=detail)
    return PlansAnswer(row.number, (values[0],))


@use_case(Permission.MAINTAIN, audit="plan.added", touches=TOUCHES)
def add_presets(work: Work, number: str, equipment_type: str | None = None, last: date | None = None) -> PlansAnswer:
    """Give equipment the preset tasks of its type (or another) that it does not have, counted from the last
    maintenance where that is known. Raises Refused `unknown_type` for a type without presets.
    """
    row = row_of(work, number)
    if last is not None and last > work.today:
        raise refuse("future_day", "上次维保日期 {day} 在将来。", "请选今天或以前的一天。", day=last, field="last")
    rows = _presets(equipment_type or row.type)
    tasks = maintenance_plans.put_presets(
        work, row.id, rows[0].equipment_type, row.in_service, last, row.certificate_end
    )
    work.audit("plan.added", "equipment", row.id, detail={"number": row.number, "tasks": list(tasks)})
    return PlansAnswer(row.number, tasks)


@use_case(Permission.MAINTAIN, audit="plan.changed", touches=TOUCHES)
def change_plan(work: Work, number: str, task: str, version: int, plan: NewPlan) -> PlanAnswer:
    """Put another plan in the place of the one seen at `version`; what was done stays with it."""
    row = row_of(work, number)
    found = maintenance_plans.of_task(work, row, task)
    values = maintenance_plans.checked(plan, found.first_due)
    maintenance_plans.change(work, found, version, values)
    equipment_alerts.close_gone(work, row.number)
    detail = {"number": row.number, "task": found.task, "after": [str(value) for value in values]}
    work.audit("plan.changed", "equipment", row.id, detail=detail)
    return PlanAnswer(row.number, values[0], version + 1)


@use_case(Permission.MAINTAIN, audit="plan.ended", touches=TOUCHES)
def end_plan(work: Work, number: str, task: str) -> PlanAnswer:
    """End a plan: its task is no longer due; what was done is kept."""
    row = row_of(work, number)
    plan = maintenance_plans.of_task(work, row, task)
    ended = update(MaintenancePlan).where(MaintenancePlan.id == plan.id)
    work.execute(ended.values(active=False, version=plan.version + 1))
    equipment_alerts.close_gone(work, row.number)
    equipment_alerts.close_failed(work, row.number, plan.task)
    work.audit("plan.ended", "equipment", row.id, detail={"number": row.number, "task": plan.task})
    return PlanAnswer(row.number, plan.task, plan.version + 1)


@use_case(Permission.SEE_EQUIPMENT)
def due(work: Work, as_of: date | None = None) -> DueAnswer:
    """The tasks that are soon due, due or overdue on a day (default today), the most urgent first."""
    day = as_of or work.today
    rows = tuple(
        DueRow(
            row.equipment,
            row.name,
            row.place,
            row.task,
            row.due.next_due,
            SHOWN[row.due.state],
            row.due.days_overdue,
            row.due.escalate_to,
            row.statutory,
            row.verified,
            row.source,
            row.due.skipped,
        )
        for row in open_tasks(work, day)
    )
    return DueAnswer(day, rows)


def _said(text: str | None, title: str, longest: int, field: str) -> str | None:
    line = (text or "").strip()
    if len(line) > longest or not line.replace("\n", "").isprintable():
        raise refuse("done.text", "{title}最多 {n} 个字。", "请改短。", title=title, n=longest, field=field)
    return line or None


def _check_done(done: Done, on: date, today: date) -> tuple[str, str | None, str | None]:
    """Who, findings and parts of the work. Raises Refused."""
    by = _said(done.by, "维保人", 40, "by")
    if by is None:
        raise refuse("done.by", "没有写是谁做的。", "请写明维保人。", field="by")
    if done.result not in RESULTS:
        raise refuse(
            "bad_choice", "结果不能是 {r}。", "只能是 pass（合格）或 fail（不合格）。", r=done.result, field="result"
        )
    if on > today:
        raise refuse("future_day", "完成日期 {day} 在将来。", "请选今天或以前的一天。", day=on, field="date")
    if done.cost is not None and done.cost < 0:
        raise refuse("done.cost", "费用不能是负数。", "请改正费用。", field="cost")
    return by, _said(done.findings, "发现的问题", 500, "findings"), _said(done.parts, "更换的配件", 500, "parts")


@use_case(Permission.MAINTAIN, audit="maintenance.done", touches=TOUCHES)
def complete(work: Work, number: str, task: str, done: Done) -> DoneAnswer:
    """Record that a task was done. A check that was not passed counts as done and raises an alert.

    Raises Refused `unknown_equipment`, `unknown_task`, `not_in_use`, `future_day`, `already_done`.
    """
    row = row_of(work, number)
    plan = maintenance_plans.of_task(work, row, task)
    on = done.on or work.today
    by, findings, parts = _check_done(done, on, work.today)
    if row.state != "in_use":
        raise refuse(
            "not_in_use", "{number} 现在是{state}，没有维保任务。", "先用 equipment state 改为在用，再登记。",
            number=row.number, state=STATES[row.state], field="equipment",
        )  # fmt: skip
    same = select(Completion.id).where(
        Completion.plan_id == plan.id, Completion.on == on, Completion.result == done.result
    )
    if work.execute(same).first():
        raise refuse("already_done", "{day} 的{task}已经登记过。", "不用再登记。", day=on, task=plan.task, field="date")
    days, office = list(read.done_days(work.connection, row.number).get(plan.id, [])), look_up.calendar(work)
    before = stands(plan, days, work.today, office)
    columns = ("plan_id", "on", "result", "done_by", "findings", "parts", "cost", "user_id", "at", "seq")
    values = (plan.id, on.isoformat(), done.result, by, findings, parts, done.cost, work.user_id, work.now, work.seq)
    work.insert(Completion, columns, [values])
    after = stands(plan, [*days, on], work.today, office)
    equipment_alerts.close_gone(work, row.number)
    if done.result == "fail":
        equipment_alerts.raise_failed(work, row.number, row.name, plan.task, on, findings)
    else:
        equipment_alerts.close_failed(work, row.number, plan.task, on)
    detail = {"number": row.number, "task": plan.task, "on": on.isoformat(), "result": done.result, "cost": done.cost}
    work.audit("maintenance.done", "equipment", row.id, detail=detail)
    skipped = after.skipped - before.skipped
    return DoneAnswer(row.number, plan.task, on, done.result, done.result == "fail", after.next_due, skipped)
