"""活动: what residents are invited to, who says he comes, who came. A guest is a person at one of his houses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, case, func, or_, select, update

from app.domain.masking import mask
from app.security.permissions import Permission
from app.services import list_search
from app.services.list_face import Query
from app.services.numbers import draw
from app.services.refused import refuse
from app.services.resident_list import RESIDENTS
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.estate import House
from db.models.people import Event, EventGuest, Person, PersonInitials, Resident
from db.queries.event_guests import guests_of
from db.queries.owed import CHUNK
from db.work import Work

TOUCHES = frozenset({"event"})
PLANNED, OVER, CANCELLED = "planned", "over", "cancelled"
REPLIES: Mapping[str, str] = {"none": "未回复", "yes": "会来", "no": "不来", "maybe": "未定"}
EACH: Mapping[str, str] = {"person": "每位都请", "house": "一户请一位"}
"""Whom of a house's people an invitation goes to; of one a house the first in its order."""
LONGEST_TITLE, LONGEST_PLACE, LONGEST_NOTE = 40, 40, 300
MOST_HEADS, MOST_ROOM = 50, 100_000
SHOWN = 200
"""So many guests are shown at once; a name or house number finds the others."""
_HOUR = re.compile(r"(\d{1,2})[:：](\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class EventForm:
    """An event as typed: what, on which day, from which hour (`19:00`), where, the words of the invitation, and for
    how many there is room (None: for all).
    """

    title: str
    on: date
    begins: str = ""
    place: str = ""
    note: str = ""
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class EventCounts:
    """How many people are invited (in how many houses), how many heads said they come, people of each answer, who
    came.
    """

    invited: int
    houses: int
    coming: int
    yes: int
    no: int
    maybe: int
    came: int


@dataclass(frozen=True, slots=True)
class EventFile:
    """An event; state planned, over or cancelled (then with the reason)."""

    number: str
    version: int
    form: EventForm
    state: str
    reason: str
    counts: EventCounts


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """What became of an event; `guests` were added by it, `warnings` are sentences."""

    number: str
    title: str
    state: str
    guests: int
    counts: EventCounts
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is invited; the phone masked. `person` names him to the doors, `heads` how many come with him."""

    person: int
    house: str
    name: str
    phone: str
    reply: str
    heads: int
    came: bool


@dataclass(frozen=True, slots=True)
class Guests:
    """The guests that words find, the first of them, and how many they find in all."""

    rows: tuple[Guest, ...]
    found: int
    counts: EventCounts


def _hour(typed: str) -> str:
    """An hour of the day as `19:00`; nothing typed stays nothing. Raises Refused `bad_hour`."""
    text = typed.strip()
    if not text:
        return ""
    found = _HOUR.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise refuse("bad_hour", "{typed} 不是钟点。", "请写成 19:00 的样子。", typed=text[:20], field="begins")
    return f"{int(found[1]):02}:{found[2]}"


def _checked(form: EventForm) -> tuple[str, str | None, str | None, str | None, int | None]:
    title, place, note = form.title.strip(), form.place.strip(), form.note.strip()
    if not title:
        raise refuse("no_title", "还没有写是什么活动。", "如 重阳节茶话会。", field="title")
    for text, most, field in (
        (title, LONGEST_TITLE, "title"), (place, LONGEST_PLACE, "place"), (note, LONGEST_NOTE, "note"),
    ):  # fmt: skip
        if len(text) > most:
            raise refuse("too_long", "最多 {n} 个字。", "请改短。", n=most, field=field)
    if form.capacity is not None and not 0 < form.capacity <= MOST_ROOM:
        raise refuse("bad_capacity", "名额应为 1 到 {n}。", "不限就不填。", n=MOST_ROOM, field="capacity")
    return title, _hour(form.begins) or None, place or None, note or None, form.capacity


@use_case(Permission.IMPORT_REGISTER, audit="event.added", touches=TOUCHES)
def add(work: Work, form: EventForm) -> EventAnswer:
    """Write an event down; nobody is invited yet. Raises Refused `no_title`, `too_long`, `bad_hour`, `bad_capacity`,
    `past_day`.
    """
    title, begins, place, note, capacity = _checked(form)
    if form.on < work.today:
        raise refuse("past_day", "{day} 已经过去。", "请改日期。", day=form.on, field="on")
    number = f"E{work.today.year}-{draw(work, f'event:{work.today.year}'):06}"
    columns = ("number", "title", "on", "place", "note", "state", "seq", "begins", "capacity")
    row = (number, title, form.on.isoformat(), place, note, PLANNED, work.seq, begins, capacity)
    (event_id,) = work.insert(Event, columns, [row])
    detail = {"event": number, "title": title, "on": form.on.isoformat(), "capacity": capacity}
    work.audit("event.added", "event", event_id, detail=detail)
    return EventAnswer(number, title, PLANNED, 0, _counts(work, event_id))


@use_case(Permission.IMPORT_REGISTER, audit="event.changed", touches=TOUCHES)
def change(work: Work, number: str, version: int, form: EventForm) -> EventAnswer:
    """Another day, place or text; who is invited stays, with his answer. Raises Refused as `add`; `unknown_event`,
    `event_closed`, `changed_meanwhile`.
    """
    event = _planned(work, number)
    if event.version != version:
        raise refuse("changed_meanwhile", "活动 {number} 刚被别人改过。", "请看清以后再改。", number=event.number)
    title, begins, place, note, capacity = _checked(form)
    values = {
        "title": title, "on": form.on, "begins": begins, "place": place, "note": note, "capacity": capacity,
    }  # fmt: skip
    changed = sorted(name for name, value in values.items() if value != getattr(event, name))
    work.execute(update(Event).where(Event.id == event.id).values(**values, version=version + 1))
    work.audit("event.changed", "event", event.id, detail={"event": event.number, "fields": changed})
    moved = "on" in changed or "begins" in changed or "place" in changed
    counts = _counts(work, event.id)
    warnings = ("时间或地点改了，已发的邀请函要另行通知。",) if moved and counts.invited else ()
    return EventAnswer(event.number, title, PLANNED, 0, counts, warnings)


@use_case(Permission.IMPORT_REGISTER, audit="event.invited", touches=TOUCHES)
def invite(
    work: Work, number: str, query: Query | None = None, residents: Sequence[int] = (), each: str = "person"
) -> EventAnswer:
    """Invite those whom a question to the list of residents finds today, or chosen rows of it. Who is invited already
    stays so; who moved out is left out.

    Raises Refused `unknown_event`, `event_closed`, `bad_choice`, `nobody`.
    """
    event = _planned(work, number)
    if each not in EACH:
        raise refuse("bad_choice", "不能是 {each}。", "只能是：" + "、".join(EACH), each=each, field="each")
    keys = RESIDENTS.keys(work, query) if query is not None else residents
    invited = {row.person_id for row in work.execute(_of(event.id))}
    people: dict[int, int] = {}
    houses: set[int] = set()
    for person, house in _living(work, keys):
        if person not in people and (each == "person" or house not in houses):
            people[person] = house
            houses.add(house)
    if not people:
        raise refuse("nobody", "没有找到可以请的住户。", "请换一个条件；已迁出的不请。", field="who")
    rows = [(event.id, person, house, "none", False) for person, house in people.items() if person not in invited]
    work.many("event_guest", ("event_id", "person_id", "house_id", "reply", "came"), rows)
    work.audit("event.invited", "event", event.id, detail={"event": event.number, "count": len(rows), "each": each})
    counts = _counts(work, event.id)
    over = event.capacity is not None and counts.invited > event.capacity
    warnings = (f"名额 {event.capacity}，已请 {counts.invited} 人。",) if over else ()
    return EventAnswer(event.number, event.title, PLANNED, len(rows), counts, warnings)


def _living(work: Work, keys: Sequence[int]) -> list[tuple[int, int]]:
    """Person and house of these rows of the list, as far as they live there today: where somebody lives before a space
    that he has, in the order of the houses.
    """
    found: list[Any] = []
    for start in range(0, len(keys), CHUNK):
        found += work.execute(
            select(
                House.kind.not_in(("house", "shop")), House.sort_key, Resident.position, Resident.id,
                Resident.person_id, Resident.house_id,
            )
            .join(House, House.id == Resident.house_id)
            .join(Person, Person.id == Resident.person_id)
            .where(
                Resident.id.in_(list(keys[start : start + CHUNK])), Person.registered, Person.anonymised_on.is_(None),
                or_(Resident.valid_to.is_(None), Resident.valid_to >= work.today),
            )
        ).all()  # fmt: skip
    return [(person, house) for *_, person, house in sorted(tuple(row) for row in found)]


@use_case(Permission.IMPORT_REGISTER, audit="event.answered", touches=TOUCHES)
def reply(work: Work, number: str, person: int, answer: str, heads: int = 1) -> EventAnswer:
    """What a guest answered: yes, no, maybe, or none again; with how many heads he comes.

    Raises Refused `unknown_event`, `event_closed`, `bad_choice`, `bad_heads`, `not_invited`.
    """
    event = _planned(work, number)
    if answer not in REPLIES:
        raise refuse("bad_choice", "不能是 {answer}。", "只能是：" + "、".join(REPLIES), answer=answer, field="reply")
    if not 1 <= heads <= MOST_HEADS:
        raise refuse("bad_heads", "人数应为 1 到 {n}。", "请改正。", n=MOST_HEADS, field="heads")
    if _guest(work, event.id, person) is None:
        raise refuse(
            "not_invited", "这位没有在 {number} 的邀请名单里。", "请先邀请。", number=event.number, field="name"
        )
    work.execute(_the(event.id, person).values(reply=answer, heads=heads if answer == "yes" else None))
    work.audit("event.answered", "event", event.id, detail={"event": event.number, "reply": answer, "heads": heads})
    counts = _counts(work, event.id)
    over = event.capacity is not None and counts.coming > event.capacity
    warnings = (f"名额 {event.capacity}，会来的已有 {counts.coming} 人。",) if over else ()
    return EventAnswer(event.number, event.title, PLANNED, 0, counts, warnings)


@use_case(Permission.IMPORT_REGISTER, audit="event.attended", touches=TOUCHES)
def attend(work: Work, number: str, person: int, *, came: bool = True) -> EventAnswer:
    """Somebody is at the door (`came` false: it was an error). Who was not invited is written down as a guest.

    Raises Refused `unknown_event`, `event_closed`, `unknown_person`, `too_early`.
    """
    event = _planned(work, number)
    if came and event.on > work.today:
        raise refuse("too_early", "{number} 到 {day} 才开始。", "当天再签到；改了日期的请先修改活动。",
                     number=event.number, day=event.on)  # fmt: skip
    added = 0
    if _guest(work, event.id, person) is None:
        house = work.execute(
            select(Resident.house_id)
            .join(Person, Person.id == Resident.person_id)
            .where(Resident.person_id == person, Person.anonymised_on.is_(None))
            .order_by(Resident.valid_to.is_not(None), Resident.id)
            .limit(1)
        ).scalar()
        if house is None or not came:
            raise refuse("unknown_person", "没有这位住户。", "请核对姓名和房号。", field="name")
        columns = ("event_id", "person_id", "house_id", "reply", "came")
        work.many("event_guest", columns, [(event.id, person, house, "none", True)])
        added = 1
    else:
        work.execute(_the(event.id, person).values(came=came))
    work.audit("event.attended", "event", event.id, detail={"event": event.number, "came": came, "added": added})
    return EventAnswer(event.number, event.title, PLANNED, added, _counts(work, event.id))


@use_case(Permission.IMPORT_REGISTER, audit="event.ended", touches=TOUCHES)
def end(work: Work, number: str) -> EventAnswer:
    """The event is over: nobody is added any more. Raises Refused `unknown_event`, `event_closed`, `too_early`."""
    event = _planned(work, number)
    if event.on > work.today:
        raise refuse("too_early", "{number} 到 {day} 才开始。", "不办了请取消。", number=event.number, day=event.on)
    counts = _counts(work, event.id)
    work.execute(update(Event).where(Event.id == event.id).values(state=OVER, version=event.version + 1))
    detail = {"event": event.number, "invited": counts.invited, "came": counts.came}
    work.audit("event.ended", "event", event.id, detail=detail)
    return EventAnswer(event.number, event.title, OVER, 0, counts)


@use_case(Permission.IMPORT_REGISTER, audit="event.cancelled", touches=TOUCHES)
def cancel(work: Work, number: str, reason: str | None) -> EventAnswer:
    """Call an event off; who was invited is kept, to be told. Raises Refused `unknown_event`, `event_closed`,
    `reason_needed`.
    """
    why, event = need_reason(reason), _planned(work, number)
    values = {"state": CANCELLED, "reason": why, "version": event.version + 1}
    work.execute(update(Event).where(Event.id == event.id).values(**values))
    work.audit("event.cancelled", "event", event.id, detail={"event": event.number, "reason": why})
    counts = _counts(work, event.id)
    warnings = (f"已请 {counts.invited} 人，请通知他们。",) if counts.invited else ()
    return EventAnswer(event.number, event.title, CANCELLED, 0, counts, warnings)


@use_case(Permission.SEE_RESIDENTS)
def show(work: Work, number: str) -> EventFile:
    """An event with its counts. Raises Refused `unknown_event`."""
    return file_of(work, find(work, number))


@use_case(Permission.SEE_RESIDENTS)
def planned(work: Work) -> tuple[EventFile, ...]:
    """The events that are still to come or not ended, by day."""
    rows = work.execute(select(Event).where(Event.state == PLANNED).order_by(Event.on, Event.id)).all()
    return tuple(file_of(work, row) for row in rows)


def file_of(work: Work, row: Row[Any]) -> EventFile:
    """An event as it is shown. For bodies of use cases."""
    form = EventForm(row.title, row.on, row.begins or "", row.place or "", row.note or "", row.capacity)
    return EventFile(row.number, row.version, form, row.state, row.reason or "", _counts(work, row.id))


@use_case(Permission.SEE_RESIDENTS)
def guests(work: Work, number: str, words: str = "") -> Guests:
    """The guests of an event by house whom all words find: in a name, its pinyin initials, or a house number.

    Raises Refused `unknown_event`.
    """
    event = find(work, number)
    query = guests_of(event.id)
    said = list_search.words(words)
    for word in said or ():
        query = query.where(_meant(word))
    counts = _counts(work, event.id)
    if said is None:
        return Guests((), 0, counts)
    found = work.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    rows = work.execute(query.limit(SHOWN))
    return Guests(
        tuple(
            Guest(
                row.person_id, row.house or "", row.name, mask("phone", row.phone) if row.phone else "", row.reply,
                row.heads or 1, row.came,
            )
            for row in rows
        ),
        int(found),
        counts,
    )  # fmt: skip


def _meant(word: str) -> Any:
    initials = select(PersonInitials.person_id).where(PersonInitials.letters.startswith(word.lower(), autoescape=True))
    return or_(
        list_search.contains(Person.name, word),
        list_search.house(House.number, House.number_key, word),
        Person.id.in_(initials),
    )


def find(work: Work, number: str) -> Row[Any]:
    """The event of a number. Raises Refused `unknown_event`. For bodies of use cases."""
    wanted = number.strip().upper()
    row: Row[Any] | None = work.execute(select(Event).where(Event.number == wanted)).first()
    if row is None:
        raise refuse("unknown_event", "没有这个活动：{number}。", "请核对编号。", number=wanted, field="number")
    return row


def _planned(work: Work, number: str) -> Row[Any]:
    event = find(work, number)
    if event.state != PLANNED:
        said = "已经结束" if event.state == OVER else "已经取消"
        raise refuse("event_closed", "{number} {said}。", "要再办请新建一个活动。", number=event.number, said=said,
                     field="number")  # fmt: skip
    return event


def _of(event_id: int) -> Any:
    return select(EventGuest).where(EventGuest.event_id == event_id)


def _the(event_id: int, person: int) -> Any:
    return update(EventGuest).where(and_(EventGuest.event_id == event_id, EventGuest.person_id == person))


def _guest(work: Work, event_id: int, person: int) -> Row[Any] | None:
    row: Row[Any] | None = work.execute(_of(event_id).where(EventGuest.person_id == person)).first()
    return row


def _counts(work: Work, event_id: int) -> EventCounts:
    def of(answer: str) -> Any:
        return func.coalesce(func.sum(case((EventGuest.reply == answer, 1), else_=0)), 0)

    heads = case((EventGuest.reply == "yes", func.coalesce(EventGuest.heads, 1)), else_=0)
    query = select(
        func.count(), func.count(EventGuest.house_id.distinct()), func.coalesce(func.sum(heads), 0), of("yes"),
        of("no"), of("maybe"), func.coalesce(func.sum(case((EventGuest.came, 1), else_=0)), 0),
    )  # fmt: skip
    return EventCounts(*map(int, work.execute(query.where(EventGuest.event_id == event_id)).one()))
