"""温馨提示, three to an A4 page, and 催缴通知单, two to a page or as many pages as it needs (UI §9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.money import yuan
from reports import dunning_sheet as sheet
from reports.pages import Block, numbered, paged, table_blocks
from reports.paint import Painter, Placed, height_of
from reports.papers import DunLine, DunPaper
from reports.qr import code
from reports.sheet import Align, Band, Box, Col, Flow, Lines, Stroke, Strong, Style, Text, frame, under

LEFT, RIGHT, TOP = 15.0, 195.0, 8.0
WIDE = RIGHT - LEFT
THIRD, HALF, PAGE = 99.0, 148.5, 297.0
FOOT = 12.0
"""Kept free at the foot of every slip, so that each place on a page is the same."""
MOST_LINES = 5
"""Lines on a reminder; more are one sum."""
ROWS = (6.0, 5.0)
"""Heights of a notice's row, the second where it then stands on half a page."""
STRIP = 13.0
"""The 回执 at the foot of a notice, in mm."""
CODE, CODE_CLEAR = 15.6, 3.0
FOOT_LEFT = LEFT + CODE + 4.5
NUMBER_ROOM = 6.0

_SIDE = Style(9, lines=4)
_TEXT = Style(10, lines=8)
_STRONG = Style(10.5, bold=True, lines=8)
_CELL = Style(9, lines=20)
_FIGURE = Style(9, floor=5)
_FIGURE_STRONG = Style(9, bold=True, floor=5)
_NOTE = Style(8.5, lines=12)
_PAGE_FOOT = numbered(Style(8.5), LEFT, RIGHT)


def _head(title: str) -> tuple[Band[DunPaper], ...]:
    return (
        Band(
            4.6,
            (
                Box(LEFT, 110, sheet.heading, _SIDE),
                Box(RIGHT - 60, 60, lambda p: ("编号 ", Strong(p.number)), _SIDE, Align.RIGHT),
            ),
        ),
        Band(
            9.6,
            (
                Box(LEFT, 100, title, Style(16, bold=True, spacing=4.5)),
                Box(RIGHT - 60, 60, lambda p: p.on, _SIDE, Align.RIGHT, dy=1.9),
            ),
            under(LEFT, RIGHT, 0.6),
        ),
        Band(8.0, (Box(LEFT, WIDE, sheet.salutation, _STRONG, dy=0.5),)),
    )


_REMINDER_HEAD, _NOTICE_HEAD = _head(sheet.TITLES["reminder"]), _head(sheet.TITLES["notice"])
_PARAGRAPH = Band[Text](0, (Box(LEFT, WIDE, lambda text: text, Style(10, flow=Flow(1.45, 2))),))
_GAP = Band[object](1.6)


def _account(paper: DunPaper) -> Text:
    account = f"　转账：{paper.bank_account}（附言请写编号）" if paper.bank_account else ""
    return (Strong("交费方式"), f"　前台：现金、刷卡、扫码{account}")


def _questions(paper: DunPaper) -> Text:
    return "如已交费请忽略本单；有疑问请到前台核对" + (f"，或致电 {paper.telephone}。" if paper.telephone else "。")


# 温馨提示

_HAIR = under(LEFT, RIGHT, 0.15, grey=0.55)
_LIST = Lines[DunLine](
    (
        Col("费用", LEFT, 84, sheet.item, _CELL),
        Col("账期", LEFT + 84, 40, lambda n: n.period, _CELL, Align.CENTRE),
        Col("到期日", LEFT + 124, 28, lambda n: n.due, _CELL, Align.CENTRE),
        Col("未交（元）", LEFT + 152, 28, sheet.amount, _FIGURE, Align.RIGHT),
    ),
    Style(9, bold=True),
    under(LEFT, RIGHT, 0.25),
    _HAIR,
)
LIST_ROW = 4.6
_LIST_HEAD, _LIST_ROW = _LIST.head_band(LIST_ROW), _LIST.row_band(LIST_ROW)


@dataclass(frozen=True, slots=True)
class _Rest:
    """The lines that a reminder only sums."""

    count: int
    amount: int


_LIST_REST = Band[_Rest](
    LIST_ROW,
    (
        Box(LEFT + 1, 80, lambda r: f"其余 {r.count} 笔", _CELL),
        Box(LEFT + 153, 26, lambda r: yuan(r.amount), _FIGURE, Align.RIGHT),
    ),
    _HAIR,
)


def _late(paper: DunPaper) -> str:
    return f"其中违约金 {yuan(paper.late_fee)} 元" if paper.late_fee else ""


_LIST_TOTAL = Band[DunPaper](
    7.0,
    (
        Box(LEFT + 1, 20, "合计", Style(10, bold=True)),
        Box(LEFT + 24, 100, _late, _NOTE),
        Box(LEFT + 126, WIDE - 127, lambda p: f"¥ {yuan(p.total)}", Style(12, bold=True, floor=6), Align.RIGHT),
    ),
    under(LEFT, RIGHT, 0.4),
)
_REMINDER_FOOT = (
    Band[DunPaper](4.4, (Box(LEFT, WIDE, _account, _NOTE),)),
    Band[DunPaper](4.4, (Box(LEFT, WIDE, _questions, _NOTE),)),
)


def reminders(painter: Painter, papers: Sequence[DunPaper]) -> None:
    """Paint reminders, three to a page; one that a third does not hold takes a page of its own."""
    place = 0
    for paper in papers:
        bands = _reminder(painter, paper)
        if height_of(bands) > THIRD - TOP - FOOT:
            if place:
                painter.turn()
                place = 0
            painter.paint(paged([Block(bands)], PAGE - TOP - FOOT, 0)[0], TOP)
            painter.turn()
            continue
        if not place:
            painter.stamp("thirds", lambda: _cut(painter, THIRD, 2 * THIRD))
        painter.paint(bands, TOP, place * THIRD)
        place = (place + 1) % 3
        if not place:
            painter.turn()
    if place:
        painter.turn()


def _cut(painter: Painter, *heights: float) -> None:
    for height in heights:
        painter.cut(7, height, 203, height)


def _reminder(painter: Painter, paper: DunPaper) -> list[Placed]:
    """The reminder with as many of its lines as a third of a page holds."""
    head = [
        *painter.place_all(_REMINDER_HEAD, paper),
        *(painter.place(_PARAGRAPH, sheet.marked(text)) for text in paper.text),
        painter.place(_GAP, None),
        painter.place(_LIST_HEAD, paper),
    ]
    tail = [painter.place(_LIST_TOTAL, paper), painter.place(_GAP, None), *painter.place_all(_REMINDER_FOOT, paper)]
    rows = [painter.place(_LIST_ROW, line) for line in paper.lines[:MOST_LINES]]
    most = len(rows)
    while True:
        rest = paper.lines[most:]
        left = _Rest(len(rest), sum(line.amount for line in rest if not line.late_only))
        bands = [*head, *rows[:most], *([painter.place(_LIST_REST, left)] if rest else []), *tail]
        if most <= 1 or height_of(bands) <= THIRD - TOP - FOOT:
            return bands
        most -= 1


# 催缴通知单

_TABLES = {
    row: sheet.table(
        sheet.Measures(LEFT, (52.0, 37.0, 25.0, 25.0, 17.0, 24.0), row, _CELL, _FIGURE, Style(8.5, bold=True), 0.2)
    )
    for row in ROWS
}
_TOTAL = Band[DunPaper](
    10.6,
    (
        Box(LEFT + 2.8, 19, "应交合计", Style(10.5)),
        Box(LEFT + 23, 96, lambda p: (Strong(sheet.words(p)),), Style(10, lines=6)),
        Box(LEFT + 121, WIDE - 123.8, lambda p: f"¥ {yuan(p.total)}", Style(15, bold=True, floor=6), Align.RIGHT),
    ),
    frame(LEFT, RIGHT, 0.4),
)


def _late_note(paper: DunPaper) -> str:
    return f"违约金{paper.late_fee_note}。" if paper.late_fee_note else ""


def _foot(text: Callable[[DunPaper], Text]) -> Band[DunPaper]:
    return Band(4.4, (Box(FOOT_LEFT, RIGHT - FOOT_LEFT, text, _NOTE),))


_NOTICE_FOOT = (_foot(_account), _foot(_questions), _foot(_late_note))


def _strip_field(x: float, label: str, width: float) -> Box[DunPaper]:
    return Box(x, width, label, _SIDE)


_STRIP = Band[DunPaper](
    8.0,
    (
        Box(LEFT, 92, lambda p: (Strong("回执"), f"　{p.number}　房屋 {p.house}　{yuan(p.total)} 元"), _SIDE),
        _strip_field(LEFT + 94, "签收人", 12),
        _strip_field(LEFT + 139, "日期", 9),
    ),
    (Stroke(LEFT + 106, 0.8, LEFT + 136, 0.8, 0.2), Stroke(LEFT + 148, 0.8, RIGHT, 0.8, 0.2)),
)


@dataclass(frozen=True, slots=True)
class _Notice:
    """A notice's bands, set."""

    head: list[Placed]
    table: Placed
    rows: list[Placed]
    sums: list[Placed]
    foot: list[Placed]

    def height(self) -> float:
        """From the top to the end of the foot, in mm."""
        return height_of(self.head, [self.table], self.rows, self.sums) + CODE_CLEAR + self.foot_height

    @property
    def foot_height(self) -> float:
        """The foot's height, in mm: its text or its code."""
        return max(height_of(self.foot), CODE)


def notices(painter: Painter, papers: Sequence[DunPaper]) -> None:
    """Paint notices, two to a page; one that a half does not hold takes pages of its own."""
    lower = False
    for paper in papers:
        half = _half(painter, paper)
        if half is None:
            if lower:
                painter.turn()
                lower = False
            _whole(painter, paper)
            continue
        if not lower:
            painter.stamp("half", lambda: _cut(painter, HALF))
        _paint_notice(painter, paper, half, HALF, HALF if lower else 0.0)
        lower = not lower
        if not lower:
            painter.turn()
    if lower:
        painter.turn()


def _notice(painter: Painter, paper: DunPaper, row: float) -> _Notice:
    table = _TABLES[row]
    gap = painter.place(_GAP, None)
    return _Notice(
        [
            *painter.place_all(_NOTICE_HEAD, paper),
            *(painter.place(_PARAGRAPH, sheet.marked(text)) for text in paper.text),
            gap,
        ],
        painter.place(table.head, paper),
        [painter.place(table.row, line) for line in paper.lines],
        [painter.place(table.total, paper), gap, painter.place(_TOTAL, paper)],
        [placed for placed in painter.place_all(_NOTICE_FOOT, paper) if placed.texts],
    )


def _half(painter: Painter, paper: DunPaper) -> _Notice | None:
    """The notice set for half a page, or None where it needs whole ones."""
    for row in ROWS:
        notice = _notice(painter, paper, row)
        if notice.height() <= HALF - FOOT - STRIP - TOP:
            return notice
    return None


def _paint_notice(painter: Painter, paper: DunPaper, notice: _Notice, page: float, origin: float) -> None:
    painter.paint([*notice.head, notice.table, *notice.rows, *notice.sums], TOP, origin)
    _paint_foot(painter, paper, notice, page - FOOT, origin)


def _paint_foot(painter: Painter, paper: DunPaper, notice: _Notice, end: float, origin: float = 0.0) -> None:
    """The foot with its code, above the 回执 that ends at `end`."""
    top = end - STRIP - notice.foot_height
    spare = notice.foot_height - height_of(notice.foot)
    painter.paint(notice.foot, top + spare / 2, origin)
    if paper.reference:
        painter.code(code(paper.reference), LEFT, top + origin, CODE)
    painter.stamp(("strip", end), lambda: painter.cut(LEFT, end - STRIP + 3, RIGHT, end - STRIP + 3), origin)
    painter.paint([painter.place(_STRIP, paper)], end - STRIP + 4.5, origin)


def _whole(painter: Painter, paper: DunPaper) -> None:
    notice = _notice(painter, paper, ROWS[0])
    again = painter.place_all(_NOTICE_HEAD[:2], paper)
    rest = PAGE - FOOT - NUMBER_ROOM - TOP
    tail_room = CODE_CLEAR + notice.foot_height + STRIP
    room_keeper = painter.place(Band[object](tail_room), None)
    blocks = table_blocks(notice.head, notice.table, notice.rows, [*notice.sums, room_keeper], again)
    pages = paged(blocks, rest, rest)
    for number, bands in enumerate(pages, 1):
        painter.paint(bands, TOP)
        if len(pages) > 1:
            painter.paint([painter.place(_PAGE_FOOT, (paper.number, number, len(pages)))], PAGE - FOOT - 4)
        if number == len(pages):
            _paint_foot(painter, paper, notice, PAGE - FOOT - (NUMBER_ROOM if len(pages) > 1 else 0))
        painter.turn()
