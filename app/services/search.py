"""The window's search: what a few letters may mean, of all that the seat may see; each kind by its own rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, literal, null, or_, select

from app.domain.masking import mask
from app.domain.money import yuan
from app.security.permissions import Permission
from app.services import list_search, search_index
from app.services.person_form import RELATIONS
from app.services.search_index import EACH
from app.services.use_case import use_case
from db.models.equipment import Equipment
from db.models.estate import House, Vehicle
from db.models.ledger import Payment, Receipt
from db.models.people import HousePayer, Person
from db.models.run import Bill
from db.queries import list_figures as figures
from db.work import Work

_BILL = re.compile(r"B-?(\d{4})-?(\d{2})-?(\d{1,6})", re.ASCII)
_RECEIPT = re.compile(r"([A-Z]{1,4})-?(\d{4})-?(\d{1,8})", re.ASCII)
Values = dict[str, Any]
"""What the words mean to the indexes."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was perhaps meant: its kind (house, resident, bill, receipt, equipment), what it is called, a line
    about it without open personal data, and the number that its page opens it by.
    """

    kind: str
    title: str
    about: str
    number: str


@use_case(Permission.SEE_ALERTS)
def find(work: Work, text: str) -> tuple[Found, ...]:
    """What a text may mean, by kinds; whatever was typed, nothing is raised."""
    words = list_search.words(text)
    if not words:
        return ()
    found = _of_people(work, words, search_index.values(words)) or _of_people(work, words, None)
    others: tuple[tuple[Permission, Callable[[Work, list[str]], list[Found]]], ...] = (
        (Permission.SEE_MONEY, _bills),
        (Permission.SEE_MONEY, _receipts),
        (Permission.SEE_EQUIPMENT, _equipment),
    )
    return (*found, *(hit for needs, of in others if needs in work.permissions for hit in of(work, words)))


def _of_people(work: Work, words: list[str], indexed: Values | None) -> list[Found]:
    """Houses and residents: by what the words mean to the indexes; without that, by reading every name and number."""
    kinds = ((Permission.SEE_HOUSES, _houses), (Permission.SEE_RESIDENTS, _residents))
    return [hit for needs, of in kinds if needs in work.permissions for hit in of(work, words, indexed)]


def _houses(work: Work, words: list[str], indexed: Values | None) -> list[Found]:
    people, money = Permission.SEE_RESIDENTS in work.permissions, Permission.SEE_MONEY in work.permissions
    query = _houses_read(words, people) if indexed is None else search_index.houses(len(words), people)
    ids = work.execute(query, indexed or {}).scalars().all()
    found = []
    for row in work.execute(_told(people, money), {"ids": ids, "today": work.today}) if ids else ():
        said = (row.payer or "", f"欠 {yuan(row.owed)}" if row.owed else "")
        found.append(Found("house", row.number, " · ".join(part for part in said if part), row.number))
    return found


@cache
def _told(people: bool, money: bool) -> Any:
    """What is said of the houses found."""
    return (
        select(
            House.number,
            figures.BILLED_PAYER.label("payer") if people else null().label("payer"),
            figures.HOUSE_OWED.label("owed") if money else literal(0).label("owed"),
        )
        .where(House.id.in_(bindparam("ids", expanding=True)))
        .order_by(House.bill_with.is_not(None), House.sort_key)
    )


def _houses_read(words: list[str], people: bool) -> Any:
    """The ids of the houses that have every word somewhere in what is theirs."""

    def meant(word: str) -> Any:
        rule = list_search.any_house(word)
        if not people:
            return rule
        cars = select(Vehicle.house_id).where(list_search.plate(word))
        payers = figures.payers(list_search.contains(Person.name, word))
        paid = select(HousePayer.house_id).where(HousePayer.valid_to.is_(None), HousePayer.party_id.in_(payers))
        return or_(rule, House.id.in_(cars), House.id.in_(paid))

    chosen = select(House.id).where(*map(meant, words))
    return chosen.order_by(House.bill_with.is_not(None), House.sort_key).limit(EACH)


def _residents(work: Work, words: list[str], indexed: Values | None) -> list[Found]:
    if indexed is None:
        query = search_index.living(*map(_anything, words))
    else:
        query = search_index.residents(len(words))
    found = []
    for row in work.execute(query, {**(indexed or {}), "today": work.today}):
        phone = mask("phone", row.phone) if row.phone else ""
        said = (RELATIONS.get(row.relation, ""), row.number, phone)
        found.append(Found("resident", row.name, " · ".join(part for part in said if part), row.number))
    return found


def _anything(word: str) -> Any:
    """That a word is of a person's name or telephone, or means the house."""
    numbers = (list_search.whole_or_tail(each, word) for each in (Person.phone, Person.phone2))
    return or_(list_search.contains(Person.name, word), *numbers, list_search.any_house(word))


def _number(words: list[str]) -> str:
    """The words as one number: plain width, capitals."""
    return unicodedata.normalize("NFKC", "".join(words)).upper()


def _bills(work: Work, words: list[str]) -> list[Found]:
    match = _BILL.fullmatch(_number(words))
    if match is None:
        return []
    year, month, count = match.groups()
    number = f"B{year}-{month}-{int(count):06d}"
    query = select(Bill.number, Bill.amount, House.number.label("house")).join(House, House.id == Bill.house_id)
    rows = work.execute(query.where(Bill.number == number))
    return [Found("bill", row.number, f"{row.house} · {yuan(row.amount)} 元", row.number) for row in rows]


def _receipts(work: Work, words: list[str]) -> list[Found]:
    match = _RECEIPT.fullmatch(_number(words))
    if match is None:
        return []
    prefix, year, count = match.groups()
    query = (
        select(Receipt.number, Payment.on, figures.RECEIPT_AMOUNT.label("amount"), House.number.label("house"))
        .join(Payment, Payment.id == Receipt.payment_id)
        .join(House, House.id == Payment.house_id)
        .where(Receipt.number == f"{prefix}{year}-{int(count):08d}")
    )
    return [
        Found("receipt", row.number, f"{row.house} · {yuan(row.amount)} 元 · {row.on}", row.number)
        for row in work.execute(query)
    ]


def _equipment(work: Work, words: list[str]) -> list[Found]:
    columns = (Equipment.number, Equipment.name)
    rules = (or_(*(list_search.contains(column, word) for column in columns)) for word in words)
    query = select(Equipment.number, Equipment.name, Equipment.place).where(*rules)
    rows = work.execute(query.order_by(Equipment.number).limit(EACH))
    return [Found("equipment", f"{row.number} {row.name}", row.place or "", row.number) for row in rows]
