"""The door to spreadsheets from outside: read one of an import kind, write back what was rejected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from reports.excel import child
from reports.excel.records import Book, Finding
from reports.excel.transport import decode

READ_KINDS = ("houses", "residents", "opening", "meters", "readings", "equipment")
"""The kinds of workbook that can be read."""


def read_workbook(path: Path, kind: str, today: date) -> Book:
    """Check, read and recognise a workbook in a process of its own; `today` bounds birth dates.

    Raises: Problem `file.*` for what is no workbook or beyond the limits, `import.nothing` where nothing is recognised.
    """
    return decode(child.ask("read", path, kind=kind, today=today.isoformat()))


def write_rejects(path: Path, kind: str, rejected: Iterable[Finding], out: Path) -> None:
    """Write the rejected rows of a workbook to a new one, each with its reasons in a column 原因.

    Raises: Problem `file.not_written`, or as `read_workbook`.
    """
    reasons: dict[str, dict[int, str]] = {}
    for finding in rejected:
        rows = reasons.setdefault(finding.sheet, {})
        why = f"{finding.column}：{finding.reason}" if finding.column else finding.reason
        rows[finding.row] = f"{rows[finding.row]} {why}" if finding.row in rows else why
    child.ask("rejects", path, kind=kind, out=str(out.absolute()), reasons=reasons)
