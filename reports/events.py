"""邀请函, two to an A4 page to be cut; 签到表 of an event with room to sign (UI §9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from app.domain.problem import Problem, problem
from reports.dunning_sheet import long_day
from reports.made import Made
from reports.pages import Block, numbered, paged, paint_pages, table_blocks
from reports.paint import A4, Painter, Placed, height_of
from reports.sheet import Align, Band, Box, Col, Flow, Lines, Stroke, Style, frame, under

_WEEK = "一二三四五六日"
REPLIES = {"none": "", "yes": "会来", "no": "不来", "maybe": "未定"}


def _when(on: str, begins: str) -> str:
    return f"{long_day(on)}（星期{_WEEK[date.fromisoformat(on).weekday()]}）{begins}"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who of a house is invited."""

    house: str
    names: str


@dataclass(frozen=True, slots=True)
class Invitations:
    """An event in the words of its invitation, and who gets one. Paragraphs of `note` are apart by line ends."""

    office: str
    telephone: str
    on: str
    title: str
    day: str
    begins: str
    place: str
    note: str
    slips: tuple[Invitation, ...]


@dataclass(frozen=True, slots=True)
class _Slip:
    paper: Invitations
    to: Invitation
    paragraphs: tuple[str, ...]


_HALF = A4[1] / 2
_LEFT, _RIGHT, _TOP = 24.0, 186.0, 13.0
_WIDE = _RIGHT - _LEFT
_FOOT_HIGH = 26.0
_SIZES = (16, 15, 14, 13, 12, 11, 10)
"""The largest of these in which the text fits is taken."""
_FACT = Style(14, bold=True, floor=9, lines=2)


def _paragraph(n: int) -> Callable[[_Slip], str]:
    return lambda slip: slip.paragraphs[n]


def _body(size: float, paragraphs: Sequence[str], *, place: bool) -> tuple[Band[_Slip], ...]:
    text = Style(size, flow=Flow(1.6, 2))
    facts = [Band[_Slip](8.5, (Box(_LEFT + 10, _WIDE - 10, lambda s: f"时间：{_when(s.paper.day, s.paper.begins)}",
                               _FACT),))]  # fmt: skip
    if place:
        facts.append(Band[_Slip](8.5, (Box(_LEFT + 10, _WIDE - 10, lambda s: f"地点：{s.paper.place}", _FACT),)))
    return (
        Band(7.0, (Box(_LEFT, _WIDE, lambda s: s.paper.office, Style(11, floor=8, lines=2), Align.CENTRE),),
             under(_LEFT, _RIGHT, 0.4)),
        Band(16.0, (Box(_LEFT, _WIDE, "邀请函", Style(22, bold=True, spacing=8), Align.CENTRE, dy=1.0),)),
        Band(9.0, (Box(_LEFT, _WIDE, lambda s: f"{s.to.house}　{s.to.names}：", Style(16, bold=True, floor=10,
                                                                                      lines=4)),)),
        *(Band[_Slip](0.0, (Box(_LEFT, _WIDE, _paragraph(n), text),)) for n in range(len(paragraphs))),
        Band(3.0),
        *facts,
    )  # fmt: skip


def _ask(slip: _Slip) -> str:
    call = f"，电话 {slip.paper.telephone}" if slip.paper.telephone else ""
    return f"能不能来、来几位，请告诉物业服务中心{call}。"


_FOOT = (
    Band[_Slip](7.0, (Box(_LEFT, _WIDE, _ask, Style(10.5, floor=9, lines=2)),)),
    Band[_Slip](7.0, (Box(_LEFT, _WIDE, lambda s: s.paper.office, Style(11, floor=9, lines=2), Align.RIGHT),)),
    Band[_Slip](6.0, (Box(_LEFT, _WIDE, lambda s: long_day(s.paper.on), Style(11), Align.RIGHT),)),
)


def _fitting(painter: Painter, paper: Invitations, paragraphs: tuple[str, ...]) -> tuple[Band[_Slip], ...]:
    """The bands of a slip, in the largest size in which the longest names fit."""
    longest = max(paper.slips, key=lambda slip: len(slip.names))
    for size in _SIZES:
        bands = _body(size, paragraphs, place=bool(paper.place))
        try:
            placed = painter.place_all(bands, _Slip(paper, longest, paragraphs))
        except Problem:
            continue
        if height_of(placed) <= _HALF - _TOP - _FOOT_HIGH:
            return bands
    raise problem("paper.too_long", "邀请的话太长，半页纸上印不下。", "请把活动说明改短。")


def write_invitations(path: Path, paper: Invitations) -> Made:
    """Write the slips, two to a page with a line to cut along. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "邀请函", A4)
    note = (line.strip() for line in paper.note.splitlines())
    paragraphs = (f"诚邀您参加“{paper.title}”。", *(line for line in note if line))
    bands = _fitting(painter, paper, paragraphs)
    for n, to in enumerate(paper.slips):
        half = n % 2
        if half == 0:
            if n:
                painter.turn()
            painter.cut(0, _HALF, A4[0], _HALF)
        slip = _Slip(paper, to, paragraphs)
        painter.paint(painter.place_all(bands, slip), _TOP, half * _HALF)
        painter.paint(painter.place_all(_FOOT, slip), _HALF - _FOOT_HIGH + 2, half * _HALF)
    return painter.close()


@dataclass(frozen=True, slots=True)
class SignIn:
    """A guest: what he answered (`none`, `yes`, `no`, `maybe`), with how many heads (0: not said)."""

    house: str
    name: str
    reply: str
    heads: int


@dataclass(frozen=True, slots=True)
class SignInSheet:
    """签到表 of an event."""

    office: str
    title: str
    day: str
    begins: str
    place: str
    number: str
    guests: tuple[SignIn, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    place: str
    guest: SignIn


_SHEET_LEFT, _SHEET_RIGHT, _SHEET_TOP, _SHEET_END = 16.0, 194.0, 14.0, 286.0
_SHEET_WIDE = _SHEET_RIGHT - _SHEET_LEFT
_EDGES = (_SHEET_LEFT, _SHEET_LEFT + 13, _SHEET_LEFT + 45, _SHEET_LEFT + 83, _SHEET_LEFT + 103, _SHEET_LEFT + 118,
          _SHEET_RIGHT)  # fmt: skip
_ROW, _LINE = 9.0, 0.25
_CELL = Style(11.5, floor=8, lines=3)
_BLANKS = 8
"""Empty lines for who comes uninvited."""
_WALLS = (*frame(_SHEET_LEFT, _SHEET_RIGHT, _LINE), *(Stroke(x, 0, x, 1, _LINE) for x in _EDGES[1:-1]))


def _table() -> Lines[_Line]:
    said: tuple[tuple[str, Callable[[_Line], str], Align], ...] = (
        ("序号", lambda r: r.place, Align.CENTRE),
        ("房号", lambda r: r.guest.house, Align.LEFT),
        ("姓名", lambda r: r.guest.name, Align.LEFT),
        ("回复", lambda r: REPLIES.get(r.guest.reply, ""), Align.CENTRE),
        ("人数", lambda r: str(r.guest.heads or ""), Align.CENTRE),
        ("签名", lambda r: "", Align.LEFT),
    )
    widths = [after - before for before, after in pairwise(_EDGES)]
    columns = tuple(
        Col[_Line](head, x, width, text, _CELL, align)
        for (head, text, align), x, width in zip(said, _EDGES[:-1], widths, strict=True)
    )
    return Lines(columns, Style(11, bold=True), _WALLS, _WALLS, 1.4)


_TABLE = _table()


def _sums(sheet: SignInSheet) -> str:
    coming = sum(guest.heads for guest in sheet.guests if guest.reply == "yes")
    place = f"　地点：{sheet.place}" if sheet.place else ""
    return f"时间：{_when(sheet.day, sheet.begins)}{place}　已请 {len(sheet.guests)} 人，回复会来 {coming} 人"


_HEAD = (
    Band[SignInSheet](
        7.0, (Box(_SHEET_LEFT, _SHEET_WIDE, lambda s: s.office, Style(11, floor=8, lines=2), Align.CENTRE),)
    ),
    Band[SignInSheet](
        12.0,
        (Box(_SHEET_LEFT, _SHEET_WIDE, lambda s: f"{s.title}　签到表", Style(18, bold=True, floor=12, lines=2),
             Align.CENTRE),),
    ),
    Band[SignInSheet](8.0, (Box(_SHEET_LEFT, _SHEET_WIDE, _sums, Style(10.5, floor=9, lines=3)),)),
)  # fmt: skip
_FOOT_AT = numbered(Style(9), _SHEET_LEFT, _SHEET_RIGHT)


def write_sheet(path: Path, sheet: SignInSheet) -> Made:
    """Write the sheet, its head on every page. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "签到表", A4)
    lines = [_Line(str(n), guest) for n, guest in enumerate(sheet.guests, 1)]
    empty = SignIn("", "", "none", 0)
    lines += [_Line(str(n), empty) for n in range(len(lines) + 1, len(lines) + 1 + _BLANKS)]
    band = _TABLE.row_band(_ROW)
    rows: list[Placed] = [painter.place(band, line) for line in lines]
    head = painter.place(_TABLE.head_band(_ROW - 1), None)
    blocks = [Block(painter.place_all(_HEAD, sheet)), *table_blocks([], head, rows, [])]
    room = _SHEET_END - _SHEET_TOP - 6
    foot = f"{sheet.number} {sheet.title}　含个人信息，用后收回"
    paint_pages(painter, paged(blocks, room, room), foot, _SHEET_TOP, (_FOOT_AT, _SHEET_END - 4))
    return painter.close()
