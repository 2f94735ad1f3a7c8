"""律师函／起诉材料: what a lawyer needs to know of one debtor, on pages of their own (UI §9, HANDBOOK §5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.money import yuan
from reports import dunning_sheet as sheet
from reports.dunning_letter import END, LEFT, NUMBER_ROOM, RIGHT, TOP, WIDE, head
from reports.pages import Block, numbered, paged, paint_pages, table_blocks
from reports.paint import Painter, Placed
from reports.papers import DunEvent, DunPaper
from reports.sheet import Align, Band, Box, Col, Flow, Lines, Stroke, Strong, Style, Text, frame

_TEXT = Style(11, serif=True, lines=20)
_STRONG = Style(11, bold=True, serif=True, lines=20)
_CELL = Style(9.5, serif=True, lines=20)
_CELL_HEAD = Style(9.5, bold=True, serif=True)
_HEAD = head(sheet.TITLES["legal"], 1.5)
_LINE = 0.25
_LABEL = 27.0
_FOOT = numbered(Style(9, serif=True), LEFT, RIGHT)
_GAP = Band[object](2.5)
_PARAGRAPH = Band[Text](0, (Box(LEFT, WIDE, lambda text: text, Style(11, serif=True, flow=Flow(1.6, 2))),))
_TABLE = sheet.table(
    sheet.Measures(
        LEFT, (42.0, 29.0, 27.0, 23.0, 17.0, 20.0), 6.4, _CELL, Style(9.5, floor=5, serif=True), _CELL_HEAD, _LINE
    )
)


def _fact(label: str, text: Callable[[DunPaper], Text]) -> Band[DunPaper]:
    walls = (*frame(LEFT, RIGHT, _LINE), Stroke(LEFT + _LABEL, 0, LEFT + _LABEL, 1, _LINE))
    value = Box(LEFT + _LABEL + 2, WIDE - _LABEL - 4, text, _TEXT)
    return Band(8.0, (Box(LEFT + 2, _LABEL - 4, label, _STRONG), value), walls)


def _debtor(paper: DunPaper) -> Text:
    owner = "业主（姓名待查）" if sheet.unknown(paper) else f"{paper.addressee}（业主）"
    return sheet.joined((owner, f"{paper.user}（使用人）" if paper.user else ""))


def _sum(paper: DunPaper) -> Text:
    return (Strong(sheet.words(paper)), "　", Strong(f"¥{yuan(paper.total)}"))


_FACTS = (
    _fact("移交单位", lambda p: sheet.joined((p.letterhead, p.office_name))),
    _fact("债务人", _debtor),
    _fact("房屋", lambda p: sheet.place(p)),
    _fact("欠费合计", _sum),
    _fact("计算至", lambda p: sheet.long_day(p.on)),
)


def _section(title: str) -> Band[object]:
    return Band(10.0, (Box(LEFT, WIDE, title, Style(12, bold=True, serif=True), dy=0.8),))


_ARREARS, _TIME, _HISTORY, _CASE = (
    _section(title) for title in ("一、欠费明细", "二、诉讼时效", "三、催缴与送达记录", "四、事实与依据")
)
_EVENT_EDGES = (LEFT, LEFT + 25, LEFT + 70, LEFT + 104, RIGHT)
_EVENT_WALLS = (*frame(LEFT, RIGHT, _LINE), *(Stroke(x, 0, x, 1, _LINE) for x in _EVENT_EDGES[1:-1]))


def _column(title: str, at: int, text: Callable[[DunEvent], Text], align: Align = Align.LEFT) -> Col[DunEvent]:
    return Col(title, _EVENT_EDGES[at], _EVENT_EDGES[at + 1] - _EVENT_EDGES[at], text, _CELL, align)


_EVENTS = Lines[DunEvent](
    (
        _column("日期", 0, lambda e: e.on, Align.CENTRE),
        _column("事项", 1, lambda e: e.what),
        _column("编号", 2, lambda e: e.number or sheet.NONE),
        _column("结果", 3, lambda e: e.result or sheet.NONE),
    ),
    _CELL_HEAD,
    _EVENT_WALLS,
    _EVENT_WALLS,
    padding=1.4,
)
_EVENT_HEAD, _EVENT = _EVENTS.head_band(6.4), _EVENTS.row_band(6.4)
_NO_EVENT = Band[object](6.4, (Box(LEFT, WIDE, "无记录", _CELL, Align.CENTRE),), frame(LEFT, RIGHT, _LINE))
_LATE_NOTE = Band[DunPaper](7.0, (Box(LEFT, WIDE, lambda p: p.late_fee_note and f"违约金{p.late_fee_note}。", _CELL),))
_SIGN_LEFT, _SIGN_WIDE = 105.0, 76.0
_SIGNATURE = Band[DunPaper](
    40.0,
    (
        Box(LEFT, 70, "经办人：　　　　　　　　　　　　接收人：", _TEXT),
        Box(_SIGN_LEFT, _SIGN_WIDE, lambda p: p.letterhead, _TEXT, Align.CENTRE, dy=-6.8),
        Box(_SIGN_LEFT, _SIGN_WIDE, lambda p: p.office_name, _TEXT, Align.CENTRE),
        Box(_SIGN_LEFT, _SIGN_WIDE, lambda p: sheet.long_day(p.on), _TEXT, Align.CENTRE, dy=6.8),
    ),
)


def files(painter: Painter, papers: Sequence[DunPaper]) -> None:
    """Paint the file of each debtor on pages of its own."""
    room = END - NUMBER_ROOM - TOP
    for paper in papers:
        pages = paged(_blocks(painter, paper), room, room)
        paint_pages(painter, pages, paper.number, TOP, (_FOOT, END - 4))


def _blocks(painter: Painter, paper: DunPaper) -> list[Block]:
    def one(band: Band[object]) -> Placed:
        return painter.place(band, paper)

    texts = [painter.place(_PARAGRAPH, sheet.marked(text)) for text in paper.text]
    signature = painter.place(_SIGNATURE, paper)
    blocks = [
        Block([*painter.place_all(_HEAD, paper), *painter.place_all(_FACTS, paper)]),
        *table_blocks(
            [one(_ARREARS)],
            one(_TABLE.head),
            [painter.place(_TABLE.row, line) for line in paper.lines],
            [painter.place(_TABLE.total, paper), painter.place(_LATE_NOTE, paper)],
        ),
    ]
    if paper.limitation:
        blocks.append(Block([one(_TIME), painter.place(_PARAGRAPH, sheet.marked(paper.limitation))]))
    events = [painter.place(_EVENT, event) for event in paper.history] or [one(_NO_EVENT)]
    blocks += table_blocks([one(_HISTORY)], one(_EVENT_HEAD), events, [one(_GAP)])
    if not texts:
        return [*blocks, Block([signature])]
    paragraphs = [Block([text]) for text in texts]
    paragraphs[0] = Block([one(_CASE), texts[0]])
    paragraphs[-1] = Block([*paragraphs[-1].bands, signature])
    return [*blocks, *paragraphs]
