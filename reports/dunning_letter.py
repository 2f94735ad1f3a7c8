"""催缴函: a letter of one page with its 送达回证 at the foot; a long table goes into an annex (UI §9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.money import yuan
from reports import dunning_sheet as sheet
from reports.pages import Block, numbered, paged, table_blocks
from reports.paint import Painter, Placed, height_of
from reports.papers import DunPaper
from reports.sheet import Align, Band, Box, Flow, Stroke, Style, Text, under

LEFT, RIGHT, TOP, END = 27.0, 185.0, 20.0, 282.0
WIDE = RIGHT - LEFT
PROOF = 225.0
"""Where the 送达回证 begins: the last 72 mm of the page."""
MOST_ROWS = 12
"""More rows than these always stand in an annex."""
RING = 40.0
"""The seal's room, in mm: nothing but the signature stands in it."""
NUMBER_ROOM = 8.0

_SERIF = Style(12, serif=True, lines=6)
_STRONG = Style(12, bold=True, serif=True, floor=10.5, lines=12)
_SMALL = Style(10.5, serif=True, lines=4)


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """How close a letter stands: from baseline to baseline of its paragraphs, in sizes, and its table."""

    leading: float
    table: sheet.Table


def _density(leading: float, row: float) -> Density:
    cell = Style(9.5 if row > 6 else 9, serif=True, lines=20)
    head = Style(cell.size, bold=True, serif=True)
    widths = (42.0, 29.0, 27.0, 23.0, 17.0, 20.0)
    return Density(
        leading,
        sheet.table(sheet.Measures(LEFT, widths, row, cell, sheet.figure(cell), head)),
    )


_BODY = Style(12, serif=True, flow=Flow(1.75, 2))
_PARAGRAPH = Band[Text](0, (Box(LEFT, WIDE, lambda text: text, _BODY),))
DENSITIES = (_density(1.75, 6.4), _density(1.62, 5.8), _density(1.5, 5.2))
"""The closer ones where all then stands on one page with the proof."""


def head(title: str, spacing: float) -> tuple[Band[DunPaper], ...]:
    """The letterhead over a line, the title and the number; of the letter and of the file for a lawyer."""
    return (
        Band(
            9.0,
            (Box(LEFT, WIDE, lambda p: p.letterhead + p.office_name, _SERIF, Align.CENTRE),),
            under(LEFT, RIGHT, 0.6),
        ),
        Band(14.0, (Box(LEFT, WIDE, title, Style(20, bold=True, serif=True, spacing=spacing), Align.CENTRE, dy=1.0),)),
        Band(7.0, (Box(LEFT, WIDE, lambda p: f"编号：{p.number}", _SMALL, Align.RIGHT),)),
    )


_HEAD = head(sheet.TITLES["letter"], 4)
_ADDRESSEE = Band[DunPaper](8.0, (Box(LEFT, WIDE, sheet.salutation, _STRONG),))
_GAP = Band[object](2.4)
_SIGN_LEFT, _SIGN_WIDE = 105.0, 76.0
_SIGNATURE = Band[DunPaper](
    RING,
    (
        Box(_SIGN_LEFT, _SIGN_WIDE, lambda p: p.letterhead, _SERIF, Align.CENTRE, dy=-7.4),
        Box(_SIGN_LEFT, _SIGN_WIDE, lambda p: p.office_name, _SERIF, Align.CENTRE),
        Box(_SIGN_LEFT, _SIGN_WIDE, lambda p: sheet.long_day(p.on), _SERIF, Align.CENTRE, dy=7.4),
    ),
)
_ANNEX_HEAD = Band[DunPaper](
    12.0,
    (
        Box(LEFT, 80, "附件：欠费明细表", Style(14, bold=True, serif=True)),
        Box(LEFT + 80, WIDE - 80, lambda p: f"{p.number}　房屋 {p.house}", _SMALL, Align.RIGHT),
    ),
)
_ANNEX_FOOT = Band[DunPaper](
    9.0, (Box(LEFT, WIDE, lambda p: p.late_fee_note and f"违约金{p.late_fee_note}。", _SMALL),)
)
_FOOT = numbered(Style(9, serif=True), LEFT, RIGHT)


def _blank(x1: float, x2: float) -> Stroke:
    return Stroke(x1, 0.84, x2, 0.84, 0.2)


def _field(x: float, label: str, width: float) -> Box[DunPaper]:
    return Box(x, width, label, _SMALL)


_PROOF = (
    Band[DunPaper](
        9.0, (Box(LEFT, WIDE, "送达回证", Style(14, bold=True, serif=True, spacing=6), Align.CENTRE, dy=0.6),)
    ),
    Band[DunPaper](
        7.0,
        (
            Box(LEFT, 84, lambda p: f"文书：{sheet.TITLES[p.stage]}　编号：{p.number}", _SMALL),
            Box(LEFT + 86, 38, lambda p: f"房屋：{p.house}", _SMALL),
            Box(LEFT + 126, 32, lambda p: f"金额：{yuan(p.total)} 元", sheet.figure(_SMALL), Align.RIGHT),
        ),
    ),
    Band[DunPaper](
        8.0,
        (
            _field(LEFT, "送达方式：□ 当面　□ 留置（照片）　□ 邮寄　单号", 82),
            _field(LEFT + 117, "□ 短信　□ 其他", 27),
        ),
        (_blank(LEFT + 82, LEFT + 115), _blank(LEFT + 144, RIGHT)),
    ),
    Band[DunPaper](
        8.0,
        (_field(LEFT, "收件人签名", 20), _field(LEFT + 63, "与业主关系", 20), _field(LEFT + 112, "日期时刻", 17)),
        (_blank(LEFT + 20, LEFT + 61), _blank(LEFT + 83, LEFT + 110), _blank(LEFT + 128, RIGHT)),
    ),
    Band[DunPaper](8.0, (_field(LEFT, "拒收原因", 17),), (_blank(LEFT + 17, RIGHT),)),
    Band[DunPaper](
        8.0,
        (_field(LEFT, "见证人（1）", 22), _field(LEFT + 54, "见证人（2）", 22), _field(LEFT + 108, "送达人", 13)),
        (_blank(LEFT + 21, LEFT + 52), _blank(LEFT + 75, LEFT + 106), _blank(LEFT + 121, RIGHT)),
    ),
    Band[DunPaper](
        5.6,
        (
            Box(
                LEFT,
                WIDE,
                "收件人为同住成年家属、单位收发人员等代收的，写明与业主关系；拒收的写明原因，由两名见证人签名。",
                Style(8, serif=True),
            ),
        ),
    ),
)


def letters(painter: Painter, papers: Sequence[DunPaper]) -> None:
    """Paint letters, each on pages of its own."""
    for paper in papers:
        pages = _pages(painter, paper)
        for place, bands in enumerate(pages, 1):
            painter.paint(bands, TOP)
            if place == 1:
                _paint_proof(painter, paper)
            if len(pages) > 1:
                top = END - 1.0 if place == 1 else END - 4
                painter.paint([painter.place(_FOOT, (paper.number, place, len(pages)))], top)
            painter.turn()


def _paint_proof(painter: Painter, paper: DunPaper) -> None:
    painter.stamp("proof cut", lambda: painter.cut(LEFT - 10, PROOF, RIGHT + 10, PROOF))
    painter.paint(painter.place_all(_PROOF, paper), PROOF + 1)


def _pages(painter: Painter, paper: DunPaper) -> list[list[Placed]]:
    """The letter on one page with its table, else with the table in an annex, else over several pages."""
    texts = [painter.place(_PARAGRAPH, sheet.marked(text)) for text in paper.text]
    room = PROOF - 2 - TOP
    if len(paper.lines) <= MOST_ROWS:
        for density in DENSITIES:
            bands = _bands(painter, paper, texts, density, whole=True)
            if height_of(bands) <= room:
                return [bands]
    annex = _annex(painter, paper)
    for density in DENSITIES:
        bands = _bands(painter, paper, texts, density, whole=False)
        if height_of(bands) <= room:
            return [bands, *annex]
    return [*_over_pages(bands, room), *annex]


def _closer(paragraph: Placed, leading: float) -> Placed:
    """A paragraph with its lines at another distance: they break where they did."""
    texts = tuple((box, replace(fit, leading=leading * fit.size)) for box, fit in paragraph.texts)
    return Placed(paragraph.band, max((fit.height for _box, fit in texts), default=0.0), texts)


def _bands(
    painter: Painter, paper: DunPaper, paragraphs: Sequence[Placed], density: Density, *, whole: bool
) -> list[Placed]:
    rows = density.table
    middle = [painter.place(rows.head, paper)]
    if whole:
        middle += [painter.place(rows.row, line) for line in paper.lines]
    middle.append(painter.place(rows.total if whole else rows.summary, paper))
    texts = [_closer(paragraph, density.leading) for paragraph in paragraphs]
    gap = painter.place(_GAP, None)
    return [
        *painter.place_all(_HEAD, paper),
        painter.place(_ADDRESSEE, paper),
        *texts[:1],
        gap,
        *middle,
        gap,
        *texts[1:],
        painter.place(_SIGNATURE, paper),
    ]


def _over_pages(bands: Sequence[Placed], room: float) -> list[list[Placed]]:
    """Bands by pages; the signature stands with the last paragraph."""
    blocks = [*(Block([band]) for band in bands[:-2]), Block(bands[-2:])]
    return paged(blocks, room, END - NUMBER_ROOM - TOP)


def _annex(painter: Painter, paper: DunPaper) -> list[list[Placed]]:
    rows = DENSITIES[0].table
    title = painter.place(_ANNEX_HEAD, paper)
    blocks = table_blocks(
        [title],
        painter.place(rows.head, paper),
        [painter.place(rows.row, line) for line in paper.lines],
        [painter.place(rows.total, paper), painter.place(_ANNEX_FOOT, paper)],
        [title],
    )
    room = END - NUMBER_ROOM - TOP
    return paged(blocks, room, room)
