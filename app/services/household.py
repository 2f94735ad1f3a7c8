"""户内 of a house: the owners' shares, how many live there, tenants' contracts, pets; what the register knows besides
people. How many live there feeds fees a head from its day on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, func, or_, select, update

from app.domain import shares
from app.domain.problem import Problem
from app.security.permissions import Permission
from app.services import look_up
from app.services.refused import Refused, refuse
from app.services.use_case import use_case
from db.models.estate import House, HousePeople, Pet, Tenancy
from db.models.ledger import Charge
from db.models.people import Person, Resident
from db.work import Work

OWNERS = ("owner", "co_owner")
TOUCHES = frozenset({"house", "resident"})
MOST_PEOPLE = 99


@dataclass(frozen=True, slots=True)
class Share:
    """An owner of a house and his share (`1/2`, empty: not written down); `resident` names the row to the door."""

    resident: int
    name: str
    relation: str
    share: str


@dataclass(frozen=True, slots=True)
class Heads:
    """How many people live in a house from a day on."""

    since: date
    people: int


@dataclass(frozen=True, slots=True)
class TenancyRow:
    """A tenant's contract: his name, number, days, rent in fen a month where it is known, the house's file that holds
    it. State coming, now or over; `key` names it to the doors.
    """

    key: int
    tenant: str
    number: str
    first: date
    last: date | None
    rent_fen: int | None
    file: str
    state: str


@dataclass(frozen=True, slots=True)
class PetRow:
    """A pet: kind, name, licence, until when it is vaccinated; `late` where that is over. `key` names it."""

    key: int
    kind: str
    name: str
    licence: str
    vaccinated_to: date | None
    keeper: str
    remark: str
    late: bool


@dataclass(frozen=True, slots=True)
class Household:
    """What is known of a house's household; `warnings` are sentences about shares that make no whole."""

    house: str
    shares: tuple[Share, ...]
    heads: tuple[Heads, ...]
    tenancies: tuple[TenancyRow, ...]
    pets: tuple[PetRow, ...]
    warnings: tuple[str, ...]


@use_case(Permission.SEE_RESIDENTS)
def show(work: Work, number: str) -> Household:
    """The household of a house. Raises Refused `unknown_house`."""
    return _household(work, look_up.house(work, number))


def _household(work: Work, house: Row[Any]) -> Household:
    owners = _owners(work, house.id)
    today = [row for row in owners if row.valid_to is None or row.valid_to >= work.today]
    heads = work.execute(
        select(HousePeople.valid_from, HousePeople.people)
        .where(HousePeople.house_id == house.id)
        .order_by(HousePeople.valid_from.desc())
    )
    return Household(
        house.number,
        tuple(Share(row.id, row.name, row.relation, row.share or "") for row in today),
        tuple(Heads(*row) for row in heads),
        tenancies_of(work, house.id),
        pets_of(work, house.id),
        _off(work, owners),
    )


def _owners(work: Work, house_id: int) -> list[Row[Any]]:
    query = (
        select(Resident.id, Person.name, Resident.relation, Resident.share, Resident.valid_from, Resident.valid_to)
        .join(Person, Person.id == Resident.person_id)
        .where(Resident.house_id == house_id, Resident.relation.in_(OWNERS))
        .order_by(Resident.position, Resident.id)
    )
    return list(work.execute(query).all())


def _off(work: Work, owners: list[Row[Any]]) -> tuple[str, ...]:
    held = [
        shares.Holding(shares.parse(row.share) if row.share else None, row.valid_from, row.valid_to) for row in owners
    ]
    return tuple(shares.words(one) for one in shares.off(held, work.today))


def tenancies_of(work: Work, house_id: int) -> tuple[TenancyRow, ...]:
    """The contracts of a house, newest first; the rent where the seat may see money. For bodies of use cases."""
    rows = work.execute(
        select(Tenancy, Person.name)
        .join(Person, Person.id == Tenancy.person_id)
        .where(Tenancy.house_id == house_id)
        .order_by(Tenancy.valid_from.desc(), Tenancy.id.desc())
    )
    money = Permission.SEE_MONEY in work.permissions
    return tuple(
        TenancyRow(
            row.id, row.name, row.number or "", row.valid_from, row.valid_to, row.rent if money else None,
            row.file or "", _state(row, work.today),
        )
        for row in rows
    )  # fmt: skip


def _state(row: Row[Any], today: date) -> str:
    if row.valid_to is not None and row.valid_to < today:
        return "over"
    return "coming" if row.valid_from > today else "now"


def pets_of(work: Work, house_id: int) -> tuple[PetRow, ...]:
    """The pets of a house. For bodies of use cases."""
    rows = work.execute(
        select(Pet, Person.name.label("keeper"))
        .outerjoin(Person, Person.id == Pet.person_id)
        .where(Pet.house_id == house_id)
        .order_by(Pet.id)
    )
    return tuple(
        PetRow(
            row.id, row.kind, row.name or "", row.licence or "", row.vaccinated_to, row.keeper or "", row.remark or "",
            row.vaccinated_to is not None and row.vaccinated_to < work.today,
        )
        for row in rows
    )  # fmt: skip


@use_case(Permission.IMPORT_REGISTER, audit="owner.shared", touches=TOUCHES)
def set_share(work: Work, resident: int, share: str) -> Household:
    """An owner's share of a house as a fraction (`1/2`, `50%`); empty: not written down. Shares that make no whole are
    written, with a warning: the owners are entered one after the other.

    Raises Refused `unknown_resident`, `share.format`.
    """
    row = work.execute(select(Resident).where(Resident.id == resident)).first()
    if row is None or row.relation not in OWNERS:
        raise refuse("unknown_resident", "没有这位业主。", "请刷新后再看。")
    try:
        kept = shares.show(shares.parse(share)) if share.strip() else None
    except Problem as why:
        raise Refused(why, "share") from None
    work.execute(update(Resident).where(Resident.id == resident).values(share=kept))
    house = work.execute(select(House).where(House.id == row.house_id)).one()
    detail = {"house": house.number, "before": row.share, "to": kept}
    work.audit("owner.shared", "person", row.person_id, detail=detail)
    return _household(work, house)


@dataclass(frozen=True, slots=True)
class HeadsAnswer:
    """How many live in a house from a day on; `warnings` are sentences."""

    house: str
    since: date
    people: int | None
    warnings: tuple[str, ...] = ()


@use_case(Permission.IMPORT_REGISTER, audit="heads.counted", touches=TOUCHES)
def count_heads(work: Work, number: str, people: int | None, since: date) -> HeadsAnswer:
    """So many people live in a house from a day on, until the next count; None takes the count of that day away. Fees a
    head follow from the next run; what is billed stays.

    Raises Refused `unknown_house`, `bad_count`, `no_count`.
    """
    house = look_up.house(work, number)
    if people is not None and not 0 <= people <= MOST_PEOPLE:
        raise refuse("bad_count", "人数应为 0 到 {n}。", "请改正。", n=MOST_PEOPLE, field="people")
    rule = (HousePeople.house_id == house.id, HousePeople.valid_from == since)
    known = work.execute(select(HousePeople.people).where(*rule)).scalar()
    if people is None:
        if known is None:
            raise refuse("no_count", "{house} 没有从 {day} 起的人数。", "请核对日期。", house=house.number, day=since,
                         field="since")  # fmt: skip
        work.execute(delete(HousePeople).where(*rule))
    elif known is None:
        columns = ("house_id", "valid_from", "people")
        work.many("house_people", columns, [(house.id, since.isoformat(), people)])
    else:
        work.execute(update(HousePeople).where(*rule).values(people=people))
    detail = {"house": house.number, "from": since.isoformat(), "before": known, "people": people}
    work.audit("heads.counted", "house", house.id, detail=detail)
    return HeadsAnswer(house.number, since, people, _told(work, house.id, people, since))


def _told(work: Work, house_id: int, people: int | None, since: date) -> tuple[str, ...]:
    said = []
    billed = work.execute(
        select(func.max(Charge.period_to)).where(Charge.house_id == house_id, Charge.part == "principal")
    ).scalar()
    if billed is not None and billed >= since:
        said.append(f"已经出账到 {billed}，已出的账不变；从下一次出账起按新的人数。")
    named = work.execute(
        select(func.count(Resident.person_id.distinct())).where(
            Resident.house_id == house_id, Resident.relation != "emergency",
            or_(Resident.valid_to.is_(None), Resident.valid_to >= work.today),
        )
    ).scalar_one()  # fmt: skip
    if people is not None and named > people:
        said.append(f"登记在这户的有 {named} 人，比 {people} 多，请核对。")
    return tuple(said)
