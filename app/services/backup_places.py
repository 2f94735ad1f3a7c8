"""Where automatic backups go, which are there, which may go, and whether the newest is too old."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from app.domain.backup_keeping import moment_of, outdated
from app.security.permissions import Permission, Role
from app.services import settings
from app.services.alerts import DANGER, Wanted
from app.services.refused import refuse
from app.services.store import Paths
from app.services.use_case import use_case
from db.models.audit import Audit
from db.models.office import Office
from db.work import Work

OLD = timedelta(days=2)
MISSING, TOO_OLD = "backup_place", "backup_old"
_KEEPERS = (Role.ADMINISTRATOR.value, Role.MANAGER.value)


@dataclass(frozen=True, slots=True)
class BackupPlace:
    """A destination: whether it can be reached, and the automatic backups in it (office's wall clock)."""

    folder: Path
    here: bool
    moments: tuple[datetime, ...]


def _moments(folder: Path) -> tuple[datetime, ...]:
    found = [moment_of(file.name) for file in folder.iterdir()] if folder.is_dir() else []
    return tuple(sorted(moment for moment in found if moment is not None))


def folders(work: Work) -> list[tuple[Path, bool]]:
    """The destinations; the office's own folder is made when it is needed, any other must be there.

    For bodies of use cases.
    """
    own = Paths(work.place.folder).backups
    named = [Path(part) for part in settings.value(work, "backup_places").split("|") if part]
    return [(folder, folder == own or folder.is_dir()) for folder in named or [own]]


@use_case(Permission.BACK_UP)
def standing(work: Work) -> tuple[BackupPlace, ...]:
    """The destinations of automatic backups as they stand now."""
    return tuple(BackupPlace(folder, here, _moments(folder)) for folder, here in folders(work))


@use_case(Permission.BACK_UP, audit="setting.changed", touches=frozenset({"setting"}))
def add(work: Work, folder: Path) -> None:
    """Back up to one more folder from now on; it must be there and take files. Those that were there stay."""
    standing_now = [each for each, _ in folders(work)]
    if folder in standing_now:
        raise refuse("place_known", "已经备份到这个位置：{folder}。", "请选另一个文件夹。", folder=folder)
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise refuse("place_closed", "这个文件夹不在，或不能写入：{folder}。", "请插好移动硬盘再选。", folder=folder)
    _put(work, [*standing_now, folder])


@use_case(Permission.BACK_UP, audit="setting.changed", touches=frozenset({"setting"}))
def remove(work: Work, folder: Path) -> None:
    """Back up to this folder no more; what is in it stays. The last one cannot go."""
    standing_now = [each for each, _ in folders(work)]
    if folder not in standing_now:
        raise refuse("place_unknown", "没有备份到这个位置：{folder}。", "请刷新后再看。", folder=folder)
    if len(standing_now) == 1:
        raise refuse("last_place", "这是唯一的备份位置，不能移除。", "请先添加另一个位置。")
    _put(work, [each for each in standing_now if each != folder])


def _put(work: Work, wanted: list[Path]) -> None:
    """Write the destinations; the office's own folder alone is what stands without a setting."""
    before = settings.value(work, "backup_places")
    text = "" if wanted == [Paths(work.place.folder).backups] else "|".join(str(folder) for folder in wanted)
    after = settings.put(work, "backup_places", text, work.today)
    title = settings.SETTINGS["backup_places"].title
    work.audit("setting.changed", "setting", None, detail={"settings": {title: [before, after]}})


def _outdated(newest: Path) -> list[str]:
    moment = moment_of(newest.name)
    if moment is None or not newest.is_file():
        return []
    gone = outdated(_moments(newest.parent), moment)
    return sorted(file.name for file in newest.parent.iterdir() if moment_of(file.name) in gone)


@use_case(Permission.BACK_UP)
def superseded(work: Work, newest: Path) -> tuple[str, ...]:
    """The automatic backups beside a new, proven one that may be deleted."""
    return tuple(_outdated(newest))


def _remove(file: Path) -> None:
    # The record stands already; a file that cannot be deleted now goes with the next backup.
    with suppress(OSError):
        file.unlink(missing_ok=True)


@use_case(Permission.BACK_UP, audit="backup.pruned")
def prune(work: Work, newest: Path) -> int:
    """Delete them, once the record of it is written; gives how many. Other files are never touched."""
    names = _outdated(newest)
    for name in names:
        work.after_commit.append(partial(_remove, newest.parent / name))
    work.audit("backup.pruned", "backup", None, detail={"kept_for": newest.name, "files": list(names)})
    return len(names)


def last_made(work: Work) -> datetime | None:
    """When the newest good backup was made: a backup counts only after it was opened. For bodies of use cases."""
    made = select(Audit.at).where(Audit.action == "backup.created").order_by(Audit.id.desc()).limit(1)
    found = work.execute(made).scalar()
    return None if found is None else datetime.fromisoformat(found).replace(tzinfo=UTC)


def _newest(work: Work) -> datetime:
    """When the newest good backup was made; else when the office began."""
    began = work.execute(select(Office.created_at)).scalar_one()
    return last_made(work) or datetime.fromisoformat(began).replace(tzinfo=UTC)


def backups_wanted(work: Work) -> list[Wanted]:
    """Destinations that are not there, and a newest good backup that is older than two days."""
    found = []
    for folder, here in folders(work):
        if not here:
            found.append(
                Wanted(
                    f"{MISSING}:{folder}",
                    MISSING,
                    DANGER,
                    f"备份位置不在：{folder}",
                    "请插好移动硬盘或 U 盘，或检查网络文件夹；插好后会自动接着备份。不再用它就改设置 backup_places。",
                    _KEEPERS,
                )
            )
    newest = _newest(work)
    if datetime.fromisoformat(work.now).replace(tzinfo=UTC) - newest > OLD:
        day = newest.date().isoformat()
        found.append(
            Wanted(
                f"{TOO_OLD}:{day}",
                TOO_OLD,
                DANGER,
                f"最近一次备份是 {day}，已超过两天",
                "请检查备份位置，并马上手工备份一次。",
                _KEEPERS,
            )
        )
    return found
