"""公摊公示 for the wall: A4, the facts of each cost large enough to read, the houses in order in three columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.domain.money import yuan
from reports.dunning_sheet import long_day
from reports.made import Made
from reports.pages import Block, numbered, paged, paint_pages
from reports.paint import A4, Painter, Placed
from reports.papers import NoticeCost, NoticePaper, NoticeShare
from reports.sheet import Align, Band, Box, Flow, Stroke, Style, frame, under

LEFT, RIGHT, TOP, END = 15.0, 195.0, 14.0, 286.0
WIDE = RIGHT - LEFT
COLUMNS, ROW = 3, 5.6
FIRST_ROWS, ROWS = 28, 43
"""Rows of the first page of a cost, which carries its facts, and of every further one."""
_LINE = 0.25
_EACH = WIDE / COLUMNS
_HOUSE, _WEIGHT = 22.0, 19.0
_CELL, _FIGURE = Style(9.5, floor=6), Style(9.5, floor=5)
_TEXT, _STRONG = Style(11, lines=20), Style(11, bold=True, lines=4)
_FOOT = numbered(Style(9), LEFT, RIGHT)
_RULE = (
    "各户应摊 = 费用总额 × 本户依据 ÷ 全部合计，先各舍到分，差的几分按余数从大到小逐分补足，余数相同的按房号先后；"
    "各户之和等于费用总额。"
)


def _note(paper: NoticePaper) -> str:
    state = "本期已经出账。" if paper.billed else "本期还没有出账，按现在的资料计算。"
    asked = f"请到{paper.office_name or '服务中心'}核对" + (f"，电话 {paper.telephone}。" if paper.telephone else "。")
    return f"{_RULE}{state}有疑问的，{asked}"


_HEAD = (
    Band[NoticePaper](
        7.0,
        (Box(LEFT, WIDE, lambda p: p.letterhead + p.office_name, Style(12, lines=4), Align.CENTRE),),
        under(LEFT, RIGHT, 0.6),
    ),
    Band[NoticePaper](
        14.0,
        (Box(LEFT, WIDE, lambda p: f"{p.estate}{p.item}公示", Style(20, bold=True, lines=2), Align.CENTRE, dy=1.0),),
    ),
    Band[NoticePaper](
        6.5,
        (
            Box(LEFT, 90, lambda p: f"账期：{p.period}", _TEXT),
            Box(LEFT + 80, WIDE - 80, lambda p: f"公示：{long_day(p.first)} 至 {long_day(p.last)}", _TEXT, Align.RIGHT),
        ),
    ),
    Band[NoticePaper](0.0, (Box(LEFT, WIDE, _note, Style(10, flow=Flow(1.5, 2))),)),
)
_AGAIN = Band[NoticePaper](7.0, (Box(LEFT, WIDE, lambda p: f"{p.estate}{p.item}公示（续）　账期 {p.period}", _STRONG),))
_GAP = Band[object](2.5)


def _facts(cost: NoticeCost) -> list[Band[object]]:
    """Two facts a line."""
    bands: list[Band[object]] = [
        Band(8.0, (Box(LEFT, WIDE, f"范围：{cost.title}　费用总额 {yuan(cost.amount)} 元", _STRONG),))
    ]
    pairs = [f"{title}：{words}" for title, words in cost.facts[1:]]
    for at in range(0, len(pairs), 2):
        boxes = [Box[object](LEFT, 100, pairs[at], _TEXT)]
        if at + 1 < len(pairs):
            boxes.append(Box(LEFT + 92, WIDE - 92, pairs[at + 1], _TEXT))
        bands.append(Band(6.2, tuple(boxes)))
    return bands


_WALLS = (
    *frame(LEFT, RIGHT, _LINE),
    *(
        Stroke(x, 0, x, 1, _LINE if at else 0.6)
        for n in range(COLUMNS)
        for at, x in enumerate((LEFT + n * _EACH, LEFT + n * _EACH + _HOUSE, LEFT + n * _EACH + _HOUSE + _WEIGHT))
        if n or at
    ),
)


def _row(cells: Sequence[tuple[str, str, str] | None], *, head: bool = False) -> Band[object]:
    boxes: list[Box[object]] = []
    style = Style(9, bold=True, floor=5) if head else _FIGURE
    for n, cell in enumerate(cells):
        if cell is None:
            continue
        x = LEFT + n * _EACH
        boxes += [
            Box(x + 1.2, _HOUSE - 2.4, cell[0], Style(9, bold=True) if head else _CELL),
            Box(x + _HOUSE + 0.8, _WEIGHT - 1.6, cell[1], style, Align.RIGHT),
            Box(x + _HOUSE + _WEIGHT + 0.8, _EACH - _HOUSE - _WEIGHT - 2, cell[2], style, Align.RIGHT),
        ]
    return Band(ROW, tuple(boxes), _WALLS)


def columns(shares: Sequence[NoticeShare]) -> list[list[list[NoticeShare | None]]]:
    """The houses by pages and rows: down the first column, then the next; the last page's columns are even."""
    pages, at, room = [], 0, FIRST_ROWS
    while at < len(shares):
        some = shares[at : at + room * COLUMNS]
        rows = room if len(some) == room * COLUMNS else -(-len(some) // COLUMNS)
        pages.append(
            [[some[n * rows + row] if n * rows + row < len(some) else None for n in range(COLUMNS)]
             for row in range(rows)]
        )  # fmt: skip
        at, room = at + len(some), ROWS
    return pages


def write(path: Path, paper: NoticePaper) -> Made:
    """Write a notice. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "公摊公示", A4)
    gap = painter.place(_GAP, None)
    head, again = painter.place_all(_HEAD, paper), painter.place_all((_AGAIN,), paper)
    pages: list[list[Placed]] = []
    for cost in paper.costs:
        title = ("房号", cost.weighed, "应摊（元）")
        top = painter.place(_row([title] * COLUMNS, head=True), None)
        facts = painter.place_all(tuple(_facts(cost)), None)
        for n, rows in enumerate(columns(cost.shares)):
            before = [*head, gap, *facts, gap] if n == 0 else [*again]
            placed = [painter.place(_row([_cell(share) for share in row]), None) for row in rows]
            pages += paged([Block([*before, top, *placed])], END - TOP - 6, END - TOP - 6)
    paint_pages(painter, pages, paper.item, TOP, (_FOOT, END - 4))
    return painter.close()


def _cell(share: NoticeShare | None) -> tuple[str, str, str] | None:
    return None if share is None else (share.house, share.weight, yuan(share.amount))
