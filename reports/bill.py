"""缴费通知单: two halves to an A4 page, or as many whole pages as a long bill needs (UI §9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.problem import problem
from reports import bill_sheet as sheet
from reports.made import Made
from reports.paint import A4, Painter, Placed, height_of
from reports.papers import BillPaper
from reports.qr import Code, code

HALF = 148.5
TOP = 8.0
HALF_END = HALF - 12.0
PAGE_END = 297.0 - 12.0
NUMBER_ROOM = 6.0
"""Kept for the number at the foot of a bill's page, where it has several."""
MOST_ON_HALF = ((6.0, 7), (5.0, 9))
"""Height of a row in mm, and the most lines a half takes at it."""
MOST_WITH_TOTAL, MOST_GOING_ON = 28, 36
"""The most lines of a page that bears the total, and of one that goes on."""
STUB_CODE, FOOT_CODE = 20.0, 15.6
CLEAR, STUB_CLEAR = 2.7, 4.0
"""Above the codes at the foot and on the stub: at least their quiet zones, in mm."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A bill's bands, set: the head of its table included in `head`, 本期小计 to 应交合计 in `sums`."""

    head: list[Placed]
    lines: list[Placed]
    sums: list[Placed]
    foot: list[Placed]
    stub: list[Placed]

    def height(self, lines: Sequence[Placed]) -> float:
        """From the top to the end of the foot with these of its lines, in mm."""
        return height_of(self.head, lines, self.sums) + CLEAR + self.foot_height

    @property
    def foot_height(self) -> float:
        """The foot's height, in mm: its text or its code."""
        return max(height_of(self.foot), FOOT_CODE)

    @property
    def stub_height(self) -> float:
        """The stub's height with its code, in mm."""
        return height_of(self.stub) + STUB_CLEAR + STUB_CODE


def write(path: Path, papers: Iterable[BillPaper]) -> Made:
    """Write bills into one PDF, in the order given.

    Two bills that fit a half each share a page; one that does not begins a page of its own.
    Raises: `paper.too_long` where a text fits nowhere, OSError, ValueError without a bill.
    """
    painter = Painter(path, "缴费通知单", A4)
    lower = False
    for paper in papers:
        half = _half(painter, paper)
        if lower and half is None:
            painter.turn()
        if half is None:
            _whole(painter, paper)
        elif lower:
            _paint_half(painter, half, code(paper.reference), HALF)
        else:
            painter.stamp("cuts", lambda: _cut_halves(painter))
            _paint_half(painter, half, code(paper.reference), 0.0)
        lower = half is not None and not lower
        if not lower:
            painter.turn()
    return painter.close()


def _half(painter: Painter, paper: BillPaper) -> Parts | None:
    """The bill set for half a page, or None where it needs a whole one."""
    for row, most in MOST_ON_HALF:
        if len(paper.lines) <= most:
            parts = _parts(painter, paper, row)
            room = HALF_END - TOP
            if parts.height(parts.lines) <= room and parts.stub_height <= room:
                return parts
    return None


def _parts(painter: Painter, paper: BillPaper, row: float) -> Parts:
    rows = sheet.ROWS[row]
    return Parts(
        [*painter.place_all(sheet.HEAD, paper), painter.place(rows.head, paper)],
        [painter.place(rows.of(line), line) for line in paper.lines],
        painter.place_all(rows.sums(paper), paper),
        painter.place_all(sheet.foot(paper), paper),
        painter.place_all(sheet.STUB, paper),
    )


def _cut_halves(painter: Painter) -> None:
    painter.cut(7, HALF, 203, HALF)
    painter.cut(sheet.CUT, TOP, sheet.CUT, HALF_END)
    painter.cut(sheet.CUT, HALF + TOP, sheet.CUT, PAGE_END)


def _paint_half(painter: Painter, parts: Parts, picture: Code, origin: float) -> None:
    painter.paint([*parts.head, *parts.lines, *parts.sums], TOP, origin)
    _paint_foot(painter, parts, picture, HALF_END - parts.foot_height, origin)
    _paint_stub(painter, parts, picture, origin)


def _paint_foot(painter: Painter, parts: Parts, picture: Code, top: float, origin: float = 0.0) -> None:
    spare = parts.foot_height - height_of(parts.foot)
    painter.paint(parts.foot, top + spare / 2, origin)
    painter.code(picture, sheet.LEFT, top + origin, FOOT_CODE)


def _paint_stub(painter: Painter, parts: Parts, picture: Code, origin: float = 0.0) -> None:
    end = painter.paint(parts.stub, TOP, origin)
    middle = (sheet.STUB_LEFT + sheet.STUB_RIGHT) / 2
    painter.code(picture, middle - STUB_CODE / 2, end + STUB_CLEAR + origin, STUB_CODE)


def _whole(painter: Painter, paper: BillPaper) -> None:
    """A bill on pages of its own, the next page not yet begun after the last."""
    parts, picture = _parts(painter, paper, 6.0), code(paper.reference)
    again = painter.place_all(sheet.HEAD_ON, paper)
    pages = _paged(parts)
    for number, lines in enumerate(pages, 1):
        head = parts.head if number == 1 else [*again, parts.head[-1]]
        painter.stamp("cut page", lambda: painter.cut(sheet.CUT, TOP, sheet.CUT, PAGE_END))
        if number == 1:
            _paint_stub(painter, parts, picture)
        else:
            painter.paint(painter.place_all(sheet.STUB_ON, paper), TOP)
        if len(pages) > 1:
            painter.paint([painter.place(sheet.PAGE, (number, len(pages)))], PAGE_END - 4.0)
        if number < len(pages):
            painter.paint([*head, *lines, painter.place(sheet.GOES_ON, paper)], TOP)
            painter.turn()
        else:
            painter.paint([*head, *lines, *parts.sums], TOP)
            end = PAGE_END - (NUMBER_ROOM if len(pages) > 1 else 0.0)
            _paint_foot(painter, parts, picture, end - parts.foot_height)


def _paged(parts: Parts) -> list[list[Placed]]:
    """The lines by pages. The sums stand whole on the last, with at least two lines where there are so many."""
    room = PAGE_END - TOP
    if len(parts.lines) <= MOST_WITH_TOTAL and parts.height(parts.lines) <= room and parts.stub_height <= room:
        return [parts.lines]
    pages: list[list[Placed]] = []
    left = list(parts.lines)
    room -= NUMBER_ROOM
    while len(left) > MOST_WITH_TOTAL or parts.height(left) > room or not pages:
        count = _most(parts, left, room - sheet.GOES_ON.height)
        if not count:
            raise problem("paper.too_long", "账单的文字太长，纸上印不下。", "请把项目、业主或条款的文字改短。")
        pages.append(left[:count])
        left = left[count:]
    return [*pages, left]


def _most(parts: Parts, lines: Sequence[Placed], room: float) -> int:
    """How many of the lines the next page takes, two kept back for the last."""
    used, count = height_of(parts.head), 0
    for line in lines[: min(MOST_GOING_ON, max(1, len(lines) - 2))]:
        used += line.height
        if used > room:
            break
        count += 1
    return count
