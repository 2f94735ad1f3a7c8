"""恢复: a proven backup takes the office's place. The old files are renamed, never overwritten.

The new state is prepared whole in a folder of its own, its audit record and witness included; then a marker decides
(restore_marker) and files change places.
"""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from app.domain.problem import problem
from app.security import witness
from app.security.lock import OfficeLock
from app.security.permissions import Permission, permissions_of
from app.services import backup_file, restore_marker, verification
from app.services.answers import from_json, to_json
from app.services.backups import BackupAnswer
from app.services.entrance import Approver, entrance, open_office
from app.services.opening import assemble, enabled_user, unlock, wrong_password
from app.services.pc_clock import Clock, pc_clock
from app.services.refused import CannotOpen, NotAllowed, Refused, refuse
from app.services.store import Cost, Paths, Store
from app.services.two_persons import Consent, consent, need_reason
from db.models.office import OnceKey
from db.types import canonical_json
from db.work import Place

Person = tuple[str, str]
"""Login and password."""


@entrance
def restore(
    folder: Path,
    archive: Path,
    who: Person,
    reason: str | None,
    *,
    second: Person | None = None,
    key: str | None = None,
    clock: Clock = pc_clock,
    cost: Cost | None = None,
) -> BackupAnswer:
    """Put a backup in the office's place; passwords are those of the backup's day.

    Needs administrator and manager: one person with both and a second one, or single-handed with a reason. What
    stands in the folder is backed up where it can be opened, and renamed.
    """
    if key is not None and (first := _first_answer(folder, who, key, clock, cost)) is not None:
        return first
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = OfficeLock(Paths(folder).lock)
    try:
        lock.take()
        restore_marker.finish(folder)
        stamp = (clock() + timedelta(hours=8)).strftime("%Y%m%d-%H%M%S")
        staged = folder / f"restore-{stamp}"
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(mode=0o700)
        try:
            answer = _stage(folder, staged, archive, who, reason, second, key, clock, stamp)
            restore_marker.decide(folder, staged.name, f"replaced-{stamp}")
        except BaseException:
            if not restore_marker.stands(folder):
                shutil.rmtree(staged, ignore_errors=True)
            raise
        restore_marker.finish(folder)
    finally:
        lock.close()
    return answer


def _first_answer(folder: Path, who: Person, key: str, clock: Clock, cost: Cost | None) -> BackupAnswer | None:
    """The answer of an earlier restore with this key, if the office that stands here was put back by it."""
    if not restore_marker.stands(folder) and not Paths(folder).keys.exists():
        return None
    try:
        seat = open_office(folder, *who, clock=clock, cost=cost)
    except (CannotOpen, Refused):
        return None
    try:
        with seat.transaction(write=False) as work:
            row = work.execute(select(OnceKey.use_case, OnceKey.answer).where(OnceKey.key == key)).first()
    finally:
        seat.close()
    if row is None:
        return None
    if row.use_case != "restore":
        raise refuse("key_reused", "这个重试钥匙已经用于另一次操作：{key}。", "请换一个新的。", key=key)
    answer: BackupAnswer = from_json(BackupAnswer, json.loads(row.answer))
    return answer


def _stage(
    folder: Path,
    staged: Path,
    archive: Path,
    who: Person,
    reason: str | None,
    second: Person | None,
    key: str | None,
    clock: Clock,
    stamp: str,
) -> BackupAnswer:
    digest = sha256(archive.read_bytes()).hexdigest()
    manifest = backup_file.unpack(archive, staged)
    tries = Paths(folder).attempts
    opened, data, file = unlock(Paths(staged), *who, clock, tries)
    backup_file.check_manifest(manifest, opened)
    lock = OfficeLock(Paths(staged).lock)
    try:
        lock.share()
        store = assemble(Paths(staged), lock, opened, data, file, clock)
        try:
            head = manifest["head"]
            answer = BackupAnswer(archive, archive.stat().st_size, digest, str(head["digest"]))
            user_id, roles, given = _allowed(store, who, reason, second, clock, tries)
            _check(store)
            _save_present(folder, store, stamp)
            _record(store, user_id, roles, given, reason, _left_behind(folder, store), answer, key)
        finally:
            store.engines.close()
    finally:
        lock.close()
    (staged / "office.lock").unlink(missing_ok=True)
    return answer


def _allowed(
    store: Store, who: Person, reason: str | None, second: Person | None, clock: Clock, tries: Path
) -> tuple[int, frozenset[str], Consent]:
    with store.reading(0, frozenset(), frozenset()) as work:
        user = enabled_user(work, who[0])
        if user is None:
            raise wrong_password(0)
        if Permission.RESTORE not in permissions_of(user[1]):
            raise NotAllowed(problem("no_permission", "您的角色不能恢复备份。", "请由系统管理员和项目经理一起办理。"))
        approver = None
        if second is not None:
            unlock(store.paths, *second, clock, tries)
            other = enabled_user(work, second[0])
            approver = Approver(other[0] if other else 0, second[0])
        work.user_id = user[0]
        missing = frozenset({"administrator", "manager"}) - user[1]
        given = consent(work, "backup.restore", approver, approvers=missing or None)
    if given is None:
        raise refuse(
            "second_needed", "恢复备份要两个人一起办理。", "请另一位经理或管理员一起输入用户名和密码。", field="second"
        )
    if given.sole:
        need_reason(reason)
    return user[0], user[1], given


def _check(store: Store) -> None:
    with store.reading(0, frozenset(), frozenset()) as work:
        if not all(check.ok for check in verification.check_all(work)):
            raise backup_file.damaged_backup()


def _save_present(folder: Path, store: Store, stamp: str) -> None:
    """A backup of what stands in the folder now, where this key opens it; renamed in any case."""
    paths = Paths(folder)
    if not paths.database.exists() or not paths.keys.exists():
        return
    try:
        place = Place(folder, store.place.office, store.place.key)
        backup_file.save(paths, place, paths.backups / f"before-restore-{stamp}.anju")
    except Exception as error:
        if isinstance(error, Refused):
            raise


def _left_behind(folder: Path, store: Store) -> dict[str, Any]:
    seen = witness.read(Paths(folder).head, store.place.office, store.place.key)
    return {"seq": seen.seq, "digest": seen.digest} if seen else {}


def _record(
    store: Store,
    user_id: int,
    roles: frozenset[str],
    given: Consent,
    reason: str | None,
    left_behind: dict[str, Any],
    answer: BackupAnswer,
    key: str | None,
) -> None:
    with store.writing(user_id, roles, frozenset()) as work:
        if key is not None:
            said = canonical_json(to_json(answer))
            work.execute(insert(OnceKey).values(key=key, use_case="restore", arguments="", answer=said, seq=work.seq))
        detail = {"digest": answer.digest, "left_behind": left_behind, "reason": (reason or "").strip()}
        work.audit("backup.restored", "backup", None, detail=detail, sole=given.sole, approver_id=given.approver_id)
