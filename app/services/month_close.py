"""月结: a month is added up and shut; after it no entry may be `on` one of its days, for anybody (DESIGN §4).

Only months that follow one another are shut, from the first entry on; only the newest may be opened again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import aliased

from app.domain.control_sums import ControlSums
from app.domain.period import Period
from app.domain.problem import Problem
from app.security.permissions import Permission
from app.services.documents import keep, kept
from app.services.entrance import Approver
from app.services.refused import Refused, refuse
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.document import Document
from db.models.month import MonthClose
from db.models.security import User
from db.queries import month as read
from db.work import Work

NAMED = 5
"""So many cashiers are named where days are not closed; the rest are counted."""


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """What a close keeps: the month, who shut it when and why, and its control sums."""

    month: str
    last: date
    closed_on: date
    by: str
    reason: str
    sums: ControlSums


@dataclass(frozen=True, slots=True)
class MonthClosed:
    """A month that was shut; `digest` is that of the kept sheet, as the audit record has it."""

    sheet: MonthSheet
    digest: str


@dataclass(frozen=True, slots=True)
class MonthReopened:
    """A month that takes entries again."""

    month: str
    reason: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A close in the list; state closed or reopened, the latter with when, by whom and why."""

    state: str
    sheet: MonthSheet
    reopened_on: date | None
    reopened_by: str | None
    reopen_reason: str | None


@dataclass(frozen=True, slots=True)
class Months:
    """All closes, newest first, and the month that is to be closed next (None before the first entry)."""

    rows: tuple[MonthRow, ...]
    next: str | None


def month_of(_work: Work, text: str) -> Period:
    """A month as typed. Raises Refused `period.format`. For bodies of use cases."""
    try:
        return Period.parse(text)
    except Problem as why:
        raise Refused(why, "period") from None


def _newest_of(work: Work, month: Period) -> Row[Any]:
    """The close of a month that must be the newest closed one. Raises Refused `month_open`, `not_newest`."""
    row = read.newest(work.connection)
    if row is None or month.last > row.last:
        raise refuse("month_open", "{month} 还没有月结。", "请核对月份。", month=month, field="period")
    if month.last < row.last:
        raise refuse(
            "not_newest",
            "{month} 之后的月份也已经月结（结到 {newest}）。",
            "只能从最后一个月起，一个月一个月地重开。",
            month=month,
            newest=row.month,
            field="period",
        )
    return row


def _next(work: Work) -> Period | None:
    newest = read.newest(work.connection)
    if newest is not None:
        return Period(newest.month).plus(1)
    first = read.first_entry(work.connection)
    return None if first is None else Period.of(first)


def _check_order(work: Work, month: Period) -> None:
    if month.last >= work.today:
        raise refuse(
            "month_not_over", "{month} 还没有过完，不能月结。", "请在 {next} 或以后月结。", month=month,
            next=month.plus(1).first, field="period",
        )  # fmt: skip
    due, newest = _next(work), read.newest(work.connection)
    if newest is not None and month.last <= newest.last:
        raise refuse(
            "month_already_closed", "{month} 已经月结（结到 {newest}）。", "请核对月份；要改账请先重开最后一个月。",
            month=month, newest=newest.month, field="period",
        )  # fmt: skip
    if due is None or month < due:
        raise refuse("nothing_to_close", "{month} 还没有账，无须月结。", "请核对月份。", month=month, field="period")
    if month > due:
        raise refuse(
            "month_before_open", "{due} 还没有月结，不能先结 {month}。", "请从 {due} 起一个月一个月地结。", month=month,
            due=due, field="period",
        )  # fmt: skip


def _named(rows: Sequence[read.Unclosed]) -> str:
    more = f" 等 {len(rows)} 人" if len(rows) > NAMED else ""
    return "、".join(f"{row.name}（{row.day} 起）" for row in rows[:NAMED]) + more


def _check_days(work: Work, month: Period, reason: str) -> None:
    """Every day is closed by who took money on it; who can no longer log in is excused, with a reason."""
    rows = read.unclosed(work.connection, month.last)
    at_work = [row for row in rows if row.enabled]
    if at_work:
        raise refuse(
            "days_open",
            "还有没日结的日子：{who}。",
            "请他们先日结到 {last}，再月结 {month}。",
            who=_named(at_work),
            last=month.last,
            month=month,
            field="period",
        )
    if rows and not reason:
        raise refuse(
            "reason_needed",
            "已停用的收款员还有没日结的日子：{who}。",
            "请核对他们的收款，写明原因再月结。",
            who=_named(rows),
            field="reason",
        )


@use_case(Permission.CLOSE_MONTH)
def rehearse(work: Work, month: str, reason: str | None = None) -> ControlSums:
    """What a close of the month would keep. Writes nothing. Raises Refused as `close`."""
    period = month_of(work, month)
    _check_order(work, period)
    _check_days(work, period, (reason or "").strip())
    return read.control_sums(work.connection, period.first, period.last, work.today)


@use_case(Permission.CLOSE_MONTH, audit="month.closed", touches=frozenset({"close"}))
def close(work: Work, month: str, reason: str | None = None) -> MonthClosed:
    """Shut a month that is over, the one after the last closed (the first: that of the oldest entry).

    Its control sums are kept, their digest in the audit record. Raises Refused `month_not_over`,
    `month_already_closed`, `nothing_to_close`, `month_before_open`, `days_open`, `reason_needed`.
    """
    period = month_of(work, month)
    why = need_reason(reason) if (reason or "").strip() else ""
    _check_order(work, period)
    _check_days(work, period, why)
    sums = read.control_sums(work.connection, period.first, period.last, work.today)
    name = work.execute(select(User.name).where(User.id == work.user_id)).scalar_one()
    sheet = MonthSheet(str(period), period.last, work.today, name, why, sums)
    before = work.execute(select(func.count()).where(MonthClose.month == str(period))).scalar_one()
    (document,) = keep(work, "month_close", [(f"{period}/{before + 1}", sheet)])
    columns = ("month", "last", "state", "on", "user_id", "reason", "document_id", "seq")
    row = (str(period), period.last.isoformat(), "closed", work.today.isoformat(), work.user_id, why or None, document,
           work.seq)  # fmt: skip
    (close_id,) = work.insert(MonthClose, columns, [row])
    digest = work.execute(select(Document.digest).where(Document.id == document)).scalar_one()
    work.audit(
        "month.closed", "month_close", close_id, detail={"month": str(period), "reason": why, "document": digest}
    )
    return MonthClosed(sheet, digest)


@use_case(Permission.CLOSE_MONTH, audit="month.reopened", touches=frozenset({"close"}))
def reopen(work: Work, month: str, reason: str | None, *, second: Approver | None = None) -> MonthReopened | Waiting:
    """Let the newest closed month take entries again, with a manager's consent; its sums stay in the list.

    Raises Refused `month_open`, `not_newest`, `reason_needed`, `not_approver`.
    """
    period, why = month_of(work, month), need_reason(reason)
    row = _newest_of(work, period)
    arguments = {"month": str(period)}
    return perform_or_ask(
        work, "month.reopen", _perform, arguments, why, f"重开 {period}", second, audit="month.reopened",
        about=("month_close", row.id),
    )  # fmt: skip


def _perform(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> MonthReopened:
    period = month_of(work, str(arguments["month"]))
    row = _newest_of(work, period)
    work.execute(
        update(MonthClose)
        .where(MonthClose.id == row.id)
        .values(
            state="reopened",
            reopened_on=work.today,
            reopened_by=work.user_id,
            reopen_reason=reason,
            version=MonthClose.version + 1,
        )
    )
    work.audit(
        "month.reopened",
        "month_close",
        row.id,
        detail={"month": str(period), "reason": reason},
        sole=given.sole,
        approver_id=given.approver_id,
    )
    work.touched.add("close")
    return MonthReopened(str(period), reason)


PERFORM["month.reopen"] = _perform


@use_case(Permission.SEE_MONEY)
def listing(work: Work) -> Months:
    """All closes with their control sums, newest first, and the month that comes next."""
    who = aliased(User)
    rows = work.execute(
        select(MonthClose, who.name.label("reopener"))
        .outerjoin(who, who.id == MonthClose.reopened_by)
        .order_by(MonthClose.id.desc())
    ).all()
    sheets = kept(work, [row.document_id for row in rows], MonthSheet)
    due = _next(work)
    return Months(
        tuple(
            MonthRow(row.state, sheets[row.document_id], row.reopened_on, row.reopener, row.reopen_reason)
            for row in rows
        ),
        None if due is None else str(due),
    )
