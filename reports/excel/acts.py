"""What the reading process can be asked to do with a workbook; see `child`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.problem import problem
from reports.excel import comma, guard, mapping, read, recognise, rejects
from reports.excel.sheet import Sheet
from reports.excel.transport import encode

Question = dict[str, Any]
Passed = Callable[[], None]
"""Called when the checks are passed, before anything is read."""


def _sheets(path: Path, passed: Passed) -> Iterable[Sheet]:
    """The sheets of a workbook that was checked, or the one of a text with commas."""
    if comma.is_text(path):
        passed()
        return [comma.sheet(path)]
    checked = guard.check(path)
    passed()
    return read.sheets(path, checked)


def read_book(question: Question, passed: Passed) -> Any:
    """Check, read and recognise: `path`, `kind`, `today` (ISO), `mappings`; the answer is `transport`'s."""
    sheets = _sheets(Path(question["path"]), passed)
    as_of, said = date.fromisoformat(question["today"]), mapping.unplain(question.get("mappings"))
    return encode(recognise.recognise(sheets, question["kind"], as_of, said))


def guess_columns(question: Question, passed: Passed) -> Any:
    """Check and read; how each sheet's columns are understood: `path`, `kind`."""
    sheets = _sheets(Path(question["path"]), passed)
    return [mapping.plain_guess(one) for one in mapping.guess(sheets, question["kind"])]


def write_rejects(question: Question, passed: Passed) -> Any:
    """Write the copy of rejected rows: `path`, `kind`, `mappings`, `out`, `reasons` (sheet → row as text → reason).

    Raises: Problem `file.not_written`.
    """
    sheets = _sheets(Path(question["path"]), passed)
    reasons = {sheet: {int(row): why for row, why in rows.items()} for sheet, rows in question["reasons"].items()}
    try:
        said = mapping.unplain(question.get("mappings"))
        rejects.write(sheets, question["kind"], said, reasons, Path(question["out"]))
    except OSError as error:
        raise problem(
            "file.not_written",
            "写不了文件 {name}：{why}。",
            "请检查文件夹，或先关闭已打开的同名文件。",
            name=Path(question["out"]).name,
            why=error.strerror or "磁盘错误",
        ) from None
    return None


ACTS: dict[str, Callable[[Question, Passed], Any]] = {
    "read": read_book,
    "columns": guess_columns,
    "rejects": write_rejects,
}
"""The acts by name."""
