"""费用说明: how each charge of a house and a month arose, A4; the layout of UI §9's statement."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.money import yuan
from reports.made import Made
from reports.pages import Block, numbered, paged, paint_pages
from reports.paint import A4, Painter, Placed
from reports.sheet import Align, Band, Box, Strong, Style, Text, frame, under

LEFT, RIGHT, TOP, END = 14.0, 196.0, 12.0, 285.0
WIDE = RIGHT - LEFT
LABEL = 20.0
"""The column in which each step says what it is about, in mm."""


@dataclass(frozen=True, slots=True)
class ExplainSection:
    """A charge: what and when it serves, its amount and what is open of it (fen), and its steps (label and words)."""

    item: str
    period: str
    amount: int
    open: int
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ExplainPaper:
    """费用说明 of a house and a month as of a day: what is open of these charges, and the late fee quoted beside it."""

    house: str
    owner: str
    period: str
    as_of: str
    printed_on: str
    letterhead: str
    office_name: str
    telephone: str
    sections: tuple[ExplainSection, ...]
    owed: int
    late_fee: int


_TEXT = Style(10, lines=20)
_STRONG = Style(10, bold=True, lines=20)
_SMALL = Style(9, lines=4)
_STEP = Style(9.5, floor=9.5, lines=40)
_STEP_LABEL = Style(9.5, bold=True)
_FIGURE = Style(10, bold=True, floor=5)


def _letterhead(paper: ExplainPaper) -> str:
    return " · ".join(part for part in (paper.letterhead, paper.office_name) if part)


def _head(title: str) -> tuple[Band[ExplainPaper], ...]:
    return (
        Band(5.4, (Box(LEFT, 118, _letterhead, _TEXT),)),
        Band(
            9.6,
            (
                Box(LEFT, 100, title, Style(16, bold=True, spacing=4.5)),
                Box(124, RIGHT - 124, lambda p: f"打印日 {p.printed_on}", _TEXT, Align.RIGHT, dy=1.4),
            ),
            under(LEFT, RIGHT, 0.6),
        ),
        Band(
            9.0,
            (
                Box(LEFT + 1, 9, "房号", _TEXT),
                Box(LEFT + 10, 46, lambda p: p.house, _STRONG),
                Box(72, 9, "业主", _TEXT),
                Box(81, 62, lambda p: p.owner, _STRONG),
                Box(145, RIGHT - 146, lambda p: ("账期 ", Strong(p.period)), _TEXT, Align.RIGHT),
            ),
            under(LEFT, RIGHT, 0.25),
        ),
    )


_HEAD, _HEAD_ON = _head("费用说明"), _head("费用说明（续）")
_GAP = Band[object](3.0)
_SECTION = Band[ExplainSection](
    8.0,
    (
        Box(LEFT + 1, 96, lambda s: (Strong(s.item), f"　{s.period}"), _TEXT),
        Box(112, 42, lambda s: ("应收 ", Strong(yuan(s.amount))), _FIGURE, Align.RIGHT),
        Box(154, RIGHT - 155, lambda s: ("未交 ", Strong(yuan(s.open))), _FIGURE, Align.RIGHT),
    ),
    under(LEFT, RIGHT, 0.25),
)
_STEPS = Band[tuple[str, str]](
    6.0,
    (
        Box(LEFT + 1, LABEL - 2, lambda step: step[0], _STEP_LABEL),
        Box(LEFT + LABEL, WIDE - LABEL - 1, lambda step: step[1], _STEP),
    ),
    under(LEFT, RIGHT, 0.15, grey=0.7),
)


def _sum(paper: ExplainPaper) -> Text:
    return ("未交合计 ", Strong(yuan(paper.owed)), "　违约金 ", Strong(yuan(paper.late_fee)),
            "　应交合计 ", Strong(yuan(paper.owed + paper.late_fee)))  # fmt: skip


_TOTAL = (
    Band[ExplainPaper](11.0, (Box(LEFT + 2.5, WIDE - 5, _sum, Style(11, floor=6)),), frame(LEFT, RIGHT, 0.4)),
    Band[ExplainPaper](
        6.5,
        (
            Box(
                LEFT + 1,
                WIDE - 2,
                lambda p: (
                    f"只列本账期的费用。违约金算至 {p.as_of}，按实际交费日另计。"
                    + (f"有疑问请打 {p.telephone}。" if p.telephone else "")
                ),
                _SMALL,
            ),
        ),
    ),
)
_FOOT = numbered(Style(9), LEFT, RIGHT)


def write(path: Path, paper: ExplainPaper) -> Made:
    """Write an explanation. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "费用说明", A4)
    again = painter.place_all(_HEAD_ON, paper)
    gap = painter.place(_GAP, None)
    blocks = [Block(painter.place_all(_HEAD, paper))]
    for section in paper.sections:
        blocks += _blocks(painter, section, gap, again)
    blocks.append(Block([gap, *painter.place_all(_TOTAL, paper)], again))
    room = END - TOP - 6
    paint_pages(painter, paged(blocks, room, room), paper.house, TOP, (_FOOT, END - 4))
    return painter.close()


def _blocks(painter: Painter, section: ExplainSection, gap: Placed, again: list[Placed]) -> list[Block]:
    """A charge's heading stays with its first two steps, and comes again where its steps go on over the page."""
    head = painter.place(_SECTION, section)
    steps = [painter.place(_STEPS, step) for step in section.steps]
    first = Block([gap, head, *steps[:2]], again)
    return [first, *(Block([step], [*again, head]) for step in steps[2:])]
