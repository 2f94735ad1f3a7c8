"""Words typed into a list's search box: each must be found somewhere; whatever was typed, nothing is raised."""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from app.domain import house_search, phone
from app.domain import plate as plates
from db.models.estate import FormerNumber, House, Vehicle

MOST_WORDS, LONGEST = 12, 100
"""More words, or a longer one, are in no record."""


def words(text: str) -> list[str] | None:
    """The words of a search, each once; a telephone number is one word, however it is parted. None where they can be in
    no record.
    """
    clean = "".join(char if char.isprintable() else " " for char in text)
    if (number := phone.read(clean)) is not None:
        return [number.normalized]
    found = list(dict.fromkeys(clean.split()))
    return None if len(found) > MOST_WORDS or any(len(word) > LONGEST for word in found) else found


def contains(value: Any, word: str) -> ColumnElement[bool]:
    """That a text holds the word, as typed or in plain width, whatever its case."""
    forms = dict.fromkeys((word, unicodedata.normalize("NFKC", word)))
    return or_(*(value.ilike(f"%{escaped(form)}%", escape="\\") for form in forms))


def as_plate(word: str) -> str:
    """The word as it would stand in a plate: one that begins with a province's sign without what parts its signs, of
    another only the dot goes, for 3-1-402 is a house.
    """
    plain = unicodedata.normalize("NFKC", word).upper()
    return plain.replace("·", "") if plain.isascii() or plain[0].isascii() else plates.parse(word).normalized or plain


def plate(word: str) -> ColumnElement[bool]:
    """That a car's plate holds the word."""
    return contains(Vehicle.plate, as_plate(word))


def escaped(word: str) -> str:
    """The word with the signs of a pattern taken literally."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def house(number: Any, key: Any, word: str) -> ColumnElement[bool]:
    """That a house's number is meant by the word: in any usual form, or in part (HANDBOOK §7)."""
    read = house_search.read(word)
    rules = [contains(number, word), contains(key, word)]
    if read.keys:
        rules.append(key.in_(sorted(read.keys)))
    if read.any_entrance:
        building, room = (escaped(part) for part in read.any_entrance)
        rules.append(key.like(f"{building}-%-{room}", escape="\\"))
    if read.building:
        head = f"{escaped(read.building)}-" + (f"{escaped(read.entrance)}-" if read.entrance else "")
        rules.append(key.like(f"{head}%", escape="\\"))
    elif read.entrance:
        rules.append(key.like(f"%-{escaped(read.entrance)}-%", escape="\\"))
    return or_(*rules)


def any_house(word: str) -> ColumnElement[bool]:
    """That a house is meant by the word: by its number, or by one that it had before."""
    former = select(FormerNumber.house_id).where(house(FormerNumber.number, FormerNumber.number_key, word))
    return or_(house(House.number, House.number_key, word), House.id.in_(former))


def whole_or_tail(value: Any, word: str) -> ColumnElement[bool]:
    """That a personal number is the word, or ends with its four digits: no more of a masked one can be felt out."""
    tail = word[-4:]
    if len(word) == 4 and word.isascii() and word[:3].isdigit():
        return and_(value.is_not(None), value.like(f"%{escaped(tail.upper())}", escape="\\"))
    return and_(value.is_not(None), value == word) if len(word) > 6 else false()
