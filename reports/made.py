"""What came of writing a document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """A written PDF: its pages, and the characters that no font has (printed as 〓), in the order met."""

    pages: int
    missing: tuple[str, ...]
