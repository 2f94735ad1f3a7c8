"""The door to spreadsheets from outside: read one of an import kind, write back what was rejected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from reports.excel import child, mapping
from reports.excel.child import Wanted
from reports.excel.mapping import Mappings, SheetGuess
from reports.excel.records import Book, Finding
from reports.excel.transport import decode

READ_KINDS = ("houses", "residents", "opening", "meters", "readings", "equipment", "history", "payments", "bank")
"""The kinds of workbook that can be read."""


def read_workbook(
    path: Path, kind: str, today: date, mappings: Mappings | None = None, wanted: Wanted = lambda: None
) -> Book:
    """Check, read and recognise a workbook in a process of its own; `today` bounds birth dates, `wanted` may end it.

    Raises: Problem `file.*` for what is no workbook or beyond the limits, `import.nothing` where nothing is recognised,
    `import.mapping` for mappings that do not fit.
    """
    said = mapping.plain(mappings or {})
    return decode(child.ask("read", path, wanted, kind=kind, today=today.isoformat(), mappings=said))


def guess_columns(path: Path, kind: str) -> tuple[SheetGuess, ...]:
    """How the columns of each sheet are understood. Raises: Problem `file.*`."""
    return tuple(mapping.unplain_guess(one) for one in child.ask("columns", path, kind=kind))


def write_rejects(
    path: Path, kind: str, rejected: Iterable[Finding], out: Path, mappings: Mappings | None = None
) -> None:
    """Write the rejected rows of a workbook to a new one, each with its reasons in a column 原因.

    Raises: Problem `file.not_written`, or as `read_workbook`.
    """
    reasons: dict[str, dict[int, str]] = {}
    for finding in rejected:
        rows = reasons.setdefault(finding.sheet, {})
        why = f"{finding.column}：{finding.reason}" if finding.column else finding.reason
        rows[finding.row] = f"{rows[finding.row]} {why}" if finding.row in rows else why
    said = mapping.plain(mappings or {})
    child.ask("rejects", path, kind=kind, out=str(out.absolute()), reasons=reasons, mappings=said)
