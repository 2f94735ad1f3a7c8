"""What a word of the search means by what is indexed: statements made once, and the values a word gives them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, union_all

from app.domain import house_search
from app.services.list_search import as_plate, escaped
from db.models.estate import FormerNumber, House, Vehicle
from db.models.people import HousePayer, Party, Person, PersonInitials, Resident
from db.parts import NOTHING, TAIL, after, beginning, begins, tail_of
from db.queries import list_figures as figures

EACH = 3
"""So many of a kind at most: who wants more looks in its list."""
FEW = 40
"""So many of those that a word standing alone may mean are looked at, in the order of their index."""
MASKED = 6
"""Fewer digits than more than these are not the whole of a number."""
_LETTERS = re.compile(r"[A-Za-z]{2,6}", re.ASCII)


def values(words: list[str]) -> dict[str, Any]:
    """The values of the statements for these words."""
    return {key: value for n, word in enumerate(words) for key, value in _values(f"w{n}", word).items()}


def _values(n: str, word: str) -> dict[str, Any]:
    plain, read = unicodedata.normalize("NFKC", word).upper(), house_search.read(word)
    part = f"{read.building}-" + (f"{read.entrance}-" if read.entrance else "") if read.building else None
    building, room = read.any_entrance or (None, None)
    whole = word.isascii() and word.isdigit() and len(word) == TAIL
    return {
        **beginning(f"{n}_number", plain),
        **beginning(f"{n}_part", part),
        **beginning(f"{n}_building", building and f"{building}-"),
        f"{n}_room": f"%-{escaped(room)}" if room else NOTHING,
        f"{n}_keys": sorted(read.keys),
        **beginning(f"{n}_plate", as_plate(word)),
        **beginning(f"{n}_name", word),
        **beginning(f"{n}_initials", word.lower() if _LETTERS.fullmatch(word) else None),
        f"{n}_tail": word if whole else NOTHING,
        f"{n}_whole": word if len(word) > MASKED else NOTHING,
    }


@lru_cache(maxsize=32)
def houses(words: int, people: bool) -> Any:
    """The ids of the houses that so many words mean: their numbers and, for who may know, their cars and payers."""
    rules = [_house(f"w{n}", people, words == 1) for n in range(words)]
    return select(House.id).where(*rules).order_by(House.bill_with.is_not(None), House.sort_key).limit(EACH)


def _house(n: str, people: bool, alone: bool) -> Any:
    """A house's number begins with the word, or is meant by it in any usual form (HANDBOOK §7)."""
    key = House.number_key
    numbered = (
        begins(key, f"{n}_number"),
        begins(House.number, f"{n}_number"),
        begins(key, f"{n}_part"),
        and_(begins(key, f"{n}_building"), key.like(bindparam(f"{n}_room"), escape="\\")),
        key.in_(bindparam(f"{n}_keys", expanding=True)),
    )
    former = FormerNumber.number_key
    earlier = (begins(former, f"{n}_number"), former.in_(bindparam(f"{n}_keys", expanding=True)))
    queries = [_few(select(House.id).where(rule), alone) for rule in numbered]
    queries += [_few(select(FormerNumber.house_id).where(rule), alone) for rule in earlier]
    if people:
        plates = (Vehicle.plate, after(Vehicle.plate, 1), after(Vehicle.plate, 2))
        cars = (select(Vehicle.house_id).where(begins(plate, f"{n}_plate")) for plate in plates)
        queries += [_few(query, alone) for query in cars]
        parties = select(Party.id).where(Party.person_id.in_(union_all(*_named(n, alone))))
        paid = select(HousePayer.house_id).where(HousePayer.valid_to.is_(None), HousePayer.party_id.in_(parties))
        queries.append(paid)
    return House.id.in_(union_all(*queries))


@lru_cache(maxsize=16)
def residents(words: int) -> Any:
    """Who lives where today, of those that so many words mean: names, initials, phones."""
    rules = [Person.id.in_(_meant(f"w{n}", words == 1)) for n in range(words)]
    return living(*rules)


def living(*rules: Any) -> Any:
    """Residents of today under these conditions."""
    return (
        select(Person.name, Person.phone, Resident.relation, House.number)
        .join(Resident, Resident.person_id == Person.id)
        .join(House, House.id == Resident.house_id)
        .where(or_(Resident.valid_to.is_(None), Resident.valid_to >= figures.TODAY), *rules)
        .order_by(Person.name, House.bill_with.is_not(None), House.sort_key)
        .limit(EACH)
    )


def _meant(n: str, alone: bool) -> Any:
    """Persons that a word means; of a masked number its last four digits, no more of it can be felt out."""
    phones = (Person.phone, Person.phone2)
    rules = [rule for phone in phones for rule in (tail_of(phone) == bindparam(f"{n}_tail"),
                                                   phone == bindparam(f"{n}_whole"))]  # fmt: skip
    return union_all(*_named(n, alone), *(select(Person.id).where(rule) for rule in rules))


def _named(n: str, alone: bool) -> list[Any]:
    """Persons whose name, or the initials of whose name, begin with a word."""
    names = select(Person.id).where(begins(Person.name, f"{n}_name"))
    initials = select(PersonInitials.person_id).where(begins(PersonInitials.letters, f"{n}_initials"))
    return [_few(names, alone), _few(initials, alone)]


def _few(query: Any, alone: bool) -> Any:
    """Of a word that stands alone not all that it may mean, as no more than EACH are shown."""
    return select(query.limit(FEW).subquery()) if alone else query
