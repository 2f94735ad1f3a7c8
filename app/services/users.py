"""用户: staff, their roles and their way into the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from app.domain.problem import Problem
from app.security import key_format, keyslots, passwords
from app.security.keyslots import Cost
from app.security.permissions import ROLE_TITLES, Permission, Role
from app.services import schema
from app.services.entrance import SYSTEM, Approver
from app.services.keys_change import current, rewrite
from app.services.opening import new_slot
from app.services.refused import Refused, refuse
from app.services.two_persons import PERFORM, Consent, Waiting, ask, consent, need_reason
from app.services.use_case import use_case
from db.models.estate import Estate
from db.models.security import User, UserRole
from db.work import Work

GUARDED = frozenset({Role.MANAGER, Role.ACCOUNTANT, Role.AUDITOR})
"""Roles whose password nobody resets alone."""


@dataclass(frozen=True, slots=True)
class UserRow:
    """A member of staff."""

    user: str
    roles: tuple[str, ...]
    enabled: bool


@use_case(Permission.MANAGE_USERS)
def listing(work: Work) -> tuple[UserRow, ...]:
    """All staff, by login name; the built-in `system` is not shown."""
    roles: dict[int, list[str]] = {}
    for user_id, role in work.execute(select(UserRole.user_id, UserRole.role).order_by(UserRole.role)):
        roles.setdefault(user_id, []).append(role)
    users = work.execute(select(User).where(User.login != SYSTEM).order_by(User.login))
    return tuple(UserRow(user.login, tuple(roles.get(user.id, ())), user.enabled) for user in users)


def _row(work: Work, login: str) -> UserRow:
    user = work.execute(select(User).where(User.login == login)).one()
    roles = work.execute(select(UserRole.role).where(UserRole.user_id == user.id).order_by(UserRole.role)).scalars()
    return UserRow(login, tuple(roles), user.enabled)


def _titles(roles: Sequence[str]) -> str:
    return "、".join(ROLE_TITLES[role] for role in roles)


def _known_roles(roles: Sequence[str]) -> tuple[str, ...]:
    unknown = [role for role in roles if role not in ROLE_TITLES]
    if unknown or not roles:
        raise refuse(
            "unknown_role",
            "没有这个角色：{role}。",
            "可用的角色：" + "、".join(f"{role}（{title}）" for role, title in ROLE_TITLES.items()),
            role="、".join(unknown) or "（空）",
            field="role",
        )
    return tuple(dict.fromkeys(roles))


def _check_password(work: Work, login: str, password: str) -> None:
    try:
        passwords.check(password, (login, *work.execute(select(Estate.name)).scalars()))
    except Problem as why:
        raise Refused(why, field="password") from None


@use_case(Permission.MANAGE_USERS, audit="user.added", touches=frozenset({"user"}))
def add(work: Work, login: str, roles: Sequence[str], password: str, *, cost: Cost | None = None) -> UserRow:
    """Admit a new member of staff with roles and a first password."""
    try:
        login = schema.login_of(login)
    except Problem as why:
        raise Refused(why, field="login") from None
    roles = _known_roles(roles)
    if work.execute(select(User.id).where(User.login == login)).first():
        raise refuse(
            "user_exists",
            "已经有用户 {login}。",
            "请换一个用户名；是同一个人就重设他的密码。",
            login=login,
            field="login",
        )
    _check_password(work, login, password)
    slot = new_slot(work.place, current(work), login, password, cost or keyslots.calibrate())
    rewrite(work, lambda keys: keys.with_slot(slot))
    (user_id,) = work.insert(User, ("login", "name", "enabled", "slot"), [(login, login, True, slot.id)])
    work.execute(insert(UserRole), [{"user_id": user_id, "role": role} for role in roles])
    work.audit("user.added", "user", user_id, detail={"login": login, "roles": list(roles)})
    return UserRow(login, tuple(sorted(roles)), True)


def _find(work: Work, login: str) -> Row[Any]:
    user: Row[Any] | None = work.execute(select(User).where(User.login == login, User.login != SYSTEM)).first()
    if user is None:
        raise refuse("unknown_user", "没有这个用户：{login}。", "请用 user list 查看。", login=login)
    return user


def _set_slot(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> UserRow:
    slot = key_format.read_slot(arguments["slot"])
    login = str(arguments["login"])
    user = _find(work, login)
    rewrite(work, lambda keys: keys.with_slot(slot))
    work.execute(update(User).where(User.id == user.id).values(slot=slot.id, enabled=True, version=User.version + 1))
    work.audit(
        "user.password",
        "user",
        user.id,
        detail={"login": login, "reason": reason, "enabled_before": user.enabled},
        sole=given.sole,
        approver_id=given.approver_id,
    )
    return _row(work, login)


PERFORM["user.passwd"] = _set_slot


def _reset_approvers(work: Work, user: Row[Any], roles: frozenset[str]) -> frozenset[str]:
    """A manager approves; for a manager another manager, else the administrator (RELIABILITY §5)."""
    if Role.MANAGER not in roles:
        return frozenset({Role.MANAGER})
    others = work.execute(
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.enabled, UserRole.role == Role.MANAGER, User.id.not_in((user.id, work.user_id)))
    ).first()
    return frozenset({Role.MANAGER if others else Role.ADMINISTRATOR})


@use_case(Permission.MANAGE_USERS, audit="user.password", touches=frozenset({"user"}))
def reset_password(
    work: Work,
    login: str,
    password: str,
    reason: str | None,
    *,
    second: Approver | None = None,
    cost: Cost | None = None,
) -> UserRow | Waiting:
    """Give a user a new password (and enable him). Manager, accountant and auditor: with a second person."""
    user, why = _find(work, login), need_reason(reason)
    _check_password(work, login, password)
    slot = new_slot(work.place, current(work), login, password, cost or keyslots.calibrate())
    arguments: dict[str, Any] = {"login": login, "slot": key_format.slot_dict(slot)}
    roles = frozenset(work.execute(select(UserRole.role).where(UserRole.user_id == user.id)).scalars())
    if not roles & GUARDED or user.id == work.user_id:
        return _set_slot(work, arguments, why, Consent(False, None))
    approvers = _reset_approvers(work, user, roles)
    given = consent(work, "user.passwd", second, approvers=approvers)
    if given is None:
        arguments["approvers"] = sorted(approvers)
        waiting = ask(work, "user.passwd", arguments, why, f"为用户 {login} 重设密码")
        work.audit("user.password.requested", "user", user.id, detail={"login": login, "request": waiting.request})
        return waiting
    return _set_slot(work, arguments, why, given)


@use_case(Permission.LOG_IN, audit="user.password", touches=frozenset({"user"}))
def change_own_password(work: Work, password: str, *, cost: Cost | None = None) -> UserRow:
    """A user gives himself a new password."""
    login = str(work.execute(select(User.login).where(User.id == work.user_id)).scalar_one())
    _check_password(work, login, password)
    slot = new_slot(work.place, current(work), login, password, cost or keyslots.calibrate())
    return _set_slot(work, {"login": login, "slot": key_format.slot_dict(slot)}, "本人修改", Consent(False, None))


@use_case(Permission.MANAGE_USERS, audit="user.roles", touches=frozenset({"user"}))
def set_roles(work: Work, login: str, roles: Sequence[str], seen: Sequence[str] | None = None) -> UserRow:
    """Give a user other roles in place of those he has; they hold from his next log-in. Nobody changes his own.

    `seen` are the roles he had when the person began: Refused `changed_meanwhile`, with both versions, where somebody
    else changed them since.
    """
    user, wanted = _find(work, login), _known_roles(roles)
    if user.id == work.user_id:
        raise refuse("own_roles", "不能改自己的角色。", "请由另一位系统管理员办理。")
    before = _row(work, login).roles
    if seen is not None and set(before) not in (set(seen), set(wanted)):
        raise refuse(
            "changed_meanwhile",
            "刚才有人把他的角色改成了：{now}；您打开时是：{seen}。",
            "勾选的没有动，核对后再保存一次。",
            now=_titles(before),
            seen=_titles(seen),
            field="role",
        )
    if set(wanted) == set(before):
        raise refuse("same_roles", "用户 {login} 已经是这些角色。", "勾选或去掉一个再保存。", login=login, field="role")
    work.execute(delete(UserRole).where(UserRole.user_id == user.id))
    work.execute(insert(UserRole), [{"user_id": user.id, "role": role} for role in wanted])
    work.execute(update(User).where(User.id == user.id).values(version=User.version + 1))
    work.audit("user.roles", "user", user.id, detail={"login": login, "before": list(before), "after": list(wanted)})
    return _row(work, login)


@use_case(Permission.MANAGE_USERS, audit="user.disabled", touches=frozenset({"user"}))
def disable(work: Work, login: str) -> UserRow:
    """End a user's way into the office; his name stays in the records."""
    user = _find(work, login)
    if user.id == work.user_id:
        raise refuse("own_account", "不能停用自己。", "请由另一位系统管理员办理。")
    if not user.enabled:
        raise refuse("already_disabled", "用户 {login} 已经停用。", login=login)
    rewrite(work, lambda keys: keys.without(login))
    work.execute(update(User).where(User.id == user.id).values(enabled=False, slot=None, version=User.version + 1))
    work.audit("user.disabled", "user", user.id, detail={"login": login})
    return _row(work, login)
