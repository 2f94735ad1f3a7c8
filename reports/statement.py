"""对账单: a house's entries between two days with the running balance, A4 (UI §9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.money import yuan
from reports.made import Made
from reports.paint import A4, Painter, Placed, height_of
from reports.papers import StatementPaper, StatementRow
from reports.sheet import Align, Band, Box, Col, Lines, Strong, Style, Text, frame, under

LEFT, RIGHT = 12.0, 198.0
TOP, END = 12.0, 297.0 - 14.0
ROW = 8.0
PAGE_ROOM = 6.0
"""Kept for the page's number at the foot, in mm."""

_TEXT = Style(10, lines=20)
_STRONG = Style(10, bold=True, lines=20)
# A figure is never broken over two lines: rather than that it goes on shrinking.
_FIGURE = Style(10, floor=5)
_SMALL = Style(9)


def _letterhead(paper: StatementPaper) -> str:
    return " · ".join(part for part in (paper.letterhead, paper.office_name) if part)


def _span(paper: StatementPaper) -> Text:
    last = _until(paper)
    if not paper.first:
        return ("截至 ", Strong(last)) if last != paper.printed_on else ""
    return ("期间 ", Strong(f"{paper.first} 至 {last}"))


def _until(paper: StatementPaper) -> str:
    return paper.last or paper.printed_on


def _head(title: str) -> tuple[Band[StatementPaper], ...]:
    return (
        Band(5.4, (Box(LEFT, 118, _letterhead, _TEXT), Box(132, RIGHT - 132, _span, _TEXT, Align.RIGHT))),
        Band(
            9.6,
            (
                Box(LEFT, 100, title, Style(16, bold=True, spacing=4.5)),
                Box(138, RIGHT - 138, lambda s: f"打印日 {s.printed_on}", _TEXT, Align.RIGHT, dy=1.4),
            ),
            under(LEFT, RIGHT, 0.6),
        ),
        Band(
            9.0,
            (
                Box(LEFT + 1, 9, "房号", _TEXT),
                Box(LEFT + 10, 54, lambda s: s.house, _STRONG),
                Box(78, 9, "业主", _TEXT),
                Box(87, RIGHT - 88, lambda s: s.owner, _STRONG),
            ),
            under(LEFT, RIGHT, 0.25),
        ),
    )


_HEAD, _HEAD_ON = _head("对账单"), _head("对账单（续）")
_TABLE = Lines[StatementRow](
    (
        Col("日期", LEFT, 23, lambda r: r.on, _FIGURE),
        Col("摘要", 35, 46, lambda r: r.what, _TEXT),
        Col("单号", 81, 32, lambda r: r.number, _TEXT),
        Col("账期", 113, 31, lambda r: r.period, _TEXT, Align.CENTRE),
        Col("金额（元）", 144, 27, lambda r: yuan(r.amount), _FIGURE, Align.RIGHT),
        Col("余额（元）", 171, 27, lambda r: yuan(r.balance), _FIGURE, Align.RIGHT),
    ),
    Style(10, bold=True),
    under(LEFT, RIGHT, 0.25),
    under(LEFT, RIGHT, 0.15, grey=0.55),
)
_TABLE_HEAD, _ROW = _TABLE.head_band(ROW), _TABLE.row_band(ROW)
_GOES_ON = Band[object](6.0, (Box(LEFT, RIGHT - LEFT - 1, "接下页", _SMALL, Align.RIGHT),))
_PAGE = Band[tuple[int, int]](
    4.0, (Box(LEFT, RIGHT - LEFT, lambda n: f"第 {n[0]} 页 / 共 {n[1]} 页", _SMALL, Align.CENTRE),)
)


def _figures() -> tuple[Band[StatementPaper], ...]:
    """What the house owes, kept whole: the late fee is a quote beside it, never inside."""
    quarter = (RIGHT - LEFT) / 4

    def figure(place: int, label: str, amount: Callable[[StatementPaper], int]) -> Box[StatementPaper]:
        def said(paper: StatementPaper) -> Text:
            return (f"{label} ", Strong(yuan(amount(paper))))

        return Box(LEFT + place * quarter + 2.5, quarter - 4, said, Style(10, floor=5))

    return (
        Band(3.0),
        Band(
            11.0,
            (
                figure(0, "欠费", lambda s: s.owed),
                figure(1, "违约金", lambda s: s.late_fee),
                figure(2, "应交合计", lambda s: s.owed + s.late_fee),
                figure(3, "预存余额", lambda s: s.prepaid),
            ),
            frame(LEFT, RIGHT, 0.4),
        ),
        Band(
            6.5,
            (
                Box(
                    LEFT + 1,
                    RIGHT - LEFT - 2,
                    lambda s: f"金额：应收为正，收款与减免为负。违约金算至 {_until(s)}，按实际交费日另计，不在余额内。",
                    _SMALL,
                ),
            ),
        ),
    )


_FIGURES = _figures()


@dataclass(frozen=True, slots=True)
class Parts:
    """The bands of a statement, set."""

    head: list[Placed]
    head_on: list[Placed]
    rows: list[Placed]
    figures: list[Placed]


def write(path: Path, paper: StatementPaper) -> Made:
    """Write a statement. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "对账单", A4)
    table = painter.place(_TABLE_HEAD, paper)
    parts = Parts(
        [*painter.place_all(_HEAD, paper), table],
        [*painter.place_all(_HEAD_ON, paper), table],
        [painter.place(_ROW, row) for row in paper.rows],
        painter.place_all(_FIGURES, paper),
    )
    pages = _paged(parts)
    for number, rows in enumerate(pages, 1):
        last = number == len(pages)
        tail = parts.figures if last else [painter.place(_GOES_ON, paper)]
        painter.paint([*(parts.head if number == 1 else parts.head_on), *rows, *tail], TOP)
        if len(pages) > 1:
            painter.paint([painter.place(_PAGE, (number, len(pages)))], END - 4.0)
        painter.turn()
    return painter.close()


def _paged(parts: Parts) -> list[list[Placed]]:
    """The rows by pages; the figures stand whole on the last, with at least one row where there is one."""
    room = END - TOP - PAGE_ROOM - max(height_of(parts.head), height_of(parts.head_on))
    pages: list[list[Placed]] = []
    left = parts.rows
    while height_of(left, parts.figures) > room:
        count = _most(left, room - _GOES_ON.height)
        pages.append(left[:count])
        left = left[count:]
    return [*pages, left]


def _most(rows: Sequence[Placed], room: float) -> int:
    """How many rows the next page takes, one kept back for the last; at least one."""
    used, count = 0.0, 0
    for row in rows[: max(1, len(rows) - 1)]:
        used += row.height
        if used > room:
            break
        count += 1
    return max(1, count)
