"""物业服务月报 on A4 (UI §9, `ui/24`): what a month brought in, what is left, what calls for somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.money import yuan
from reports.made import Made
from reports.pages import Block, numbered, paged, paint_pages, table_blocks
from reports.paint import A4, Painter, Placed
from reports.sheet import Align, Band, Box, Col, Lines, Stroke, Strong, Style, frame, under

LEFT, RIGHT, TOP, END = 20.0, 193.0, 16.0, 285.0
WIDE = RIGHT - LEFT
HIGH = 26.0
"""Height of the bars of a full hundred percent, in mm."""
MOST_BARS = 12
REASONS = 14
"""So many waivers are listed one by one."""


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """A figure of the head: what it is, the figure, a line below it."""

    title: str
    figure: str
    below: str


@dataclass(frozen=True, slots=True)
class ReportMonth:
    """A month's collection rate in percent with two decimals (None: nothing was due)."""

    month: str
    rate: str | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An item or a building: due, collected and overdue in fen, its rate in percent."""

    name: str
    due: int
    collected: int
    rate: str | None
    overdue: int


@dataclass(frozen=True, slots=True)
class ReportSum:
    """Two sums side by side: words and fen each; either may be absent."""

    name: str
    fen: int | None
    other: str
    other_fen: int | None


@dataclass(frozen=True, slots=True)
class ReportWaiver:
    """A reduction of the month: its day, house, item, fen, and why."""

    on: str
    house: str
    item: str
    kind: str
    fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReportUpkeep:
    """A category of equipment: pieces in use, tasks done in the month, tasks overdue at its end."""

    name: str
    pieces: int
    done: int
    overdue: int


@dataclass(frozen=True, slots=True)
class MonthReport:
    """All that the report says of a month, up to a day; `head` is the audit chain's."""

    month: str
    first: str
    until: str
    letterhead: str
    office_name: str
    maker: str
    printed_on: str
    figures: tuple[ReportFigure, ...]
    months: tuple[ReportMonth, ...]
    items: tuple[ReportRow, ...]
    buildings: tuple[ReportRow, ...]
    sums: tuple[ReportSum, ...]
    ages: tuple[tuple[str, int], ...]
    waivers: tuple[ReportWaiver, ...]
    waivers_left: int
    upkeep: tuple[ReportUpkeep, ...]
    remarks: tuple[str, ...]
    data_at: str
    head: str


_TEXT = Style(10, floor=7)
_SMALL = Style(9, floor=7)
_STRONG = Style(10, bold=True, floor=7)
_WRAPPED = Style(10, floor=9, lines=6)
_FIGURE = Style(15, bold=True, floor=9)
_HEADING = Style(13, bold=True)


def _office(report: MonthReport) -> str:
    year, month = report.month.split("-")
    span = f"{report.first[5:]} 至 {report.until[5:]}"
    return f"{report.office_name or report.letterhead}　{year} 年 {int(month)} 月（{span}）"


_HEAD = (
    Band[MonthReport](11.0, (Box(LEFT, WIDE, "物业服务月报", Style(20, bold=True)),)),
    Band[MonthReport](
        8.0,
        (
            Box(LEFT, 112, _office, Style(11, floor=8)),
            Box(132, RIGHT - 132, lambda r: f"编制 {r.maker}　{r.printed_on}", Style(11, floor=8), Align.RIGHT),
        ),
        under(LEFT, RIGHT, 0.6),
    ),
)
_RULE = Band[object](0.4, strokes=(Stroke(LEFT, 1, RIGHT, 1, 0.4),))
_GAP, _SMALL_GAP = Band[object](5.0), Band[object](2.0)


def _figures(count: int) -> Band[MonthReport]:
    """The figures of the head in equal boxes."""
    wide = WIDE / count
    boxes: list[Box[MonthReport]] = []
    strokes = list(frame(LEFT, RIGHT, 0.3))
    for place in range(count):
        x = LEFT + place * wide + 3
        room = wide - 5
        boxes += [
            Box(x, room, lambda r, at=place: r.figures[at].title, _TEXT, dy=-7.0),  # type: ignore[misc]
            Box(x, room, lambda r, at=place: r.figures[at].figure, _FIGURE, dy=-0.4),  # type: ignore[misc]
            Box(x, room, lambda r, at=place: r.figures[at].below, _SMALL, dy=6.6),  # type: ignore[misc]
        ]
        if place:
            strokes.append(Stroke(LEFT + place * wide, 0, LEFT + place * wide, 1, 0.2, 0.5))
    return Band(22.0, tuple(boxes), tuple(strokes))


def _bars(months: Sequence[ReportMonth]) -> Band[object]:
    """A bar a month from zero, its rate over it; the report's month is filled."""
    high = HIGH + 12
    step = WIDE / MOST_BARS
    boxes: list[Box[object]] = []
    strokes: list[Stroke] = []
    for place, month in enumerate(months):
        x = LEFT + place * step
        boxes.append(Box(x, step, f"{int(month.month[5:])} 月", _SMALL, Align.CENTRE, dy=high / 2 - 2.5))
        if month.rate is None:
            boxes.append(Box(x, step, "—", _SMALL, Align.CENTRE, dy=high / 2 - 7))
            continue
        tall = HIGH * min(float(month.rate), 100.0) / 100
        foot, top = (high - 5) / high, (high - 5 - tall) / high
        left, right = x + 3.2, x + step - 3.2
        boxes.append(Box(x, step, f"{month.rate}", _SMALL, Align.CENTRE, dy=high / 2 - 7.4 - tall))
        if place == len(months) - 1:
            strokes += [Stroke(at, foot, at, top, 0.5) for at in _filled(left, right)]
        strokes += [
            Stroke(left, foot, right, foot, 0.3),
            Stroke(left, top, right, top, 0.3),
            Stroke(left, foot, left, top, 0.3),
            Stroke(right, foot, right, top, 0.3),
        ]
    return Band(high, tuple(boxes), tuple(strokes))


def _filled(left: float, right: float) -> list[float]:
    steps = int((right - left) / 0.15)
    return [left + (right - left) * place / steps for place in range(steps + 1)]


def _heading(words: str, about: str = "") -> Band[object]:
    return Band(8.0, (Box(LEFT, WIDE, (Strong(words), f"　{about}") if about else (Strong(words),), _HEADING),))


_HEAD_LINES = (Stroke(LEFT, 0, RIGHT, 0, 0.4), Stroke(LEFT, 1, RIGHT, 1, 0.25))
_LINE = under(LEFT, RIGHT, 0.15, grey=0.6)
_END_LINE = under(LEFT, RIGHT, 0.4)


def _columns(first: str, bold: Style) -> tuple[Col[ReportRow], ...]:
    right = Align.RIGHT
    return (
        Col(first, LEFT, 59, lambda n: n.name, bold),
        Col("本期应收（元）", 79, 32, lambda n: yuan(n.due), bold, right),
        Col("本期实收（元）", 111, 32, lambda n: yuan(n.collected), bold, right),
        Col("收缴率", 143, 18, lambda n: "—" if n.rate is None else f"{n.rate}%", bold, right),
        Col("期末逾期（元）", 161, 32, lambda n: yuan(n.overdue), bold, right),
    )


def _rated(first: str) -> tuple[Lines[ReportRow], Lines[ReportRow]]:
    return (
        Lines(_columns(first, _TEXT), _STRONG, _HEAD_LINES, _LINE),
        Lines(_columns(first, _STRONG), _STRONG, _HEAD_LINES, _END_LINE),
    )


def _total(rows: Sequence[ReportRow], rate: str | None) -> ReportRow:
    due, collected, overdue = (sum(getattr(row, key) for row in rows) for key in ("due", "collected", "overdue"))
    return ReportRow("合计", due, collected, rate, overdue)


_SUMS = Lines[ReportSum](
    (
        Col("", LEFT, 50, lambda n: n.name, _TEXT),
        Col("", 70, 34, lambda n: "" if n.fen is None else yuan(n.fen), _TEXT, Align.RIGHT),
        Col("", 110, 49, lambda n: n.other, _TEXT),
        Col("", 159, 34, lambda n: "" if n.other_fen is None else yuan(n.other_fen), _TEXT, Align.RIGHT),
    ),
    _STRONG,
    (),
    _LINE,
)
_AGES = Lines[tuple[str, int]](
    (
        Col("账龄", LEFT, 60, lambda n: n[0], _TEXT),
        Col("金额（元）", 80, 40, lambda n: yuan(n[1]), _TEXT, Align.RIGHT),
    ),
    _STRONG,
    (Stroke(LEFT, 0, 120, 0, 0.4), Stroke(LEFT, 1, 120, 1, 0.25)),
    under(LEFT, 120, 0.15, grey=0.6),
)
_WAIVERS = Lines[ReportWaiver](
    (
        Col("日期", LEFT, 22, lambda n: n.on, _TEXT),
        Col("房号", 42, 24, lambda n: n.house, _TEXT),
        Col("费用", 66, 32, lambda n: n.item, _WRAPPED),
        Col("种类", 98, 18, lambda n: n.kind, _TEXT),
        Col("金额（元）", 116, 26, lambda n: yuan(n.fen), _TEXT, Align.RIGHT),
        Col("原因", 144, RIGHT - 144, lambda n: n.reason, _WRAPPED),
    ),
    _STRONG,
    _HEAD_LINES,
    _LINE,
)
_UPKEEP = Lines[ReportUpkeep](
    (
        Col("类别", LEFT, 70, lambda n: n.name, _TEXT),
        Col("在用（台）", 90, 32, lambda n: str(n.pieces), _TEXT, Align.RIGHT),
        Col("本月完成（项）", 122, 36, lambda n: str(n.done), _TEXT, Align.RIGHT),
        Col("月末逾期（项）", 158, 35, lambda n: str(n.overdue), _TEXT, Align.RIGHT),
    ),
    _STRONG,
    _HEAD_LINES,
    _LINE,
)
_REMARK = Band[tuple[int, str]](
    6.6, (Box(LEFT, 7, lambda n: f"{n[0]}.", _TEXT), Box(LEFT + 7, WIDE - 7, lambda n: n[1], _WRAPPED))
)
_NOTE = Band[str](6.0, (Box(LEFT, WIDE, lambda n: n, _SMALL),))
_ROW = 6.6


def write(path: Path, report: MonthReport) -> Made:
    """Write a month's report. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "物业服务月报", A4)
    blocks = [
        Block(
            [
                *painter.place_all(_HEAD, report),
                painter.place(_SMALL_GAP, None),
                painter.place(_figures(len(report.figures)), report),
            ]
        )
    ]
    numbers = iter("一二三四五六")
    for section in (_collection, _money, _ages, _waivers, _maintenance, _remarks):
        blocks += section(painter, report, numbers)
    room = END - TOP - 6
    foot = (numbered(_SMALL, LEFT, RIGHT), END - 4)
    said = f"数据截至 {report.data_at}　审计链尾 {report.head}"
    paint_pages(painter, paged(blocks, room, room), said, TOP, foot)
    return painter.close()


def _table(
    painter: Painter,
    heading: Sequence[Band[object]],
    lines: Lines[Any],
    rows: Sequence[Any],
    tail: Sequence[Placed] = (),
) -> list[Block]:
    before = [painter.place(_GAP, None), *(painter.place(band, None) for band in heading)]
    head = painter.place(lines.head_band(_ROW), None)
    band = lines.row_band(_ROW)
    return table_blocks(before, head, [painter.place(band, row) for row in rows], tail)


def _collection(painter: Painter, report: MonthReport, numbers: Iterator[str]) -> list[Block]:
    plain, strong = _rated("收费项目")
    rate = report.months[-1].rate if report.months else None
    total = painter.place(strong.row_band(_ROW), _total(report.items, rate))
    heading = [_heading(f"{next(numbers)}、收缴", "当期收缴率（%）"), _bars(report.months[-MOST_BARS:])]
    blocks = _table(painter, heading, plain, report.items, [total])
    by_place, _ = _rated("楼栋")
    return blocks + _table(painter, [], by_place, report.buildings)


def _money(painter: Painter, report: MonthReport, numbers: Iterator[str]) -> list[Block]:
    """The month's sums stay on one page."""
    bands = [painter.place(_GAP, None), painter.place(_heading(f"{next(numbers)}、本月的账", "元"), None)]
    row = _SUMS.row_band(_ROW)
    return [Block([*bands, painter.place(_RULE, None), *(painter.place(row, each) for each in report.sums)])]


def _ages(painter: Painter, report: MonthReport, numbers: Iterator[str]) -> list[Block]:
    return _table(painter, [_heading(f"{next(numbers)}、期末欠费账龄")], _AGES, report.ages)


def _waivers(painter: Painter, report: MonthReport, numbers: Iterator[str]) -> list[Block]:
    if not report.waivers:
        return []
    left = [painter.place(_NOTE, f"另有 {report.waivers_left} 笔，见审计记录。")] if report.waivers_left else []
    return _table(painter, [_heading(f"{next(numbers)}、减免、核销和更正")], _WAIVERS, report.waivers, left)


def _maintenance(painter: Painter, report: MonthReport, numbers: Iterator[str]) -> list[Block]:
    if not report.upkeep:
        return []
    return _table(painter, [_heading(f"{next(numbers)}、设备维保")], _UPKEEP, report.upkeep)


def _remarks(painter: Painter, report: MonthReport, numbers: Iterator[str]) -> list[Block]:
    if not report.remarks:
        return []
    rows = [painter.place(_REMARK, (place, words)) for place, words in enumerate(report.remarks, 1)]
    first = [painter.place(_GAP, None), painter.place(_heading(f"{next(numbers)}、需要关注"), None), rows[0]]
    return [Block(first), *(Block([row]) for row in rows[1:])]
