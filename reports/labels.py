"""地址标签 on sheets of 2×5 labels of 99×57 mm, from any label on; 门条, four to an A4 page to be cut (UI §9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.problem import Problem, problem
from reports.dunning_sheet import long_day
from reports.made import Made
from reports.paint import A4, Painter, Placed, height_of
from reports.sheet import Align, Band, Box, Flow, Style, under

COLUMNS, ROWS = 2, 5
PER_SHEET = COLUMNS * ROWS
_WIDTH, _HEIGHT, _TOP = 99.0, 57.0, 6.0
_LEFT = (A4[0] - COLUMNS * _WIDTH) / 2
_PAD = 7.0


@dataclass(frozen=True, slots=True)
class AddressLabel:
    """Where a letter goes: the place, the house, who gets it."""

    estate: str
    place: str
    house: str
    name: str


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """Labels, the first on label `start` (from 1) of the first sheet; who sends them."""

    labels: tuple[AddressLabel, ...]
    start: int = 1
    sender: str = ""


def _label(x: float) -> tuple[Band[tuple[AddressLabel, str]], ...]:
    wide = _WIDTH - 2 * _PAD
    return (
        Band(6.5, (Box(x, wide, lambda v: f"{v[0].estate} {v[0].place}", Style(11, floor=9, lines=2)),)),
        Band(11.0, (Box(x, wide, lambda v: v[0].house, Style(22, bold=True, floor=12)),)),
        Band(13.0, (Box(x, wide, lambda v: f"{v[0].name}　收", Style(15, bold=True, floor=10, lines=3)),)),
        Band(2.0, (), under(x, x + wide, 0.2)),
        Band(5.5, (Box(x, wide, lambda v: v[1], Style(8.5, floor=7, lines=2)),)),
    )


_LABELS = tuple(_label(_LEFT + column * _WIDTH + _PAD) for column in range(COLUMNS))


def write(path: Path, sheet: LabelSheet) -> Made:
    """Write labels, row by row. Raises: `labels.start`, `paper.too_long`, OSError."""
    if not 1 <= sheet.start <= PER_SHEET:
        raise problem("labels.start", "第几个标签应为 1 到 {n}。", "请改正。", n=PER_SHEET)
    painter = Painter(path, "地址标签", A4)
    for n, label in enumerate(sheet.labels, sheet.start - 1):
        if n % PER_SHEET == 0 and n >= sheet.start:
            painter.turn()
        row, column = divmod(n % PER_SHEET, COLUMNS)
        placed = painter.place_all(_LABELS[column], (label, sheet.sender))
        high = height_of(placed)
        if high > _HEIGHT - 6:
            raise problem("paper.too_long", "{house} 的姓名太长，标签上印不下。", "请改短。", house=label.house)
        painter.paint(placed, _TOP + (_HEIGHT - 47) / 2, row * _HEIGHT)
    return painter.close()


@dataclass(frozen=True, slots=True)
class DoorSlips:
    """A slip a house with the same text, its paragraphs apart by line ends."""

    office: str
    telephone: str
    on: str
    title: str
    text: str
    houses: tuple[str, ...]


_SLIP = (A4[0] / 2, A4[1] / 2)
_EDGE = 10.0
_SIZES = (18, 16, 14, 13, 12, 11, 10, 9)
"""The largest of these in which the text fits is taken."""


@dataclass(frozen=True, slots=True)
class _Slip:
    house: str
    slips: DoorSlips
    paragraphs: tuple[str, ...]


def _paragraph(n: int) -> Callable[[_Slip], str]:
    return lambda slip: slip.paragraphs[n]


def _slip(x: float, size: float, paragraphs: Sequence[str]) -> tuple[Band[_Slip], ...]:
    wide = _SLIP[0] - 2 * _EDGE
    text = Style(size, flow=Flow(1.5, 2))
    return (
        Band(7.0, (Box(x, wide, lambda s: s.slips.office, Style(10, floor=8, lines=2)),), under(x, x + wide, 0.4)),
        Band(13.0, (Box(x, wide, lambda s: s.house, Style(24, bold=True, floor=12), dy=1.0),)),
        Band(10.0, (Box(x, wide, lambda s: s.slips.title, Style(15, bold=True, floor=11, lines=2), Align.CENTRE),)),
        *(Band[_Slip](0.0, (Box(x, wide, _paragraph(n), text),)) for n in range(len(paragraphs))),
    )


def _foot(x: float) -> Band[_Slip]:
    wide = _SLIP[0] - 2 * _EDGE

    def words(slip: _Slip) -> str:
        call = f"电话 {slip.slips.telephone}　" if slip.slips.telephone else ""
        return call + long_day(slip.slips.on)

    return Band(6.0, (Box(x, wide, words, Style(10, floor=8), Align.RIGHT),))


_FOOT_HIGH = 8.0


def _fitting(
    painter: Painter, slips: DoorSlips, paragraphs: tuple[str, ...]
) -> tuple[tuple[tuple[Band[_Slip], ...], ...], float]:
    """The bands of left and right slips, in the largest size that fits."""
    room = _SLIP[1] - 2 * _EDGE - _FOOT_HIGH
    for size in _SIZES:
        both = tuple(_slip(column * _SLIP[0] + _EDGE, size, paragraphs) for column in range(2))
        try:
            placed = painter.place_all(both[0], _Slip(max(slips.houses, key=len), slips, paragraphs))
        except Problem:
            continue
        if height_of(placed) <= room:
            return both, size
    raise problem("paper.too_long", "文字太长，四分之一页纸上印不下。", "请把文字改短，或改用通知。")


def write_slips(path: Path, slips: DoorSlips) -> Made:
    """Write door slips, four to a page with lines to cut along. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "门条", A4)
    paragraphs = tuple(line.strip() for line in slips.text.splitlines() if line.strip())
    both, _ = _fitting(painter, slips, paragraphs)
    feet = tuple(_foot(column * _SLIP[0] + _EDGE) for column in range(2))
    for n, house in enumerate(slips.houses):
        place = n % 4
        if place == 0:
            if n:
                painter.turn()
            painter.cut(_SLIP[0], 0, _SLIP[0], A4[1])
            painter.cut(0, _SLIP[1], A4[0], _SLIP[1])
        row, column = divmod(place, 2)
        slip = _Slip(house, slips, paragraphs)
        placed: list[Placed] = painter.place_all(both[column], slip)
        painter.paint(placed, _EDGE, row * _SLIP[1])
        painter.paint([painter.place(feet[column], slip)], _SLIP[1] - _EDGE - 6, row * _SLIP[1])
    return painter.close()
