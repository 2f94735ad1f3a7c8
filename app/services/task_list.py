"""维保任务 as a list: every task of equipment in use with its next day, the most urgent first."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.security.permissions import Permission
from app.services import list_export, look_up, maintenance_tasks
from app.services.equipment_list import STATE_OF
from app.services.equipment_list import STATES as EQUIPMENT_STATES
from app.services.gathered import Field, Gathered, Pick
from app.services.list_export import Exported
from app.services.list_face import Counts, Kind, Query, Sort, State
from app.services.use_case import use_case
from db.queries import maintenance as read
from db.work import Work

STATES: tuple[State, ...] = EQUIPMENT_STATES[:4]
"""How a task stands, the most urgent first."""

_UNITS = {"day": "天", "month": "个月", "year": "年"}

ESCALATED = {"engineer": "工程", "supervisor": "主管", "manager": "经理"}


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in the list; `left` days until it is due, negative when it is late."""

    task: str
    equipment: str
    name: str
    place: str | None
    due: date
    left: int
    state: str
    escalated: str | None
    statutory: bool
    every: str
    last: date | None
    source: str | None


def _gather(work: Work) -> Mapping[int, TaskLine]:
    office, done, today = look_up.calendar(work), read.done_days(work.connection), work.today
    found = {}
    for plan in read.plans(work.connection):
        days = done.get(plan.id, [])
        stands = maintenance_tasks.stands(plan, days, today, office)
        found[plan.id] = TaskLine(
            plan.task, plan.number, plan.name, plan.place, stands.next_due, (stands.next_due - today).days,
            STATE_OF[stands.state], ESCALATED.get(stands.escalate_to or ""), plan.statutory,
            f"每 {plan.every} {_UNITS[plan.unit]}", max(days, default=None), plan.source,
        )  # fmt: skip
    return found


TASKS = Gathered(
    name="tasks",
    title="维保任务",
    unit="项",
    gather=_gather,
    columns=(
        Field("equipment", "编号", Kind.NUMBER, 9, find=True),
        Field("name", "设备", width=14, find=True),
        Field("task", "任务", width=16, find=True),
        Field("state", "状态", Kind.STATE, 9, states=STATES),
        Field("due", "到期", Kind.DATE, 11),
        Field("left", "余天", Kind.COUNT, 7, alarming=True),
        Field("place", "位置", width=12, find=True),
        Field("every", "周期", width=9),
        Field("statutory", "法定", Kind.CHECK, 6),
        Field("last", "上次完成", Kind.DATE, 11, shown=False),
        Field("escalated", "上报", width=7, shown=False),
        Field("source", "依据", width=20, find=True, shown=False),
    ),
    default=(Sort("due"), Sort("equipment"), Sort("task")),
    reads=frozenset({"equipment"}),
    filters=(
        Pick("state", "状态", tuple((state.code, state.word) for state in STATES), lambda row: (row.state,)),
        Pick("statutory", "法定", (("1", "法定任务"),), lambda row: ("1",) if row.statutory else ()),
    ),
)


@use_case(Permission.SEE_EQUIPMENT)
def keys(work: Work, query: Query) -> array[int]:
    """The tasks that match, in order."""
    return TASKS.keys(work, query)


@use_case(Permission.SEE_EQUIPMENT)
def rows(work: Work, keys: Sequence[int]) -> dict[int, TaskLine]:
    """The tasks of these keys."""
    return TASKS.rows(work, keys)


@use_case(Permission.SEE_EQUIPMENT)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Nothing of tasks is added up."""
    return TASKS.totals(work, query)


@use_case(Permission.SEE_EQUIPMENT)
def counts(work: Work, query: Query) -> Counts:
    """How many tasks match, by filter."""
    return TASKS.counts(work, query)


@use_case(Permission.SEE_EQUIPMENT, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the tasks that match to a workbook."""
    return list_export.write(work, TASKS, query, target, columns)
