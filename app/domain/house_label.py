"""House numbers as people write them in one piece (HANDBOOK §7): read, never guessed.

The structured fields are the truth; this reading serves import and search. What does not fit stays as typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.decimal_text import compact


class HouseKind(StrEnum):
    """Kinds of houses, and `unparsed` for a label that is kept as typed."""

    HOUSE = "house"
    SHOP = "shop"
    PARKING = "parking"
    STORAGE = "storage"
    UNPARSED = "unparsed"


@dataclass(frozen=True, slots=True)
class HouseNumber:
    """One house's number in three forms.

    `room` is the room on its floor (`01`, `02A`); for shops, spaces and rooms whose floor came from a column of its
    own it is the whole number. `normalized` is the key every look-up uses, without leading zeros (`3-1-402`);
    `number` is what is shown and printed, in the office's own characters (`3-1-0402`).
    """

    kind: HouseKind
    building: str | None
    entrance: str | None
    floor: int | None
    room: str | None
    normalized: str
    number: str


_CN = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NUMERAL = re.compile(_CN)
_UNITS = "零一二三四五六七八九"
_BUILDING = rf"(?P<building>[0-9]{{1,4}}|{_CN}|[A-Z])"
BUILDING_WORD = r"(?:号楼|#楼|栋|幢|座|楼|#|号)"
_ENTRANCE = rf"(?P<entrance>[0-9]{{1,3}}|{_CN})"
ENTRANCE_WORD = r"(?:单元|门)"
_HEAD = rf"{_BUILDING}(?:{BUILDING_WORD}-?|-)(?:{_ENTRANCE}(?:{ENTRANCE_WORD}-?|-))?"
ROOM = (
    rf"(?:(?P<floor>[0-9]{{1,3}}|{_CN})层-?(?P<unit>[0-9]{{1,5}}|{_CN})|(?P<digits>[0-9]{{3,5}}))"
    r"(?P<suffix>[A-Z])?[室号房]?"
)
_HOUSE = re.compile(_HEAD + ROOM)
# Without a word or dash only a letter tells where the building ends.
_LETTERED = re.compile(r"(?P<building>[A-Z])" + ROOM)
SHOP_TAIL = rf"(?:商铺|底商|商)-?(?P<shop>[0-9]{{1,5}}|{_CN})(?P<suffix>[A-Z])?[室号房]?"
_SHOP = re.compile(rf"(?:{_HEAD})?{SHOP_TAIL}")
_STORAGE = re.compile(rf"(?:{_HEAD})?储(?P<shop>[0-9]{{1,5}})(?P<suffix>[A-Z])?")
_LEVEL = rf"(?:B(?P<b>[1-9])(?:层-?|-)|(?:地下|负|-)(?P<below>[1-9]|{_CN})层-?)"
_PARKING = re.compile(rf"{_LEVEL}(?:(?P<zone>[A-Z])(?:区-?|-)?)?(?P<space>[0-9]{{1,5}})(?:号?车位|号)?")
_DASHES = re.compile(r"[-‐-―−⁃ー]+")


def parse(label: str) -> HouseNumber:
    """Read a label such as `2号楼3单元0501`, `A1203`, `6号楼底商12号`, `B2-015`, `负二层C-007`."""
    text = _DASHES.sub("-", compact(label)).upper()
    if len(text) <= 40:
        for shape, build in ((_PARKING, _parking), (_SHOP, _shop), (_STORAGE, _storage), (_HOUSE, house_of)):
            match = shape.fullmatch(text)
            if match is not None:
                return build(match) or _unparsed(label)
        match = _LETTERED.fullmatch(text)
        if match is not None:
            return house_of(match) or _unparsed(label)
    return _unparsed(label)


def plain_number(text: str | None) -> str | None:
    """A building or entrance in normal form: digits without leading zeros, 十二 as 12, any other text as it is."""
    if text and text.isascii() and text.isdigit():
        return text.lstrip("0") or "0"
    if not text or not _NUMERAL.fullmatch(text):
        return text
    tens, ten, ones = text.rpartition("十")
    value = (_UNITS.index(ones) if ones else 0) + ((_UNITS.index(tens) if tens else 1) * 10 if ten else 0)
    return str(value)


def joined(*parts: str | None) -> str:
    """Parts of a number with dashes, absent ones left out."""
    return "-".join(part for part in parts if part)


def house_of(match: re.Match[str]) -> HouseNumber | None:
    """A house from the parts `building`, `entrance` and a `ROOM`; None if the parts contradict each other."""
    groups = match.groupdict()
    building, entrance = plain_number(groups["building"]), plain_number(groups.get("entrance"))
    suffix, typed = groups["suffix"] or "", groups["digits"]
    digits = typed
    if digits is None:
        floor, unit = plain_number(groups["floor"]) or "", groups["unit"]
        unit = unit if unit.isascii() else plain_number(unit) or ""
        if len(unit) > 2 and unit.lstrip("0")[:-2] != floor:
            return None
        digits = typed = unit.lstrip("0") if len(unit) > 2 else floor + unit.zfill(2)
    if int(digits[:-2]) == 0 or building == "0" or entrance == "0":
        return None
    return HouseNumber(
        HouseKind.HOUSE,
        building,
        entrance,
        int(digits[:-2]),
        digits[-2:] + suffix,
        joined(building, entrance, digits.lstrip("0") + suffix),
        joined(_shown(groups["building"]), _shown(groups.get("entrance")), typed + suffix),
    )


def marked(kind: HouseKind, building: str | None, entrance: str | None, room: str, typed: str) -> HouseNumber:
    """A shop or storage room: its number behind 商 or 储."""
    mark = "商" if kind == HouseKind.SHOP else "储"
    normal = joined(plain_number(building), plain_number(entrance), mark + room)
    number = joined(_shown(building), _shown(entrance), mark + typed)
    return HouseNumber(kind, plain_number(building), plain_number(entrance), None, room, normal, number)


def _shop(match: re.Match[str]) -> HouseNumber | None:
    return _marked(HouseKind.SHOP, match)


def _storage(match: re.Match[str]) -> HouseNumber | None:
    return _marked(HouseKind.STORAGE, match)


def _marked(kind: HouseKind, match: re.Match[str]) -> HouseNumber | None:
    building, entrance = match["building"], match["entrance"]
    room = plain_number(match["shop"]) or "0"
    if "0" in (room, plain_number(building), plain_number(entrance)):
        return None
    suffix = match["suffix"] or ""
    typed = match["shop"] if match["shop"].isascii() else room
    return marked(kind, building, entrance, room + suffix, typed + suffix)


def _parking(match: re.Match[str]) -> HouseNumber | None:
    level = plain_number(match["b"] or match["below"])
    space = match["space"].lstrip("0")
    if not space:
        return None
    zone = match["zone"] or ""
    number = f"B{level}-{zone}{match['space']}"
    return HouseNumber(HouseKind.PARKING, None, None, -int(level or 0), zone + space, f"B{level}-{zone}{space}", number)


def _shown(text: str | None) -> str | None:
    return text if text is None or text.isascii() else plain_number(text)


def _unparsed(label: str) -> HouseNumber:
    return HouseNumber(HouseKind.UNPARSED, None, None, None, None, label.strip(), label.strip())
