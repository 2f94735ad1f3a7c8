"""What all dunning papers share: how the payer is addressed, dates in words, text with its strong parts, the table of
arrears (UI §9)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.capitals import capital
from app.domain.money import yuan
from reports.papers import DunLine, DunPaper
from reports.sheet import Align, Band, Box, Col, Lines, Stroke, Strong, Style, Text, frame

TITLES = {
    "reminder": "温馨提示",
    "notice": "催缴通知单",
    "letter": "物业费催缴函",
    "legal": "律师函／起诉材料（移交）",
}
NONE = "—"
MARK = "**"
"""Around what a letter's text prints strong."""
_FIRM = re.compile(r"(公司|集团|厂|店|中心|事务所|合作社|委员会|学校|医院|银行|有限合伙[）)]|工作室)$")
_UNKNOWN = "业主（未登记）"


def long_day(text: str) -> str:
    """An ISO day in words, `2026 年 7 月 6 日`; anything else as it is."""
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return f"{match[1]} 年 {int(match[2])} 月 {int(match[3])} 日" if match else text


def marked(text: str) -> Text:
    """A text as it is set: what stands between two marks is strong."""
    parts = text.split(MARK)
    if len(parts) == 1:
        return text
    return tuple(Strong(part) if place % 2 else part for place, part in enumerate(parts) if part)


def unknown(paper: DunPaper) -> bool:
    """Whether nobody knows yet who owns the house."""
    return paper.addressee.startswith(_UNKNOWN)


def name(paper: DunPaper) -> str:
    """The payer with the courtesy due: none for a firm or where nobody is known."""
    if unknown(paper):
        return "业主"
    return paper.addressee if _FIRM.search(paper.addressee) else f"{paper.addressee} 先生/女士"


def place(paper: DunPaper) -> str:
    """The estate and the house."""
    return f"{paper.estate} {paper.house}".strip()


def salutation(paper: DunPaper) -> str:
    """Whom a letter speaks to: the payer, and a tenant who is written to as well."""
    who = f"{place(paper)} 业主" if unknown(paper) else f"{name(paper)}（{place(paper)} 业主）"
    return f"{who}、{paper.user}（使用人）：" if paper.user else f"{who}："


def heading(paper: DunPaper) -> str:
    """The office at the head of a slip."""
    return " · ".join(part for part in (paper.letterhead, paper.office_name) if part)


def words(paper: DunPaper) -> str:
    """The whole sum in capital characters."""
    return f"人民币{capital(paper.total)}"


def item(line: DunLine) -> str:
    """What is owed; a late fee that alone is left says so."""
    return f"{line.item}（违约金）" if line.late_only else line.item


def amount(line: DunLine) -> str:
    """The open principal."""
    return NONE if line.late_only else yuan(line.amount)


def late_fee(line: DunLine) -> str:
    """The late fee; none where the contract has none."""
    if line.late_only:
        return yuan(line.late_fee or line.amount)
    return NONE if line.late_fee is None else yuan(line.late_fee)


@dataclass(frozen=True, slots=True)
class Measures:
    """A table of arrears on a paper: where it stands, the widths of its columns in mm, its rows' height and type."""

    left: float
    widths: tuple[float, float, float, float, float, float]
    row: float
    cell: Style
    figure: Style
    head: Style
    line: float = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The bands of a table of arrears."""

    head: Band[object]
    row: Band[DunLine]
    total: Band[DunPaper]
    summary: Band[DunPaper]
    """In place of the rows, where they stand in an annex."""


def table(measures: Measures) -> Table:
    """The bands of a table of arrears with walls between its columns."""
    m = measures
    edges = [m.left]
    for width in m.widths:
        edges.append(edges[-1] + width)
    right = edges[-1]
    walls = (*frame(m.left, right, m.line), *(Stroke(x, 0, x, 1, m.line) for x in edges[1:-1]))
    centre, end = Align.CENTRE, Align.RIGHT
    lines = Lines[DunLine](
        (
            Col("费用", edges[0], m.widths[0], item, m.cell),
            Col("账期", edges[1], m.widths[1], lambda n: n.period, m.cell, centre),
            Col("到期日", edges[2], m.widths[2], lambda n: n.due, m.cell, centre),
            Col("未交（元）", edges[3], m.widths[3], amount, m.figure, end),
            Col("逾期天数", edges[4], m.widths[4], lambda n: str(n.days), m.figure, end),
            Col("违约金（元）", edges[5], m.widths[5], late_fee, m.figure, end),
        ),
        m.head,
        walls,
        walls,
        padding=1.4,
    )
    strong = Style(m.cell.size, bold=True, serif=m.cell.serif, lines=4)
    sums = (
        Box[DunPaper](edges[3] + 1.4, m.widths[3] - 2.8, lambda p: yuan(p.principal), figure(strong), end),
        Box[DunPaper](edges[5] + 1.4, m.widths[5] - 2.8, _late_sum, figure(strong), end),
    )
    outer = (*frame(m.left, right, m.line), *(Stroke(x, 0, x, 1, m.line) for x in edges[3:-1]))

    def total(label: Box[DunPaper]) -> Band[DunPaper]:
        return Band(m.row, (label, *sums), outer)

    wide = edges[3] - m.left - 2.8
    return Table(
        lines.head_band(m.row),
        lines.row_band(m.row),
        total(Box(m.left + 1.4, wide, "合计", strong)),
        total(Box(m.left + 1.4, wide, lambda p: f"合计 {len(p.lines)} 笔（逐笔明细见附件）", strong)),
    )


def figure(style: Style) -> Style:
    """A figure is never broken over two lines: rather than that it goes on shrinking."""
    return Style(style.size, bold=style.bold, floor=5, serif=style.serif)


def _late_sum(paper: DunPaper) -> str:
    bearing = paper.late_fee or any(line.late_fee is not None or line.late_only for line in paper.lines)
    return yuan(paper.late_fee) if bearing else NONE


def joined(parts: Sequence[str], between: str = "　") -> str:
    """The parts that say something."""
    return between.join(part for part in parts if part)
