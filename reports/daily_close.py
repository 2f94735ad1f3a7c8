"""日结单: what a cashier took, counted and hands over, A4, 10 pt (UI §9, HANDBOOK §9.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from app.domain.money import yuan
from reports.made import Made
from reports.pages import Block, numbered, paged, paint_pages, table_blocks
from reports.paint import A4, Painter, Placed
from reports.papers import CloseCashier, CloseMethod, ClosePaper
from reports.sheet import Align, Band, Box, Col, Lines, Stroke, Strong, Style, Text, frame, under

LEFT, RIGHT, TOP, END = 15.0, 195.0, 14.0, 283.0
WIDE = RIGHT - LEFT
ROW = 7.0

_TEXT = Style(10, lines=20)
_STRONG = Style(10, bold=True, lines=20)
# A figure is never broken over two lines: rather than that it goes on shrinking.
_FIGURE = Style(10, floor=5)
_FIGURE_STRONG = Style(10, bold=True, floor=5)
_SMALL = Style(8.5, lines=10)
_LONG = Style(10, floor=9, lines=200)
_HAIR = under(LEFT, RIGHT, 0.15, grey=0.55)
_GAP = Band[object](2.5)
_FOOT = numbered(Style(8.5), LEFT, RIGHT)


def _head(again: str) -> tuple[Band[ClosePaper], ...]:
    return (
        Band(
            5.4,
            (
                Box(LEFT, 120, lambda c: " · ".join(x for x in (c.letterhead, c.office_name) if x), _TEXT),
                Box(RIGHT - 55, 55, lambda c: ("编号 ", Strong(c.number)), _TEXT, Align.RIGHT),
            ),
        ),
        Band(
            10.0,
            (
                Box(LEFT, 60, "日结单", Style(16, bold=True, spacing=4.5)),
                Box(LEFT + 62, 40, again, _STRONG, dy=1.6),
                Box(RIGHT - 75, 75, lambda c: f"打印于 {c.closed_at}", _TEXT, Align.RIGHT, dy=1.6),
            ),
            under(LEFT, RIGHT, 0.6),
        ),
        Band(
            9.0,
            (
                Box(LEFT + 1, 52, lambda c: ("收款员 ", Strong(c.cashier)), _TEXT),
                Box(LEFT + 55, 72, _days, _TEXT),
                Box(RIGHT - 52, 51, _since, _TEXT, Align.RIGHT),
            ),
            under(LEFT, RIGHT, 0.25),
        ),
        Band(3.0),
    )


def _days(paper: ClosePaper) -> Text:
    if paper.first_day == paper.on:
        return ("日结日 ", Strong(paper.on))
    return ("日结日 ", Strong(paper.on), f"（含 {paper.first_day} 起未结的）")


def _since(paper: ClosePaper) -> str:
    return f"开班 {paper.shift_since}" if paper.shift_since else "未开班"


def _counted(count: int, fen: int) -> str:
    return f"{yuan(fen)}（{count}）" if count else "—"


def _row(label: str, x: float, width: float, text: Callable[[CloseMethod], Text]) -> Col[CloseMethod]:
    return Col(label, x, width, text, _FIGURE, Align.RIGHT)


_METHODS = Lines[CloseMethod](
    (
        Col("方式", LEFT, 24, lambda m: m.title, _TEXT),
        _row("收款（笔）", LEFT + 24, 36, lambda m: _counted(m.receipts, m.taken)),
        _row("作废（笔）", LEFT + 60, 30, lambda m: _counted(m.voids, m.voided)),
        _row("红冲（笔）", LEFT + 90, 30, lambda m: _counted(m.reversals, m.reversed)),
        _row("退款（笔）", LEFT + 120, 28, lambda m: _counted(m.refunds, m.refunded)),
        _row("净收（元）", LEFT + 148, 32, lambda m: yuan(m.net)),
    ),
    Style(10, bold=True),
    under(LEFT, RIGHT, 0.25),
    _HAIR,
)
_METHODS_HEAD, _METHOD = _METHODS.head_band(ROW), _METHODS.row_band(ROW)


def _all(paper: ClosePaper) -> CloseMethod:
    some = paper.methods
    return CloseMethod(
        "",
        "合计",
        sum(m.receipts for m in some),
        sum(m.taken for m in some),
        sum(m.voids for m in some),
        sum(m.voided for m in some),
        sum(m.reversals for m in some),
        sum(m.reversed for m in some),
        sum(m.refunds for m in some),
        sum(m.refunded for m in some),
    )


def _sum(x: float, width: float, text: Callable[[CloseMethod], str]) -> Box[ClosePaper]:
    return Box(x + 1, width - 2, lambda c: text(_all(c)), _FIGURE_STRONG, Align.RIGHT)


_METHODS_SUM = Band[ClosePaper](
    ROW,
    (
        Box(LEFT + 1, 22, "合计", _STRONG),
        _sum(LEFT + 24, 36, lambda m: _counted(m.receipts, m.taken)),
        _sum(LEFT + 60, 30, lambda m: _counted(m.voids, m.voided)),
        _sum(LEFT + 90, 30, lambda m: _counted(m.reversals, m.reversed)),
        _sum(LEFT + 120, 28, lambda m: _counted(m.refunds, m.refunded)),
        _sum(LEFT + 148, 32, lambda m: yuan(m.net)),
    ),
    under(LEFT, RIGHT, 0.4),
)


def _title(text: str) -> Band[object]:
    return Band(8.0, (Box(LEFT, WIDE, text, _STRONG, dy=0.6),), under(LEFT, RIGHT, 0.25))


_CASH, _RECEIPTS, _OTHERS = _title("现金"), _title("收据"), _title("当日全部收款员")
_QUARTER = WIDE / 4


def _figure(place: int, label: str, text: Callable[[ClosePaper], str]) -> tuple[Box[ClosePaper], Box[ClosePaper]]:
    x = LEFT + place * _QUARTER
    return (
        Box(x + 2, _QUARTER - 4, label, _SMALL, dy=-3.2),
        Box(x + 2, _QUARTER - 4, text, Style(13, bold=True, floor=6), dy=2.2),
    )


def _difference(paper: ClosePaper) -> str:
    if paper.counted is None:
        return ""
    less = paper.counted - paper.booked
    return "0.00　相符" if not less else f"{yuan(less)}　{'长款' if less > 0 else '短款'}"


_DRAWER = Band[ClosePaper](
    15.0,
    (
        *_figure(0, "备用金", lambda c: yuan(c.float_fen)),
        *_figure(1, "应有现金（含备用金）", lambda c: yuan(c.booked)),
        *_figure(2, "实点现金", lambda c: "" if c.counted is None else yuan(c.counted)),
        *_figure(3, "差额", _difference),
    ),
    (*frame(LEFT, RIGHT, 0.4), *(Stroke(LEFT + n * _QUARTER, 0, LEFT + n * _QUARTER, 1, 0.2) for n in (1, 2, 3))),
)
_NOT_COUNTED = Band[ClosePaper](
    8.0, (Box(LEFT + 2, WIDE - 4, "未清点：请点清后在实点现金、差额栏手写，并在下面写明差额的原因。", _TEXT),)
)
_BLANK_REASON = Band[object](8.0, (Box(LEFT + 2, 22, "差额原因", _TEXT),), (Stroke(LEFT + 20, 0.82, RIGHT, 0.82, 0.2),))
_REASON = Band[ClosePaper](8.0, (Box(LEFT + 2, WIDE - 4, lambda c: ("差额原因：", c.reason), _TEXT),))


def _fact(label: str, text: Callable[[ClosePaper], Text], style: Style = _TEXT) -> Band[ClosePaper]:
    return Band(ROW, (Box(LEFT + 1, 27, label, _TEXT), Box(LEFT + 29, WIDE - 30, text, style)), _HAIR)


def _span(paper: ClosePaper) -> str:
    if not paper.receipts:
        return "无"
    if paper.receipts == 1:
        return f"{paper.first_receipt}，共 1 张"
    return f"{paper.first_receipt} 至 {paper.last_receipt}，本人共 {paper.receipts} 张"


_RECEIPT_FACTS = (
    _fact("收据号", _span),
    _fact("作废", lambda c: "、".join(c.voids) or "无", _LONG),
    _fact("红冲", lambda c: "、".join(c.reversals) or "无", _LONG),
    _fact("下一张收据号", lambda c: c.next_receipt),
    _fact("抹零", lambda c: yuan(c.small_change)),
    _fact("单人办理", lambda c: "、".join(c.sole) or "无", _LONG),
)
_GIFTS = _fact("预交赠送", lambda c: yuan(c.gifts))
_DEPOSITS = _fact("其中押金", lambda c: f"收 {yuan(c.deposits_taken)}　退 {yuan(c.deposits_returned)}")
_CASHIERS = Lines[CloseCashier](
    (
        Col("收款员", LEFT, 70, lambda c: c.name, _TEXT),
        Col("收据（张）", LEFT + 70, 35, lambda c: str(c.receipts), _FIGURE, Align.RIGHT),
        Col("净收（元）", LEFT + 105, 40, lambda c: yuan(c.net), _FIGURE, Align.RIGHT),
        Col("日结", LEFT + 145, 35, lambda c: "已结" if c.closed else "未结", _TEXT, Align.CENTRE),
    ),
    Style(10, bold=True),
    under(LEFT, RIGHT, 0.25),
    _HAIR,
)
_CASHIERS_HEAD, _CASHIER = _CASHIERS.head_band(ROW), _CASHIERS.row_band(ROW)
_CASHIERS_SUM = Band[ClosePaper](
    ROW,
    (
        Box(LEFT + 1, 60, "合计", _STRONG),
        Box(LEFT + 71, 33, lambda c: str(sum(w.receipts for w in c.cashiers)), _FIGURE_STRONG, Align.RIGHT),
        Box(LEFT + 106, 38, lambda c: yuan(sum(w.net for w in c.cashiers)), _FIGURE_STRONG, Align.RIGHT),
    ),
    under(LEFT, RIGHT, 0.4),
)
_HEAD_OF_CHAIN = (
    Band[ClosePaper](9.0, (Box(LEFT + 1, WIDE - 2, lambda c: ("审计链头　", Strong(c.head)), _TEXT, dy=1.0),)),
    Band[ClosePaper](
        5.0,
        (
            Box(
                LEFT + 1,
                WIDE - 2,
                "日后可在“用户与审计 › 链校验”核对：此前的账目若被删改，链头就对不上。"
                "日结后这一天不再记账，更正请用红冲。",
                _SMALL,
            ),
        ),
    ),
)


def _sign(x: float, label: str) -> tuple[tuple[Box[object], ...], tuple[Stroke, ...]]:
    boxes = (Box[object](x, 24, label, _TEXT), Box[object](x + 57, 10, "日期", _TEXT))
    return boxes, (Stroke(x + 22, 0.66, x + 55, 0.66, 0.2), Stroke(x + 66, 0.66, x + 86, 0.66, 0.2))


_SIGN = [_sign(LEFT + 1, "收款员签字"), _sign(LEFT + 94, "复核人签字")]
_SIGNATURES = Band[object](
    16.0, tuple(box for boxes, _ in _SIGN for box in boxes), tuple(line for _, lines in _SIGN for line in lines)
)


def write(path: Path, paper: ClosePaper, *, copy: int = 1) -> Made:
    """Write a close; from the second copy on marked 补打. Raises: `paper.too_long`, OSError."""
    painter = Painter(path, "日结单", A4)
    room = END - TOP - 6
    pages = paged(_blocks(painter, paper, f"补打 {copy - 1}" if copy > 1 else ""), room, room)
    paint_pages(painter, pages, paper.number, TOP, (_FOOT, END - 4))
    return painter.close()


def _blocks(painter: Painter, paper: ClosePaper, again: str) -> list[Block]:
    def one(band: Band[object]) -> Placed:
        return painter.place(band, paper)

    head = painter.place_all(_head(again), paper)
    cash = [one(_CASH), painter.place(_GAP, None), painter.place(_DRAWER, paper)]
    return [
        *table_blocks(
            head,
            one(_METHODS_HEAD),
            [painter.place(_METHOD, method) for method in paper.methods],
            [painter.place(_METHODS_SUM, paper)],
        ),
        Block([*cash, *_counting(painter, paper)]),
        *_facts(painter, paper, one(_RECEIPTS)),
        *table_blocks(
            [one(_OTHERS)],
            one(_CASHIERS_HEAD),
            [painter.place(_CASHIER, who) for who in paper.cashiers],
            [painter.place(_CASHIERS_SUM, paper)],
        ),
        Block([*painter.place_all(_HEAD_OF_CHAIN, paper), one(_SIGNATURES)]),
    ]


def _pieces(paper: ClosePaper) -> str:
    return "　".join(f"{title} × {count} = {yuan(fen)}" for title, count, fen in paper.pieces)


_PIECES = Band[ClosePaper](8.0, (Box(LEFT + 2, WIDE - 4, lambda c: ("券别：", _pieces(c)), _LONG),))


def _counting(painter: Painter, paper: ClosePaper) -> Sequence[Placed]:
    if paper.counted is None:
        return [painter.place(_NOT_COUNTED, paper), painter.place(_BLANK_REASON, None)]
    said = [painter.place(_PIECES, paper)] if paper.pieces else []
    return [*said, painter.place(_REASON, paper)] if paper.reason else said


def _facts(painter: Painter, paper: ClosePaper, title: Placed) -> list[Block]:
    shown = [*_RECEIPT_FACTS]
    if paper.gifts:
        shown.append(_GIFTS)
    if paper.deposits_taken or paper.deposits_returned:
        shown.append(_DEPOSITS)
    first, *rest = painter.place_all(shown, paper)
    return [Block([title, first]), *(Block([fact]) for fact in rest)]
