"""What an import would do: counts, differences, findings, and the writes in their order. Planning reads, applying
writes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.domain.problem import Problem
from app.services.import_differences import Difference
from db.work import Work
from reports.excel.cells import one_line
from reports.excel.records import Finding

Write = Callable[[Work], None]


class Placed(Protocol):
    """A record that knows its sheet and row."""

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        ...

    @property
    def row(self) -> int:
        """The row as the sheet numbers it."""
        ...


@dataclass(slots=True)
class Count:
    """Records of one kind."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Changes:
    """Gathered by the planners of an import; `writes` are done in their order inside the transaction."""

    counts: dict[str, Count] = field(default_factory=dict)
    rejected: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    sums: dict[str, int] = field(default_factory=dict)

    def count(self, kind: str) -> Count:
        """The counts of a kind."""
        return self.counts.setdefault(kind, Count())

    def reject(self, place: Placed, column: str, value: object, reason: str, code: str) -> None:
        """A record that is not taken."""
        self.rejected.append(_finding(place, column, value, reason, code))

    def warn(self, place: Placed, column: str, value: object, reason: str, code: str) -> None:
        """A doubt that loses nothing."""
        self.warnings.append(_finding(place, column, value, reason, code))

    def add(self, sums: str, fen: int) -> None:
        """Add to a control sum, in fen."""
        self.sums[sums] = self.sums.get(sums, 0) + fen


def _finding(place: Placed, column: str, value: object, reason: str, code: str) -> Finding:
    return Finding(place.sheet, place.row, column, "" if value is None else str(value), reason, code)


def differing(given: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    """The given values (None says nothing) that the stored row has otherwise. A text that a cell would give back in
    this very form (brackets of one width, no line break) is the same.
    """
    return {name: value for name, value in given.items() if value is not None and not _same(value, stored.get(name))}


def _same(given: Any, stored: Any) -> bool:
    if given == stored or not (isinstance(given, str) and isinstance(stored, str)):
        return bool(given == stored)
    try:
        return one_line(stored) == given
    except Problem:
        return False
