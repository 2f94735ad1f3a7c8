"""缴费证明: dated payments with their receipts, the sum in figures and capitals, A4, 10.5 pt (UI §9)."""

from __future__ import annotations

from pathlib import Path

from app.domain.capitals import capital
from app.domain.money import yuan
from reports.dunning_sheet import long_day
from reports.made import Made
from reports.pages import Block, numbered, paged, paint_pages, table_blocks
from reports.paint import A4, Painter
from reports.papers import ProofPaper, ProofRow
from reports.sheet import Align, Band, Box, Col, Flow, Lines, Stroke, Strong, Style, Text, frame, under

LEFT, RIGHT, TOP, END = 20.0, 190.0, 20.0, 282.0
WIDE = RIGHT - LEFT
ROW = 7.0
RING = 40.0
"""The seal's room, in mm: nothing but the signature stands in it."""

_TEXT = Style(10.5, lines=20)
_CELL = Style(10, lines=20)
# A figure is never broken over two lines: rather than that it goes on shrinking.
_FIGURE = Style(10, floor=5)
_STRONG = Style(10.5, bold=True, lines=6)
_LINE = 0.25
_FOOT = numbered(Style(9), LEFT, RIGHT)
_GAP = Band[object](3.0)


def _said(paper: ProofPaper) -> Text:
    return (
        "兹证明 ", Strong(paper.payer), "（房屋 ", Strong(paper.houses), "）自 ", Strong(long_day(paper.first)), " 至 ",
        Strong(long_day(paper.last)), "，向我单位交纳下列款项，收据均有效：",
    )  # fmt: skip


_HEAD = (
    Band[ProofPaper](
        7.0,
        (Box(LEFT, WIDE, lambda p: p.letterhead + p.office_name, Style(12, lines=4), Align.CENTRE),),
        under(LEFT, RIGHT, 0.6),
    ),
    Band[ProofPaper](15.0, (Box(LEFT, WIDE, "缴费证明", Style(20, bold=True, spacing=6), Align.CENTRE, dy=1.0),)),
    Band[ProofPaper](7.0, (Box(LEFT, WIDE, lambda p: f"编号：{p.number}", _TEXT, Align.RIGHT),)),
    Band[ProofPaper](0.0, (Box(LEFT, WIDE, _said, Style(10.5, flow=Flow(1.7, 2))),)),
)
_EDGES = (LEFT, LEFT + 24, LEFT + 58, LEFT + 74, LEFT + 111, LEFT + 145, RIGHT)
_WALLS = (*frame(LEFT, RIGHT, _LINE), *(Stroke(x, 0, x, 1, _LINE) for x in _EDGES[1:-1]))
_TABLE = Lines[ProofRow](
    (
        Col("日期", _EDGES[0], 24, lambda r: r.on, _CELL, Align.CENTRE),
        Col("收据号", _EDGES[1], 34, lambda r: r.receipt, _FIGURE, Align.CENTRE),
        Col("方式", _EDGES[2], 16, lambda r: r.method, _CELL, Align.CENTRE),
        Col("项目", _EDGES[3], 37, lambda r: r.item, _CELL),
        Col("账期", _EDGES[4], 34, lambda r: r.period, _CELL, Align.CENTRE),
        Col("金额（元）", _EDGES[5], 25, lambda r: yuan(r.amount), _FIGURE, Align.RIGHT),
    ),
    Style(10, bold=True),
    _WALLS,
    _WALLS,
    padding=1.4,
)
_TABLE_HEAD, _ROW = _TABLE.head_band(ROW), _TABLE.row_band(ROW)
_TOTAL = Band[ProofPaper](
    9.0,
    (
        Box(LEFT + 1.4, 22, "合计（大写）", _STRONG),
        Box(LEFT + 26, 100, lambda p: (Strong(f"人民币{capital(p.total)}"),), _STRONG),
        Box(LEFT + 128, WIDE - 129.4, lambda p: f"¥{yuan(p.total)}", Style(12, bold=True, floor=6), Align.RIGHT),
    ),
    frame(LEFT, RIGHT, _LINE),
)
_NOTE = (
    Band[ProofPaper](8.0, (Box(LEFT, WIDE, "本证明不是收据，也不是发票。", _STRONG),)),
    Band[ProofPaper](
        5.5,
        (
            Box(
                LEFT,
                WIDE,
                lambda p: (
                    f"已作废、已红冲的收据不在其内。本户第 {p.count} 次开具；核对请凭编号"
                    + (f"，电话 {p.telephone}。" if p.telephone else "到前台。")
                ),
                Style(9, lines=4),
            ),
        ),
    ),
)
_SIGN_LEFT, _SIGN_WIDE = 110.0, 76.0
_SIGNATURE = Band[ProofPaper](
    RING,
    (
        Box(_SIGN_LEFT, _SIGN_WIDE, lambda p: p.letterhead, _TEXT, Align.CENTRE, dy=-6.6),
        Box(_SIGN_LEFT, _SIGN_WIDE, lambda p: p.office_name, _TEXT, Align.CENTRE),
        Box(_SIGN_LEFT, _SIGN_WIDE, lambda p: long_day(p.on), _TEXT, Align.CENTRE, dy=6.6),
    ),
)


def write(path: Path, paper: ProofPaper) -> Made:
    """Write a proof of payment. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "缴费证明", A4)
    gap = painter.place(_GAP, None)
    blocks = table_blocks(
        [*painter.place_all(_HEAD, paper), gap],
        painter.place(_TABLE_HEAD, paper),
        [painter.place(_ROW, row) for row in paper.rows],
        [painter.place(_TOTAL, paper)],
    )
    end = Block([gap, *painter.place_all(_NOTE, paper), painter.place(_SIGNATURE, paper)])
    room = END - TOP - 6
    paint_pages(painter, paged([*blocks, end], room, room), paper.number, TOP, (_FOOT, END - 4))
    return painter.close()
