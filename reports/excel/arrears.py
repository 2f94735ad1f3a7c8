"""欠费表 as a workbook: by house with its ages, by item, and charge by charge; ready to be read and printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from reports.excel.write import is_active, written


class HouseRow(NamedTuple):
    """A house: number, payers, ages in fen (eight buckets), owed, late fee, oldest due day and how late it is."""

    house: str
    payers: str
    ages: tuple[int, ...]
    owed: int
    late_fee: int
    oldest_due: date | None
    days: int | None


class ItemRow(NamedTuple):
    """An item: code, name, ages in fen (eight buckets), owed."""

    code: str
    name: str
    ages: tuple[int, ...]
    owed: int


class ChargeRow(NamedTuple):
    """An open charge: house, item, period, due day, how late, open fen."""

    house: str
    item: str
    period: str
    due: date
    days: int
    owed: int


@dataclass(frozen=True, slots=True)
class ArrearsBook:
    """All that the workbook shows; `note` says what the figures are, `ages` the titles of the eight buckets."""

    office: str
    as_of: date
    note: str
    ages: tuple[str, ...]
    houses: Sequence[HouseRow]
    items: Sequence[ItemRow]
    charges: Sequence[ChargeRow]


Value = str | int | date | None


class _Col(NamedTuple):
    """A column: title, width in characters, kind (text, money, day, days) and its value of a row."""

    title: str
    width: int
    kind: str
    value: Callable[[Any], Value]


def _ages(titles: Sequence[str]) -> list[_Col]:
    def of(place: int) -> Callable[[Any], Value]:
        return lambda row: row.ages[place]

    return [_Col(title, 12, "money", of(place)) for place, title in enumerate(titles)]


def _house_columns(book: ArrearsBook) -> list[_Col]:
    return [
        _Col("房号", 13, "text", lambda r: r.house),
        _Col("付款人", 18, "text", lambda r: r.payers),
        *_ages(book.ages),
        _Col("欠费合计", 13, "money", lambda r: r.owed),
        _Col("违约金（试算）", 13, "money", lambda r: r.late_fee),
        _Col("应交合计", 13, "money", lambda r: r.owed + r.late_fee),
        _Col("最早到期日", 12, "day", lambda r: r.oldest_due),
        _Col("逾期天数", 9, "days", lambda r: r.days),
    ]


def _item_columns(book: ArrearsBook) -> list[_Col]:
    return [
        _Col("项目代码", 11, "text", lambda r: r.code),
        _Col("收费项目", 20, "text", lambda r: r.name),
        *_ages(book.ages),
        _Col("欠费合计", 13, "money", lambda r: r.owed),
    ]


_CHARGES = [
    _Col("房号", 13, "text", lambda r: r.house),
    _Col("收费项目", 20, "text", lambda r: r.item),
    _Col("账期", 22, "text", lambda r: r.period),
    _Col("到期日", 12, "day", lambda r: r.due),
    _Col("逾期天数", 9, "days", lambda r: max(0, r.days)),
    _Col("未交金额", 13, "money", lambda r: r.owed),
]


def write(path: Path, book: ArrearsBook) -> None:
    """Write the workbook to `path`. Raises: OSError."""
    with written(path) as made:
        forms = _Forms(made)
        for name, columns, rows in (
            ("按户", _house_columns(book), book.houses),
            ("按项目", _item_columns(book), book.items),
            ("明细", _CHARGES, book.charges),
        ):
            _sheet(made.add_worksheet(name), forms, f"欠费表（{name}）", book, columns, rows)


class _Forms:
    """The formats of the workbook."""

    def __init__(self, book: Any) -> None:
        line = {"bottom": 4, "bottom_color": "#9AA5B0", "valign": "vcenter"}
        total = {"bold": True, "top": 1, "bottom": 1, "bg_color": "#EDF0F3", "valign": "vcenter"}
        self.title = book.add_format({"bold": True, "font_size": 14, "valign": "vcenter"})
        self.note = book.add_format({"font_color": "#556170"})
        head = {"bold": True, "border": 1, "border_color": "#9AA5B0", "bg_color": "#E3F0F4", "valign": "vcenter"}
        self.head = {
            "text": book.add_format({**head, "align": "left", "text_wrap": True}),
            "other": book.add_format({**head, "align": "right", "text_wrap": True}),
        }
        money, text = '#,##0.00;[Red]−#,##0.00;"–"', "@"
        self.cell = {
            "text": book.add_format({**line, "num_format": text}),
            "quoted": book.add_format({**line, "num_format": text, "quote_prefix": True}),
            "money": book.add_format({**line, "num_format": money}),
            "day": book.add_format({**line, "num_format": "yyyy-mm-dd", "align": "right"}),
            "days": book.add_format({**line, "num_format": "0"}),
        }
        self.total = {
            "text": book.add_format(total),
            "money": book.add_format({**total, "num_format": money}),
        }


HEAD = 2
"""The row of the titles, counted from 0."""


def _sheet(
    sheet: Any, forms: _Forms, title: str, book: ArrearsBook, columns: Sequence[_Col], rows: Sequence[Any]
) -> None:
    sheet.write_string(0, 0, f"{book.office}　{title}　{book.as_of.isoformat()}", forms.title)
    sheet.set_row(0, 24)
    sheet.write_string(1, 0, f"单位：元。{book.note}", forms.note)
    sheet.set_row(HEAD, 32)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(HEAD, place, column.title, forms.head["text" if column.kind == "text" else "other"])
    at = HEAD + 1
    for row in rows:
        for place, column in enumerate(columns):
            _write(sheet, at, place, column.kind, column.value(row), forms)
        at += 1
    _total(sheet, at, forms, columns, rows)
    _set_up(sheet, at, len(columns))


def _write(sheet: Any, row: int, place: int, kind: str, value: Value, forms: _Forms) -> None:
    if value is None:
        sheet.write_blank(row, place, None, forms.cell[kind])
    elif kind == "money":
        sheet.write_number(row, place, int(str(value)) / 100, forms.cell[kind])
    elif kind == "text":
        text = str(value)
        sheet.write_string(row, place, text, forms.cell["quoted" if is_active(text) else "text"])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, forms.cell[kind])
    else:
        sheet.write_number(row, place, value, forms.cell[kind])


def _total(sheet: Any, row: int, forms: _Forms, columns: Sequence[_Col], rows: Sequence[Any]) -> None:
    sheet.write_string(row, 0, f"合计 {len(rows)} 行", forms.total["text"])
    for place, column in enumerate(columns):
        if column.kind == "money":
            total = sum(int(str(column.value(each))) for each in rows)
            sheet.write_number(row, place, total / 100, forms.total["money"])
        elif place:
            sheet.write_blank(row, place, None, forms.total["text"])


def _set_up(sheet: Any, last: int, columns: int) -> None:
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.autofilter(HEAD, 0, max(HEAD + 1, last - 1), columns - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(HEAD)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页 / 共 &N 页&R&D")
