"""The bands of 收款收据 as data, for the two papers it is printed on (UI §9); mm from the left of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.domain.capitals import capital
from app.domain.money import yuan
from reports.papers import ReceiptLine, ReceiptPaper
from reports.sheet import Align, Band, Box, Col, Lines, Stroke, Strong, Style, Text, frame

TITLE = "收款收据"
LINE = 0.25
"""The weight of all lines: a dot matrix printer draws no finer one."""
ROWS = (6.2, 5.2)
"""Heights of a row in mm: the second where all lines then stand on fewer sheets."""
NOTICE = "本收据不作发票使用；需要发票请凭本收据到前台开具。遗失可凭房号补打，注明“补打”。"
NO_RECEIPT = "本单不是收据：这笔钱预存时已经开过收据，这里只记它抵了哪些费用。"
MARK = Style(42, bold=True, spacing=6)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One sheet of a receipt: which copy it is and which part of how many."""

    paper: ReceiptPaper
    name: str
    reprint: str
    part: int
    parts: int

    @property
    def last(self) -> bool:
        """Whether this sheet bears the total."""
        return self.part == self.parts


@dataclass(frozen=True, slots=True)
class Form:
    """The measures of a paper, in mm: what is printed stands from `left` to `right` and `top` to `bottom`.

    `period` and `amount` are where these columns begin; `facts` where house, payer, method and bill stand; `most`
    how many lines a sheet takes, `least` how many rows its grid shows.
    """

    left: float
    right: float
    top: float
    bottom: float
    period: float
    amount: float
    facts: tuple[float, float, float, float]
    floor: float
    most: int
    least: int


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """All bands of a receipt on one paper."""

    form: Form
    head: tuple[Band[Leaf], ...]
    table: Band[object]
    line: Mapping[float, Band[ReceiptLine]]
    empty: Callable[[float], Band[object]]
    total: Band[Leaf]
    goes_on: Band[Leaf]
    foot: tuple[Band[Leaf], ...]
    """Who took it, what was given and is owed, what was named or reversed; a band without a text is left out."""


def _number(leaf: Leaf) -> Text:
    part = f"（{leaf.part}/{leaf.parts}）" if leaf.parts > 1 else ""
    return (Strong(f"№ {leaf.paper.number}{part}" if leaf.paper.number else part),)


def _day(leaf: Leaf) -> str:
    return "　".join(part for part in (leaf.paper.date, leaf.name, leaf.reprint) if part)


def _office(leaf: Leaf) -> str:
    return "　".join(part for part in (leaf.paper.office_name, leaf.paper.telephone) if part)


def _head(form: Form, title: str = TITLE) -> tuple[Band[Leaf], ...]:
    middle = (form.left + form.right) / 2
    side = middle - 21 - form.left
    right = middle + 21
    wide = Style(10, bold=True, floor=form.floor, lines=20)
    text = Style(9, floor=form.floor, lines=20)
    number = Style(10, bold=True, floor=form.floor, lines=2)
    return (
        Band(
            5.0,
            (
                Box(form.left, side, lambda n: n.paper.letterhead, wide),
                Box(right, form.right - right, _number, number, Align.RIGHT),
                Box(middle - 21, 42, title, Style(16, bold=True, floor=form.floor, spacing=4), Align.CENTRE, 2.4),
            ),
        ),
        Band(
            4.8,
            (
                Box(form.left, side, _office, text),
                Box(right, form.right - right, _day, text, Align.RIGHT),
            ),
        ),
        Band(6.6, _facts(form, text)),
    )


def titled(bands: Bands, title: str) -> Bands:
    """The same under another title."""
    return bands if title == TITLE else replace(bands, head=_head(bands.form, title))


def _facts(form: Form, style: Style) -> tuple[Box[Leaf], ...]:
    house, payer, method, bill = form.facts
    strong = Style(style.size, bold=True, floor=style.floor, lines=20)
    return (
        Box(house, 8, "房号", style),
        Box(house + 8, payer - house - 9, lambda n: n.paper.house, strong),
        Box(payer, 11, "交款人", style),
        Box(payer + 11, method - payer - 13, lambda n: n.paper.payer, strong),
        Box(method, bill - method - 1, lambda n: ("支付方式 ", Strong(n.paper.method)), style),
        Box(bill, form.right - bill, lambda n: f"账单 {n.paper.bills}" if n.paper.bills else "", style, Align.RIGHT),
    )


def _walls(form: Form, *inner: float) -> tuple[Stroke, ...]:
    return (*frame(form.left, form.right, LINE), *(Stroke(x, 0, x, 1, LINE) for x in inner))


def _table(form: Form) -> Lines[ReceiptLine]:
    cell = Style(9.5, floor=form.floor, lines=20)
    # A figure is never broken over two lines: rather than that it goes on shrinking.
    figure = Style(9.5, floor=5)
    walls = _walls(form, form.period, form.amount)
    return Lines(
        (
            Col("收费项目", form.left, form.period - form.left, lambda n: n.item, cell),
            Col("账期", form.period, form.amount - form.period, lambda n: n.period, cell, Align.CENTRE),
            Col("金额（元）", form.amount, form.right - form.amount, lambda n: yuan(n.amount), figure, Align.RIGHT),
        ),
        Style(9.5, bold=True),
        walls,
        walls,
        padding=1.8,
    )


def _total(form: Form) -> Band[Leaf]:
    strong = Style(9.5, bold=True, floor=form.floor, lines=3)
    figure = Style(10, bold=True, floor=5)
    return Band(
        6.4,
        (
            Box(form.left + 1.8, 21, "合计（大写）", Style(9.5, bold=True)),
            Box(form.left + 23, form.amount - form.left - 24, lambda n: f"人民币{capital(n.paper.total)}", strong),
            Box(
                form.amount + 0.8,
                form.right - form.amount - 2.6,
                lambda n: f"¥{yuan(n.paper.total)}",
                figure,
                Align.RIGHT,
            ),
        ),
        _walls(form, form.amount),
    )


def _received(leaf: Leaf) -> str:
    paper = leaf.paper
    if not leaf.last or not paper.received:
        return ""
    return f"收到 {yuan(paper.received)}　找零 {yuan(paper.change)}"


def _opposite(leaf: Leaf) -> str:
    paper = leaf.paper
    reason = f"原因：{paper.reason}" if paper.reason else ""
    said = f"本收据红冲 {paper.reverses}" if paper.reverses else ""
    corrected = f"更正收据 {paper.corrects}" if paper.corrects else ""
    return "，".join(part for part in (corrected, said, paper.taken_back, reason) if part)


def _foot(form: Form) -> tuple[Band[Leaf], ...]:
    text = Style(9, floor=form.floor, lines=30)
    wide = form.right - form.left
    quarter = wide / 4

    def whole(say: Callable[[Leaf], Text]) -> Band[Leaf]:
        return Band(4.6, (Box(form.left, wide, say, text),))

    return (
        Band(
            7.0,
            (
                Box(form.left, 1.3 * quarter - 2, _received, text),
                Box(
                    form.left + 1.3 * quarter,
                    quarter - 2,
                    lambda n: f"欠费余额 {yuan(n.paper.owed_left)}" if n.last else "",
                    text,
                ),
                Box(form.left + 2.3 * quarter, quarter - 2, lambda n: f"收款人 {n.paper.cashier}", text),
                Box(form.right - 30, 30, "收款单位（盖章）", text, Align.RIGHT),
            ),
        ),
        whole(lambda n: f"交款人指定：{n.paper.designation}" if n.paper.designation else ""),
        whole(_opposite),
        Band(
            4.6,
            (
                Box(form.left, wide - 46, lambda n: NOTICE if n.paper.number else NO_RECEIPT, text),
                Box(form.right - 44, 44, lambda n: f"校验 {n.paper.check}" if n.paper.check else "", text, Align.RIGHT),
            ),
        ),
    )


def _bands(form: Form) -> Bands:
    table = _table(form)
    return Bands(
        form,
        _head(form),
        table.head_band(ROWS[0]),
        {height: table.row_band(height) for height in ROWS},
        lambda height: Band(height, (), table.strokes),
        _total(form),
        Band(
            6.4,
            (Box(form.left, form.right - form.left, "接下页", Style(9.5, bold=True), Align.CENTRE),),
            frame(form.left, form.right, LINE),
        ),
        _foot(form),
    )


TRACTOR = _bands(Form(18, 223, 5.2, 88.0, 116.5, 178, (18, 62, 136, 174), 9.0, 6, 6))
"""241 × 93.1 mm, a third of a sheet of 279.4: text clear of the holes and 5 mm from the tears."""
HALF_A4 = _bands(Form(10, 200, 9, 136.5, 98, 156, (10, 50, 120, 152), 8.0, 12, 6))
"""Half an A4 page: both copies stand on one."""
WHOLE_A4 = _bands(Form(10, 200, 9, 285, 98, 156, (10, 50, 120, 152), 8.0, 36, 6))
"""An A4 page a copy, for a receipt of many lines."""
