"""What was printed is kept as its values, with a count of its copies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import func, select

from app.services.answers import from_json, to_json
from db.canonical import text_digest
from db.models.document import Document, PrintLog
from db.queries.owed import CHUNK
from db.types import canonical_json
from db.work import Work

T = TypeVar("T")


def keep(work: Work, kind: str, papers: Sequence[tuple[str, Any]]) -> list[int]:
    """Keep the values of these papers (number and values); gives the documents' ids."""
    bodies = [(number, canonical_json(to_json(paper))) for number, paper in papers]
    columns = ("kind", "number", "body", "digest", "seq")
    rows = [(kind, number, body, text_digest(body), work.seq) for number, body in bodies]
    return list(work.insert(Document, columns, rows))


def log_prints(work: Work, document_ids: Sequence[int]) -> dict[int, int]:
    """Count this print of each document; gives the copy's number."""
    copies: dict[int, int] = dict.fromkeys(document_ids, 0)
    rows = work.execute(select(PrintLog.document_id, func.max(PrintLog.copy)).group_by(PrintLog.document_id))
    copies.update({document: copy for document, copy in rows if document in copies})
    work.insert(
        PrintLog,
        ("document_id", "copy", "at", "user_id", "seq"),
        [(document, copy + 1, work.now, work.user_id, work.seq) for document, copy in copies.items()],
    )
    return {document: copy + 1 for document, copy in copies.items()}


def kept(work: Work, ids: Sequence[int], kind: type[T]) -> dict[int, T]:
    """The values that these documents were printed from."""
    found: dict[int, T] = {}
    for start in range(0, len(ids), CHUNK):
        rows = work.execute(select(Document.id, Document.body).where(Document.id.in_(ids[start : start + CHUNK])))
        found.update({document: from_json(kind, json.loads(body)) for document, body in rows})
    return found


def unprintable(missing: Sequence[str]) -> tuple[str, ...]:
    """The sentence about characters that no font has."""
    if not missing:
        return ()
    return (f"字体里没有这些字，已印作 〓：{'、'.join(missing)}。请在纸上手写补上。",)
