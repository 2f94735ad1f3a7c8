"""分期还款协议: what is owed, by when it is paid, what follows; A4, two copies, both sign (UI §9; 民法典 art. 195)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.domain.capitals import capital
from app.domain.money import yuan
from reports.dunning_sheet import long_day
from reports.made import Made
from reports.pages import Block, numbered, paged, paint_pages, table_blocks
from reports.paint import A4, Painter, Placed
from reports.papers import PlanItem, PlanPaper, PlanPart
from reports.sheet import Align, Band, Box, Col, Flow, Lines, Stroke, Strong, Style, Text, frame, under

LEFT, RIGHT, TOP, END = 20.0, 190.0, 18.0, 284.0
WIDE = RIGHT - LEFT
_LINE = 0.25
_CELL, _FIGURE = Style(10, lines=20), Style(10, floor=5)
_TEXT, _STRONG = Style(10.5, lines=20), Style(10.5, bold=True, lines=6)
_BODY = Style(10.5, flow=Flow(1.5, 2))
_FOOT = numbered(Style(9), LEFT, RIGHT)
_GAP = Band[object](3.0)
_COPIES = ("甲方存", "乙方存")


def _opening(paper: PlanPaper) -> Text:
    return (
        "乙方确认：截至 ", Strong(long_day(paper.signed)), "，就 ", Strong(paper.house),
        " 欠交下列已到期的物业服务费等费用，本金合计 ", Strong(f"{yuan(paper.total)} 元"),
        f"（人民币{capital(paper.total)}）。",
    )  # fmt: skip


_HEAD = (
    Band[PlanPaper](
        7.0,
        (Box(LEFT, WIDE, lambda p: p.letterhead + p.office_name, Style(12, lines=4), Align.CENTRE),),
        under(LEFT, RIGHT, 0.6),
    ),
    Band[PlanPaper](14.0, (Box(LEFT, WIDE, "分期还款协议", Style(20, bold=True, spacing=4), Align.CENTRE, dy=1.0),)),
)
_PARTIES = (
    Band[PlanPaper](
        6.5,
        (Box(LEFT, WIDE, lambda p: (Strong("甲方："), p.letterhead or p.office_name), _TEXT),),
    ),
    Band[PlanPaper](6.5, (Box(LEFT, WIDE, lambda p: (Strong("乙方："), f"{p.payer}（房屋 {p.house}）"), _TEXT),)),
    Band[PlanPaper](0.0, (Box(LEFT, WIDE, _opening, _BODY),)),
)


def _table(edges: Sequence[float]) -> tuple[Stroke, ...]:
    return (*frame(LEFT, RIGHT, _LINE), *(Stroke(x, 0, x, 1, _LINE) for x in edges[1:-1]))


_E1 = (LEFT, LEFT + 60, LEFT + 104, LEFT + 136, RIGHT)
_ITEMS = Lines[PlanItem](
    (
        Col("费用", _E1[0], 60, lambda r: r.item, _CELL),
        Col("账期", _E1[1], 44, lambda r: r.period, _CELL, Align.CENTRE),
        Col("到期日", _E1[2], 32, lambda r: r.due, _CELL, Align.CENTRE),
        Col("未交本金（元）", _E1[3], 34, lambda r: yuan(r.amount), _FIGURE, Align.RIGHT),
    ),
    Style(10, bold=True),
    _table(_E1),
    _table(_E1),
    padding=1.4,
)
_E2 = (LEFT, LEFT + 30, LEFT + 104, RIGHT)
_PARTS = Lines[PlanPart](
    (
        Col("期次", _E2[0], 30, lambda r: f"第 {r.n} 期", _CELL, Align.CENTRE),
        Col("应付日（含当日）", _E2[1], 74, lambda r: long_day(r.due), _CELL, Align.CENTRE),
        Col("金额（元）", _E2[2], 66, lambda r: yuan(r.amount), _FIGURE, Align.RIGHT),
    ),
    Style(10, bold=True),
    _table(_E2),
    _table(_E2),
    padding=1.4,
)
_TOTAL = Band[PlanPaper](
    7.5,
    (
        Box(LEFT + 1.4, 60, "合计", _STRONG),
        Box(LEFT + 100, WIDE - 101.4, lambda p: f"¥{yuan(p.total)}", Style(11, bold=True, floor=6), Align.RIGHT),
    ),
    frame(LEFT, RIGHT, _LINE),
)
_LEAD = Band[PlanPaper](8.0, (Box(LEFT, WIDE, "乙方按下列日期和金额分期付清：", _STRONG),))


def _ways(paper: PlanPaper) -> str:
    account = f"，或转入 {paper.bank_account}" if paper.bank_account else ""
    return f"一、付款在{paper.office_name or '服务中心'}收费台办理{account}；每次付款甲方出具收据。提前付款不限。"


def _fee(paper: PlanPaper) -> str:
    so_far = f"（试算至签订日 {yuan(paper.late_fee)} 元）" if paper.late_fee else ""
    return f"二、本协议只含本金。违约金{so_far}按物业服务合同的约定另计；以后新产生的费用照常按期交纳。"


_BREACH = (
    "三、乙方按约履行期间，甲方暂停催缴。任何一期逾期满七日仍未付足的，暂停自动终止，"
    "甲方可以就全部未付款项继续催缴并依法主张权利。"
)
_ACKNOWLEDGED = (
    "四、乙方签署本协议，即确认上述债务；诉讼时效自最后一期应付日起重新计算（民法典第一百八十九条、第一百九十五条）。"
)
# A text that is the same for all stands on a fixed place: what must grow with its lines is a function.
_TERMS: tuple[Band[PlanPaper], ...] = (
    Band(0.0, (Box(LEFT, WIDE, _ways, _BODY),)),
    Band(0.0, (Box(LEFT, WIDE, _fee, _BODY),)),
    Band(0.0, (Box(
        LEFT, WIDE, lambda _: _BREACH, _BODY,
    ),)),
    Band(0.0, (Box(
        LEFT, WIDE, lambda _: _ACKNOWLEDGED, _BODY,
    ),)),
    Band(0.0, (Box(
        LEFT, WIDE, lambda p: "五、本协议一式两份，双方各执一份，签字或者盖章后生效。"
        + (f"甲方联系电话：{p.telephone}。" if p.telephone else ""), _BODY,
    ),)),
)  # fmt: skip
_MIDDLE = LEFT + WIDE / 2
_SIGN = Band[PlanPaper](
    32.0,
    (
        Box(LEFT, 80, "甲方（盖章）：", _TEXT, dy=-10),
        Box(LEFT, 80, "经办人：", _TEXT),
        Box(LEFT, 80, "日期：　　　　年　　月　　日", _TEXT, dy=10),
        Box(_MIDDLE + 4, 80, "乙方（签字）：", _TEXT, dy=-10),
        Box(_MIDDLE + 4, 80, "身份证号（自愿填写）：", _TEXT),
        Box(_MIDDLE + 4, 80, "日期：　　　　年　　月　　日", _TEXT, dy=10),
    ),
)


def _numbered(copy: str) -> Band[PlanPaper]:
    return Band(6.0, (Box(LEFT, 80, f"（一式两份，{copy}）", Style(9)),
                      Box(LEFT, WIDE, lambda p: f"编号：{p.number}", _TEXT, Align.RIGHT)))  # fmt: skip


def write(path: Path, paper: PlanPaper) -> Made:
    """Write a plan's agreement, both copies one after the other. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "分期还款协议", A4)
    gap = painter.place(_GAP, None)
    total = painter.place(_TOTAL, paper)
    item_head, part_head = painter.place(_ITEMS.head_band(6.6), paper), painter.place(_PARTS.head_band(6.6), paper)
    item_rows = [painter.place(_ITEMS.row_band(5.8), row) for row in paper.items]
    part_rows = [painter.place(_PARTS.row_band(5.8), row) for row in paper.parts]
    end = Block([*painter.place_all(_TERMS, paper), gap, painter.place(_SIGN, paper)])
    lead: Sequence[Placed] = painter.place_all((_LEAD,), paper)
    for copy in _COPIES:
        head = painter.place_all((*_HEAD, _numbered(copy), *_PARTIES), paper)
        blocks = [
            *table_blocks([*head, gap], item_head, item_rows, [total]),
            *table_blocks([gap, *lead], part_head, part_rows, [total, gap]),
            end,
        ]
        room = END - TOP - 6
        paint_pages(painter, paged(blocks, room, room), paper.number, TOP, (_FOOT, END - 4))
    return painter.close()
