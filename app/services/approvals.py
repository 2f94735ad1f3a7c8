"""审批: what waits for a second person, and his yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update

from app.domain.problem import problem
from app.security.permissions import ACTS, Permission
from app.services.answers import to_json
from app.services.refused import NotAllowed, Refused, refuse
from app.services.two_persons import PERFORM, Consent, alone, need_reason
from app.services.use_case import use_case
from db.models.office import Request
from db.models.security import User
from db.work import Work


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as the second person sees it."""

    request: str
    act: str
    act_title: str
    by: str
    at: str
    reason: str
    summary: str


@dataclass(frozen=True, slots=True)
class Decision:
    """How a request was decided; `result` is the act's own answer."""

    request: str
    state: str
    result: dict[str, Any] | None


def _approvers(row: Row[Any]) -> frozenset[str]:
    given = row.arguments.get("approvers")
    return frozenset(str(role) for role in given) if isinstance(given, list) else ACTS[row.act].approvers


@use_case(Permission.SEE_MONEY)
def single_handed(work: Work, acts: Sequence[str]) -> tuple[str, ...]:
    """Which of these acts nobody else could approve now (单人办理, HANDBOOK §9.1), by their titles."""
    return tuple(ACTS[act].title for act in acts if alone(work, act))


@use_case(Permission.DECIDE)
def waiting(work: Work) -> tuple[RequestRow, ...]:
    """Requests that this seat may decide, oldest first."""
    rows = work.execute(
        select(Request, User.name.label("asker"))
        .join(User, User.id == Request.by_user)
        .where(Request.state == "waiting")
        .order_by(Request.id)
    )
    return tuple(
        RequestRow(row.number, row.act, ACTS[row.act].title, row.asker, row.at, row.reason, row.summary)
        for row in rows
        if row.by_user != work.user_id and work.roles & _approvers(row)
    )


def _find(work: Work, number: str) -> Row[Any]:
    row: Row[Any] | None = work.execute(select(Request).where(Request.number == number)).first()
    if row is None:
        raise refuse("unknown_request", "没有这个申请：{number}。", "请核对申请号。", number=number)
    if row.state != "waiting":
        raise refuse("request_decided", "申请 {number} 已经处理过了。", number=number)
    if row.by_user == work.user_id:
        raise refuse("own_request", "不能批准自己的申请。", "请由另一位有审批权限的同事处理。")
    if not work.roles & _approvers(row):
        raise NotAllowed(problem("no_permission", "您的角色不能批准这项操作。", "请由有审批权限的同事处理。"))
    return row


def _decide(work: Work, row: Row[Any], state: str, reason: str | None, result: dict[str, Any] | None) -> Decision:
    work.execute(
        update(Request)
        .where(Request.id == row.id)
        .values(
            state=state,
            decided_by=work.user_id,
            decided_at=work.now,
            decision_reason=reason,
            result=result,
            version=Request.version + 1,
        )
    )
    return Decision(row.number, state, result)


@use_case(Permission.DECIDE, audit="request.approved", touches=frozenset({"request"}))
def yes(work: Work, number: str) -> Decision:
    """Consent to a request and do it, in the name of who asked."""
    row = _find(work, number)
    approver, work.user_id = work.user_id, row.by_user
    try:
        result = to_json(PERFORM[row.act](work, row.arguments, row.reason, Consent(False, approver)))
    except Refused:
        raise
    finally:
        work.user_id = approver
    done = _decide(work, row, "done", None, result)
    if work.record is None:
        raise AssertionError(f"{row.act} left no record")
    work.record.detail["act"] = work.record.action
    work.record.action = "request.approved"
    work.record.detail["request"] = number
    return done


@use_case(Permission.DECIDE, audit="request.refused", touches=frozenset({"request"}))
def no(work: Work, number: str, reason: str | None) -> Decision:
    """Refuse a request, with a reason."""
    row, why = _find(work, number), need_reason(reason)
    work.audit("request.refused", "request", row.id, detail={"request": number, "reason": why})
    return _decide(work, row, "refused", why, None)
