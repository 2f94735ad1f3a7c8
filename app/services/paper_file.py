"""A printed file takes its place only when the transaction that records it commits."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.services.refused import refuse
from db.work import Work

T = TypeVar("T")


def put_file(work: Work, target: Path, write: Callable[[Path], T]) -> T:
    """Write beside the place now, rename after the commit; a failed transaction leaves no file."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.is_dir():
        raise refuse("no_file", "{file} 是文件夹，不是文件。", "请换一个文件名。", file=target, field="out")
    beside = target.with_name(target.name + ".new")
    work.on_rollback.append(lambda: beside.unlink(missing_ok=True))
    made = write(beside)
    os.chmod(beside, 0o600)
    work.after_commit.append(lambda: os.replace(beside, target))
    return made
