"""Acts that need a second person: who may consent, and what happens while nobody has (DESIGN §1, HANDBOOK §9.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import insert, select

from app.security.permissions import ACTS
from app.services.entrance import Approver
from app.services.numbers import draw
from app.services.refused import refuse
from db.models.office import Request
from db.models.security import User, UserRole
from db.work import Work


@dataclass(frozen=True, slots=True)
class Consent:
    """The second person's yes; or, single-handed, nobody's, with a reason."""

    sole: bool
    approver_id: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The act was not done; its request waits for a second person."""

    request: str
    state: str = "waiting"


Perform = Callable[[Work, Mapping[str, Any], str, Consent], object]
"""Does an act that was consented to: its arguments, the reason, the consent."""

R = TypeVar("R")
LONGEST_SUMMARY = 200
LONGEST_REASON = 200

PERFORM: dict[str, Perform] = {}
"""What each act does once it is consented to; filled by the modules of the acts."""


def need_reason(reason: str | None) -> str:
    """The reason, without blanks around it. Raises Refused `reason_needed`."""
    return _written(reason, "reason", "原因")


def need_purpose(purpose: str | None) -> str:
    """What personal data are wanted for, without blanks around it. Raises Refused `reason_needed`, `reason_long`."""
    return _written(purpose, "purpose", "用途")


def _written(said: str | None, field: str, word: str) -> str:
    text = (said or "").strip()
    if not text:
        raise refuse("reason_needed", "这项操作要写明{word}。", "请写明" + word + "再做一次。", word=word, field=field)
    if len(text) > LONGEST_REASON:
        raise refuse(
            "reason_long", "{word}太长，最多 {n} 字。", "请写短一些。", word=word, n=LONGEST_REASON, field=field
        )
    return text


def _holders(work: Work, roles: frozenset[str]) -> frozenset[int]:
    found = work.execute(
        select(User.id).join(UserRole, UserRole.user_id == User.id).where(User.enabled, UserRole.role.in_(roles))
    ).scalars()
    return frozenset(int(user_id) for user_id in found)


def alone(work: Work, act: str) -> bool:
    """Whether nobody else could approve an act of this seat now: it is then done single-handed."""
    return not _holders(work, ACTS[act].approvers) - {work.user_id}


def consent(
    work: Work, act: str, second: Approver | None, *, approvers: frozenset[str] | None = None
) -> Consent | None:
    """Whether the act may be done now; None where it must wait for somebody else.

    Raises Refused `not_approver` where the second person may not approve it.
    """
    others = _holders(work, approvers or ACTS[act].approvers) - {work.user_id}
    if second is not None:
        if second.user_id not in others:
            raise refuse(
                "not_approver",
                "{login} 不能批准这项操作（{act}）。",
                "请由另一位有审批权限的同事批准，不能是申请人自己。",
                login=second.login,
                act=ACTS[act].title,
                field="second",
            )
        return Consent(False, second.user_id)
    return None if others else Consent(True, None)


def perform_or_ask(
    work: Work,
    act: str,
    perform: Callable[[Work, Mapping[str, Any], str, Consent], R],
    arguments: Mapping[str, Any],
    reason: str,
    summary: str,
    second: Approver | None,
    *,
    audit: str,
    about: tuple[str, int | None],
    approvers: frozenset[str] | None = None,
) -> R | Waiting:
    """Do an act that is consented to now; else keep its request, recorded as `audit` with `.requested` about that
    object. `approvers` stand in place of the act's own. Raises Refused `not_approver`.
    """
    given = consent(work, act, second, approvers=approvers)
    if given is not None:
        return perform(work, arguments, reason, given)
    kept = arguments if approvers is None else {**arguments, "approvers": sorted(approvers)}
    waiting = ask(work, act, kept, reason, summary[:LONGEST_SUMMARY])
    kind, row_id = about
    work.audit(f"{audit}.requested", kind, row_id, detail={"request": waiting.request, "reason": reason})
    return waiting


def ask(work: Work, act: str, arguments: Mapping[str, Any], reason: str, summary: str) -> Waiting:
    """Keep the request for a second person; the caller audits it."""
    (request_id,) = work.ids("request", 1)
    number = f"A{work.today.year}-{draw(work, f'request:{work.today.year}'):06}"
    work.execute(
        insert(Request).values(
            id=request_id,
            number=number,
            act=act,
            by_user=work.user_id,
            at=work.now,
            reason=reason,
            summary=summary,
            arguments=dict(arguments),
            state="waiting",
        )
    )
    return Waiting(number)
