"""活动 as a list: what residents are invited to, how many are asked, come and came."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.security.permissions import Permission
from app.services import list_export
from app.services.events import CANCELLED, OVER, PLANNED
from app.services.list_export import Exported
from app.services.listing import Choice, Column, Counts, Kind, Listing, Query, Sort, State
from app.services.use_case import use_case
from db.models.people import Event, EventGuest
from db.work import Work

STATES = (
    State(PLANNED, "筹备中", "info", "calendar"),
    State(OVER, "已结束", "ok", "check"),
    State(CANCELLED, "已取消", "neutral", "stop"),
)
"""How an event stands."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in the list: people invited, heads that said they come, people who came."""

    on: date
    begins: str | None
    title: str
    place: str | None
    state: str
    invited: int
    coming: int
    came: int
    capacity: int | None
    number: str


def _guests(value: Any, *rules: Any) -> Any:
    return (
        select(func.coalesce(value, 0))
        .where(EventGuest.event_id == Event.id, *rules)
        .correlate(Event)
        .scalar_subquery()
    )


_COMING = func.sum(func.coalesce(EventGuest.heads, 1))

EVENTS = Listing(
    name="events",
    title="活动",
    unit="个",
    row=EventRow,
    key=Event.id,
    source=Event.__table__,
    columns=(
        Column("on", "日期", Event.on, Kind.DATE, 11),
        Column("begins", "时间", Event.begins, width=7),
        Column("title", "活动", Event.title, width=20, find=True),
        Column("place", "地点", Event.place, width=14, find=True),
        Column("state", "状态", Event.state, Kind.STATE, 9, states=STATES),
        Column("invited", "已请", _guests(func.count()), Kind.COUNT, 7),
        Column("coming", "会来", _guests(_COMING, EventGuest.reply == "yes"), Kind.COUNT, 7),
        Column("came", "到场", _guests(func.count(), EventGuest.came), Kind.COUNT, 7),
        Column("capacity", "名额", Event.capacity, Kind.COUNT, 7, shown=False),
        Column("number", "编号", Event.number, Kind.NUMBER, 13, find=True, shown=False),
    ),
    default=(Sort("on", True), Sort("number", True)),
    reads=frozenset({"event"}),
    filters=(Choice("state", "状态", options=tuple((s.code, s.word, Event.state == s.code) for s in STATES)),),
)  # fmt: skip


@use_case(Permission.SEE_RESIDENTS)
def keys(work: Work, query: Query) -> array[int]:
    """The events that match, in order."""
    return EVENTS.keys(work, query)


@use_case(Permission.SEE_RESIDENTS)
def rows(work: Work, keys: Sequence[int]) -> dict[int, EventRow]:
    """The events of these keys."""
    return EVENTS.rows(work, keys)


@use_case(Permission.SEE_RESIDENTS)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Sums of all events that match."""
    return EVENTS.totals(work, query)


@use_case(Permission.SEE_RESIDENTS)
def counts(work: Work, query: Query) -> Counts:
    """How many events match, by filter."""
    return EVENTS.counts(work, query)


@use_case(Permission.SEE_RESIDENTS, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the events that match to a workbook."""
    return list_export.write(work, EVENTS, query, target, columns)
