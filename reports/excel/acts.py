"""What the reading process can be asked to do with a workbook; see `child`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.problem import problem
from reports.excel import guard, read, recognise, rejects
from reports.excel.transport import encode

Question = dict[str, Any]
Passed = Callable[[], None]
"""Called when the checks are passed, before anything is read."""


def read_book(question: Question, passed: Passed) -> Any:
    """Check, read and recognise: `path`, `kind`, `today` (ISO); the answer is `transport`'s."""
    path = Path(question["path"])
    checked = guard.check(path)
    passed()
    collected = recognise.recognise(read.sheets(path, checked), question["kind"], date.fromisoformat(question["today"]))
    return encode(collected)


def write_rejects(question: Question, passed: Passed) -> Any:
    """Write the copy of rejected rows: `path`, `kind`, `out`, `reasons` (sheet → row number as text → reason).

    Raises: Problem `file.not_written`.
    """
    path = Path(question["path"])
    checked = guard.check(path)
    passed()
    reasons = {sheet: {int(row): why for row, why in rows.items()} for sheet, rows in question["reasons"].items()}
    try:
        rejects.write(read.sheets(path, checked), question["kind"], reasons, Path(question["out"]))
    except OSError as error:
        raise problem(
            "file.not_written",
            "写不了文件 {name}：{why}。",
            "请检查文件夹，或先关闭已打开的同名文件。",
            name=Path(question["out"]).name,
            why=error.strerror or "磁盘错误",
        ) from None
    return None


ACTS: dict[str, Callable[[Question, Passed], Any]] = {"read": read_book, "rejects": write_rejects}
"""The acts by name."""
