"""个人信息副本: all that is held about one person, for him to see and correct (个人信息保护法 art. 45, 46)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, or_, select

from app.domain.money import yuan
from app.security.permissions import Permission
from app.services import look_up, settings
from app.services.documents import unprintable
from app.services.events import REPLIES
from app.services.moments import local_minute, offset_of
from app.services.paper_file import put_file
from app.services.parking import KINDS
from app.services.person_form import CONTACTS, ID_KINDS, NEEDS, RELATIONS, SEXES
from app.services.refused import refuse
from app.services.trail import ACTIONS
from app.services.two_persons import need_purpose
from app.services.use_case import use_case
from db.models.audit import Audit, Change
from db.models.document import Document
from db.models.estate import Estate, House, Lease, Pet, Tenancy, Vehicle
from db.models.people import Event, EventGuest, HousePayer, Party, Person, PersonTag, Resident
from db.models.security import User
from db.work import Work
from reports.person_data import DataPaper, DataSection

_KINDS = {"person": "个人", "firm": "单位"}
_ID_WORDS = {**ID_KINDS, "credit_code": "统一社会信用代码"}
_PAPERS = {
    "bill": "缴费通知单", "receipt": "收据", "statement": "对账单", "proof": "缴费证明", "dunning": "催缴文书",
    "settlement": "结算单", "plan": "分期协议", "set_off": "预存抵扣单", "explanation": "费用说明",
}  # fmt: skip
SUFFIXES = (".pdf", ".json")


@dataclass(frozen=True, slots=True)
class PersonData:
    """A copy of what is held about a person; `entries` lines in all."""

    name: str
    entries: int
    pages: int
    file: Path
    warnings: tuple[str, ...] = ()


def find(work: Work, name: str, number: str) -> Row[Any]:
    """A person by name and one of his houses, also one who left or holds a space. For bodies of use cases.

    Raises Refused `unknown_house`, `unknown_person`, `ambiguous_person`.
    """
    house, wanted = look_up.house(work, number), name.strip()
    belonging = select(Resident.person_id).where(Resident.house_id == house.id)
    paying = (
        select(Party.person_id)
        .join(HousePayer, HousePayer.party_id == Party.id)
        .where(HousePayer.house_id == house.id)
    )  # fmt: skip
    holding = select(Lease.person_id).where(Lease.space_id == house.id)
    near = or_(Person.id.in_(belonging), Person.id.in_(paying), Person.id.in_(holding))
    found: list[Row[Any]] = list(work.execute(select(Person).where(Person.name == wanted, near)).all())
    if not found:
        raise refuse("unknown_person", "{house} 没有叫 {name} 的人。", "请核对姓名和房号。", house=house.number,
                     name=wanted, field="name")  # fmt: skip
    if len(found) > 1:
        raise refuse("ambiguous_person", "{house} 有 {n} 位“{name}”。", "请先在住户里合并，或把姓名写得不同。",
                     house=house.number, n=len(found), name=wanted, field="name")  # fmt: skip
    return found[0]


def _span(first: date | None, last: date | None) -> str:
    if first is not None and last is not None and last < first:
        return f"{first} 起，没有生效就取消了"
    return f"{first or '最初'} 至 {last or '现在'}"


def _person(work: Work, row: Row[Any]) -> list[tuple[str, str]]:
    tags = work.execute(select(PersonTag.tag).where(PersonTag.person_id == row.id).order_by(PersonTag.tag)).scalars()
    consent = f"{row.consent_on}{'，' + row.consent_note if row.consent_note else ''}" if row.consent_on else ""
    said = (
        ("姓名", row.name), ("类别", _KINDS.get(row.kind, row.kind)), ("性别", SEXES.get(row.sex or "", "")),
        ("出生日期", str(row.birth_on or "")), ("手机号", row.phone), ("备用电话", row.phone2), ("邮箱", row.email),
        ("联系方式", CONTACTS.get(row.contact_by or "", "")), ("证件", _ID_WORDS.get(row.id_kind or "", "")),
        ("证件号码", row.id_number), ("业主编号", row.owner_number),
        ("标签", "、".join(NEEDS.get(tag, tag) for tag in tags)), ("同意", consent), ("备注", row.remark),
    )  # fmt: skip
    return [(title, str(value)) for title, value in said if value]


def _houses(work: Work, person: int) -> list[tuple[str, str]]:
    rows = work.execute(
        select(House.number, Resident.relation, Resident.valid_from, Resident.valid_to)
        .join(House, House.id == Resident.house_id)
        .where(Resident.person_id == person)
        .order_by(House.sort_key, Resident.id)
    )
    return [(number, f"{RELATIONS.get(told, told)}，{_span(first, last)}") for number, told, first, last in rows]


def _paid_for(work: Work, person: int) -> list[tuple[str, str]]:
    rows = work.execute(
        select(House.number, HousePayer.valid_from, HousePayer.valid_to)
        .join(House, House.id == HousePayer.house_id)
        .join(Party, Party.id == HousePayer.party_id)
        .where(Party.person_id == person)
        .order_by(House.sort_key, HousePayer.valid_from)
    )
    return [(number, _span(first, last)) for number, first, last in rows]


def _leases(work: Work, person: int) -> list[tuple[str, str]]:
    rows = work.execute(
        select(House.number, Lease.kind, Lease.valid_from, Lease.valid_to)
        .join(House, House.id == Lease.space_id)
        .where(Lease.person_id == person)
        .order_by(House.sort_key, Lease.valid_from)
    )
    return [(number, f"{KINDS[kind]}，{_span(first, last)}") for number, kind, first, last in rows]


def _there(car: Row[Any], first: date | None, last: date | None) -> bool:
    """Whether a car stood at a place between two days."""
    came, left = car.valid_from or date.min, car.valid_to or date.max
    if car.valid_from is None and last is not None and left > last:
        return False
    return came <= (last or date.max) and left >= (first or date.min)


def _cars(work: Work, person: int) -> list[tuple[str, str]]:
    """The cars of his houses and spaces in his days there; a car is written down for a place, not for a person. One
    that nobody knows the first day of and that stayed longer than he may be another's.
    """
    spans: list[tuple[int, date | None, date | None]] = [
        *work.execute(
            select(Resident.house_id, Resident.valid_from, Resident.valid_to).where(Resident.person_id == person)
        ),
        *work.execute(select(Lease.space_id, Lease.valid_from, Lease.valid_to).where(Lease.person_id == person)),
    ]
    rows = work.execute(
        select(House.number, Vehicle)
        .join(House, House.id == Vehicle.house_id)
        .where(Vehicle.house_id.in_({house for house, _, _ in spans}))
        .order_by(House.sort_key, Vehicle.id)
    )
    rows = [row for row in rows if any(row.house_id == house and _there(row, *span) for house, *span in spans)]
    return [
        (row.number, "，".join(part for part in (row.plate, row.brand, row.kind, row.colour) if part)
         + f"，{_span(row.valid_from, row.valid_to)}")
        for row in rows
    ]  # fmt: skip


def documents_of(work: Work, row: Row[Any], numbers: set[str]) -> list[Row[Any]]:
    """Kept papers that name him beside one of his houses, oldest first. For bodies of use cases."""
    quoted = json.dumps(row.name, ensure_ascii=False)[1:-1]
    papers = work.execute(
        select(Document, Audit.local)
        .join(Audit, Audit.id == Document.seq)
        .where(Document.body.contains(quoted, autoescape=True))
        .order_by(Document.id)
    )
    return [paper for paper in papers if any(number in paper.body for number in numbers)]


def numbers_of(work: Work, person: int) -> set[str]:
    """The numbers of all houses that he belongs or belonged to, paid for or holds. For bodies of use cases."""
    paid = select(HousePayer.house_id).join(Party, Party.id == HousePayer.party_id).where(Party.person_id == person)
    belonging = select(Resident.house_id).where(Resident.person_id == person)
    held = select(Lease.space_id).where(Lease.person_id == person)
    query = select(House.number).where(or_(House.id.in_(paid), House.id.in_(belonging), House.id.in_(held)))
    return set(work.execute(query).scalars())


def _shares(work: Work, person: int) -> list[tuple[str, str]]:
    rows = work.execute(
        select(House.number, Resident.share)
        .join(House, House.id == Resident.house_id)
        .where(Resident.person_id == person, Resident.share.is_not(None))
        .order_by(House.sort_key)
    )
    return [(number, share) for number, share in rows]


def _tenancies(work: Work, person: int) -> list[tuple[str, str]]:
    rows = work.execute(
        select(House.number.label("house"), Tenancy)
        .join(House, House.id == Tenancy.house_id)
        .where(Tenancy.person_id == person)
        .order_by(Tenancy.valid_from)
    )
    found = []
    for row in rows:
        parts = [_span(row.valid_from, row.valid_to), f"合同 {row.number}" if row.number else ""]
        parts += [f"月租 {yuan(row.rent)} 元" if row.rent is not None else "", f"文件 {row.file}" if row.file else ""]
        found.append((row.house, "，".join(part for part in parts if part)))
    return found


def _pets(work: Work, person: int) -> list[tuple[str, str]]:
    rows = work.execute(
        select(House.number.label("house"), Pet).join(House, House.id == Pet.house_id).where(Pet.person_id == person)
    )
    found = []
    for row in rows:
        until = f"免疫到 {row.vaccinated_to}" if row.vaccinated_to else ""
        parts = (row.kind, row.name, row.licence and f"证号 {row.licence}", until, row.remark)
        found.append((row.house, "，".join(part for part in parts if part)))
    return found


def _events(work: Work, person: int) -> list[tuple[str, str]]:
    rows = work.execute(
        select(Event.on, Event.title, EventGuest.reply, EventGuest.came)
        .join(Event, Event.id == EventGuest.event_id)
        .where(EventGuest.person_id == person)
        .order_by(Event.on, Event.id)
    )
    return [
        (day.isoformat(), f"{title}，{REPLIES[reply]}{'，到场' if came else ''}") for day, title, reply, came in rows
    ]


def _looked(work: Work, person: int) -> list[tuple[str, str]]:
    """Who read or changed his record, as the trail has it."""
    rows = work.execute(
        select(Audit.local, Audit.action, User.name, Change.detail)
        .join(User, User.id == Audit.user_id)
        .outerjoin(Change, Change.seq == Audit.id)
        .where(Audit.object_kind == "person", Audit.object_id == person)
        .order_by(Audit.id)
    )
    found = []
    for at, action, user, detail in rows:
        purpose = (json.loads(detail) if detail else {}).get("purpose")
        words = f"{user}：{ACTIONS.get(action, action)}"
        found.append((str(at)[:16].replace("T", " "), words + (f"（{purpose}）" if purpose else "")))
    return found


@use_case(Permission.SEE_ID_NUMBERS, audit="person.exported")
def copy(work: Work, name: str, house: str, purpose: str | None, target: Path | None = None) -> PersonData:
    """Write all that is held about a person to a PDF, or to JSON where the file's name ends so: who he is, houses with
    days, what he pays for, spaces, cars, papers that name him by kind, number and day, and who looked.

    Raises Refused `unknown_house`, `unknown_person`, `ambiguous_person`, `reason_needed`, `bad_suffix`.
    """
    why, row = need_purpose(purpose), find(work, name, house)
    file = target or work.place.folder / "out" / f"个人信息-{house.strip()}-{work.today}.pdf"
    if file.suffix.lower() not in SUFFIXES:
        raise refuse("bad_suffix", "文件名应以 .pdf 或 .json 结尾。", "请改文件名。", field="out")
    papers = documents_of(work, row, numbers_of(work, row.id))
    sections = (
        DataSection("登记的资料", tuple(_person(work, row))),
        DataSection("房屋和身份", tuple(_houses(work, row.id))),
        DataSection("付款人", tuple(_paid_for(work, row.id))),
        DataSection("车位", tuple(_leases(work, row.id))),
        DataSection("车辆", tuple(_cars(work, row.id))),
        DataSection("产权份额", tuple(_shares(work, row.id))),
        DataSection("租约", tuple(_tenancies(work, row.id))),
        DataSection("宠物", tuple(_pets(work, row.id))),
        DataSection("活动邀请", tuple(_events(work, row.id))),
        DataSection("存档文书", tuple((p.local[:10], f"{_PAPERS.get(p.kind, p.kind)} {p.number}") for p in papers)),
        DataSection("谁看过、改过", tuple(_looked(work, row.id))),
    )
    said = settings.values(work)
    estate = work.execute(select(Estate.name).order_by(Estate.id).limit(1)).scalar_one()
    paper = DataPaper(
        row.name, local_minute(work.now, offset_of(work)), estate, said["letterhead"], said["office_name"],
        said["telephone"], sections,
    )  # fmt: skip
    pages = 0
    warnings: tuple[str, ...] = ()
    if file.suffix.lower() == ".json":
        put_file(work, file, lambda path: _write_json(path, paper))
    else:
        from reports import person_data

        made = put_file(work, file, lambda path: person_data.write(path, paper))
        pages, warnings = made.pages, unprintable(made.missing)
    entries = sum(len(section.rows) for section in sections)
    work.audit("person.exported", "person", row.id, detail={"purpose": why, "rows": entries})
    return PersonData(row.name, entries, pages, file, warnings)


def _write_json(path: Path, paper: DataPaper) -> None:
    said = {
        "name": paper.name, "at": paper.at, "estate": paper.estate, "office": paper.office_name,
        "sections": [
            {"title": section.title, "rows": [{"title": title, "value": value} for title, value in section.rows]}
            for section in paper.sections
        ],
    }  # fmt: skip
    path.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", "utf-8")
