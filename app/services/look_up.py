"""Finding by the numbers that people use: house numbers, fee codes, today's payer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select

from app.domain.house_order import parse
from app.domain.rest_day import Calendar
from app.services.refused import refuse
from db.models.estate import FormerNumber, House
from db.models.people import Party, Person, Resident
from db.models.tariff import FeeItem, FeeRule
from db.queries import billing, payers
from db.queries.owed import CHUNK
from db.types import Day
from db.work import Work

_HOUSE = select(House).where(or_(House.number_key == bindparam("key"), House.number == bindparam("number"))).limit(3)
_FORMER = (
    select(House)
    .join(FormerNumber, FormerNumber.house_id == House.id)
    .where(or_(FormerNumber.number_key == bindparam("key"), FormerNumber.number == bindparam("number")))
    .order_by(FormerNumber.until.desc(), FormerNumber.id.desc())
    .limit(1)
)


def house(work: Work, number: str) -> Row[Any]:
    """The house of a number in any of its usual forms; one that no house has now means the last that had it.

    Raises Refused `unknown_house` or `ambiguous_house`.
    """
    key = parse(number).normalized
    asked = {"key": key, "number": number.strip()}
    rows = work.execute(_HOUSE, asked).all() or work.execute(_FORMER, asked).all()
    if not rows:
        raise refuse(
            "unknown_house", "没有这个房号：{number}。", "请核对房号，如 3-1-402。", number=number, field="house"
        )
    exact = [row for row in rows if row.number_key == key] or rows
    if len(exact) > 1:
        raise refuse(
            "ambiguous_house",
            "房号 {number} 在几个小区里都有。",
            "请说明是哪个小区。",
            number=number,
            field="house",
        )
    return exact[0]  # type: ignore[no-any-return]


def item(work: Work, code: str) -> Row[Any]:
    """The fee item of a code. Raises Refused `unknown_item`."""
    row: Row[Any] | None = work.execute(select(FeeItem).where(FeeItem.code == code.strip())).first()
    if row is None:
        raise refuse("unknown_item", "没有这个收费项目：{code}。", "请核对项目代码。", code=code, field="item")
    return row


def rule_on(work: Work, item_id: int, day: date) -> Row[Any]:
    """The rules of an item that hold on a day; it has some from its beginning."""
    row: Row[Any] = work.execute(
        select(FeeRule)
        .where(FeeRule.item_id == item_id, FeeRule.valid_from <= day)
        .order_by(FeeRule.valid_from.desc())
        .limit(1)
    ).one()
    return row


_DAY = bindparam("day", type_=Day)
_BILLED = select(payers.billed(_DAY, payers.registered(_DAY))).where(House.id == bindparam("house"))
_REGISTERED = select(payers.registered(_DAY)).where(House.id == bindparam("house"))


def living(work: Work, house_id: int, name: str, relation: str | None = None) -> Row[Any] | None:
    """Who of that name (in that relation) belongs to a house today: id and name; the one who came first of several."""
    found = (
        select(Person.id, Person.name)
        .join(Resident, Resident.person_id == Person.id)
        .where(
            Resident.house_id == house_id, Person.name == name,
            or_(Resident.valid_to.is_(None), Resident.valid_to >= work.today),
        )
        .order_by(Resident.id)
        .limit(1)
    )  # fmt: skip
    row: Row[Any] | None = work.execute(
        found if relation is None else found.where(Resident.relation == relation)
    ).first()
    return row


def payer_on(work: Work, house_id: int, day: date) -> int | None:
    """The party billed for a house on a day: until it is handed over the developer, where the settings name one."""
    found = work.execute(_BILLED, {"house": house_id, "day": day}).scalar()
    return None if found is None else int(found)


def registered_payer(work: Work, house_id: int, day: date) -> int | None:
    """The party that a house's payers name for a day, whether it is handed over or not."""
    found = work.execute(_REGISTERED, {"house": house_id, "day": day}).scalar()
    return None if found is None else int(found)


def developers_houses(work: Work, day: date) -> dict[int, int]:
    """The houses that are not handed over on a day, each with the developer's party; none where none is named."""
    mine = select(House.id, payers.developer(day)).where(payers.not_handed_over(day))
    return {house_id: party for house_id, party in work.execute(mine) if party is not None}


def party_name(work: Work, party_id: int) -> str:
    """The name of a party today."""
    return str(
        work.execute(
            select(Person.name).join(Party, Party.person_id == Person.id).where(Party.id == party_id)
        ).scalar_one()
    )


def one_person(work: Work, party_ids: Iterable[int]) -> bool:
    """Whether all these parties are one person's."""
    people = select(func.count(func.distinct(Party.person_id))).where(Party.id.in_(set(party_ids)))
    return bool(work.execute(people).scalar_one() <= 1)


def party_names(work: Work, party_ids: Iterable[int]) -> dict[int, str]:
    """The names of these parties today."""
    wanted = sorted(set(party_ids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(Party.id, Person.name).join(Person, Party.person_id == Person.id)
        found.update(work.execute(query.where(Party.id.in_(wanted[start : start + CHUNK]))).all())
    return found


def calendar(work: Work) -> Calendar:
    """The office's rest days."""
    return Calendar(*billing.rest_days(work.connection))
