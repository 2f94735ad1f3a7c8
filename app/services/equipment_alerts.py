"""What equipment gives cause to be reminded of: tasks that are due or late, certificates and contracts that end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.domain.equipment import LIFTS, is_inspection, may_not_run_uninspected
from app.domain.maintenance import TaskState
from app.domain.period import add_months
from app.security.permissions import Role
from app.services import alerts
from app.services.alerts import DANGER, INFO, WARN, Wanted
from app.services.maintenance_tasks import Standing, open_tasks
from db.models.alert import Alert
from db.models.equipment import Equipment
from db.work import Work

MAINTENANCE = "maintenance"
FAILED = "maintenance_failed"
CERTIFICATES = frozenset({"certificate", "contract"})
READS = frozenset({"equipment", "setting"})

_ENGINEERS = (Role.ENGINEERING.value,)
_BOTH = (Role.ENGINEERING.value, Role.MANAGER.value)
_AUDIENCE = {None: _ENGINEERS, "engineer": _ENGINEERS, "supervisor": _BOTH, "manager": _BOTH}
"""Who hears of a late task (HANDBOOK §8.2). Nobody is marked as a supervisor, so the manager is."""

NOT_TO_BE_USED = "未经检验不得使用（特种设备安全法第四十条）：请立即停用，检验合格后再启用。"
_NEAR, _NEARER = timedelta(days=60), timedelta(days=30)


def _task_title(row: Standing) -> tuple[str, str]:
    """Level and words of a task's state."""
    day = row.due.next_due.isoformat()
    if row.due.state == TaskState.UPCOMING:
        return INFO, f"{day} 到期"
    if row.due.state == TaskState.DUE:
        return WARN, "今天到期"
    if row.due.state == TaskState.GRACE:
        return WARN, f"{day} 已到期，在宽限期内"
    return DANGER, f"已逾期 {row.due.days_overdue} 天（{day} 到期）"


def _task_todo(row: Standing) -> str:
    late = row.due.state == TaskState.OVERDUE
    if late and is_inspection(row.task) and may_not_run_uninspected(row.category, row.type):
        todo = NOT_TO_BE_USED
    elif late:
        todo = "请立即安排，做完在“设备维保”里登记完成。"
    else:
        todo = "请安排，做完登记。"
    if row.statutory and row.source:
        todo += f"依据：{row.source}。"
    return todo if row.verified else todo + "周期请按当地规定核对。"


def maintenance_wanted(work: Work, equipment: str | None = None) -> list[Wanted]:
    """One alert for each task that is soon due, due or late today."""
    found = []
    for row in open_tasks(work, work.today, equipment):
        level, words = _task_title(row)
        key = f"{MAINTENANCE}:{row.equipment}:{row.task}:{row.due.next_due}"
        title = f"{row.equipment} {row.name}：{row.task}{words}"
        roles = _AUDIENCE[row.due.escalate_to]
        found.append(Wanted(key, MAINTENANCE, level, title, _task_todo(row), roles, row.equipment, row.due.next_due))
    return found


def close_gone(work: Work, number: str) -> None:
    """Close the alerts about the tasks of a piece of equipment that no longer hold; for bodies of use cases."""
    found = alerts.settlement(work, {MAINTENANCE}, maintenance_wanted(work, number), about=number)
    alerts.close(work, found.closed)


def raise_failed(work: Work, number: str, name: str, task: str, on: date, findings: str | None) -> None:
    """A check that was not passed: an alert until the task is done again and passed. For bodies of use cases."""
    said = f"发现：{findings}。" if findings else ""
    wanted = Wanted(
        f"{FAILED}:{number}:{task}:{on}",
        FAILED,
        DANGER,
        f"{number} {name}：{on} {task}不合格",
        f"{said}请安排处理，处理好后重做并登记。",
        _BOTH,
        number,
        on,
    )
    found = alerts.settlement(work, (), [wanted])
    if not found.nothing:
        alerts.settle(work, found)


def close_failed(work: Work, number: str, task: str | None = None, until: date | None = None) -> None:
    """Close the alerts about checks not passed: of one task up to a day, or all of them. For bodies of use cases."""
    query = select(Alert.key).where(Alert.kind == FAILED, Alert.object == number, Alert.closed_at.is_(None))
    if task is not None:
        query = query.where(Alert.key.startswith(f"{FAILED}:{number}:{task}:", autoescape=True))
    if until is not None:
        query = query.where(Alert.due <= until)
    alerts.close(work, list(work.execute(query).scalars()))


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper of a piece of equipment that ends on a day."""

    kind: str
    title: str
    number: str
    name: str
    end: date
    lift: bool
    special: bool


def _papers(work: Work) -> Sequence[_Paper]:
    rows = work.execute(
        select(
            Equipment.number, Equipment.name, Equipment.category, Equipment.type, Equipment.certificate_end,
            Equipment.contract_end,
        )
        .where(Equipment.state == "in_use")
        .order_by(Equipment.number)
    )  # fmt: skip
    found = []
    for number, name, category, type_, certificate, contract in rows:
        if certificate is not None:
            special = may_not_run_uninspected(category, type_)
            found.append(_Paper("certificate", "检验有效期", number, name, certificate, category == LIFTS, special))
        if contract is not None:
            found.append(_Paper("contract", "维保合同", number, name, contract, False, False))
    return found


def _paper_todo(paper: _Paper, today: date) -> str:
    month_before = add_months(paper.end, -1)
    if paper.kind == "contract":
        return "请续签维保合同，或更换维保单位，再更新设备台账。"
    if paper.special and today > paper.end:
        return NOT_TO_BE_USED
    if paper.lift or paper.special:
        if today <= month_before:
            return f"请在 {month_before} 前（届满一个月前）向检验机构申请定期检验，合格后更新检验有效期。"
        return "申请检验应在届满一个月前提出：还没有申请的请今天就办；合格后更新检验有效期。"
    return "请安排检验，合格后更新检验有效期。"


def certificates_wanted(work: Work) -> list[Wanted]:
    """Certificates and maintenance contracts that end within 60 days, 30 days, or have ended."""
    found = []
    for paper in _papers(work):
        left = paper.end - work.today
        if left > _NEAR:
            continue
        if left.days < 0:
            level, words = DANGER, f"已于 {paper.end} 过期"
        elif left.days == 0:
            level, words = DANGER, "今天到期"
        else:
            level = WARN if left <= _NEARER else INFO
            words = f"{paper.end} 到期（{30 if level == WARN else 60} 天内）"
        roles = _ENGINEERS if level == INFO else _BOTH
        key = f"{paper.kind}:{paper.number}:{paper.end}"
        title = f"{paper.number} {paper.name}：{paper.title}{words}"
        found.append(
            Wanted(key, paper.kind, level, title, _paper_todo(paper, work.today), roles, paper.number, paper.end)
        )
    return found
