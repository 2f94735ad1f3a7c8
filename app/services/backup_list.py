"""备份 as a list: the destinations with the age of what is in them, and every backup file that stands there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from app.domain.backup_keeping import moment_of
from app.security.permissions import Permission
from app.services import backup_places
from app.services.backup_file import SUFFIX
from app.services.moments import offset_of
from app.services.store import Paths
from app.services.use_case import use_case
from db.models.audit import Audit, Change
from db.models.estate import House
from db.work import Work

AUTO, MANUAL, BEFORE = "auto", "manual", "before_restore"
MISSING, EMPTY, OLD, FRESH = "missing", "empty", "old", "fresh"
_STAMP = re.compile(r"([0-9]{8}-[0-9]{6})")


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup: how it came about, when (the office's wall clock), its bytes, whether this office made and opened it
    (False: nobody knows), and when it was last restored on trial and found whole (None: never).
    """

    file: Path
    kind: str
    at: datetime
    bytes: int
    opened: bool
    verified: datetime | None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where automatic backups go: its newest backup and the last trial of one there; `state` is MISSING (not plugged
    in), EMPTY, OLD (over two days) or FRESH. `own` is the folder in the office's own.
    """

    folder: Path
    own: bool
    newest: datetime | None
    count: int
    verified: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it, newest backups first; `houses` is what a restore asks to be typed."""

    destinations: tuple[Destination, ...]
    files: tuple[BackupFile, ...]
    houses: int


def _kind(name: str) -> str:
    if moment_of(name) is not None:
        return AUTO
    return BEFORE if name.startswith("before-restore-") else MANUAL


def _moment(file: Path, written: float, ahead: timedelta) -> datetime:
    """When it was made: as its name says, else when the file was written."""
    found = _STAMP.search(file.name)
    if found is not None:
        try:
            return datetime.strptime(found[1], "%Y%m%d-%H%M%S")
        except ValueError:
            pass
    return datetime.fromtimestamp(written, UTC).replace(tzinfo=None, microsecond=0) + ahead


@dataclass(frozen=True, slots=True)
class _Known:
    """What the audit trail knows of backups: those it made, by name; those found whole, by path, and when."""

    made: frozenset[str]
    verified: Mapping[str, datetime]


def _known(work: Work) -> _Known:
    rows = work.execute(
        select(Audit.action, Audit.local, Change.detail)
        .join(Change, Change.seq == Audit.id)
        .where(Audit.action.in_(("backup.created", "backup.verified")))
        .order_by(Audit.id)
    ).all()
    said = [
        (row.action, datetime.fromisoformat(row.local).replace(tzinfo=None), json.loads(row.detail)) for row in rows
    ]
    return _Known(
        frozenset(detail["file"] for action, _, detail in said if action == "backup.created"),
        {detail["file"]: moment for action, moment, detail in said if action == "backup.verified"},
    )


def _files(folder: Path, ahead: timedelta, known: _Known) -> list[BackupFile]:
    try:
        return [_file(file, ahead, known) for file in folder.iterdir() if file.suffix == SUFFIX and file.is_file()]
    except OSError:
        # A stick that is pulled out while it is read counts as not there.
        return []


def _file(file: Path, ahead: timedelta, known: _Known) -> BackupFile:
    kind, said = _kind(file.name), file.stat()
    opened = kind == BEFORE or file.name in known.made
    moment = _moment(file, said.st_mtime, ahead)
    return BackupFile(file, kind, moment, said.st_size, opened, known.verified.get(str(file)))


def _destination(folder: Path, here: bool, own: bool, files: list[BackupFile], now: datetime) -> Destination:
    newest = max((file.at for file in files), default=None)
    verified = max((file.verified for file in files if file.verified is not None), default=None)
    fresh = newest is not None and now - newest <= backup_places.OLD
    state = MISSING if not here else EMPTY if newest is None else FRESH if fresh else OLD
    return Destination(folder, own, newest, len(files), verified, state)


@use_case(Permission.SEE_AUDIT)
def standing(work: Work) -> Standing:
    """The destinations and the backups that stand there, those in the office's own folder included."""
    ahead, known, own = timedelta(minutes=offset_of(work)), _known(work), Paths(work.place.folder).backups
    now = datetime.fromisoformat(work.now) + ahead
    folders = backup_places.folders(work)
    found = {folder: _files(folder, ahead, known) for folder in dict.fromkeys([*(each for each, _ in folders), own])}
    destinations = tuple(_destination(folder, here, folder == own, found[folder], now) for folder, here in folders)
    files = sorted((file for each in found.values() for file in each), key=lambda file: file.at, reverse=True)
    houses = work.execute(select(func.count()).select_from(House)).scalar_one()
    return Standing(destinations, tuple(files), houses)
