"""恢复密钥单: an office's recovery key by groups in large type, two copies, and how to keep it (RELIABILITY §3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from reports.paint import A4, Painter
from reports.sheet import Align, Band, Box, Flow, Strong, Style, Text, frame, under

LEFT, RIGHT, TOP = 25.0, 185.0, 25.0
WIDE = RIGHT - LEFT
COPIES = ("第一份", "第二份")
IN_A_ROW = 4

_TEXT = Style(11, flow=Flow(1.7))
_SMALL = Style(10, lines=3)
_GROUP = Style(20, bold=True, spacing=2)
_CELL = WIDE / IN_A_ROW


@dataclass(frozen=True, slots=True)
class RecoveryPaper:
    """The values of the sheet: the key's groups in order, the day it was made, in words."""

    estate: str
    made_on: str
    groups: tuple[str, ...]
    copy: str = ""


def _group(number: int) -> Callable[[RecoveryPaper], str]:
    return lambda paper: paper.groups[number]


def _row(first: int) -> Band[RecoveryPaper]:
    boxes: list[Box[RecoveryPaper]] = []
    for place in range(IN_A_ROW):
        x, number = LEFT + place * _CELL, first + place
        boxes.append(Box(x + 2, 8, f"{number + 1}", Style(9), dy=-6.0))
        boxes.append(Box(x, _CELL, _group(number), _GROUP, Align.CENTRE))
    return Band(20.0, tuple(boxes), frame(LEFT, RIGHT, 0.3))


_SAID: tuple[Text, ...] = (
    (
        "这张单子能",
        Strong("打开办公室的全部数据，并重设任何人的密码"),
        "。忘记密码、管理员离开时用它；没有它和密码，谁也打不开。",
    ),
    "保管：两份分开放，例如一份在经理处，一份在公司保险柜；装信封封好，封口签名。不拍照、不存电脑、不发微信。",
    "使用：在安居物业的登录页选“忘记密码”，把八组按顺序输入。字母不分大小写；每组最后一个字符用来查错。",
    "单子丢失、被人看过、保管人离开时，由管理员和经理一起换恢复密钥；换过之后这张单子作废。",
)
_GAP = Band[RecoveryPaper](3.0)
_HEAD = (
    Band[RecoveryPaper](
        7.0,
        (
            Box(LEFT, 100, lambda p: p.estate, Style(12, lines=2)),
            Box(RIGHT - 40, 40, lambda p: p.copy, Style(12, bold=True), Align.RIGHT),
        ),
        under(LEFT, RIGHT, 0.6),
    ),
    Band[RecoveryPaper](20.0, (Box(LEFT, WIDE, "恢复密钥单", Style(22, bold=True, spacing=8), Align.CENTRE, dy=2.0),)),
    Band[RecoveryPaper](9.0, (Box(LEFT, WIDE, lambda p: f"办公室建于 {p.made_on}", _SMALL, Align.CENTRE),)),
    Band[RecoveryPaper](6.0),
)
_KEPT_BY = (
    Band[RecoveryPaper](16.0),
    Band[RecoveryPaper](
        6.0,
        (Box(LEFT, 20, "保管人：", _SMALL), Box(LEFT + 84, 24, "领取日期：", _SMALL)),
        under(LEFT + 17, LEFT + 76, 0.25) + under(LEFT + 104, RIGHT, 0.25),
    ),
)
_BANDS = (
    *_HEAD,
    _row(0),
    _row(IN_A_ROW),
    Band[RecoveryPaper](8.0),
    *(part for said in _SAID for part in (Band[RecoveryPaper](8.0, (Box(LEFT, WIDE, said, _TEXT),)), _GAP)),
    *_KEPT_BY,
)


def write(target: BytesIO, paper: RecoveryPaper) -> None:
    """Write both copies. They go to memory only: a key that lies in a file is no key."""
    painter = Painter(target, "恢复密钥单", A4)
    for place, copy in enumerate(COPIES):
        if place:
            painter.turn()
        one = RecoveryPaper(paper.estate, paper.made_on, paper.groups, copy)
        painter.paint(painter.place_all(_BANDS, one), TOP)
    painter.close()
