"""照片和文件 of a house: kept encrypted beside the database, never in the clear on the disk (RELIABILITY §8).

A file is written before its row commits and removed where it does not; one that is dropped goes after the commit, its
row stays without the key.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from sqlalchemy import Row, select, update

from app.security.file_box import Spoiled, new_key, new_name, seal, unseal
from app.security.files import write_whole
from app.security.permissions import Permission
from app.services import look_up
from app.services.paper_file import put_file
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.audit import Audit
from db.models.estate import Attachment
from db.work import Work

MOST_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 100
FOLDER = "files"
HOUSE = "house"
TOUCHES = frozenset({"file"})


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a house: its name, bytes, SHA-256 of what is inside, and when it came (the office's time)."""

    name: str
    size: int
    sha256: str
    added: str


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A file that was added, dropped, or taken out to `target`."""

    house: str
    name: str
    size: int
    target: Path | None = None


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file as it is, in memory only."""

    name: str
    data: bytes


@use_case(Permission.IMPORT_REGISTER, audit="file.added", touches=TOUCHES)
def add(work: Work, number: str, source: Path, name: str | None = None) -> FileAnswer:
    """Keep a copy of a file with a house; under its own name, or another. Raises Refused `no_file`, `file_empty`,
    `file_too_large`, `bad_name`.
    """
    house = look_up.house(work, number)
    kept = keep_copy(work, house.id, source, name)
    detail = {"number": house.number, "size": kept.size, "sha256": kept.sha256, "name": kept.name}
    work.audit("file.added", "house", house.id, detail=detail)
    return FileAnswer(house.number, kept.name, kept.size)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was kept: under which name, its bytes and digest."""

    name: str
    size: int
    sha256: str


def keep_copy(work: Work, house_id: int, source: Path, name: str | None) -> Kept:
    """Keep a copy of a file with a house; the caller records it. Raises Refused as `add`. For bodies of use cases."""
    data = _read(source)
    shown = _free(work, house_id, _name(name or source.name))
    _sweep(work)
    file, key = new_name(), new_key()
    path = _folder(work) / file
    path.parent.mkdir(mode=0o700, exist_ok=True)
    work.on_rollback.append(lambda: path.unlink(missing_ok=True))
    write_whole(path, seal(key, file, data))
    digest = sha256(data).hexdigest()
    columns = ("owner_kind", "owner_id", "name", "size", "sha256", "file", "key", "dropped", "seq")
    row = (HOUSE, house_id, shown, len(data), digest, file, base64.b64encode(key).decode(), False, work.seq)
    work.insert(Attachment, columns, [row])
    return Kept(shown, len(data), digest)


@use_case(Permission.IMPORT_REGISTER, audit="file.dropped", touches=TOUCHES)
def drop(work: Work, number: str, name: str) -> FileAnswer:
    """Remove a file of a house for good: its key goes with it. Raises Refused `unknown_file`."""
    house = look_up.house(work, number)
    row = _find(work, house, name)
    work.execute(update(Attachment).where(Attachment.id == row.id).values(dropped=True, key=""))
    path = _folder(work) / row.file
    work.after_commit.append(lambda: path.unlink(missing_ok=True))
    work.audit(
        "file.dropped", "house", house.id, detail={"number": house.number, "sha256": row.sha256, "name": row.name}
    )
    return FileAnswer(house.number, row.name, row.size)


@use_case(Permission.IMPORT_REGISTER, audit="file.taken")
def take_out(work: Work, number: str, name: str, target: Path) -> FileAnswer:
    """Write a file of a house in the clear to a place outside. Raises Refused `unknown_file`, `file_spoiled`."""
    house = look_up.house(work, number)
    row = _find(work, house, name)
    data = _content(work, row)
    put_file(work, target, lambda beside: write_whole(beside, data))
    work.audit("file.taken", "house", house.id, detail={"number": house.number, "sha256": row.sha256, "name": row.name})
    return FileAnswer(house.number, row.name, row.size, target)


@use_case(Permission.SEE_RESIDENTS)
def listing(work: Work, number: str) -> tuple[FileRow, ...]:
    """The files of a house, newest first."""
    house = look_up.house(work, number)
    query = (
        select(Attachment.name, Attachment.size, Attachment.sha256, Audit.local)
        .join(Audit, Audit.id == Attachment.seq)
        .where(_of(house.id))
        .order_by(Attachment.id.desc())
    )
    rows = work.execute(query)
    return tuple(FileRow(row.name, row.size, row.sha256, row.local[:16].replace("T", " ")) for row in rows)


@use_case(Permission.SEE_RESIDENTS)
def show(work: Work, number: str, name: str) -> FileContent:
    """A file of a house, in memory. Raises Refused `unknown_file`, `file_spoiled`."""
    row = _find(work, look_up.house(work, number), name)
    return FileContent(row.name, _content(work, row))


def damage(work: Work) -> Sequence[str]:
    """What is wrong with the files: missing, or not what was written. For `verify`."""
    found = []
    for row in work.execute(select(Attachment).where(Attachment.dropped.is_(False)).order_by(Attachment.id)):
        if _whole(work, row) is None:
            found.append(f"文件 {row.name} 不见了或损坏")
            if len(found) == 5:
                break
    return found


def forget(work: Work, house_id: int, name: str) -> None:
    """A file goes for good with who it was about; its name too. For bodies of use cases."""
    row = work.execute(select(Attachment).where(_of(house_id), Attachment.name == name)).first()
    if row is None:
        return
    work.execute(update(Attachment).where(Attachment.id == row.id).values(dropped=True, key="", name="已删除"))
    path = _folder(work) / row.file
    work.after_commit.append(lambda: path.unlink(missing_ok=True))


def _of(house_id: int) -> Any:
    return (Attachment.owner_kind == HOUSE) & (Attachment.owner_id == house_id) & Attachment.dropped.is_(False)


def _find(work: Work, house: Row[Any], name: str) -> Row[Any]:
    row: Row[Any] | None = work.execute(select(Attachment).where(_of(house.id), Attachment.name == name)).first()
    if row is None:
        raise refuse("unknown_file", "{house} 没有文件“{name}”。", "请核对文件名。", house=house.number, name=name,
                     field="name")  # fmt: skip
    return row


def _folder(work: Work) -> Path:
    return work.place.folder / FOLDER


def _whole(work: Work, row: Row[Any]) -> bytes | None:
    """What is inside; None where the file is missing or is not what was written."""
    try:
        data = unseal(base64.b64decode(row.key), row.file, (_folder(work) / row.file).read_bytes())
    except (FileNotFoundError, Spoiled, ValueError):
        return None
    return data if len(data) == row.size and sha256(data).hexdigest() == row.sha256 else None


def _content(work: Work, row: Row[Any]) -> bytes:
    data = _whole(work, row)
    if data is None:
        raise refuse(
            "file_spoiled", "文件“{name}”不见了或损坏。", "请从备份恢复，或重新添加。", name=row.name, field="name"
        )
    return data


def _read(source: Path) -> bytes:
    if not source.is_file():
        raise refuse("no_file", "没有这个文件：{file}。", "请核对文件的位置。", file=source.name, field="source")
    size = source.stat().st_size
    if size == 0:
        raise refuse("file_empty", "{file} 是空的。", "请换一个文件。", file=source.name, field="source")
    if size > MOST_BYTES:
        raise refuse(
            "file_too_large", "{file} 超过 20 MB。", "请压缩或分开后再添加。", file=source.name, field="source"
        )
    return source.read_bytes()


def _name(typed: str) -> str:
    """The last part of what may be a path of any system."""
    name = PureWindowsPath(PurePosixPath(typed.strip()).name).name
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise refuse("bad_name", "文件名应为 1 到 {n} 个字。", "请改名。", n=LONGEST_NAME, field="name")
    return name


def _free(work: Work, house_id: int, name: str) -> str:
    """The name, or with a figure where the house has a file of it already."""
    taken = set(work.execute(select(Attachment.name).where(_of(house_id))).scalars())
    path, at, found = PurePosixPath(name), 1, name
    while found in taken:
        at += 1
        found = f"{path.stem} ({at}){path.suffix}"
    return found


def _sweep(work: Work) -> None:
    """Remove what a killed program left: no row knows it. Nobody else writes here, this transaction has the lock."""
    folder = _folder(work)
    if not folder.is_dir():
        return
    known = set(work.execute(select(Attachment.file).where(Attachment.dropped.is_(False))).scalars())
    left = [path for path in folder.iterdir() if path.is_file() and path.name not in known]
    work.after_commit.extend(lambda path=path: path.unlink(missing_ok=True) for path in left)  # type: ignore[misc]
