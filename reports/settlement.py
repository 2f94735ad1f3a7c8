"""过户、退租结算单: to the day, one A4 page where it fits; leaver, follower and office sign (UI §9; HANDBOOK §5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from app.domain.capitals import capital
from app.domain.money import yuan
from reports.dunning_sheet import long_day
from reports.made import Made
from reports.pages import Block, numbered, paged, paint_pages, table_blocks
from reports.paint import A4, Painter, Placed
from reports.papers import SettlePaper, SettleRow
from reports.sheet import Align, Band, Box, Col, Lines, Stroke, Strong, Style, frame, under

LEFT, RIGHT, TOP, END = 20.0, 190.0, 16.0, 286.0
WIDE = RIGHT - LEFT
_LINE, _ROW = 0.25, 5.6
_CELL, _FIGURE = Style(9.5, lines=20), Style(9.5, floor=5)
_TEXT, _STRONG, _SMALL = Style(10.5, lines=20), Style(10.5, bold=True, lines=6), Style(9, lines=20)
_FOOT = numbered(Style(9), LEFT, RIGHT)
_GAP = Band[object](2.4)

_HEAD = (
    Band[SettlePaper](
        7.0,
        (Box(LEFT, WIDE, lambda p: p.letterhead + p.office_name, Style(12, lines=4), Align.CENTRE),),
        under(LEFT, RIGHT, 0.6),
    ),
    Band[SettlePaper](
        13.0, (Box(LEFT, WIDE, lambda p: f"{p.kind}结算单", Style(19, bold=True, spacing=3), Align.CENTRE, dy=1.0),)
    ),
    Band[SettlePaper](
        6.0,
        (
            Box(LEFT, 110, lambda p: (Strong("房屋："), p.house), _TEXT),
            Box(LEFT + 60, WIDE - 60, lambda p: f"编号：{p.number}", _TEXT, Align.RIGHT),
        ),
    ),
    Band[SettlePaper](
        6.0,
        (
            Box(LEFT, 82, lambda p: (Strong("原付款人："), f"{p.leaver}，到 {long_day(p.last)}"), _TEXT),
            Box(LEFT + 86, WIDE - 86, lambda p: (Strong("接手人："), f"{p.follower}，从次日起"), _TEXT),
        ),
    ),
)


def _table(head: Sequence[str], edges: Sequence[float], second: Align = Align.CENTRE) -> Lines[SettleRow]:
    walls = (*frame(LEFT, RIGHT, _LINE), *(Stroke(x, 0, x, 1, _LINE) for x in edges[1:-1]))
    widths = [after - before for before, after in pairwise(edges)]
    columns = [
        Col[SettleRow](head[0], edges[0], widths[0], lambda r: r.item, _CELL),
        Col[SettleRow](head[1], edges[1], widths[1], lambda r: r.period or r.how, _CELL, second),
    ]
    if len(head) > 2:
        columns.append(Col(head[2], edges[2], widths[2], lambda r: yuan(r.amount), _FIGURE, Align.RIGHT))
    return Lines(tuple(columns), Style(9.5, bold=True), walls, walls, padding=1.4)


_E = (LEFT, LEFT + 62, LEFT + 132, RIGHT)
_READINGS = _table(("水电表", "上次读数 → 交接读数"), (LEFT, LEFT + 62, RIGHT))
_FEES = _table(("费用", "账期", "金额（元）"), _E)
_DEPOSITS = _table(("押金", "收取日", "金额（元）"), _E)
_HANDED = _table(("事项", "交接情况"), (LEFT, LEFT + 42, RIGHT), Align.LEFT)
_SECTIONS = (
    ("交接读数", "readings", _READINGS),
    ("结算到日的费用", "fresh", _FEES),
    ("此前未交的费用", "open", _FEES),
    ("已按期出账、超出结算日的费用（不退不转，双方另行协商）", "ahead", _FEES),
    ("在押的押金", "deposits", _DEPOSITS),
    ("交接清单", "handed", _HANDED),
)


_NUMERALS = "一二三四五六七"


def _title(words: str) -> Band[object]:
    return Band(6.6, (Box(LEFT, WIDE, words, _STRONG),))


def _sum_row(title: str, amount: int, *, strong: bool) -> Band[object]:
    style = Style(11, bold=True, floor=6) if strong else Style(10, floor=6)
    said = f"（人民币{capital(amount)}）" if strong and amount >= 0 else ""
    return Band(
        6.2,
        (
            Box(LEFT + 1.4, 120, lambda _: f"{title}{said}", Style(style.size, bold=strong, lines=3)),
            Box(
                LEFT + 122,
                WIDE - 123.4,
                lambda _: f"{'−' if amount < 0 else ''}¥{yuan(abs(amount))}",
                style,
                Align.RIGHT,
            ),
        ),
        frame(LEFT, RIGHT, _LINE),
    )


def _note(words: str) -> Band[object]:
    return Band(5.0, (Box(LEFT, WIDE, lambda _: f"· {words}", _SMALL),))


_DECLARED = Band[SettlePaper](
    5.4,
    (
        Box(
            LEFT, WIDE,
            lambda p: "以上已当面核对。结算日以前的费用，除写明由接手人承担的以外，由原付款人承担；预存归原付款人，"
            "不随房屋转移。"
            + (f"联系电话 {p.telephone}。" if p.telephone else ""),
            _SMALL,
        ),
    ),
)  # fmt: skip
_SIGN = Band[SettlePaper](
    27.0,
    (
        Box(LEFT, 54, "原付款人（签字）：", _TEXT, dy=-8),
        Box(LEFT + 58, 54, "接手人（签字）：", _TEXT, dy=-8),
        Box(LEFT + 116, 54, "物业（盖章）：", _TEXT, dy=-8),
        Box(LEFT, 54, "日期：", _TEXT, dy=6),
        Box(LEFT + 58, 54, "日期：", _TEXT, dy=6),
        Box(LEFT + 116, 54, lambda p: f"日期：{long_day(p.on)}", _TEXT, dy=6),
    ),
)


def write(path: Path, paper: SettlePaper) -> Made:
    """Write a settlement. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "结算单", A4)
    gap = painter.place(_GAP, None)
    blocks: list[Block] = [Block([*painter.place_all(_HEAD, paper), gap])]
    seen: list[str] = []
    for words, name, table in _SECTIONS:
        rows: tuple[SettleRow, ...] = getattr(paper, name)
        if rows:
            words = f"{_NUMERALS[len(seen)]}、{words}"
            seen.append(name)
            placed = [painter.place(table.row_band(_ROW), row) for row in rows]
            head: Placed = painter.place(table.head_band(_ROW), None)
            blocks += table_blocks([painter.place(_title(words), None)], head, placed, [gap])
    result = "原付款人应交"
    sums = [painter.place(_sum_row(title, fen, strong=title == result), None) for title, fen in paper.sums]
    blocks.append(Block([painter.place(_title(f"{_NUMERALS[len(seen)]}、结算"), None), *sums, gap]))
    notes = [painter.place(_note(words), None) for words in paper.notes]
    blocks.append(Block([*notes, painter.place(_DECLARED, paper), gap, painter.place(_SIGN, paper)]))
    room = END - TOP - 6
    paint_pages(painter, paged(blocks, room, room), paper.number, TOP, (_FOOT, END - 4))
    return painter.close()
