"""抄表单 on paper: the meters of a round in the order of walking, with room for what the pencil writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from reports.made import Made
from reports.pages import Block, numbered, paged, paint_pages, table_blocks
from reports.paint import A4, Painter
from reports.sheet import Align, Band, Box, Col, Lines, Stroke, Style, frame, under


@dataclass(frozen=True, slots=True)
class WalkingRow:
    """A meter: its house, number and item, the last reading as text with its day (`06-30`)."""

    house: str
    meter: str
    item: str
    last: str
    day: str


@dataclass(frozen=True, slots=True)
class WalkingSheet:
    """A round: what it is of (month, items and building in words), the day it is printed for, its meters."""

    office: str
    title: str
    day: str
    rows: tuple[WalkingRow, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    place: str
    row: WalkingRow


_LEFT, _RIGHT, _TOP, _END = 14.0, 196.0, 13.0, 286.0
_WIDE = _RIGHT - _LEFT
_EDGES = (_LEFT, _LEFT + 11, _LEFT + 37, _LEFT + 68, _LEFT + 94, _LEFT + 116, _LEFT + 150, _RIGHT)
_ROW, _LINE = 8.5, 0.25
_CELL, _FIGURE = Style(11, floor=7.5, lines=2), Style(11.5, floor=8)
_WALLS = (*frame(_LEFT, _RIGHT, _LINE), *(Stroke(x, 0, x, 1, _LINE) for x in _EDGES[1:-1]))


def _table() -> Lines[_Line]:
    said: tuple[tuple[str, Callable[[_Line], str], Style, Align], ...] = (
        ("序", lambda r: r.place, _CELL, Align.CENTRE),
        ("房号", lambda r: r.row.house, Style(11.5, bold=True, floor=8), Align.LEFT),
        ("表号", lambda r: r.row.meter, _CELL, Align.LEFT),
        ("项目", lambda r: r.row.item, _CELL, Align.LEFT),
        ("上期", lambda r: r.row.last, _FIGURE, Align.RIGHT),
        ("本期读数", lambda r: "", _CELL, Align.LEFT),
        ("备注", lambda r: "", _CELL, Align.LEFT),
    )
    widths = [after - before for before, after in pairwise(_EDGES)]
    columns = tuple(
        Col[_Line](head, x, width, text, style, align)
        for (head, text, style, align), x, width in zip(said, _EDGES[:-1], widths, strict=True)
    )
    return Lines(columns, Style(10, bold=True), _WALLS, _WALLS, 1.2)


_TABLE = _table()
_HEAD = (
    Band[WalkingSheet](
        10.0,
        (
            Box(_LEFT, 90, lambda s: s.title, Style(16, bold=True, floor=11)),
            Box(_LEFT + 92, _WIDE - 92, lambda s: f"{s.office}　{s.day}", Style(10.5, floor=8), Align.RIGHT),
        ),
        under(_LEFT, _RIGHT, 0.4),
    ),
    Band[WalkingSheet](
        8.0,
        (
            Box(_LEFT, 60, lambda s: f"共 {len(s.rows):,} 块表", Style(10.5)),
            Box(_LEFT + 92, _WIDE - 92, "抄表人＿＿＿＿＿＿　抄表日期＿＿＿＿＿＿", Style(10.5), Align.RIGHT),
        ),
    ),
)
_FOOT_AT = numbered(Style(9), _LEFT, _RIGHT)


def write(path: Path, sheet: WalkingSheet) -> Made:
    """Write the sheet, the table's head on every page. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, sheet.title, A4)
    band = _TABLE.row_band(_ROW)
    rows = [painter.place(band, _Line(str(n), row)) for n, row in enumerate(sheet.rows, 1)]
    head = painter.place(_TABLE.head_band(_ROW - 1), None)
    blocks = [Block(painter.place_all(_HEAD, sheet)), *table_blocks([], head, rows, [])]
    room = _END - _TOP - 6
    paint_pages(painter, paged(blocks, room, room), f"{sheet.title}　{sheet.day}", _TOP, (_FOOT_AT, _END - 4))
    return painter.close()
