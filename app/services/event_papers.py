"""邀请函 and 签到表 of an event: slips with names and houses, a sheet to sign. Who printed them stands in the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from app.security.permissions import Permission
from app.services import estates, settings
from app.services.documents import unprintable
from app.services.events import CANCELLED, find
from app.services.paper_file import put_file
from app.services.refused import refuse
from app.services.use_case import use_case
from db.queries.event_guests import guests_of
from db.work import Work
from reports.events import Invitation, Invitations, SignIn, SignInSheet


@dataclass(frozen=True, slots=True)
class EventPapers:
    """Papers of an event: how many slips or lines, on how many pages."""

    number: str
    title: str
    papers: int
    pages: int
    file: Path
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    event: Row[Any]
    guests: Sequence[Row[Any]]
    office: str
    telephone: str


def _case(work: Work, number: str) -> _Case:
    event = find(work, number)
    guests = work.execute(guests_of(event.id)).all()
    if not guests:
        raise refuse("nobody", "{number} 还没有请人。", "请先邀请。", number=event.number, field="number")
    said = settings.values(work)
    estate = estates.first_name(work)
    office = " ".join(part for part in (said["letterhead"] or estate, said["office_name"]) if part)
    return _Case(event, guests, office, said["telephone"])


@use_case(Permission.SEE_RESIDENTS, audit="event.slips")
def invitations(work: Work, number: str, target: Path | None = None) -> EventPapers:
    """Print a slip a house for all its guests who have not said no, two to a page of A4, by house.

    Raises Refused `unknown_event`, `event_closed`, `nobody`; Problem `paper.too_long`.
    """
    case = _case(work, number)
    event = case.event
    if event.state == CANCELLED:
        raise refuse("event_closed", "{number} 已经取消。", "不再发邀请函。", number=event.number, field="number")
    names: dict[str, list[str]] = {}
    for row in case.guests:
        if row.reply != "no":
            names.setdefault(row.house or "", []).append(row.name)
    slips = tuple(Invitation(house, "、".join(dict.fromkeys(people))) for house, people in names.items())
    paper = Invitations(
        case.office, case.telephone, work.today.isoformat(), event.title, event.on.isoformat(), event.begins or "",
        event.place or "", event.note or "", slips,
    )  # fmt: skip
    from reports import events as papers

    file = target or work.place.folder / "out" / f"邀请函-{event.number}.pdf"
    made = put_file(work, file, lambda path: papers.write_invitations(path, paper))
    detail = {"event": event.number, "papers": len(slips), "purpose": event.title}
    work.audit("event.slips", "event", event.id, detail=detail)
    return EventPapers(event.number, event.title, len(slips), made.pages, file, unprintable(made.missing))


@use_case(Permission.SEE_RESIDENTS, audit="event.sheet")
def sign_in_sheet(work: Work, number: str, target: Path | None = None) -> EventPapers:
    """Print the guests by house with room to sign, and empty lines for who comes uninvited.

    Raises Refused `unknown_event`, `nobody`.
    """
    case = _case(work, number)
    event = case.event
    rows = tuple(
        SignIn(row.house or "", row.name, row.reply, (row.heads or 1) if row.reply == "yes" else 0)
        for row in case.guests
    )
    paper = SignInSheet(
        case.office, event.title, event.on.isoformat(), event.begins or "", event.place or "", event.number, rows
    )
    from reports import events as papers

    file = target or work.place.folder / "out" / f"签到表-{event.number}.pdf"
    made = put_file(work, file, lambda path: papers.write_sheet(path, paper))
    detail = {"event": event.number, "papers": len(rows), "purpose": event.title}
    work.audit("event.sheet", "event", event.id, detail=detail)
    return EventPapers(event.number, event.title, len(rows), made.pages, file, unprintable(made.missing))
