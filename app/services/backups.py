"""备份: one proven file of the whole office, checked, and put back without overwriting anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from app.security.permissions import Permission
from app.services import backup_file, verification
from app.services.progress import Progress
from app.services.store import Paths
from app.services.use_case import use_case
from db.work import Work


@dataclass(frozen=True, slots=True)
class BackupAnswer:
    """A backup file: size, SHA-256 and the head of the audit chain in it."""

    file: Path
    bytes: int
    digest: str
    audit_head: str


def _target(work: Work, given: Path) -> Path:
    if given.suffix == backup_file.SUFFIX:
        return given
    stamp = (datetime.fromisoformat(work.now) + timedelta(hours=8)).strftime("%Y%m%d-%H%M%S")
    target = given / f"anju-{stamp}{backup_file.SUFFIX}"
    place = 2
    while target.exists():
        target = given / f"anju-{stamp}-{place}{backup_file.SUFFIX}"
        place += 1
    return target


@use_case(Permission.BACK_UP, audit="backup.created", touches=frozenset({"backup"}))
def create(work: Work, path: Path) -> BackupAnswer:
    """Write a backup to a folder or a .anju file; it counts only after it was opened."""
    paths = Paths(work.place.folder)
    target = _target(work, path)
    if not target.exists():
        work.on_rollback.append(lambda: target.unlink(missing_ok=True))
    done = backup_file.save(paths, work.place, target, locked=True)
    work.audit("backup.created", "backup", None, detail={"file": done.file.name, "digest": done.digest})
    return BackupAnswer(done.file, done.bytes, done.digest, done.head.digest)


@use_case(Permission.BACK_UP)
def salvage(work: Work, path: Path) -> BackupAnswer:
    """A backup of an office that is behind its witness: nothing is recorded in it, so nothing is written to it."""
    done = backup_file.save(Paths(work.place.folder), work.place, _target(work, path))
    return BackupAnswer(done.file, done.bytes, done.digest, done.head.digest)


@use_case(Permission.BACK_UP, audit="backup.verified", touches=frozenset({"backup"}))
def keep_verified(work: Work, done: BackupAnswer) -> None:
    """Record that `verify` found a backup whole, so that its list can say when."""
    work.audit("backup.verified", "backup", None, detail={"file": str(done.file), "digest": done.digest})


@use_case(Permission.BACK_UP)
def verify(work: Work, path: Path, *, progress: Progress | None = None) -> BackupAnswer:
    """Restore a backup of this office into a scratch folder and check all of it."""

    def look(connection: Connection) -> None:
        inside = Work(connection, work.user_id, work.roles, work.permissions, work.place, work.now, work.today)
        if not all(check.ok for check in verification.check_all(inside, progress)):
            raise backup_file.damaged_backup()

    done = backup_file.prove(path, work.place, work.place.folder, look)
    return BackupAnswer(done.file, done.bytes, done.digest, done.head.digest)
