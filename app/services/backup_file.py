"""A backup: one file NAME.anju (zip, stored) with manifest.json, office.db, office.keys and files/ (RELIABILITY §8).

It is a backup only after it was opened: written beside its place, synced, opened with the key inside, renamed.
"""

from __future__ import annotations

import hmac
import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app.security import audit as chain
from app.security import key_format
from app.security.files import sync_folder
from app.security.keyslots import Damaged, derive
from app.services.refused import CannotOpen, cannot_open, refuse
from app.services.store import Paths
from db import migrate
from db.engine import Engines, Unreadable, connect, sqlcipher
from db.models.office import Office
from db.types import canonical_json
from db.work import Place

MANIFEST, DATABASE, KEYS, FILES = "manifest.json", "office.db", "office.keys", "files/"
MAX_MANIFEST = 64 * 1024 * 1024
SUFFIX = ".anju"
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Proven:
    """A backup file that was opened: its bytes, SHA-256 and where the audit chain stands in it."""

    file: Path
    bytes: int
    digest: str
    head: chain.Head


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A private folder inside the data folder, removed afterwards; nothing plain leaves the data folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob("work-*"):
        # What a killed program left; a day is longer than any work of another one.
        if time.time() - left.stat().st_mtime > DAY_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix="work-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _digest(path: Path) -> str:
    whole = sha256()
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            whole.update(block)
    return whole.hexdigest()


def _copy_database(place: Place, source: Path, target: Path) -> None:
    """A copy of the last committed state, beside an open write transaction, with the same key."""
    connection = connect(source, place.key, writer=True)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()


def _manifest(place: Place, head: chain.Head, parts: dict[str, Path]) -> bytes:
    said: dict[str, Any] = {
        "format": "anju-backup",
        "version": 1,
        "office": place.office,
        "schema": migrate.HEAD,
        "head": {"seq": head.seq, "digest": head.digest},
        "files": {name: {"bytes": path.stat().st_size, "sha256": _digest(path)} for name, path in parts.items()},
    }
    mac = hmac.new(derive(place.key, "backup-mac"), canonical_json(said).encode(), sha256).hexdigest()
    return canonical_json({**said, "mac": mac}).encode()


def _head_of(place: Place, database: Path) -> chain.Head:
    engines = sqlcipher(database, place.key)
    try:
        with engines.reader.begin() as connection:
            return chain.head(connection)
    finally:
        engines.close()


def save(paths: Paths, place: Place, target: Path) -> Proven:
    """Write and prove a backup of this office. Raises Refused or OSError; a failed one leaves nothing.

    A file that stands there already is taken if it is a sound backup of this very state: what a power cut left
    unrecorded.
    """
    if target.exists():
        return _same_state(paths, place, target)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with scratch(paths.folder) as made:
        _copy_database(place, paths.database, made / DATABASE)
        shutil.copyfile(paths.keys, made / KEYS)
        parts = {DATABASE: made / DATABASE, KEYS: made / KEYS}
        if paths.files.is_dir():
            parts.update({FILES + file.name: file for file in sorted(paths.files.iterdir()) if file.is_file()})
        manifest = _manifest(place, _head_of(place, made / DATABASE), parts)
        beside = target.with_name(target.name + ".new")
        beside.unlink(missing_ok=True)
        try:
            _zip(beside, manifest, parts)
            proven = prove(beside, place, paths.folder)
            os.replace(beside, target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)
    return Proven(target, proven.bytes, proven.digest, proven.head)


def _same_state(paths: Paths, place: Place, target: Path) -> Proven:
    try:
        proven = prove(target, place, paths.folder)
    except CannotOpen:
        proven = None
    if proven is None or proven.head != _head_of(place, paths.database):
        raise refuse("backup_exists", "已经有这个文件：{file}。", "请换一个文件名。", file=target)
    return proven


def _zip(target: Path, manifest: bytes, parts: dict[str, Path]) -> None:
    with target.open("xb") as raw:
        os.chmod(target, 0o600)
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            archive.writestr(zipfile.ZipInfo(MANIFEST), manifest)
            for name, path in parts.items():
                archive.write(path, name)
        raw.flush()
        os.fsync(raw.fileno())


def damaged_backup() -> CannotOpen:
    """The backup is not what was written."""
    return cannot_open("backup_damaged", "备份文件损坏，或不是安居的备份。", "请换一份备份；现有数据没有改动。")


def _checked_names(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> dict[str, Any]:
    files = manifest.get("files")
    if not isinstance(files, dict) or not {DATABASE, KEYS} <= set(files):
        raise damaged_backup()
    names = archive.namelist()
    if sorted(names) != sorted([MANIFEST, *files]):
        raise damaged_backup()
    for name in files:
        rest = name.removeprefix(FILES) if name.startswith(FILES) else name
        if name not in (DATABASE, KEYS) and (not name.startswith(FILES) or "/" in rest or "\\" in rest or ".." in rest):
            raise damaged_backup()
    return files


def unpack(source: Path, into: Path) -> dict[str, Any]:
    """Unpack a backup into an empty folder, every part checked against the manifest; gives the manifest.

    Raises CannotOpen `backup_damaged`; the manifest's MAC is checked by `check_manifest` once the key is known.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            if archive.getinfo(MANIFEST).file_size > MAX_MANIFEST:
                raise damaged_backup()
            manifest = json.loads(archive.read(MANIFEST))
            if not isinstance(manifest, dict) or canonical_json(manifest).encode() != archive.read(MANIFEST):
                raise damaged_backup()
            for name, said in _checked_names(archive, manifest).items():
                info = archive.getinfo(name)
                if info.compress_type != zipfile.ZIP_STORED or info.file_size != said.get("bytes"):
                    raise damaged_backup()
                target = into / name
                target.parent.mkdir(mode=0o700, exist_ok=True)
                with archive.open(info) as packed, target.open("xb") as plain:
                    shutil.copyfileobj(packed, plain, 1024 * 1024)
                if _digest(target) != said.get("sha256"):
                    raise damaged_backup()
    except (zipfile.BadZipFile, KeyError, ValueError, AttributeError, TypeError, NotImplementedError, RecursionError,
            EOFError, RuntimeError):  # fmt: skip
        raise damaged_backup() from None
    return manifest


def check_manifest(manifest: dict[str, Any], key: bytes) -> None:
    """Raise CannotOpen unless somebody with the database key wrote this manifest."""
    said = {name: value for name, value in manifest.items() if name != "mac"}
    expected = hmac.new(derive(key, "backup-mac"), canonical_json(said).encode(), sha256).hexdigest()
    if not hmac.compare_digest(str(manifest.get("mac", "")), expected):
        raise damaged_backup()


Look = Callable[[Connection], None]
"""Looks further into an opened backup; raises CannotOpen where it finds fault."""


def prove(source: Path, place: Place, data: Path, look: Look | None = None) -> Proven:
    """Open a backup with this office's key: key file and database belong together, every page is sound."""
    with scratch(data) as made:
        manifest = unpack(source, made)
        try:
            check_manifest(manifest, place.key)
            keys = (made / KEYS).read_bytes()
            key_format.load(keys)
            key_format.check_mac(keys, place.key)
            head = _look_inside(place, made, sha256(keys).hexdigest(), look)
        except (Damaged, Unreadable):
            raise damaged_backup() from None
        if [head.seq, head.digest] != [manifest["head"]["seq"], manifest["head"]["digest"]]:
            raise damaged_backup()
        return Proven(source, source.stat().st_size, _digest(source), head)


def _bring_up_to_date(engines: Engines) -> None:
    """Migrate the scratch copy of a backup that an earlier release wrote, so that it can be checked."""
    with engines.writer.begin() as connection:
        found = migrate.stored(connection)
        if found != migrate.HEAD and not migrate.is_newer(found):
            migrate.upgrade(connection)


def _look_inside(place: Place, made: Path, keys_digest: str, look: Look | None) -> chain.Head:
    engines = sqlcipher(made / DATABASE, place.key)
    try:
        if look is not None:
            _bring_up_to_date(engines)
        with engines.reader.begin() as connection:
            faults = connection.exec_driver_sql("PRAGMA cipher_integrity_check").all()
            expected = connection.execute(select(Office.keys_digest)).scalar()
            if faults or expected != keys_digest:
                raise damaged_backup()
            if look is not None:
                look(connection)
            return chain.head(connection)
    finally:
        engines.close()
