"""提醒: what somebody should look at, for whom, until the cause is gone.

What raises alerts says all that should be open now; `settlement` finds what differs from what is open, `settle` writes
it. One alert an occurrence: its key names it, an open one is updated, not repeated, and one whose cause is gone closes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from app.security.permissions import Permission, Role
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.alert import Alert
from db.models.desk import AlertSeen
from db.models.security import User, UserRole
from db.work import Work

INFO, WARN, DANGER = "info", "warn", "danger"
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """An alert that should be open: its key (one an occurrence), what is the matter, what to do, for which roles.

    `object` is a number that people know; `due` the day it is about.
    """

    key: str
    kind: str
    level: str
    title: str
    todo: str
    roles: tuple[str, ...]
    object: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What differs: alerts to raise (new, or closed before), to change, to close (by key).

    `revisions` and `day` are the state of the office it was computed from.
    """

    raised: tuple[Wanted, ...] = ()
    changed: tuple[Wanted, ...] = ()
    closed: tuple[str, ...] = ()
    day: date | None = None
    revisions: Mapping[str, int] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """Whether everything stands as it should."""
        return not (self.raised or self.changed or self.closed)

    @property
    def text(self) -> str:
        """What was done, in a sentence."""
        if self.nothing:
            return "没有变化"
        return f"新提醒 {len(self.raised)} 条，更新 {len(self.changed)} 条，关闭 {len(self.closed)} 条"


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert as a seat sees it; instants as UTC text; `seen` whether this user looked at it as it stands now."""

    key: str
    kind: str
    level: str
    title: str
    todo: str
    roles: tuple[str, ...]
    object: str | None
    due: date | None
    raised_at: str
    changed_at: str
    closed_at: str | None
    seen: bool


_SAID = ("kind", "level", "title", "todo", "roles", "object", "due")


def _held_roles(work: Work) -> frozenset[str]:
    """The roles that somebody enabled holds."""
    query = select(UserRole.role).join(User, User.id == UserRole.user_id).where(User.enabled).distinct()
    return frozenset(work.execute(query).scalars())


def _stored(alert: Wanted, held: Collection[str]) -> tuple[Any, ...]:
    """The stored values of `_SAID`. Where nobody holds any of the roles, the manager has the work of all."""
    roles = alert.roles if any(role in held for role in alert.roles) else (*alert.roles, Role.MANAGER)
    due = None if alert.due is None else alert.due.isoformat()
    return (alert.kind, alert.level, alert.title, alert.todo, ",".join(roles), alert.object, due)


def _values(row: Row[Any]) -> tuple[Any, ...]:
    said = tuple(getattr(row, name) for name in _SAID[:-1])
    return (*said, None if row.due is None else row.due.isoformat())


def _rows_of(work: Work, keys: Sequence[str]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(keys), _CHUNK):
        for row in work.execute(select(Alert).where(Alert.key.in_(keys[start : start + _CHUNK]))):
            found[row.key] = row
    return found


def _open(kinds: Collection[str], about: str | None) -> Select[Any]:
    query = select(Alert.key).where(Alert.closed_at.is_(None), Alert.kind.in_(kinds))
    return query if about is None else query.where(Alert.object == about)


def settlement(
    work: Work,
    kinds: Collection[str],
    wanted: Iterable[Wanted],
    *,
    reads: Collection[str] = (),
    about: str | None = None,
) -> Settlement:
    """What differs between the alerts of these kinds that are open and those that should be.

    `about` looks at the alerts of one object only; `reads` are the topics that `wanted` was computed from.
    """
    revisions = work.revisions((*reads, "alert"))
    held = _held_roles(work)
    by_key = {alert.key: alert for alert in wanted}
    rows = _rows_of(work, list(by_key))
    raised = [alert for key, alert in by_key.items() if key not in rows or rows[key].closed_at is not None]
    standing = [alert for key, alert in by_key.items() if key in rows and rows[key].closed_at is None]
    changed = [alert for alert in standing if _values(rows[alert.key]) != _stored(alert, held)]
    gone = [key for key in work.execute(_open(kinds, about)).scalars() if key not in by_key]
    return Settlement(tuple(raised), tuple(changed), tuple(gone), work.today, revisions)


def settle(work: Work, found: Settlement) -> None:
    """Write what differs; for bodies of use cases, in the transaction that computed it or while nothing moved on."""
    held = _held_roles(work)
    rows = _rows_of(work, [alert.key for alert in (*found.raised, *found.changed)])
    new = [(alert.key, *_stored(alert, held)) for alert in found.raised if alert.key not in rows]
    columns = ("key", *_SAID, "raised_at", "changed_at", "seq")
    if new:
        work.insert(Alert, columns, [(*values, work.now, work.now, work.seq) for values in new])
    again = [
        (*_stored(alert, held), work.now, None, work.seq, rows[alert.key].version + 1, rows[alert.key].id)
        for alert in (*found.raised, *found.changed)
        if alert.key in rows
    ]
    work.change_many("alert", ("id",), (*_SAID, "changed_at", "closed_at", "seq", "version"), again)
    close(work, found.closed)
    work.touch({"alert"})


def close(work: Work, keys: Sequence[str]) -> None:
    """Close these alerts: their cause is gone. For bodies of use cases."""
    work.change_many(
        "alert", ("key",), ("closed_at", "changed_at", "seq"), [(work.now, work.now, work.seq, k) for k in keys]
    )


def fresh(work: Work, plan: Settlement | None, reads: Collection[str]) -> bool:
    """Whether nothing moved on since a settlement was computed."""
    return plan is not None and plan.day == work.today and plan.revisions == work.revisions((*reads, "alert"))


def _mine(work: Work, row: Row[Any]) -> bool:
    return Role.AUDITOR in work.roles or bool(work.roles & set(row.roles.split(",")))


@use_case(Permission.SEE_ALERTS)
def listing(work: Work, closed: bool = False) -> tuple[AlertRow, ...]:
    """The alerts for this seat's roles, the gravest first (an auditor sees all); with `closed` the earlier ones too."""
    query = select(Alert, AlertSeen.version.label("seen_version")).outerjoin(
        AlertSeen, (AlertSeen.alert_id == Alert.id) & (AlertSeen.user_id == work.user_id)
    )
    if not closed:
        query = query.where(Alert.closed_at.is_(None))
    found = [row for row in work.execute(query.order_by(Alert.due, Alert.key)) if _mine(work, row)]
    found.sort(key=lambda row: (row.closed_at is not None, (DANGER, WARN, INFO).index(row.level)))
    return tuple(
        AlertRow(
            row.key,
            row.kind,
            row.level,
            row.title,
            row.todo,
            tuple(row.roles.split(",")),
            row.object,
            row.due,
            row.raised_at,
            row.changed_at,
            row.closed_at,
            row.seen_version == row.version,
        )
        for row in found
    )


@use_case(Permission.SEE_ALERTS, desk=True)
def mark_seen(work: Work, keys: tuple[str, ...]) -> int:
    """This user has looked at these alerts as they stand; gives how many were new to him.

    Raises Refused `unknown_alert` for one that is not there or not for this seat's roles.
    """
    rows = _rows_of(work, list(dict.fromkeys(keys)))
    for key in keys:
        if key not in rows or not _mine(work, rows[key]):
            raise refuse("unknown_alert", "没有这条提醒：{key}。", "请用 alert list 查看。", key=key)
    mine = select(AlertSeen.alert_id, AlertSeen.version).where(AlertSeen.user_id == work.user_id)
    known: dict[int, int] = dict(work.execute(mine).all())
    new = [row for row in rows.values() if known.get(row.id) != row.version]
    for row in new:
        work.execute(delete(AlertSeen).where(AlertSeen.user_id == work.user_id, AlertSeen.alert_id == row.id))
        work.execute(insert(AlertSeen).values(user_id=work.user_id, alert_id=row.id, version=row.version))
    return len(new)
