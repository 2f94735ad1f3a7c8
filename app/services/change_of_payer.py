"""Who pays for a house from a day on, who no longer lives or owns there, what was granted to him (HANDBOOK §2.6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from app.domain.phone import parse as parse_phone
from app.services import person_initials
from db.models.people import HousePayer, Party, Person, Resident
from db.models.tariff import Discount
from db.work import Work

_DAY = timedelta(days=1)


def new_party(work: Work, name: str, phone: str) -> int:
    """A person nobody knew, as a party. For bodies of use cases."""
    columns = ("kind", "name", "registered", "phone")
    (person,) = work.insert(Person, columns, [("person", name, True, parse_phone(phone).normalized if phone else None)])
    person_initials.add(work, [(person, name)])
    (party,) = work.insert(Party, ("person_id",), [(person,)])
    return party


def change_payer(
    work: Work, house_id: int, payer_row: Row[Any], leaver: int, last_day: date, follower: int, kind: str
) -> None:
    """The payer from the next day on; who left no longer lives or owns there; what was granted to him ends."""
    last, first = last_day.isoformat(), (last_day + _DAY).isoformat()
    work.change_many("house_payer", ("id",), ("valid_to",), [(last, payer_row.id)])
    work.insert(HousePayer, ("house_id", "party_id", "valid_from"), [(house_id, follower, first)])
    rows = work.execute(
        select(Resident.id, Resident.person_id, Resident.relation, Resident.valid_to).where(
            Resident.house_id == house_id
        )
    ).all()
    person = work.execute(select(Party.person_id).where(Party.id == follower)).scalar_one()
    left = work.execute(select(Party.person_id).where(Party.id == leaver)).scalar_one()
    ended = [(last, row.id) for row in rows if row.valid_to is None and _leaves(row, kind, left, person)]
    work.change_many("resident", ("id",), ("valid_to",), ended)
    relation = "owner" if kind == "transfer" else "tenant"
    mine = [row for row in rows if row.person_id == person]
    if not mine:
        columns = ("house_id", "person_id", "relation", "position", "valid_from")
        work.insert(Resident, columns, [(house_id, person, relation, 0, first)])
    elif kind == "transfer" and not any(row.relation == "owner" for row in mine):
        work.change_many("resident", ("id",), ("relation", "valid_to"), [("owner", None, mine[0].id)])
    ends = work.execute(
        select(Discount.id, Discount.valid_from).where(
            Discount.house_id == house_id, Discount.valid_to > last_day, Discount.valid_to >= Discount.valid_from
        )
    ).all()
    work.change_many(
        "discount", ("id",), ("valid_to",),
        [(max(last_day, row.valid_from - _DAY).isoformat(), row.id) for row in ends],
    )  # fmt: skip


def _leaves(row: Row[Any], kind: str, leaver: int, person: int) -> bool:
    """Whether somebody no longer belongs to the house: at a sale the owners and who left; else he, unless it is his."""
    owner = row.relation in ("owner", "co_owner")
    if kind == "transfer":
        return row.person_id == leaver or (owner and row.person_id != person)
    return row.person_id == leaver and not owner
