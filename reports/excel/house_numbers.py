"""House numbers of a sheet's rows from whatever columns it has, quick because heads and tails repeat.

Buildings and entrances come a few hundred times at most, rooms too: the domain composes each head and each tail once;
only what does not split so (shops, labels in one piece) is composed row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from app.domain.house_label import plain_number
from app.domain.house_order import HouseKind, from_fields, sort_key
from app.domain.house_order import parking as space_number

_BLOCK = re.compile(
    r"(.+?)(?:号楼|#楼|栋|幢|座|楼|#|号)[-\s]*([0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:单元|门)?|([0-9A-Z]{1,4})-([0-9]{1,3})"
)
_LABEL = re.compile(
    r"([0-9]{1,4}|[A-Z])(?:-|(?:号楼|#楼|栋|幢|座|#)-?)(?:([0-9]{1,3})(?:-|单元-?))?([0-9]{3,5}[A-Z]?)[室号房]?"
)
_WITH_ENTRANCE = re.compile(r"([0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:单元-?|-)([0-9]{3,5}[A-Z]?)[室号房]?")
_SIMPLE_ROOM = re.compile(r"[0-9]{1,5}[A-Z]?[室号房]?")


class Number(NamedTuple):
    """A house number with its parts and keys."""

    kind: str
    number: str
    key: str
    sort: str
    building: str | None
    entrance: str | None
    floor: int | None
    room: str | None


def says_entrance(pairs: Iterable[tuple[str | None, str | None]]) -> bool:
    """Whether the first figure of rooms like `1-101` is the entrance: over (building, room) of a sheet, it is where it
    ever differs from the building. Else it may be the building once more.
    """
    for building, room in set(pairs):
        match = _WITH_ENTRANCE.fullmatch(room) if room and building else None
        if match and "单元" not in match[0] and plain_number(match[1]) != _plain(split_block(str(building))[0]):
            return True
    return False


def compose(
    building: str | None,
    entrance: str | None,
    room: str,
    floor: int | None = None,
    kind: str = "house",
    *,
    entrance_first: bool = True,
) -> Number:
    """The number of a house from its columns, any of which may hold more than its own part.

    Raises: Problem `house.room_missing`.
    """
    if building is not None and entrance is None:
        building, entrance = split_block(building)
    whole = _split_label(room)
    if whole is not None:
        block, unit, rest = whole
        own, door = _plain(building), _plain(entrance)
        if own in (None, block) and (door in (None, unit) or (unit is None and own is None)):
            building, entrance, room = building or block, entrance or unit, rest
    if building is not None:
        inside = _WITH_ENTRANCE.fullmatch(room)
        first = plain_number(inside[1]) if inside else None
        sure = entrance_first or "单元" in room or entrance is not None
        if inside and sure and _plain(entrance) in (None, first):
            entrance, room = inside[1], inside[2]
    if kind == "house" and building is not None:
        head, tail = _head(building, entrance), _tail(room, floor)
        if head is not None and tail is not None:
            shown, key, sort, block_, unit_ = head
            floor_, room_, tail_shown, tail_key, tail_sort = tail
            normal = f"{key}-{tail_key}"
            return Number(
                "house", f"{shown}-{tail_shown}", normal, f"{sort}!{tail_sort}!{normal}", block_, unit_, floor_, room_
            )
    return _slowly(building, entrance, room, floor, kind)


@cache
def split_block(text: str) -> tuple[str, str | None]:
    """`3号楼1单元` and `3-1` in a building's cell as building and entrance."""
    match = _BLOCK.fullmatch(text)
    if match is None:
        return text, None
    return match[1] or match[3], match[2] or match[4]


@cache
def _plain(text: str | None) -> str | None:
    if text is None:
        return None
    found = from_fields(text, None, "101")
    return found.building


@cache
def _split_label(text: str) -> tuple[str, str | None, str] | None:
    match = _LABEL.fullmatch(text)
    if match is None or (match[2] is None and "-" in text and not re.search("[楼栋幢座#]", text)):
        return None
    return str(plain_number(match[1])), plain_number(match[2]), match[3]


@cache
def _head(building: str, entrance: str | None) -> tuple[str, str, str, str | None, str | None] | None:
    number = from_fields(building, entrance, "101")
    if number.kind != HouseKind.HOUSE or not number.normalized.endswith("-101"):
        return None
    sort = "!".join(sort_key(number).split("!")[:3])
    return number.number[:-4], number.normalized[:-4], sort, number.building, number.entrance


@cache
def _tail(room: str, floor: int | None) -> tuple[int | None, str | None, str, str, str] | None:
    if not _SIMPLE_ROOM.fullmatch(room):
        return None
    number = from_fields("1", "1", room, floor)
    if number.kind != HouseKind.HOUSE or not number.normalized.startswith("1-1-"):
        return None
    sort = "!".join(sort_key(number).split("!")[3:5])
    return number.floor, number.room, number.number[4:], number.normalized[4:], sort


@cache
def _slowly(building: str | None, entrance: str | None, room: str, floor: int | None, kind: str) -> Number:
    found = from_fields(building, entrance, room, floor, kind)
    return Number(
        "house" if found.kind == HouseKind.UNPARSED else str(found.kind),
        found.number,
        found.normalized,
        sort_key(found),
        found.building,
        found.entrance,
        found.floor,
        found.room,
    )


@cache
def parking(lot: str | None, label: str) -> Number:
    """The number of a parking space; what cannot be read keeps its text and is keyed with its lot."""
    found = space_number(lot, label)
    return Number("parking", found.number, found.normalized, sort_key(found), None, None, found.floor, found.room)
