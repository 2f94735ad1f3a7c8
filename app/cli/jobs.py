"""Commands of the background work: jobs, alert."""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from app.cli.context import Answer, Context
from app.cli.parser import Commands
from app.jobs.runner import Ran, Runner
from app.services import alerts
from app.services.alerts import AlertRow
from app.services.job_runs import TITLES
from app.services.seat import Seat

_LEVELS = {"danger": "紧急", "warn": "注意", "info": "提示"}
_REMEMBERED = 200
"""So many runs of `jobs --forever` are told at its end."""


def _alert_said(row: AlertRow) -> dict[str, Any]:
    return {
        "alert": row.key, "kind": row.kind, "level": row.level, "title": row.title, "todo": row.todo,
        "roles": list(row.roles), "object": row.object, "due": row.due.isoformat() if row.due else None,
        "raised_at": row.raised_at, "closed_at": row.closed_at, "seen": row.seen,
    }  # fmt: skip


def _alert_line(row: AlertRow) -> str:
    state = "已了结" if row.closed_at else _LEVELS[row.level]
    return f"{state}\t{row.title}\t{row.todo}"


def _alert_list(context: Context) -> Answer:
    rows = alerts.listing(context.log_in(), context.args.all)
    return Answer({"alerts": [_alert_said(row) for row in rows]}, [*map(_alert_line, rows)] or ["没有提醒。"])


def _answer(seat: Seat, ran: Sequence[Ran]) -> Answer:
    rows = alerts.listing(seat)
    said = {
        "ran": [{"job": run.job, "ok": run.ok, "message": run.message} for run in ran],
        "alerts": [_alert_said(row) for row in rows],
    }
    lines = [f"{TITLES[run.job]}\t{'完成' if run.ok else '没有完成'}\t{run.message}" for run in ran]
    return Answer(said, [*(lines or ["现在没有到时间的任务。"]), *map(_alert_line, rows)])


@contextmanager
def _until_told() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, instead of ending the process."""
    told = threading.Event()
    before = {number: signal.signal(number, lambda *_: told.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _jobs(context: Context) -> Answer:
    seat = context.log_in()
    if context.args.once:
        return _answer(seat, Runner(seat.store).run(light=True))
    ran: deque[Ran] = deque(maxlen=_REMEMBERED)
    with _until_told() as told:
        runner = Runner(seat.store, ran=ran.extend)
        runner.start()
        try:
            # Windows wakes a waiting main thread for a signal only now and then.
            while not told.wait(1):
                pass
        finally:
            runner.stop()
    return _answer(seat, tuple(ran))


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("alert list", _alert_list, "列出您这个角色的提醒", "anju alert list --all")
    one.add_argument("--all", action="store_true", help="已了结的也列出")
    one = commands.add(
        "jobs",
        _jobs,
        "后台任务：维保和证照提醒、出账和催缴提醒、自动备份。任何角色都可以登录来运行，任务以内置用户的权限做",
        "anju jobs --once --user 王经理",
    )
    how = one.add_mutually_exclusive_group(required=True)
    how.add_argument("--once", action="store_true", help="做一遍到时间的任务，检查类的总是做；说出每个任务做了什么")
    how.add_argument("--forever", action="store_true", help="一直运行，直到 Ctrl-C 或终止信号，结束时说出最近做了什么")
