"""同一人: records that may be one person, and making them one with nothing lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, select, update

from app.domain.masking import mask
from app.security.permissions import Permission
from app.services import person_initials
from app.services.person_form import LONGEST_REMARK
from app.services.refused import refuse
from app.services.residents import TOUCHES, Likeness, houses_of, person, put_tags, tags_of
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.estate import Lease, Pet, Tenancy
from db.models.people import EventGuest, Party, Person, PersonTag, Resident
from db.work import Work

BETWEEN = "、"
"""What stands between several telephones in one field."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Who was made one; `moved` counts the records that came along."""

    key: int
    name: str
    moved: int


@use_case(Permission.IMPORT_REGISTER, audit="resident.merged", touches=TOUCHES)
def merge(work: Work, keep: int, drop: int, reason: str | None) -> Merged:
    """Two records of one person become one with nothing lost: houses, parties (so accounts), spaces, tags, invitations.

    What the kept record lacks is taken over; the ledger is untouched, since it names parties. Raises Refused
    `unknown_person`, `same_record`, `differ_id`, `reason_needed`, `too_long`.
    """
    why = need_reason(reason)
    if keep == drop:
        raise refuse("same_record", "这是同一条记录。", "请选另一条。")
    kept, dropped = person(work, keep), person(work, drop)
    if kept.id_number and dropped.id_number and kept.id_number != dropped.id_number:
        raise refuse("differ_id", "两个人的证件号不同，不能合并。", "请先核对证件。")
    moved = _move_rows(work, keep, drop)
    lacking = {
        name: getattr(dropped, name)
        for name in ("sex", "id_kind", "id_number", "id_verified", "owner_number", "birth_on", "email", "contact_by",
                     "consent_on")
        if getattr(kept, name) is None and getattr(dropped, name) is not None
    }  # fmt: skip
    lacking |= _numbers(kept, dropped) | _remark(kept, dropped)
    work.execute(update(Person).where(Person.id == keep).values(**lacking, version=Person.version + 1))
    person_initials.drop(work, drop)
    work.delete_many("person", "id", [drop])
    detail = {"dropped": {each: _plain(getattr(dropped, each)) for each in ("name", "version")}, "moved": moved,
              "taken": sorted(lacking), "reason": why}  # fmt: skip
    work.audit("resident.merged", "person", keep, detail=detail)
    return Merged(keep, kept.name, moved)


def _numbers(kept: Row[Any], dropped: Row[Any]) -> dict[str, str | None]:
    """All telephones of both, each once: those of the kept record first, further ones behind the second."""
    given = (kept.phone, kept.phone2, dropped.phone, dropped.phone2)
    first, *more = (*dict.fromkeys(each for one in given if one for each in one.split(BETWEEN)), None)
    found = {"phone": first, "phone2": BETWEEN.join(filter(None, more)) or None}
    return {name: value for name, value in found.items() if value != getattr(kept, name)}


def _remark(kept: Row[Any], dropped: Row[Any]) -> dict[str, str]:
    """What the kept record says otherwise is written behind its remark, with the other's remark. Raises Refused
    `too_long`.
    """
    said = [dropped.remark] if dropped.remark and dropped.remark != kept.remark else []
    for title, one, other in (("登记为", kept.name, dropped.name), ("邮箱", kept.email, dropped.email),
                              ("出生日期", kept.birth_on, dropped.birth_on)):  # fmt: skip
        if one and other and one != other:
            said.append(f"另{title} {other}")
    if not said:
        return {}
    whole = "；".join((*([kept.remark] if kept.remark else []), *said))
    if len(whole) > LONGEST_REMARK:
        raise refuse("too_long", "两条备注合起来超过 {n} 个字。", "请先改短，再合并。", n=LONGEST_REMARK)
    return {"remark": whole}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _move_rows(work: Work, keep: int, drop: int) -> int:
    """Everything that names the one names the other; where both stand for the same, the wider days stay."""
    moved = 0
    own = {
        (row.house_id, row.relation): row
        for row in work.execute(select(Resident).where(Resident.person_id == keep)).all()
    }
    for row in work.execute(select(Resident).where(Resident.person_id == drop)).all():
        same = own.get((row.house_id, row.relation))
        if same is None:
            work.execute(update(Resident).where(Resident.id == row.id).values(person_id=keep))
        else:
            first = None if None in (same.valid_from, row.valid_from) else min(same.valid_from, row.valid_from)
            last = None if None in (same.valid_to, row.valid_to) else max(same.valid_to, row.valid_to)
            wider = {"valid_from": first, "valid_to": last, "share": same.share or row.share}
            work.execute(update(Resident).where(Resident.id == same.id).values(**wider))
            work.execute(delete(Resident).where(Resident.id == row.id))
        moved += 1
    for table in (Party, Lease, Tenancy, Pet):
        found = work.execute(update(table).where(table.person_id == drop).values(person_id=keep))
        moved += found.rowcount
    tags = set(tags_of(work, keep)) | set(tags_of(work, drop))
    work.execute(delete(PersonTag).where(PersonTag.person_id == drop))
    put_tags(work, keep, sorted(tags))
    _join_guests(work, keep, drop)
    work.execute(update(EventGuest).where(EventGuest.person_id == drop).values(person_id=keep))
    return moved


def _join_guests(work: Work, keep: int, drop: int) -> None:
    """Of two invitations to one event the answer stays, and that he came."""
    own = {row.event_id: row for row in work.execute(select(EventGuest).where(EventGuest.person_id == keep)).all()}
    for row in work.execute(select(EventGuest).where(EventGuest.person_id == drop)).all():
        same = own.get(row.event_id)
        if same is None:
            continue
        answer = same if same.reply != "none" else row
        joined = {"reply": answer.reply, "heads": answer.heads, "came": same.came or row.came}
        here = EventGuest.event_id == row.event_id
        work.execute(update(EventGuest).where(here, EventGuest.person_id == keep).values(**joined))
        work.execute(delete(EventGuest).where(here, EventGuest.person_id == drop))


@use_case(Permission.SEE_RESIDENTS)
def duplicates(work: Work, most: int = 50) -> tuple[tuple[Likeness, Likeness], ...]:
    """Pairs of records that may be one person: the same document or phone, or the same name in the same house."""
    pairs: dict[tuple[int, int], str] = {}
    for column, title in ((Person.id_number, "证件号"), (Person.phone, "电话")):
        rows = work.execute(
            select(column, Person.id).where(column.is_not(None), Person.registered).order_by(column, Person.id)
        ).all()
        groups: dict[str, list[int]] = {}
        for value, key in rows:
            groups.setdefault(value, []).append(key)
        for people in groups.values():
            for other in people[1:]:
                pairs.setdefault((people[0], other), title)
    found = sorted(pairs.items())[:most]
    ids = {key for pair, _ in found for key in pair}
    rows_of = {row.id: row for row in work.execute(select(Person).where(Person.id.in_(ids))).all()}
    made = []
    for (one, two), title in found:
        shared = mask("id_number" if title == "证件号" else "phone",
                      rows_of[one].id_number if title == "证件号" else rows_of[one].phone)  # fmt: skip
        likes = [
            Likeness(key, rows_of[key].name, f"{title} {shared}", tuple(each.house for each in houses_of(work, key)))
            for key in (one, two)
        ]
        made.append((likes[0], likes[1]))
    return tuple(made)
