"""存下的筛选: a group of houses, people or bills under a name; what is saved is the question, so it stays live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from app.security.permissions import Permission
from app.services.list_face import Query, Sort
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.people import Segment
from db.types import canonical_json
from db.work import Work

LONGEST = 30


@dataclass(frozen=True, slots=True)
class Saved:
    """A question to a list and its name."""

    name: str
    query: Query


def _query(said: Mapping[str, Any]) -> Query:
    return Query(
        str(said.get("words", "")),
        tuple((str(key), str(value)) for key, value in said.get("filters", ())),
        tuple(Sort(str(key), bool(down)) for key, down in said.get("sorts", ())),
    )


@use_case(Permission.LOG_IN)
def listing(work: Work, of: str) -> tuple[Saved, ...]:
    """What is saved for a list, by name. What a seat may not see of a list, a saved question does not show either."""
    rows = work.execute(select(Segment.name, Segment.query).where(Segment.list == of).order_by(Segment.name))
    return tuple(Saved(row.name, _query(row.query)) for row in rows)


@use_case(Permission.LOG_IN, audit="segment.saved", touches=frozenset({"segment"}))
def save(work: Work, of: str, name: str, query: Query) -> Saved:
    """Save a question under a name, for the whole office; one of the same name is replaced.

    Raises Refused `segment_name`, `segment_empty`.
    """
    said = name.strip()
    if not 0 < len(said) <= LONGEST:
        raise refuse("segment_name", "名称应为 1 到 {n} 个字。", "请改正名称。", n=LONGEST, field="name")
    if not query.narrow:
        raise refuse("segment_empty", "现在没有筛选条件。", "先筛选，再存下来。", field="name")
    kept = {
        "words": query.words.strip(),
        "filters": [list(pair) for pair in query.filters],
        "sorts": [[sort.key, sort.descending] for sort in query.sorts],
    }
    work.execute(delete(Segment).where(Segment.list == of, Segment.name == said))
    columns = ("list", "name", "query", "user_id", "seq")
    (segment,) = work.insert(Segment, columns, [(of, said, canonical_json(kept), work.user_id, work.seq)])
    work.audit("segment.saved", "segment", segment, detail={"list": of, "name": said})
    return Saved(said, _query(kept))


@use_case(Permission.LOG_IN, audit="segment.dropped", touches=frozenset({"segment"}))
def drop(work: Work, of: str, name: str) -> str:
    """Forget a saved question. Raises Refused `unknown_segment`."""
    segment = work.execute(select(Segment.id).where(Segment.list == of, Segment.name == name)).scalar()
    if segment is None:
        raise refuse("unknown_segment", "没有存下“{name}”。", "请刷新后再看。", name=name)
    work.execute(delete(Segment).where(Segment.id == segment))
    work.audit("segment.dropped", "segment", segment, detail={"list": of, "name": name})
    return name
