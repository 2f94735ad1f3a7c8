"""A seat: one logged-in user on an opened office. Whoever holds a seat may call doors; nobody else can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.domain.problem import problem
from app.security.permissions import ROLE_TITLES, SYSTEM_PERMISSIONS, Permission, permissions_of
from app.services.refused import NotAllowed
from app.services.store import Store
from db.work import Record, Work

SYSTEM_ID = 1
"""The id of the built-in user: the first row of every office."""


@dataclass(slots=True)
class Seat:
    """Who sits at the desk. `failures` are the failed log-ins of this name since the last one that succeeded; `estate`
    is where new houses go (empty: the first estate).
    """

    store: Store
    user_id: int
    login: str
    roles: frozenset[str]
    permissions: frozenset[Permission]
    failures: int = 0
    key: str | None = None
    estate: str = ""

    @classmethod
    def of(cls, store: Store, user_id: int, login: str, roles: frozenset[str], failures: int = 0) -> Seat:
        """A seat with what its roles permit."""
        return cls(store, user_id, login, roles, permissions_of(roles), failures)

    @classmethod
    def system(cls, store: Store) -> Seat:
        """The seat of the built-in user on a store that somebody opened; background jobs sit on it."""
        return cls(store, SYSTEM_ID, "system", frozenset(), SYSTEM_PERMISSIONS)

    def may(self, permission: str) -> bool:
        """Whether this seat may do it; for showing, never for guarding."""
        return permission in self.permissions

    def require(self, permission: Permission, use_case: str) -> None:
        """Raise NotAllowed, and record it, unless this seat has the permission."""
        if permission in self.permissions:
            return
        self.store.record(self.user_id, Record("permission.refused", "use_case", None, {"use_case": use_case}))
        held = "、".join(sorted(ROLE_TITLES[role] for role in self.roles)) or "无"
        raise NotAllowed(
            problem("no_permission", "您的角色（{roles}）没有这项权限。", "请由有权限的同事登录后办理。", roles=held)
        )

    @contextmanager
    def transaction(self, *, write: bool, accept_clock: bool = False, desk: bool = False) -> Iterator[Work]:
        """One transaction of this seat; `desk` writes only what needs no record (db/models/desk.py)."""
        permissions = frozenset(str(permission) for permission in self.permissions)
        opened = (
            self.store.writing(self.user_id, self.roles, permissions, accept_clock=accept_clock, desk=desk)
            if write
            else self.store.reading(self.user_id, self.roles, permissions)
        )
        with opened as work:
            work.estate = self.estate
            yield work

    @contextmanager
    def once(self, key: str | None) -> Iterator[Seat]:
        """Within: the writing call answers as it did the first time, when this key was seen before."""
        self.key = key
        try:
            yield self
        finally:
            self.key = None

    def announce(self, topics: frozenset[str]) -> None:
        """Tell open views what kinds of thing changed."""
        for listener in self.store.listeners:
            listener(topics)

    def close(self) -> None:
        """Log out: close the store."""
        self.store.close()
