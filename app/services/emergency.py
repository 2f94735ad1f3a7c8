"""应急名单 of a building: who lives there today, whom to call, who needs help (个人信息保护法 art. 13: emergencies)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, and_, or_, select

from app.domain.occupancy import CONTACT, OWNERS, is_contact, lives_in
from app.security.permissions import Permission
from app.services import buildings, estates, settings
from app.services.documents import unprintable
from app.services.house_list import STATES
from app.services.moments import local_minute, offset_of
from app.services.paper_file import put_file
from app.services.person_form import NEEDS
from app.services.two_persons import need_purpose
from app.services.use_case import use_case
from db.models.estate import House, HousePeople
from db.models.people import Person, PersonTag, Resident
from db.work import Work
from reports.emergency import EmergencyHouse, EmergencyPaper, EmergencyPerson

_CALLED: Mapping[str, str] = {"owner": "业主", "co_owner": "共有人", CONTACT: "联系人"}
_SAID: Mapping[str, str] = {"tenant": "租户", "temporary": "暂住"}
"""Relations that are said beside a name."""


@dataclass(frozen=True, slots=True)
class EmergencyPrinted:
    """The list of a building: houses, who lives there, how many of them need help."""

    building: str
    houses: int
    people: int
    needing: int
    pages: int
    file: Path
    warnings: tuple[str, ...] = ()


def _phones(row: Row[Any]) -> tuple[str, ...]:
    return tuple(phone for phone in (row.phone, row.phone2) if phone)


def _residents(work: Work, where: Any) -> dict[int, list[Row[Any]]]:
    """Who belongs to these houses today, in their order."""
    found: dict[int, list[Row[Any]]] = {}
    rows = work.execute(
        select(Resident.house_id, Resident.relation, Person.id, Person.name, Person.phone, Person.phone2)
        .join(Person, Person.id == Resident.person_id)
        .join(House, House.id == Resident.house_id)
        .where(
            where, Person.registered,
            or_(Resident.valid_from.is_(None), Resident.valid_from <= work.today),
            or_(Resident.valid_to.is_(None), Resident.valid_to >= work.today),
        )
        .order_by(Resident.house_id, Resident.position, Resident.id)
    )  # fmt: skip
    for row in rows:
        found.setdefault(row.house_id, []).append(row)
    return found


def _needs(work: Work, where: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = work.execute(
        select(PersonTag.person_id, PersonTag.tag)
        .join(Resident, Resident.person_id == PersonTag.person_id)
        .join(House, House.id == Resident.house_id)
        .where(where, PersonTag.tag.in_(tuple(NEEDS)))
        .distinct()
    )
    order = list(NEEDS)
    for person, tag in sorted(rows, key=lambda row: order.index(row[1])):
        found.setdefault(person, []).append(NEEDS[tag])
    return found


def _counts(work: Work, where: Any) -> dict[int, int]:
    """How many live in each house, as the office counted them last."""
    rows = work.execute(
        select(HousePeople.house_id, HousePeople.people)
        .join(House, House.id == HousePeople.house_id)
        .where(where, HousePeople.valid_from <= work.today)
        .order_by(HousePeople.valid_from)
    )
    return dict(rows.all())


def _floor(house: Row[Any]) -> str:
    entrance = f"{house.entrance} 单元 " if house.entrance else ""
    return entrance + (f"{house.floor} 层" if house.floor is not None else "楼层未登记")


def _house(house: Row[Any], people: list[Row[Any]], needs: dict[int, list[str]], counted: int | None) -> EmergencyHouse:
    living = [row for row in people if lives_in(row.relation, house.state)]
    calls = [row for row in people if is_contact(row.relation, house.state)]
    if not calls and not any(row.phone for row in living):
        calls = [row for row in people if row.relation in OWNERS and row not in living]
    state = next((state.word for state in STATES if state.code == house.state), house.state)
    count = max(counted or 0, len(living)) if living or house.state not in ("vacant", "unsold", "undelivered") else 0
    return EmergencyHouse(
        house.number,
        _floor(house),
        "没有登记住户" if house.state in ("owner", "let") else state,
        count,
        tuple(
            EmergencyPerson(row.name, _SAID.get(row.relation, ""), _phones(row), tuple(needs.get(row.id, ())))
            for row in living
        ),
        tuple(f"{_CALLED.get(row.relation, '')} {row.name} {' '.join(_phones(row))}".strip() for row in calls),
    )


@use_case(Permission.SEE_RESIDENTS, audit="emergency.printed")
def print_list(work: Work, building: str, purpose: str | None, target: Path | None = None) -> EmergencyPrinted:
    """Print who lives in a building today, floor by floor, with phones in full and who needs help. It takes personal
    data out of the program, so it says what for.

    Raises Refused `unknown_building`, `reason_needed`.
    """
    why, place = need_purpose(purpose), buildings.find(work, building)
    where = and_(House.building == place.code, House.kind.in_(("house", "shop")), House.ended_on.is_(None))
    people, needs, counted = _residents(work, where), _needs(work, where), _counts(work, where)
    houses = sorted(
        work.execute(select(House).where(where)).all(),
        key=lambda row: (row.entrance or "", row.floor if row.floor is not None else 0, row.sort_key),
    )
    said = settings.values(work)
    office = " ".join(part for part in (said["office_name"], said["telephone"]) if part)
    paper = EmergencyPaper(
        estates.name_of_building(work, place.code), place.label, work.today.isoformat(),
        local_minute(work.now, offset_of(work))[11:16], office,
        tuple(_house(row, people.get(row.id, []), needs, counted.get(row.id)) for row in houses),
    )  # fmt: skip
    from reports import emergency

    file = target or work.place.folder / "out" / f"应急名单-{place.code}-{work.today}.pdf"
    made = put_file(work, file, lambda path: emergency.write(path, paper))
    total = sum(house.count for house in paper.houses)
    needing = sum(bool(person.needs) for house in paper.houses for person in house.people)
    detail = {"building": place.code, "purpose": why, "houses": len(houses), "people": total}
    work.audit("emergency.printed", "building", None, detail=detail)
    return EmergencyPrinted(place.code, len(houses), total, needing, made.pages, file, unprintable(made.missing))
