"""The doors that need no seat yet: make an office, open it, let a second person in, open it with the recovery sheet."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypeVar
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.domain.problem import Problem
from app.security import attempts, key_format, keyslots, passwords, recovery
from app.security.files import write_whole
from app.security.keyslots import Cost, KeyFile
from app.security.lock import Busy, OfficeLock
from app.security.permissions import Role, permissions_of
from app.services import restore_marker, schema
from app.services.keys_change import rewrite
from app.services.opening import assemble, enabled_user, new_slot, read_keys, unlock, unlock_by_recovery, wrong_password
from app.services.pc_clock import Clock, pc_clock
from app.services.refused import Refused, from_database, from_system, refuse
from app.services.seat import Seat
from app.services.store import Paths, Store, behind_witness, instant_text
from db.engine import sqlcipher
from db.models.estate import Estate
from db.models.office import Office
from db.models.security import User, UserRole
from db.work import Place, Record

P = ParamSpec("P")
R = TypeVar("R")

ENTRANCES: dict[str, Callable[..., object]] = {}
"""Every door that needs no seat; the walk over the services knows this list beside USE_CASES."""

SYSTEM = "system"


def entrance(body: Callable[P, R]) -> Callable[P, R]:
    """Declare a door without a seat; errors of files and database become Refused or CannotOpen."""

    @wraps(body)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return body(*args, **kwargs)
        except Problem as why:
            raise Refused(why) from None
        except Busy:
            raise refuse("busy", "办公室正被另一个程序占用，等了 10 秒仍未放开。", "请关闭其他窗口后再试。") from None
        except (SQLAlchemyError, OSError) as error:
            known = from_system(error) if isinstance(error, OSError) else from_database(error)
            if known is None:
                raise
            raise known from None

    ENTRANCES[f"{body.__module__}.{body.__qualname__}"] = call
    return call


class Purpose(Enum):
    """What an office is opened for; only the last two may open one that is behind its witness."""

    WORK = "work"
    VERIFY = "verify"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Created:
    """A new office; the recovery key is shown this once."""

    folder: Path
    recovery_key: str


@dataclass(frozen=True, slots=True)
class Approver:
    """A second person who proved who he is with his password."""

    user_id: int
    login: str


def _clear_unfinished(paths: Paths) -> None:
    for leftover in ("office.db", "office.db-wal", "office.db-shm", "office.keys.new", "office.keys.next"):
        (paths.folder / leftover).unlink(missing_ok=True)
    for leftover in ("office.head", "office.attempts"):
        (paths.folder / leftover).unlink(missing_ok=True)


@entrance
def create_office(
    folder: Path, estate: str, admin: str, password: str, *, clock: Clock = pc_clock, cost: Cost | None = None
) -> Created:
    """Make an office with one estate; its first user is administrator and manager.

    An unfinished folder is made anew; a finished one is refused (`office_exists`).
    """
    paths = Paths(folder)
    if paths.keys.exists():
        raise refuse("office_exists", "这个文件夹里已经有一个办公室：{folder}。", "请换一个文件夹。", folder=folder)
    estate, admin = schema.name_of(estate, "estate"), schema.login_of(admin)
    passwords.check(password, (admin, estate))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    lock = OfficeLock(paths.lock)
    try:
        lock.take()
        if paths.keys.exists():
            raise refuse("office_exists", "这个文件夹里已经有一个办公室：{folder}。", "请换一个文件夹。", folder=folder)
        _clear_unfinished(paths)
        key, secret, office = os.urandom(32), recovery.new_secret(), str(uuid4())
        cost = cost or keyslots.calibrate()
        file = KeyFile(
            office=office,
            generation=1,
            key_generation=1,
            head_seq=0,
            head_digest="",
            slots=(
                keyslots.password_slot(office, admin, password, cost, key, 1),
                keyslots.recovery_slot(office, secret, key, 1),
            ),
        )
        data = key_format.dump(file, key)
        store = Store(
            paths, sqlcipher(paths.database, key, create=True), Place(folder, office, key), file, lock, clock, cost
        )
        try:
            _fill(store, data, estate, admin)
        finally:
            store.engines.close()
        write_whole(paths.keys, data)
    finally:
        lock.close()
    return Created(folder, recovery.show(secret))


def _fill(store: Store, keys: bytes, estate: str, admin: str) -> None:
    with store.engines.writer.begin() as connection:
        schema.make(connection)
        connection.execute(
            insert(Office).values(
                id=1,
                uuid=store.place.office,
                created_at=instant_text(store.clock()),
                keys_generation=1,
                keys_digest=sha256(keys).hexdigest(),
            )
        )
    with store.writing(1, frozenset(), frozenset()) as work:
        work.insert(User, ("login", "name", "enabled", "slot"), [(SYSTEM, "系统", True, None)])
        (admin_id,) = work.insert(
            User, ("login", "name", "enabled", "slot"), [(admin, admin, True, store.keys.slots[0].id)]
        )
        for role in (Role.ADMINISTRATOR, Role.MANAGER):
            work.execute(insert(UserRole).values(user_id=admin_id, role=role))
        work.insert(Estate, ("name",), [(estate,)])
        schema.seed_rest_days(work)
        work.user_id = admin_id
        work.audit("office.created", "office", 1, detail={"estate": estate})


@entrance
def open_office(
    folder: Path,
    login: str,
    password: str,
    *,
    purpose: Purpose = Purpose.WORK,
    clock: Clock = pc_clock,
    cost: Cost | None = None,
) -> Seat:
    """Open an office and sit down. Raises CannotOpen for a wrong password, damage, a newer program, lost records."""
    paths = Paths(folder)
    restoring = restore_marker.stands(folder)
    if not restoring and not paths.keys.exists() and not paths.database.exists():
        read_keys(paths)
    lock = OfficeLock(paths.lock)
    try:
        if restoring:
            lock.take()
            restore_marker.finish(folder)
        lock.share()
        key, data, file = unlock(paths, login, password, clock)
        store = assemble(paths, lock, key, data, file, clock)
        store.cost = cost
        try:
            if store.missing and purpose is Purpose.WORK:
                raise behind_witness(store.missing)
            return _sit_down(store, login, password)
        except BaseException:
            store.engines.close()
            raise
    except BaseException:
        lock.close()
        raise


def _sit_down(store: Store, login: str, password: str) -> Seat:
    with store.reading(0, frozenset(), frozenset()) as work:
        user = enabled_user(work, login)
    if user is None:
        raise wrong_password(0)
    user_id, roles = user
    seat = Seat.of(store, user_id, login, roles, _settle_failures(store, user_id, login))
    slot = store.keys.slot_of(login)
    if slot is not None and slot.cost is not None and slot.cost.weaker_than(store.cost or keyslots.STANDARD):
        _rewrap(store, user_id, login, password)
    return seat


def _settle_failures(store: Store, user_id: int, login: str) -> int:
    """Forget the failed log-ins of this name and record them; gives how many there were."""
    failed = attempts.clear(store.paths.attempts, login)
    if failed:
        store.record(user_id, Record("login.failed", "user", user_id, {"count": failed}))
    return failed


def _rewrap(store: Store, user_id: int, login: str, password: str) -> None:
    """A slot weaker than today's standard is made anew at log-in."""
    if store.missing:
        return
    slot = new_slot(store.place, store.keys, login, password, store.cost or keyslots.calibrate())
    with store.writing(user_id, frozenset(), frozenset()) as work:
        rewrite(work, lambda keys: keys.with_slot(slot))
        work.execute(update(User).where(User.id == user_id).values(slot=slot.id))
        work.audit("slot.rewrapped", "user", user_id)


@entrance
def approver(seat: Seat, login: str, password: str) -> Approver:
    """Let a second person prove who he is at somebody else's seat. Raises CannotOpen for a wrong password."""
    store = seat.store
    unlock(store.paths, login, password, store.clock)
    with store.reading(0, frozenset(), frozenset()) as work:
        user = enabled_user(work, login)
    if user is None:
        raise wrong_password(0)
    return Approver(user[0], login)


@entrance
def unlock_seat(seat: Seat, password: str) -> None:
    """Sit down again at a locked seat, with the roles its user has by now; what he began before went on.

    Raises CannotOpen for a wrong password and for a user who was disabled meanwhile.
    """
    store = seat.store
    unlock(store.paths, seat.login, password, store.clock)
    with store.reading(0, frozenset(), frozenset()) as work:
        user = enabled_user(work, seat.login)
    if user is None:
        raise wrong_password(0)
    seat.roles, seat.permissions = user[1], permissions_of(user[1])
    seat.failures = _settle_failures(store, user[0], seat.login)


@entrance
def check_recovery(folder: Path, typed: str) -> None:
    """Check a typed recovery key against the office, changing nothing. Names the wrong group."""
    unlock_by_recovery(Paths(folder), typed)


@entrance
def reset_by_recovery(
    folder: Path, typed: str, login: str, password: str, *, clock: Clock = pc_clock, cost: Cost | None = None
) -> None:
    """Give a user a new password with the recovery sheet; the sheet opens a file whose MAC fails, and mends it."""
    paths = Paths(folder)
    key, data, file = unlock_by_recovery(paths, typed)
    lock = OfficeLock(paths.lock)
    try:
        lock.share()
        store = assemble(paths, lock, key, data, file, clock)
        try:
            if store.missing:
                raise behind_witness(store.missing)
            _reset(store, login, password, cost)
        finally:
            store.engines.close()
    finally:
        lock.close()


def _reset(store: Store, login: str, password: str, cost: Cost | None) -> None:
    with store.reading(0, frozenset(), frozenset()) as work:
        estates = list(work.execute(select(Estate.name)).scalars())
        user_id = work.execute(select(User.id).where(User.login == login, User.login != SYSTEM)).scalar()
    if user_id is None:
        raise refuse("unknown_user", "没有这个用户：{login}。", "请用 user list 查看。", login=login)
    passwords.check(password, (login, *estates))
    slot = new_slot(store.place, store.keys, login, password, cost or keyslots.calibrate())
    with store.writing(user_id, frozenset(), frozenset()) as work:
        rewrite(work, lambda keys: keys.with_slot(slot))
        work.execute(
            update(User).where(User.id == user_id).values(slot=slot.id, enabled=True, version=User.version + 1)
        )
        work.audit("recovery.reset", "user", user_id)
    attempts.clear(store.paths.attempts, login)
