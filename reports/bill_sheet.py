"""The bands of 缴费通知单 as data (UI §9); mm from the left of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.capitals import capital
from app.domain.money import yuan
from reports import styles
from reports.papers import BillLine, BillPaper
from reports.sheet import Align, Band, Box, Col, Lines, Stroke, Strong, Style, Text, frame, under

LEFT, RIGHT = 10.0, 161.5
CUT = 165.0
STUB_LEFT, STUB_RIGHT = 168.0, 203.0
FOOT_LEFT = 29.0
NONE = "—"

MEDIUM, THICK = 0.25, 0.6
_HAIR = under(LEFT, RIGHT, 0.15, grey=0.55)
_PAD = 1.0
_NOTE_LEFT, _NOTE_WIDTH = 28.5, 106.0
_SUM_LEFT, _SUM_WIDTH = 136.0, RIGHT - _PAD - 136.0


def _letterhead(paper: BillPaper) -> str:
    return " · ".join(part for part in (paper.letterhead, paper.office_name) if part)


def _head(title: str) -> tuple[Band[BillPaper], ...]:
    return (
        Band(
            4.8,
            (
                Box(LEFT, 101, _letterhead, styles.LETTERHEAD),
                Box(115, RIGHT - 115, lambda b: ("账单号 ", Strong(b.number)), styles.SIDE, Align.RIGHT),
            ),
        ),
        Band(
            9.8,
            (
                Box(LEFT, 100, title, styles.TITLE),
                Box(115, RIGHT - 115, lambda b: ("账期 ", Strong(b.month)), styles.SIDE, Align.RIGHT, dy=-2.5),
                Box(115, RIGHT - 115, lambda b: f"打印日 {b.printed_on}", styles.SIDE, Align.RIGHT, dy=1.9),
            ),
            under(LEFT, RIGHT, THICK),
        ),
        Band(
            8.0,
            (
                Box(LEFT + _PAD, 8, "房号", styles.FACT),
                Box(19, 21, lambda b: b.house, styles.FACT_STRONG),
                Box(40.8, 8, "业主", styles.FACT),
                Box(48.6, 41, lambda b: b.owner, styles.FACT_STRONG),
                Box(91.6, 31, lambda b: f"建筑面积 {b.area}" if b.area else "", styles.FACT),
                Box(124, RIGHT - _PAD - 124, lambda b: ("请于 ", Strong(b.due), " 前交清"), styles.FACT, Align.RIGHT),
            ),
            under(LEFT, RIGHT, MEDIUM),
        ),
    )


HEAD = _head("缴费通知单")
HEAD_ON = _head("缴费通知单（续）")

_TABLE = Lines[BillLine](
    (
        Col("费用项目", 10.5, 34, lambda n: n.item, styles.CELL),
        Col("账期", 44.5, 26, lambda n: n.period, styles.CELL, Align.CENTRE),
        Col("上次读数", 70.5, 14.5, lambda n: n.previous or NONE, styles.FIGURE, Align.RIGHT),
        Col("本次读数", 85, 15, lambda n: n.current or NONE, styles.FIGURE, Align.RIGHT),
        Col("数量", 100, 17.5, lambda n: n.quantity or NONE, styles.CELL, Align.RIGHT),
        Col("单价（元）", 117.5, 18.5, lambda n: n.price or NONE, styles.CELL, Align.RIGHT),
        Col("金额（元）", 136, 25, lambda n: yuan(n.amount), styles.FIGURE, Align.RIGHT),
    ),
    styles.HEAD,
    under(LEFT, RIGHT, MEDIUM),
    _HAIR,
    padding=0.5,
)


def _shared(height: float, *, readings: bool) -> Band[BillLine]:
    """A row with a basis in place of quantity and price, and of the readings where there are none."""
    cells = _TABLE.cells()
    x = 100.5 if readings else 71
    basis = Box[BillLine](x, 135.5 - x, lambda n: n.basis, styles.NOTE, Align.RIGHT)
    return Band(height, (*cells[: 4 if readings else 2], basis, cells[6]), _HAIR)


def _sum(height: float, label: Text, note: Box[BillPaper] | None, amount: Box[BillPaper]) -> Band[BillPaper]:
    name = Box[BillPaper](LEFT + _PAD, 17, label, styles.LABEL)
    return Band(height, (name, *((note,) if note else ()), amount), _HAIR)


def _note(text: Callable[[BillPaper], Text]) -> Box[BillPaper]:
    return Box(_NOTE_LEFT, _NOTE_WIDTH, text, styles.NOTE)


def _amount(text: Callable[[BillPaper], Text]) -> Box[BillPaper]:
    return Box(_SUM_LEFT, _SUM_WIDTH, text, styles.FIGURE, Align.RIGHT)


def _prepaid_note(paper: BillPaper) -> str:
    if paper.set_off:
        return f"扣后预存余额 {yuan(paper.prepaid_left)}"
    return f"预存余额 {yuan(paper.prepaid_left)}" if paper.prepaid_left else ""


def _capitals(paper: BillPaper) -> Text:
    words = Strong(f"人民币{capital(paper.total)}")
    if paper.total:
        return (words,)
    if paper.subtotal < 0:
        return (words, "　（退减已转入预存，无需再交）")
    if paper.set_off:
        return (words, "　（已由预存扣清，无需再交）")
    return (words, "　（已交清，无需再交）" if paper.paid else "　（无需再交）")


_GAP = Band[BillPaper](1.8)
_TOTAL = Band[BillPaper](
    10.6,
    (
        Box(LEFT + 2.8, 17, "应交合计", styles.TOTAL_LABEL),
        Box(31.5, 76, _capitals, styles.CAPITALS),
        Box(108.5, 50.2, lambda b: f"¥ {yuan(b.total)}", styles.TOTAL, Align.RIGHT),
    ),
    frame(LEFT, RIGHT, 0.4),
)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The bands of a table whose rows have one height."""

    head: Band[object]
    line: Band[BillLine]
    shared: Band[BillLine]
    shared_metered: Band[BillLine]
    subtotal: Band[BillPaper]
    earlier: Band[BillPaper]
    late_fee: Band[BillPaper]
    set_off: Band[BillPaper]
    paid: Band[BillPaper]

    def of(self, line: BillLine) -> Band[BillLine]:
        """The band that prints a line."""
        if not line.basis:
            return self.line
        return self.shared_metered if line.previous or line.current else self.shared

    def sums(self, paper: BillPaper) -> tuple[Band[BillPaper], ...]:
        """From 本期小计 to 应交合计, never divided; a late fee that no line bears, or nothing paid, has no row."""
        late = (self.late_fee,) if paper.late_fee_note or paper.late_fee else ()
        paid = (self.paid,) if paper.paid else ()
        return (self.subtotal, *paid, self.earlier, *late, self.set_off, _GAP, _TOTAL)


def _rows(height: float) -> Rows:
    return Rows(
        _TABLE.head_band(height),
        _TABLE.row_band(height),
        _shared(height, readings=False),
        _shared(height, readings=True),
        Band(
            height,
            (
                Box(LEFT + _PAD, 40, "本期小计", styles.LABEL_STRONG),
                Box(_SUM_LEFT, _SUM_WIDTH, lambda b: yuan(b.subtotal), styles.FIGURE_STRONG, Align.RIGHT),
            ),
            _HAIR,
        ),
        _sum(height, "往期未交", _note(lambda b: b.earlier_note), _amount(lambda b: yuan(b.earlier))),
        _sum(height, "违约金", _note(lambda b: b.late_fee_note), _amount(lambda b: yuan(b.late_fee))),
        _sum(height, "预存抵扣", _note(_prepaid_note), _amount(lambda b: yuan(-b.set_off))),
        _sum(height, "已交", None, _amount(lambda b: yuan(-b.paid))),
    )


ROWS = {height: _rows(height) for height in (6.0, 5.0)}
"""The bands by the height of a row, in mm."""


def _foot(height: float, text: Callable[[BillPaper], Text], style: Style = styles.FOOT) -> Band[BillPaper]:
    return Band(height, (Box(FOOT_LEFT, RIGHT - FOOT_LEFT, text, style),))


def _ways(paper: BillPaper) -> Text:
    account = f"　转账：{paper.bank_account}" if paper.bank_account else ""
    return (Strong("交费方式"), f"　前台：现金、刷卡、扫码{account}")


def _reference(paper: BillPaper) -> Text:
    before = "转账附言请写账单号 " if paper.bank_account else "来前台交费请报账单号 "
    return (before, Strong(paper.number), "；扫左侧码即得账单号，不含个人信息。")


def _questions(paper: BillPaper) -> Text:
    return "对本单有疑问请到前台核对明细" + (f"，或致电 {paper.telephone}。" if paper.telephone else "。")


_FOOT = (_foot(3.9, _ways), _foot(3.9, _reference), _foot(3.9, _questions))
_CLAUSE = _foot(3.5, lambda b: b.clause, styles.NOTE)


def foot(paper: BillPaper) -> tuple[Band[BillPaper], ...]:
    """How to pay, beside the code: ways, reference, telephone and, where the office set one, the contract's clause."""
    return (*_FOOT, _CLAUSE) if paper.clause else _FOOT


def _stub(height: float, label: str, text: Callable[[BillPaper], Text], style: Style) -> Band[BillPaper]:
    value = Box(STUB_LEFT + 10.5, STUB_RIGHT - STUB_LEFT - 10.5, text, style)
    return Band(height, (Box(STUB_LEFT, 10, label, styles.STUB_LABEL), value))


def _blank(label: str) -> Band[BillPaper]:
    return Band(
        7.0,
        (Box(STUB_LEFT, 10, label, styles.STUB_LABEL),),
        (Stroke(STUB_LEFT + 10.5, 0.88, STUB_RIGHT, 0.88, 0.2),),
    )


STUB: tuple[Band[BillPaper], ...] = (
    Band(
        9.5,
        (Box(STUB_LEFT, STUB_RIGHT - STUB_LEFT, "缴费回执（前台留存）", styles.STUB_TITLE),),
        under(STUB_LEFT, STUB_RIGHT, 0.5),
    ),
    Band(2.0),
    _stub(5.8, "账单号", lambda b: b.number, styles.STUB_NUMBER),
    _stub(5.8, "房号", lambda b: b.house, styles.STUB_NAME),
    _stub(5.8, "业主", lambda b: b.owner, styles.STUB_NAME),
    _stub(5.8, "账期", lambda b: b.month, styles.STUB_NAME),
    _stub(6.6, "应交", lambda b: yuan(b.total), styles.STUB_TOTAL),
    *(_blank(label) for label in ("实收", "方式", "日期", "签收")),
)

STUB_ON: tuple[Band[BillPaper], ...] = (
    Band(9.5, (Box(STUB_LEFT, STUB_RIGHT - STUB_LEFT, "缴费回执见第 1 页", styles.STUB_LABEL),)),
    _stub(5.8, "账单号", lambda b: b.number, styles.STUB_NUMBER),
    _stub(5.8, "房号", lambda b: b.house, styles.STUB_NAME),
)
"""In place of the stub on the pages that go on."""

GOES_ON = Band[object](6.0, (Box(LEFT, RIGHT - LEFT - _PAD, "接下页", styles.PAGE, Align.RIGHT),))
PAGE = Band[tuple[int, int]](
    4.0, (Box(LEFT, RIGHT - LEFT, lambda n: f"第 {n[0]} 页 / 共 {n[1]} 页", styles.PAGE, Align.CENTRE),)
)
