"""A backup: one file NAME.anju (zip, stored) with office.db, office.keys, files/ and manifest.json (RELIABILITY §8).

It is a backup only after it was opened: written beside its place, synced, opened with the key inside, renamed. Each
byte is read once to write it and once to prove it.
"""

from __future__ import annotations

import hmac
import io
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
from typing import IO, Any, cast

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
from db.queries.sums import sums_agree
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


BLOCK = 1024 * 1024


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return _copy(file, None)


def _copy(source: IO[bytes], target: IO[bytes] | None) -> str:
    """Copy everything; gives the SHA-256 of it."""
    whole = sha256()
    while block := source.read(BLOCK):
        whole.update(block)
        if target is not None:
            target.write(block)
    return whole.hexdigest()


class _Digested(io.RawIOBase):
    """A file that is only written to its end, with the SHA-256 of all that was written."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__()
        self._raw = raw
        self.whole = sha256()

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: Any) -> int:
        """Write and count in."""
        self.whole.update(data)
        return self._raw.write(data)


def _vacuumed(place: Place, source: Path, target: Path) -> None:
    """A copy of the last committed state, beside somebody's open write transaction, with the same key."""
    connection = connect(source, place.key, writer=True)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()


def _checkpointed(place: Place, source: Path) -> bool:
    """Bring all that was committed into the file itself; False where a reader stands in the way.

    Only while the caller holds the write lock: then the file is the last committed state and stays so.
    """
    connection = connect(source, place.key, writer=True)
    try:
        _busy, frames, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return bool(frames == moved)
    finally:
        connection.close()


def _manifest(place: Place, head: chain.Head, files: dict[str, dict[str, Any]]) -> bytes:
    said: dict[str, Any] = {
        "format": "anju-backup",
        "version": 1,
        "office": place.office,
        "schema": migrate.HEAD,
        "head": {"seq": head.seq, "digest": head.digest},
        "files": files,
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


def save(paths: Paths, place: Place, target: Path, *, locked: bool = False) -> Proven:
    """Write and prove a backup of this office. Raises Refused or OSError; a failed one leaves nothing.

    `locked`: the caller holds the write lock, so that the file itself can be copied. A file that stands there already
    is taken if it is a sound backup of this very state: what a power cut left unrecorded.
    """
    if target.exists():
        return _same_state(paths, place, target)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with scratch(paths.folder) as made:
        database = paths.database
        if not (locked and _checkpointed(place, database)):
            database = made / DATABASE
            _vacuumed(place, paths.database, database)
        parts = {DATABASE: database, KEYS: paths.keys}
        if paths.files.is_dir():
            parts.update({FILES + file.name: file for file in sorted(paths.files.iterdir()) if file.is_file()})
        beside = target.with_name(target.name + ".new")
        beside.unlink(missing_ok=True)
        try:
            digest = _zip(beside, place, _head_of(place, database), parts)
            proven = _proven(beside, place, made / "proof", digest)
            os.replace(beside, target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)
    return Proven(target, proven.bytes, proven.digest, proven.head)


def _same_state(paths: Paths, place: Place, target: Path) -> Proven:
    try:
        with scratch(paths.folder) as made:
            proven = _proven(target, place, made / "proof", _digest(target))
    except CannotOpen:
        proven = None
    if proven is None or proven.head != _head_of(place, paths.database):
        raise refuse("backup_exists", "已经有这个文件：{file}。", "请换一个文件名。", file=target)
    return proven


def _zip(target: Path, place: Place, head: chain.Head, parts: dict[str, Path]) -> str:
    """Write the archive and sync it; gives its SHA-256."""
    with target.open("xb") as raw:
        os.chmod(target, 0o600)
        digested = _Digested(raw)
        files: dict[str, dict[str, Any]] = {}
        with zipfile.ZipFile(cast(IO[bytes], digested), "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            for name, path in parts.items():
                with path.open("rb") as plain, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as packed:
                    digest = _copy(plain, packed)
                    files[name] = {"bytes": plain.tell(), "sha256": digest}
            archive.writestr(zipfile.ZipInfo(MANIFEST), _manifest(place, head, files))
        raw.flush()
        os.fsync(raw.fileno())
    return digested.whole.hexdigest()


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
                    digest = _copy(packed, plain)
                if digest != said.get("sha256"):
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


def prove(source: Path, place: Place, data: Path, look: Look) -> Proven:
    """Open a backup with this office's key and look at all of it: every page is sound, and what `look` checks."""

    def whole(engines: Engines) -> None:
        _bring_up_to_date(engines)
        with engines.reader.begin() as connection:
            if connection.exec_driver_sql("PRAGMA cipher_integrity_check").all():
                raise damaged_backup()
            look(connection)

    with scratch(data) as made:
        return _proven(source, place, made / "proof", _digest(source), whole)


def _proven(
    source: Path, place: Place, made: Path, digest: str, look: Callable[[Engines], None] | None = None
) -> Proven:
    """Open a backup with the keys inside it: key file and database belong together, the head is the manifest's.

    Its bytes are those that were written; its sums add up, so that every entry of it can be read.
    """
    made.mkdir(mode=0o700)
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
    return Proven(source, source.stat().st_size, digest, head)


def _bring_up_to_date(engines: Engines) -> None:
    """Migrate the scratch copy of a backup that an earlier release wrote, so that it can be checked."""
    with engines.writer.begin() as connection:
        found = migrate.stored(connection)
        if found != migrate.HEAD and not migrate.is_newer(found):
            migrate.upgrade(connection)


def _look_inside(place: Place, made: Path, keys_digest: str, look: Callable[[Engines], None] | None) -> chain.Head:
    engines = sqlcipher(made / DATABASE, place.key)
    try:
        with engines.reader.begin() as connection:
            if connection.execute(select(Office.keys_digest)).scalar() != keys_digest or not sums_agree(connection):
                raise damaged_backup()
            head = chain.head(connection)
        if look is not None:
            look(engines)
        return head
    finally:
        engines.close()
