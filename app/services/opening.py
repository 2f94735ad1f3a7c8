"""How an office is opened, always in the same order (RELIABILITY §3): key file, password, database, witness, schema."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from app.security import attempts, key_format, keyslots, recovery, witness
from app.security import audit as chain
from app.security.keyslots import Cost, KeyFile, Slot
from app.security.lock import OfficeLock
from app.services import schema
from app.services.pc_clock import Clock
from app.services.refused import CannotOpen, Refused, cannot_open, damaged_database, from_database
from app.services.store import Paths, Store, instant_text
from db.engine import Engines, Unreadable, sqlcipher
from db.models.audit import Audit
from db.models.office import Office
from db.models.security import User, UserRole
from db.work import Place, Work


def read_keys(paths: Paths) -> list[tuple[bytes, KeyFile]]:
    """The key file, and the one of a change that was being committed; damaged ones raise."""
    try:
        data = paths.keys.read_bytes()
    except FileNotFoundError:
        if not paths.database.exists():
            raise cannot_open(
                "no_office", "这个文件夹里没有办公室：{folder}。", "请检查路径，或用 init 新建。", folder=paths.folder
            ) from None
        raise cannot_open("keys_missing", "密钥文件 office.keys 不在。", "请从备份找回它；没有它打不开数据。") from None
    try:
        found = [(data, key_format.load(data))]
    except keyslots.Damaged:
        raise _damaged_keys() from None
    if paths.next_keys.exists():
        try:
            following = paths.next_keys.read_bytes()
            found.append((following, key_format.load(following)))
        except (OSError, keyslots.Damaged):
            pass
    return found


def _damaged_keys() -> CannotOpen:
    return cannot_open(
        "keys_damaged", "密钥文件损坏（office.keys）。", "请从最近一次备份找回它，或用备份恢复；密码本身没有问题。"
    )


def wrong_password(wait: int) -> CannotOpen:
    """The one sentence for a wrong login or password, with the seconds to wait."""
    if wait:
        return cannot_open("wrong_password", "用户名或密码不对。请 {wait} 秒后再试。", wait=wait)
    return cannot_open("wrong_password", "用户名或密码不对。", "请重新输入。")


def _now_ms(clock: Clock) -> int:
    return int(clock().timestamp() * 1000)


def unlock(
    paths: Paths, login: str, password: str, clock: Clock, tries: Path | None = None
) -> tuple[bytes, bytes, KeyFile]:
    """The key, and the key file that opened it. A wrong password costs a try; nobody sleeps here.

    `tries` is where attempts are counted, where it is not beside the key file.
    """
    candidates = read_keys(paths)
    counted = tries or paths.attempts
    wait = attempts.seconds_left(counted, login, _now_ms(clock))
    if wait:
        raise cannot_open("too_early", "连续输错，请 {wait} 秒后再试。", wait=wait)
    for data, file in candidates:
        slot = file.slot_of(login)
        if slot is None:
            continue
        try:
            key = keyslots.open_password(file, slot, password)
            key_format.check_mac(data, key)
        except keyslots.WrongSecret:
            continue
        except keyslots.Damaged:
            raise _damaged_keys() from None
        return key, data, file
    attempts.failed(counted, login, _now_ms(clock))
    raise wrong_password(attempts.seconds_left(counted, login, _now_ms(clock)))


def _matching_keys(paths: Paths, connection: Connection, key: bytes, data: bytes, file: KeyFile) -> KeyFile:
    """The key file that belongs to the database's state; completes or drops a change cut off by a crash."""
    row = connection.execute(select(Office.uuid, Office.keys_digest)).first()
    if row is None or row.uuid != file.office:
        raise cannot_open("other_office", "office.keys 和 office.db 不是同一个办公室的。", "请放回配套的文件。")
    for candidate, parsed in read_keys(paths):
        if sha256(candidate).hexdigest() != row.keys_digest:
            continue
        try:
            key_format.check_mac(candidate, key)
        except keyslots.Damaged:
            raise _damaged_keys() from None
        if paths.next_keys.exists():
            if candidate == paths.next_keys.read_bytes():
                os.replace(paths.next_keys, paths.keys)
            else:
                paths.next_keys.unlink(missing_ok=True)
        return parsed
    raise cannot_open(
        "keys_other_state",
        "密钥文件与数据文件对不上，可能有一个被换成了旧文件。",
        "请放回配套的两个文件，或用最近一次备份恢复。",
    )


def _look_at_witness(store: Store, connection: Connection, seen: witness.Seen | None) -> chain.Head:
    head = chain.head(connection)
    if seen is not None:
        if seen.seq > head.seq:
            store.missing = seen.seq - head.seq
        else:
            digest = connection.execute(select(Audit.digest).where(Audit.id == seen.seq)).scalar()
            store.missing = 0 if digest == seen.digest else head.seq - seen.seq + 1
    if not store.missing and (seen is None or seen.seq < head.seq):
        last = connection.execute(select(Audit.at).where(Audit.id == head.seq)).scalar()
        store.witness(head, last or instant_text(store.clock()))
    return head


def _connect(paths: Paths, key: bytes) -> Engines:
    if not paths.database.is_file():
        raise cannot_open("database_missing", "数据文件 office.db 不在。", "请找回它，或用最近一次备份恢复。")
    return sqlcipher(paths.database, key)


def assemble(paths: Paths, lock: OfficeLock, key: bytes, data: bytes, file: KeyFile, clock: Clock) -> Store:
    """The store behind an unlocked key: connections, matching key file, witness, schema (RELIABILITY §3)."""
    engines = _connect(paths, key)
    try:
        store = Store(paths, engines, Place(paths.folder, file.office, key), file, lock, clock, None)
        # Before the snapshot: another program may commit, and be witnessed, at any time after it.
        seen = witness.read(paths.head, file.office, key)
        with engines.reader.begin() as connection:
            version = schema.version(connection)
            store.keys = _matching_keys(paths, connection, key, data, file)
            store.read_offset(connection)
            _look_at_witness(store, connection, seen)
        schema.bring_up_to_date(store, version)
    except (Unreadable, SQLAlchemyError, Exception) as error:
        engines.close()
        if isinstance(error, Unreadable):
            raise damaged_database() from None
        if isinstance(error, CannotOpen | Refused):
            raise
        known = from_database(error, paths.folder)
        if known is None:
            raise
        raise known from None
    return store


def new_slot(place: Place, keys: KeyFile, login: str, password: str, cost: Cost) -> Slot:
    """A password slot of this office."""
    return keyslots.password_slot(place.office, login, password, cost, place.key, keys.key_generation)


def enabled_user(work: Work, login: str) -> tuple[int, frozenset[str]] | None:
    """Id and roles of an enabled user."""
    user = work.execute(select(User.id).where(User.login == login, User.enabled)).first()
    if user is None:
        return None
    roles = work.execute(select(UserRole.role).where(UserRole.user_id == user.id)).scalars()
    return int(user.id), frozenset(str(role) for role in roles)


def unlock_by_recovery(paths: Paths, typed: str) -> tuple[bytes, bytes, KeyFile]:
    """The key behind a typed recovery key, and the file whose slot it opened. Raises Problem or CannotOpen."""
    secret = recovery.read(typed)
    for data, file in read_keys(paths):
        slot = file.recovery()
        if slot is None:
            continue
        try:
            return keyslots.open_recovery(file, slot, secret), data, file
        except keyslots.WrongSecret:
            continue
        except keyslots.Damaged:
            raise _damaged_keys() from None
    raise cannot_open("wrong_recovery_key", "恢复密钥不对。", "请核对是否是这个办公室最近一次打印的恢复密钥单。")
