"""House numbers: from columns, from labels, and their natural order (HANDBOOK §7, DATA §4)."""

from __future__ import annotations

import re

from app.domain.decimal_text import compact
from app.domain.house_label import (
    BUILDING_WORD,
    ENTRANCE_WORD,
    ROOM,
    SHOP_TAIL,
    HouseKind,
    HouseNumber,
    house_of,
    joined,
    marked,
    parse,
    plain_number,
)
from app.domain.problem import problem

__all__ = ["HouseKind", "HouseNumber", "display", "from_fields", "parking", "parse", "sort_key"]

_CN = "[一二三四五六七八九十]{1,3}"
_BUILDING = re.compile(rf"([0-9]{{1,4}}|{_CN}|[A-Z]){BUILDING_WORD}?")
_ENTRANCE = re.compile(rf"([0-9]{{1,3}}|{_CN}){ENTRANCE_WORD}?")
_ROOM = re.compile(rf"(?P<building>)(?P<entrance>){ROOM}")
_SHORT = re.compile(r"([0-9]{1,2})([A-Z]?)[室号房]?")
_TAIL = re.compile(r"[室号房]$")
_SHOP = re.compile(SHOP_TAIL)
_RUNS = re.compile(r"[0-9]+|[^0-9]+")

_RANKS = {HouseKind.HOUSE: "1", HouseKind.SHOP: "2", HouseKind.PARKING: "3", HouseKind.STORAGE: "4"}
_UNPARSED_RANK = "9"
# Spaces whose level is not known come after all that are read.
_NO_LEVEL = "99999"


def from_fields(
    building: str | int | None,
    entrance: str | int | None,
    room: str | int | None,
    floor: int | None = None,
    kind: HouseKind | str = HouseKind.HOUSE,
) -> HouseNumber:
    """A house's number from columns of its own (`2号楼`, `3单元`, `0501`).

    The kind of the column beats reading. Entrance 0 means a shop on the street. A floor column beats the floor read
    from the room: room 1011 with floor 1 is `1-1-1011`, floor 1, room as typed. A room column that holds a whole
    label is read as one. Text that is no number (东户) is kept.

    Raises: `house.room_missing`.
    """
    kind = HouseKind(kind)
    typed = _cell(room)
    if not typed:
        raise problem("house.room_missing", "缺少房间号。")
    if kind == HouseKind.PARKING:
        return parking(None, typed)
    block, unit = _strip(_BUILDING, _cell(building)), _strip(_ENTRANCE, _cell(entrance))
    street = plain_number(unit) == "0"
    unit = None if street else unit
    whole = _whole_label(typed, block, unit)
    if whole is not None:
        return whole
    if kind == HouseKind.STORAGE:
        return _with_floor(marked(kind, block, unit, _plain_room(typed), typed.removeprefix("储")), floor)
    shop = _SHOP.fullmatch(typed)
    if street or kind == HouseKind.SHOP or shop is not None:
        bare = shop["shop"] + (shop["suffix"] or "") if shop else _TAIL.sub("", typed)
        bare = bare if bare.isascii() else plain_number(bare) or bare if shop else bare
        return _with_floor(marked(HouseKind.SHOP, block, unit, _plain_room(bare), bare), floor)
    if block is None and unit is None:
        return parse(typed)
    return _room(block, unit, typed, floor)


def parking(lot: str | int | None, label: str | int) -> HouseNumber:
    """A parking space's number. What §7 does not read keeps its text: key `P:lot:text`, number as typed."""
    text = _cell(label)
    number = parse(text)
    if number.kind == HouseKind.PARKING:
        return number
    return HouseNumber(HouseKind.PARKING, None, None, None, text, f"P:{_cell(lot)}:{text}", text)


def display(
    building: str | int | None,
    entrance: str | int | None,
    room: str | int | None,
    floor: int | None = None,
    kind: HouseKind | str = HouseKind.HOUSE,
) -> str:
    """The number the office writes: `3-1-0402`, `商3`, `1-商3`."""
    return from_fields(building, entrance, room, floor, kind).number


def sort_key(number: HouseNumber) -> str:
    """A string whose order by code points is the natural order of house numbers (2号楼 before 10号楼).

    Houses (numbered buildings, then others) → shops → parking → storage → unparsed. Inside: building, entrance (none
    first), floor, room, suffix. The normal form stands last, so that two numbers never tie.
    """
    if number.kind == HouseKind.UNPARSED:
        return f"{_UNPARSED_RANK}!{number.normalized}"
    # A shop's number runs on through the building, whatever floor a sheet gives it.
    leveled = number.floor is not None and number.kind != HouseKind.SHOP
    floor = f"{_level(number):05d}" if leveled else _NO_LEVEL if number.kind == HouseKind.PARKING else ""
    building, entrance, room = (_natural(field or "") for field in (number.building, number.entrance, number.room))
    return "!".join((_RANKS[number.kind], building, entrance, floor, room, number.normalized))


def _level(number: HouseNumber) -> int:
    # Cellars of a house lie below its first floor; parking levels are walked downwards, B1 before B2.
    floor = number.floor or 0
    return abs(floor) if number.kind == HouseKind.PARKING else max(0, floor + 5000)


def _natural(text: str) -> str:
    """Runs of digits by value and before letters."""
    return "".join(
        f"0{len(run.lstrip('0')):03d}{run.lstrip('0')}" if run.isdigit() else run for run in _RUNS.findall(text)
    )


def _cell(value: str | int | None) -> str:
    return "" if value is None else compact(str(value)).upper()


def _strip(shape: re.Pattern[str], text: str) -> str | None:
    match = shape.fullmatch(text)
    if match is None:
        return text or None
    bare = match[1]
    return bare if bare.isascii() else plain_number(bare)


def _plain_room(text: str) -> str:
    bare = text.removeprefix("储")
    return (bare.lstrip("0") or "0") if bare[:1].isdigit() else bare


def _with_floor(number: HouseNumber, floor: int | None) -> HouseNumber:
    return HouseNumber(
        number.kind, number.building, number.entrance, floor, number.room, number.normalized, number.number
    )


def _whole_label(typed: str, block: str | None, unit: str | None) -> HouseNumber | None:
    """A whole label in the room column, if it says nothing else than the other columns."""
    number = parse(typed)
    if number.kind != HouseKind.HOUSE or ("-" not in typed and not re.search("[楼栋幢座#]", typed)):
        return None
    agrees = block in (None, number.building) or plain_number(block) == number.building
    return number if agrees and (unit is None or plain_number(unit) == number.entrance) else None


def _room(block: str | None, unit: str | None, typed: str, floor: int | None) -> HouseNumber:
    match = _ROOM.fullmatch(typed)
    read = house_of(match) if match is not None else None
    short = _SHORT.fullmatch(typed)
    shown, key = _TAIL.sub("", typed), _plain_room(_TAIL.sub("", typed))
    room = shown
    if read is not None:
        shown, key = read.number, read.normalized
        room = read.room or shown if floor in (None, read.floor) else shown
        floor = read.floor if floor is None else floor
    elif short is not None and floor is not None and floor > 0:
        # The office numbers the rooms of each floor from 1: alone the room would be the same on every floor.
        room = short[1].zfill(2) + short[2]
        shown = key = f"{floor}{room}"
    building, entrance = plain_number(block), plain_number(unit)
    normalized, number = joined(building, entrance, key), joined(block, unit, shown)
    return HouseNumber(HouseKind.HOUSE, building, entrance, floor, room, normalized, number)
