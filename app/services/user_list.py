"""用户 as a list: staff with their roles."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from app.security.permissions import ROLE_TITLES, Permission
from app.services import list_export
from app.services.entrance import SYSTEM
from app.services.gathered import Field, Gathered, Pick
from app.services.list_export import Exported
from app.services.list_face import Counts, Kind, Query, Sort, State
from app.services.use_case import use_case
from db.models.audit import Audit
from db.models.security import User, UserRole
from db.work import Work

STATES = (State("enabled", "在用", "ok", "check"), State("disabled", "已停用", "neutral", "stop"))


@dataclass(frozen=True, slots=True)
class UserLine:
    """A member of staff in the list, with the titles of the roles."""

    login: str
    name: str
    roles: str
    state: str


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff with the roles by code and by title, and when he last did something that was recorded (the
    office's wall clock; None: never).
    """

    login: str
    roles: tuple[str, ...]
    titles: tuple[str, ...]
    enabled: bool
    last_act: datetime | None


@use_case(Permission.SEE_AUDIT)
def staff(work: Work) -> tuple[StaffRow, ...]:
    """All staff, those who may come in first."""
    roles: dict[int, set[str]] = {}
    for user_id, role in work.execute(select(UserRole.user_id, UserRole.role)):
        roles.setdefault(user_id, set()).add(role)
    acts = dict(work.execute(select(Audit.user_id, func.max(Audit.local)).group_by(Audit.user_id)).all())
    found = []
    for user in work.execute(select(User).where(User.login != SYSTEM).order_by(User.enabled.desc(), User.login)):
        held = tuple(role for role in ROLE_TITLES if role in roles.get(user.id, ()))
        last = acts.get(user.id)
        moment = None if last is None else datetime.fromisoformat(last).replace(tzinfo=None)
        found.append(StaffRow(user.login, held, tuple(ROLE_TITLES[role] for role in held), user.enabled, moment))
    return tuple(found)


def _gather(work: Work) -> Mapping[int, UserLine]:
    roles: dict[int, list[str]] = {}
    for user_id, role in work.execute(select(UserRole.user_id, UserRole.role).order_by(UserRole.role)):
        roles.setdefault(user_id, []).append(ROLE_TITLES[role])
    users = work.execute(select(User).where(User.login != SYSTEM).order_by(User.login))
    return {
        user.id: UserLine(
            user.login, user.name, "、".join(roles.get(user.id, ())), "enabled" if user.enabled else "disabled"
        )
        for user in users
    }


USERS = Gathered(
    name="users",
    title="用户",
    unit="人",
    gather=_gather,
    columns=(
        Field("login", "用户名", Kind.NUMBER, 12, find=True),
        Field("name", "姓名", width=12, find=True),
        Field("roles", "角色", width=24, find=True),
        Field("state", "状态", Kind.STATE, 9, states=STATES),
    ),
    default=(Sort("state"), Sort("login")),
    reads=frozenset({"user"}),
    filters=(Pick("state", "状态", tuple((state.code, state.word) for state in STATES), lambda row: (row.state,)),),
    personal=True,
)


@use_case(Permission.MANAGE_USERS)
def keys(work: Work, query: Query) -> array[int]:
    """The users that match, in order."""
    return USERS.keys(work, query)


@use_case(Permission.MANAGE_USERS)
def rows(work: Work, keys: Sequence[int]) -> dict[int, UserLine]:
    """The users of these keys."""
    return USERS.rows(work, keys)


@use_case(Permission.MANAGE_USERS)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Nothing of users is added up."""
    return USERS.totals(work, query)


@use_case(Permission.MANAGE_USERS)
def counts(work: Work, query: Query) -> Counts:
    """How many users match, by filter."""
    return USERS.counts(work, query)


@use_case(Permission.MANAGE_USERS, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the users that match to a workbook."""
    return list_export.write(work, USERS, query, target, columns)
