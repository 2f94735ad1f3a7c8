"""个人信息副本: what is held about one person, section by section; A4."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reports.made import Made
from reports.pages import Block, numbered, paged, paint_pages
from reports.paint import A4, Painter
from reports.sheet import Align, Band, Box, Style, under

LEFT, RIGHT, TOP, END = 18.0, 192.0, 14.0, 285.0
WIDE = RIGHT - LEFT
LABEL = 40.0


@dataclass(frozen=True, slots=True)
class DataSection:
    """A part: its title, and rows of a title with what is held."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DataPaper:
    """What an office holds about a person at a minute."""

    name: str
    at: str
    estate: str
    letterhead: str
    office_name: str
    telephone: str
    sections: tuple[DataSection, ...]


_TEXT = Style(10.5, lines=20)
_HEAD = (
    Band[DataPaper](
        6.5,
        (
            Box(LEFT, 110, lambda p: " · ".join(part for part in (p.letterhead, p.office_name) if part), _TEXT),
            Box(LEFT + 112, WIDE - 112, lambda p: f"制作于 {p.at}", _TEXT, Align.RIGHT),
        ),
    ),
    Band[DataPaper](
        12.0,
        (Box(LEFT, WIDE, lambda p: f"个人信息副本：{p.name}", Style(17, bold=True, floor=11, lines=3)),),
        under(LEFT, RIGHT, 0.6),
    ),
    Band[DataPaper](
        7.0,
        (
            Box(
                LEFT, WIDE,
                lambda p: f"以下是{p.estate}物业管理系统中关于您的全部记录。有不对的请到{p.office_name or '服务中心'}"
                + (f"（电话 {p.telephone}）" if p.telephone else "") + "要求更正。账目按法律要求保存，金额见对账单。",
                Style(10, floor=10, lines=6),
            ),
        ),
    ),
)  # fmt: skip
_AGAIN = Band[DataPaper](
    8.0, (Box(LEFT, WIDE, lambda p: f"个人信息副本：{p.name}（续）", Style(11, bold=True, lines=3)),)
)
_SECTION = Band[DataSection](
    10.0, (Box(LEFT, WIDE, lambda s: s.title, Style(12.5, bold=True), dy=1.2),), under(LEFT, RIGHT, 0.35)
)
_ROW = Band[tuple[str, str]](
    6.6,
    (
        Box(LEFT, LABEL - 2, lambda row: row[0], _TEXT),
        Box(LEFT + LABEL, WIDE - LABEL, lambda row: row[1], Style(10.5, floor=10.5, lines=40)),
    ),
    under(LEFT, RIGHT, 0.12, grey=0.7),
)
_FOOT = numbered(Style(9), LEFT, RIGHT)


def write(path: Path, paper: DataPaper) -> Made:
    """Write a person's copy. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "个人信息副本", A4)
    again = [painter.place(_AGAIN, paper)]
    blocks = [Block(painter.place_all(_HEAD, paper))]
    for section in paper.sections:
        head = painter.place(_SECTION, section)
        rows = [painter.place(_ROW, row) for row in section.rows or (("", "没有记录"),)]
        blocks.append(Block([head, rows[0]], again))
        blocks += [Block([row], [*again, head]) for row in rows[1:]]
    room = END - TOP - 6
    paint_pages(painter, paged(blocks, room, room), "个人信息副本", TOP, (_FOOT, END - 4))
    return painter.close()
