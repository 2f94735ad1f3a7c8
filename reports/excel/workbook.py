"""The door to spreadsheets from outside: read one of an import kind, write back what was rejected."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reports.excel import child
from reports.excel.records import Book
from reports.excel.transport import decode

READ_KINDS = ("houses", "residents", "opening", "meters", "readings")
"""The kinds of workbook that can be read."""


def read_workbook(path: Path, kind: str, today: date) -> Book:
    """Check, read and recognise a workbook in a process of its own; `today` bounds birth dates.

    Raises: Problem `file.*` for what is no workbook or beyond the limits, `import.nothing` where nothing is recognised.
    """
    return decode(child.ask("read", path, kind=kind, today=today.isoformat()))
