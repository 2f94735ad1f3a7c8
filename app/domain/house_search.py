"""House numbers as people type them into a search box: whole, in part, or as one run of digits (HANDBOOK §7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.decimal_text import compact
from app.domain.house_label import BUILDING_WORD, ENTRANCE_WORD, HouseKind, HouseNumber, parse, plain_number

_CN = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_BUILDING = re.compile(rf"([0-9]{{1,4}}|{_CN}|[A-Z]){BUILDING_WORD}-?(?:([0-9]{{1,3}}|{_CN}){ENTRANCE_WORD})?")
_ENTRANCE = re.compile(rf"([0-9]{{1,3}}|{_CN}){ENTRANCE_WORD}")
_RUN = re.compile(r"[0-9]{4,9}")
LONGEST = 40


@dataclass(frozen=True, slots=True)
class HouseSearch:
    """What a word may mean: `keys` are normal forms of whole numbers, `building` and `entrance` parts of one;
    `any_entrance` is a building and a room without the entrance between them (`3栋402`).
    """

    keys: frozenset[str]
    building: str | None = None
    entrance: str | None = None
    any_entrance: tuple[str, str] | None = None


def read(word: str) -> HouseSearch:
    """What a word may mean as a house's number: `3栋2单元1102`, `3-2-1102`, `3021102`, `3栋`, `3栋2单元`, `2单元`."""
    text = compact(word).upper()
    if not text or len(text) > LONGEST:
        return HouseSearch(frozenset())
    found = parse(word)
    keys = set() if found.kind == HouseKind.UNPARSED else {found.normalized}
    if _RUN.fullmatch(text):
        keys |= _splits(text)
    if match := _BUILDING.fullmatch(text):
        return HouseSearch(frozenset(keys), plain_number(match[1]), plain_number(match[2]))
    if match := _ENTRANCE.fullmatch(text):
        return HouseSearch(frozenset(keys), None, plain_number(match[1]))
    return HouseSearch(frozenset(keys), any_entrance=_without_entrance(found))


def _without_entrance(found: HouseNumber) -> tuple[str, str] | None:
    if found.kind != HouseKind.HOUSE or found.building is None or found.entrance is not None:
        return None
    return found.building, found.normalized.removeprefix(f"{found.building}-")


def _splits(digits: str) -> set[str]:
    """Building of one or two digits, perhaps an entrance of one or two, a room of three or four."""
    found = set()
    for room in (3, 4):
        for entrance in (0, 1, 2):
            head = digits[: len(digits) - room - entrance]
            if not 1 <= len(head) <= 2:
                continue
            parts = [head, digits[len(head) : len(digits) - room], digits[len(digits) - room :]]
            plain = [part.lstrip("0") for part in parts]
            if plain[0] and plain[2] and (plain[1] or not entrance):
                found.add("-".join(part for part in plain if part))
    return found
