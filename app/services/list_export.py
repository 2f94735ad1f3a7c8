"""A list as a workbook: what is filtered, in the order of the view, with real figures and days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.services import settings
from app.services.gathered import Gathered
from app.services.list_face import ColumnFace, Kind, Query, not_counted, sums
from app.services.listing import Listing
from app.services.paper_file import put_file
from app.services.progress import watched
from db.work import Work


@dataclass(frozen=True, slots=True)
class Exported:
    """A workbook that was written; `personal` where it holds names or numbers of people."""

    file: Path
    rows: int
    personal: bool


def write(
    work: Work, listing: Listing[Any] | Gathered[Any], query: Query, target: Path, columns: Sequence[str]
) -> Exported:
    """Write the rows that match and record it; for bodies of use cases. `columns` in the order of the view; empty: all
    that stand in the list from the first. What the seat may not see is left out.
    """
    from reports.excel import listed

    seen = {column.key: column.face for column in listing.seen(work)}
    wanted = [seen[key] for key in columns if key in seen] or [column for column in seen.values() if column.shown]
    keys = listing.keys(work, query)
    rows = listing.rows(work, keys)
    totals = sums(list(seen.values()), rows.values())
    book = listed.ListBook(
        settings.value(work, "office_name") or settings.value(work, "letterhead"),
        listing.title,
        work.today,
        tuple(listed.Head(column.title, str(column.kind), column.width, totals.get(column.key)) for column in wanted),
        [[_cell(column, getattr(rows[key], column.key)) for column in wanted] for key in watched(keys) if key in rows],
        not_counted(list(seen.values())) if totals else "",
    )
    put_file(work, target, lambda path: listed.write(path, book))
    detail = {"list": listing.name, "rows": len(book.rows), "columns": [column.key for column in wanted]}
    work.audit("list.exported", "office", 1, detail=detail)
    return Exported(target, len(book.rows), bool(listing.personal))


def _cell(column: ColumnFace, value: Any) -> Any:
    if column.kind is Kind.STATE:
        return next((state.word for state in column.states if state.code == value), value)
    return value
