"""应急名单: a building by floor and house, in type that is read in the dark; who lives there, who needs help; A4."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from reports.dunning_sheet import long_day
from reports.made import Made
from reports.pages import Block, paged
from reports.paint import A4, Painter, Placed
from reports.sheet import Align, Band, Box, Flow, Stroke, Strong, Style, Text, under

LEFT, RIGHT, TOP, END = 12.0, 198.0, 12.0, 284.0
WIDE = RIGHT - LEFT
WARNING = "含个人信息，用后收回"
_EDGES = (LEFT, LEFT + 29, LEFT + 41, LEFT + 76, LEFT + 110, LEFT + 143, RIGHT)
_HEADS = ("房号", "人数", "姓名", "电话", "需要帮助", "紧急联系人")


@dataclass(frozen=True, slots=True)
class EmergencyPerson:
    """Somebody who lives there; phones in full, needs as words."""

    name: str
    relation: str
    phones: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EmergencyHouse:
    """A house: its floor in words, its state, how many live there, and whom to call besides (words)."""

    number: str
    floor: str
    state: str
    count: int
    people: tuple[EmergencyPerson, ...]
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EmergencyPaper:
    """应急名单 of a building on a day."""

    estate: str
    building: str
    on: str
    at: str
    office: str
    houses: tuple[EmergencyHouse, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table: the house's own words stand on its first."""

    number: str
    count: str
    name: str
    phones: str
    needs: str
    contact: str


_TEXT = Style(12, floor=11, lines=12)
_NUMBER = Style(14, bold=True, floor=9)
_PHONE = Style(12.5, floor=10, lines=3)
_NEED = Style(12, bold=True, floor=11, lines=8)
_SMALL = Style(10.5, floor=9, lines=12)
_WALLS = tuple(Stroke(x, 0, x, 1, 0.25) for x in _EDGES)


def _wide(at: int) -> float:
    return _EDGES[at + 1] - _EDGES[at] - 2.4


def _row(*, first: bool) -> Band[_Line]:
    said = (
        (lambda r: r.number, _NUMBER, Align.LEFT),
        (lambda r: r.count, Style(13, bold=True), Align.CENTRE),
        (lambda r: r.name, _TEXT, Align.LEFT),
        (lambda r: r.phones, _PHONE, Align.LEFT),
        (lambda r: r.needs, _NEED, Align.LEFT),
        (lambda r: r.contact, _SMALL, Align.LEFT),
    )
    boxes = tuple(
        Box[_Line](_EDGES[at] + 1.2, _wide(at), text, style, align) for at, (text, style, align) in enumerate(said)
    )
    top = (Stroke(LEFT, 0, RIGHT, 0, 0.4),) if first else (Stroke(_EDGES[2], 0, RIGHT, 0, 0.15, 0.6),)
    return Band(8.2, boxes, (*_WALLS, *top))


_FIRST, _NEXT = _row(first=True), _row(first=False)
_CLOSING = Band[object](0.1, (), under(LEFT, RIGHT, 0.4))
_COLUMNS = Band[object](
    8.0,
    tuple(
        Box[object](_EDGES[at] + 1.2, _wide(at), word, Style(11, bold=True), Align.CENTRE if at == 1 else Align.LEFT)
        for at, word in enumerate(_HEADS)
    ),
    (*_WALLS, Stroke(LEFT, 0, RIGHT, 0, 0.4)),
)
_FLOOR = Band[str](
    9.0, (Box(LEFT + 1.2, WIDE, lambda words: words, Style(13, bold=True), dy=0.8),), (Stroke(LEFT, 0, RIGHT, 0, 0.4),)
)


def _title(paper: EmergencyPaper) -> str:
    return f"{paper.estate} {paper.building} 应急名单"


def _sums(paper: EmergencyPaper) -> Text:
    lived = [house for house in paper.houses if house.count]
    people = sum(house.count for house in paper.houses)
    needing = sum(bool(person.needs) for house in paper.houses for person in house.people)
    return (
        "有人住 ", Strong(f"{len(lived)} 户 {people} 人"), f"，没人住 {len(paper.houses) - len(lived)} 户；需要帮助 ",
        Strong(f"{needing} 人"), "。",
    )  # fmt: skip


_AT_ONCE = 12
"""So many people stand in one paragraph, which no page divides."""


def _needing(paper: EmergencyPaper) -> list[Text]:
    """Who needs help, to be reached first, as paragraphs."""
    said = [
        f"{house.number} {person.name}（{'、'.join(person.needs)}）"
        for house in paper.houses
        for person in house.people
        if person.needs
    ]
    parts = ["；".join(said[at : at + _AT_ONCE]) for at in range(0, len(said), _AT_ONCE)]
    return [(Strong("先去这些户："), part) if at == 0 else part for at, part in enumerate(parts)]


_NEEDING = Band[Text](0.0, (Box(LEFT, WIDE, lambda words: words, Style(13, flow=Flow(1.4))),))
_HEAD = (
    Band[EmergencyPaper](
        11.0,
        (
            Box(LEFT, 126, _title, Style(18, bold=True, floor=12, lines=2)),
            Box(LEFT + 128, WIDE - 128, lambda p: f"{long_day(p.on)} {p.at}", Style(12), Align.RIGHT),
        ),
        under(LEFT, RIGHT, 0.6),
    ),
    Band[EmergencyPaper](9.0, (Box(LEFT, WIDE, _sums, Style(13, lines=2)),)),
)
_AGAIN = Band[EmergencyPaper](8.0, (Box(LEFT, WIDE, lambda p: f"{_title(p)}（续）", Style(13, bold=True)),))
_GAP = Band[object](2.5)
_FOOT = Band[tuple[str, int, int]](
    5.0,
    (
        Box(LEFT, 60, WARNING, Style(11, bold=True)),
        Box(LEFT + 60, 66, lambda n: n[0], Style(9, lines=2), Align.CENTRE),
        Box(LEFT + 126, WIDE - 126, lambda n: f"第 {n[1]} 页 / 共 {n[2]} 页", Style(10), Align.RIGHT),
    ),
)


def _lines(house: EmergencyHouse) -> list[_Line]:
    people = [(p.name + (f"（{p.relation}）" if p.relation else ""), " ".join(p.phones), "、".join(p.needs))
              for p in house.people]  # fmt: skip
    made = []
    for n in range(max(len(people), len(house.contacts), 1)):
        name, phones, needs = people[n] if n < len(people) else ("", "", "")
        if n == 0 and not people:
            name = house.state
        contact = house.contacts[n] if n < len(house.contacts) else ""
        made.append(_Line(house.number if n == 0 else "", str(house.count) if n == 0 else "", name, phones, needs,
                          contact))  # fmt: skip
    return made


def write(path: Path, paper: EmergencyPaper) -> Made:
    """Write the list of a building. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "应急名单", A4)
    gap, columns, closing = (painter.place(band, None) for band in (_GAP, _COLUMNS, _CLOSING))
    on = painter.place_all((_AGAIN,), paper)
    again: list[Placed] = [*on, columns]
    blocks = [Block(painter.place_all(_HEAD, paper))]
    blocks += [Block([painter.place(_NEEDING, words)], on) for words in _needing(paper)]
    opening: list[Placed] = [gap, columns]
    for floor, houses in groupby(paper.houses, lambda house: house.floor):
        before, opening = [*opening, painter.place(_FLOOR, floor)], []
        for house in houses:
            rows = [painter.place(_FIRST if n == 0 else _NEXT, line) for n, line in enumerate(_lines(house))]
            # The head of the table comes with its first house, so that it is never alone at the end of a page.
            blocks.append(Block([*before, *rows, closing], on if columns in before else again))
            before = []
    room = END - TOP - 8
    pages = paged(blocks, room, room)
    for place, bands in enumerate(pages, 1):
        painter.paint(bands, TOP)
        painter.paint([painter.place(_FOOT, (paper.office, place, len(pages)))], END - 5)
        painter.turn()
    return painter.close()
