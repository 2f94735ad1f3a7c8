"""What a service says when it does not do what it was asked.

Refused        the act was refused: bad input, no permission, full disk, locked database (exit 3)
  NotAllowed   the seat lacks the permission (recorded in the audit trail)
CannotOpen     the office cannot be opened: password, damaged or missing file, newer program, lost records (exit 4)
"""

from __future__ import annotations

from pathlib import Path

from app.domain.problem import Problem, problem

FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_SHM")
LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_SNAPSHOT", "SQLITE_BUSY_RECOVERY")
READ_ONLY = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_READONLY_DBMOVED", "SQLITE_PERM")
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR", "SQLITE_FORMAT")


class Refused(Exception):
    """The act was refused; nothing but audit records was changed. `field` names the input at fault, if one is."""

    def __init__(self, why: Problem, field: str | None = None) -> None:
        super().__init__(why.text)
        self.problem = why
        self.field = field


class NotAllowed(Refused):
    """The seat's roles do not permit the act."""


class CannotOpen(Exception):
    """The office cannot be opened."""

    def __init__(self, why: Problem) -> None:
        super().__init__(why.text)
        self.problem = why


def refuse(
    code: str, template: str, todo: str | None = None, /, *, field: str | None = None, **values: object
) -> Refused:
    """A refusal with its sentence and what to do."""
    return Refused(problem(code, template, todo, **values), field)


def cannot_open(code: str, template: str, todo: str | None = None, /, **values: object) -> CannotOpen:
    """A reason why the office cannot be opened."""
    return CannotOpen(problem(code, template, todo, **values))


DAMAGE_TODO = "不要再操作，先另存一份整个文件夹；再用最近一次备份恢复。"


def damaged_database() -> CannotOpen:
    """The database file is not sound."""
    return cannot_open("database_damaged", "数据文件 office.db 打不开，可能损坏。", DAMAGE_TODO)


def from_database(error: BaseException, folder: Path | None = None) -> Refused | CannotOpen | None:
    """What an error of the database or the disk means to the user; None where it means a mistake of ours.

    `folder` is the office's, to tell a full disk from a damaged file.
    """
    from db.engine import disk_is_full

    original = getattr(error, "orig", None) or error
    name = str(getattr(original, "sqlite_errorname", "") or "")
    text = str(original)
    if name in LOCKED or "database is locked" in text:
        return refuse("locked", "另一个程序正在写数据，等了 10 秒仍未轮到。", "请稍后再试；什么都没有写入。")
    if name.startswith(FULL) or "disk is full" in text:
        return _disk_full()
    if name.startswith(DAMAGED + READ_ONLY) and folder is not None and folder.is_dir() and disk_is_full(folder):
        return _disk_full()
    if name in READ_ONLY:
        return refuse("read_only", "数据文件夹不能写入。", "请检查文件夹的权限或磁盘是否只读；什么都没有写入。")
    if name.startswith(DAMAGED) or "malformed" in text or "not a database" in text:
        return damaged_database()
    if isinstance(original, OSError):
        return from_system(original)
    return None


def _disk_full() -> Refused:
    return refuse("disk_full", "磁盘已满，什么都没有写入。", "请清理磁盘或换一个位置后再试。")


def from_system(error: OSError) -> Refused | None:
    """What an error of the file system means to the user."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return _disk_full()
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return refuse("read_only", "没有写入的权限：{file}。", "请检查文件夹的权限。", file=error.filename or "")
    if error.errno in (errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL):
        return refuse("no_file", "找不到文件，或它不是文件：{file}。", "请检查路径。", file=error.filename or "")
    return None
