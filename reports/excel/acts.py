"""What the reading process can be asked to do with a workbook; see `child`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from reports.excel import guard, read, recognise
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


ACTS: dict[str, Callable[[Question, Passed], Any]] = {"read": read_book}
"""The acts by name."""
