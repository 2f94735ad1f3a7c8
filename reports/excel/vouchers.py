"""Vouchers as a workbook that 用友 or 金蝶 takes in: one row an entry, the head in the first row, codes as text.

What a column is called and where it stands differs by program and version: each layout is a table here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from reports.excel.write import MAX_TEXT, is_active, written

CURRENCY, WORD = "人民币", "记"
MOST_PAPERS = 999
"""The programs take at most so many papers with a voucher."""


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """One row: amounts in fen, the empty side 0; below 0 it is written in red."""

    on: date
    number: int
    papers: int
    summary: str
    code: str
    account: str
    debit: int
    credit: int
    maker: str


Value = str | int | date | None


class Column(NamedTuple):
    """A heading, what stands under it, how it is written (text, money, number, rate, date), its width in characters."""

    heading: str
    value: Callable[[VoucherRow], Value]
    form: str
    width: int


def _nothing(_row: VoucherRow) -> Value:
    """Aux columns that the import wants and we have nothing for: no house, no person is named in a voucher."""
    return None


def _on(row: VoucherRow) -> Value:
    return row.on


def _word(_row: VoucherRow) -> Value:
    return WORD


def _number(row: VoucherRow) -> Value:
    return row.number


def _papers(row: VoucherRow) -> Value:
    return min(row.papers, MOST_PAPERS)


def _summary(row: VoucherRow) -> Value:
    return row.summary


def _code(row: VoucherRow) -> Value:
    return row.code


def _account(row: VoucherRow) -> Value:
    return row.account


def _debit(row: VoucherRow) -> Value:
    return row.debit or None


def _credit(row: VoucherRow) -> Value:
    return row.credit or None


def _currency(_row: VoucherRow) -> Value:
    return CURRENCY


def _rate(_row: VoucherRow) -> Value:
    return 1


def _maker(row: VoucherRow) -> Value:
    return row.maker


LAYOUTS: Mapping[str, tuple[Column, ...]] = {
    "yonyou": (
        Column("制单日期", _on, "date", 12),
        Column("凭证类别", _word, "text", 9),
        Column("凭证编号", _number, "number", 9),
        Column("附单据数", _papers, "number", 9),
        Column("摘要", _summary, "text", 34),
        Column("科目编码", _code, "text", 12),
        Column("科目名称", _account, "text", 24),
        Column("借方金额", _debit, "money", 14),
        Column("贷方金额", _credit, "money", 14),
        Column("数量", _nothing, "number", 8),
        Column("单价", _nothing, "money", 8),
        Column("币种", _currency, "text", 8),
        Column("汇率", _rate, "rate", 8),
        Column("部门", _nothing, "text", 8),
        Column("客户", _nothing, "text", 8),
        Column("项目", _nothing, "text", 8),
        Column("制单人", _maker, "text", 10),
    ),
    "kingdee": (
        Column("日期", _on, "date", 12),
        Column("凭证字", _word, "text", 8),
        Column("凭证号", _number, "number", 8),
        Column("附单据数", _papers, "number", 9),
        Column("摘要", _summary, "text", 34),
        Column("科目代码", _code, "text", 12),
        Column("科目名称", _account, "text", 24),
        Column("借方金额", _debit, "money", 14),
        Column("贷方金额", _credit, "money", 14),
        Column("币别", _currency, "text", 8),
        Column("汇率", _rate, "rate", 8),
        Column("数量", _nothing, "number", 8),
        Column("单价", _nothing, "money", 8),
        Column("部门", _nothing, "text", 8),
        Column("客户/个人", _nothing, "text", 10),
        Column("项目", _nothing, "text", 8),
        Column("制单人", _maker, "text", 10),
    ),
}
"""The columns by program, in their order."""

TITLES: Mapping[str, str] = {"yonyou": "用友", "kingdee": "金蝶"}

_FORMS = {"date": "yyyy-mm-dd", "number": "0", "rate": "0.0000", "money": "#,##0.00;[Red]-#,##0.00", "text": "@"}


def write(path: Path, layout: str, rows: Sequence[VoucherRow]) -> None:
    """Write the rows in a program's layout to `path`. Raises: OSError."""
    columns = LAYOUTS[layout]
    with written(path) as book:
        sheet = book.add_worksheet("凭证")
        forms = {name: book.add_format({"num_format": form}) for name, form in _FORMS.items()}
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E3F0F4", "num_format": "@"})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.heading, head)
        for line, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                value = column.value(row)
                if value is None or value == "":
                    continue
                if column.form == "money" and isinstance(value, int):
                    sheet.write_number(line, place, value / 100, forms["money"])
                elif isinstance(value, date):
                    sheet.write_datetime(line, place, value, forms["date"])
                elif isinstance(value, int):
                    sheet.write_number(line, place, value, forms[column.form])
                else:
                    form = quoted if is_active(value) else forms["text"]
                    sheet.write_string(line, place, value[:MAX_TEXT], form)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页 / 共 &N 页")
