"""后台任务: when each background job last ran, and what kept it from its work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select, update

from app.security.permissions import Permission, Role
from app.services.alerts import WARN, Wanted
from app.services.use_case import use_case
from db.models.desk import JobRun
from db.work import Work

TITLES: Mapping[str, str] = {
    "maintenance": "维保提醒",
    "certificates": "证照和合同到期提醒",
    "permits": "装修许可到期",
    "handovers": "准备好的过户、退租",
    "bills": "出账提醒",
    "dunning": "催缴提醒",
    "backup": "自动备份",
    "backup_watch": "备份检查",
}
"""The background jobs."""

FAILED = "job_failed"


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a job last ran and last did its work (aware, UTC). Where `last` is later, it was not done."""

    last: datetime
    last_good: datetime | None
    failures: int = 0
    message: str | None = None


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@use_case(Permission.RUN_JOBS)
def last_runs(work: Work) -> Mapping[str, LastRun]:
    """The last run of each job that ever ran, by name."""
    return {
        row.name: LastRun(
            _instant(row.last), None if row.last_good is None else _instant(row.last_good), row.failures, row.message
        )
        for row in work.execute(select(JobRun))
    }


@use_case(Permission.RUN_JOBS, desk=True)
def record(work: Work, name: str, done: bool, failure: str | None) -> None:
    """Keep how a run ended: `done`, or waiting for something (no failure), or failed with a sentence."""
    before = work.execute(select(JobRun).where(JobRun.name == name)).first()
    failures = 0 if done or before is None else before.failures
    values = {
        "last": work.now,
        "last_good": work.now if done else before.last_good if before is not None else None,
        "failures": failures + (failure is not None),
        "message": failure,
    }
    if before is None:
        work.execute(insert(JobRun).values(name=name, **values))
    else:
        work.execute(update(JobRun).where(JobRun.name == name).values(**values))


def failed_wanted(work: Work) -> list[Wanted]:
    """One alert for each job that failed and was not done since; named by its last success, so one a streak."""
    found = []
    for row in work.execute(select(JobRun).where(JobRun.failures > 0).order_by(JobRun.name)):
        title = TITLES.get(row.name, row.name)
        found.append(
            Wanted(
                f"{FAILED}:{row.name}:{row.last_good or ''}",
                FAILED,
                WARN,
                f"后台任务“{title}”没有完成",
                f"{row.message or ''}程序会自己重试，做成后这条提醒会关闭。",
                (Role.ADMINISTRATOR.value, Role.MANAGER.value),
            )
        )
    return found
