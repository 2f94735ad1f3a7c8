"""The register as a workbook to be filled in or corrected and imported: heads with notes, lists to choose from, a grey
example that the import leaves out. Templates and exports have the same columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from reports.excel.write import MAX_TEXT, is_active, written

EXAMPLE = "示例（不导入）"
"""What stands before the example row; the import leaves out rows that say so."""
YES_NO = ("是", "否")
SEXES = ("男", "女")
CONTACTS = ("电话", "微信", "短信", "邮件", "上门")
STATES = ("已入住", "出租", "装修中", "空置", "未交付", "未售")
HOUSE_TYPES = ("住宅", "别墅", "公寓", "办公室", "商铺", "储藏室")
RELATIONS = ("业主", "共有人", "家庭成员", "租户", "暂住")
TENURES = ("出售", "出租")
_LISTED_ROWS = 5000
"""So many rows offer the lists."""

Value = str | Decimal | int | date | None


@dataclass(frozen=True, slots=True)
class BookColumn:
    """A column: the key of its value, its head, width in characters, what is said when it is pointed at, an example,
    and what may be chosen. `form` is text, number or day.
    """

    key: str
    title: str
    width: int
    note: str
    example: Value = None
    choices: tuple[str, ...] = ()
    form: str = "text"


_PERSON = (
    BookColumn("name", "姓名", 12, "一行一个人；同一户的其他人另起一行，只填房号和人。", "王样例"),
    BookColumn("relation", "与业主关系", 11, "不填是业主；第二位业主是共有人。", "业主", RELATIONS),
    BookColumn("phone", "手机号", 14, "11 位；座机也可以。", "13912340001"),
    BookColumn("phone2", "备用电话", 14, "几个之间用顿号。"),
    BookColumn("id_number", "证件号码", 21, "可以不填；单元格要是文本，否则后几位会丢。"),
    BookColumn("sex", "性别", 6, "", "男", SEXES),
    BookColumn("contact_by", "希望怎样联系", 12, "", "电话", CONTACTS),
)
_NUMBER = BookColumn("number", "房号", 13, "楼-单元-房，如 3-1-0402。按房号对应，行的先后没有关系。", "3-1-0402")
_HOUSE = (
    BookColumn("floor", "楼层", 6, "不填按房号推算。", 4, form="number"),
    BookColumn("floors", "总层数", 7, "", 18, form="number"),
    BookColumn("lift", "是否有电梯", 10, "", "是", YES_NO),
    BookColumn("house_type", "房屋类型", 10, "单价可以按它分。", "住宅", HOUSE_TYPES),
    BookColumn("layout", "户型", 10, "", "两室一厅"),
    BookColumn("orientation", "朝向", 7, "", "南"),
    BookColumn("gross_area", "建筑面积", 10, "平方米，最多四位小数；物业费按它算。", Decimal("89.2"), form="number"),
    BookColumn("net_area", "套内面积", 10, "平方米。", Decimal("72.5"), form="number"),
    BookColumn("state", "房屋状态", 10, "", "已入住", STATES),
    BookColumn("delivered_on", "交房日期", 12, "如 2024-06-30。", date(2024, 6, 30), form="day"),
    BookColumn("people", "居住人数", 9, "按人头收费和阶梯用它。", 3, form="number"),
    BookColumn("rent", "租金", 9, "元每月。", form="number"),
)
_REMARK = BookColumn("remark", "备注", 20, "")
_SPACE = (
    BookColumn("lot", "停车场", 9, "同名车位在几个车场时才填。"),
    BookColumn("space", "车位号", 13, "如 B1-015。按车位号对应，行的先后没有关系。", "B1-015"),
    BookColumn("place", "停车场类型", 12, "", "地下停车位"),
    BookColumn("area", "车位面积", 9, "平方米。", Decimal("12.5"), form="number"),
    BookColumn("tenure", "出租还是出售", 13, "", "出售", TENURES),
    BookColumn("room", "业主房号", 13, "和哪一户合并交费。", "3-1-0402"),
)
_CAR = (
    BookColumn("plate", "车牌号", 18, "几辆之间用顿号。", "京A12345"),
    BookColumn("rent", "租金", 9, "元每月。", form="number"),
)

HOUSES = (_NUMBER, *_HOUSE, *_PERSON, _REMARK)
RESIDENTS = (_NUMBER, *_PERSON)
SPACES = (*_SPACE, *_PERSON, *_CAR, _REMARK)
SHEETS: Mapping[str, tuple[BookColumn, ...]] = {"房屋": HOUSES, "商铺": HOUSES, "储藏室": HOUSES, "车位": SPACES}
"""The sheets of the register by their names, which say what kind of house stands there."""
TEMPLATES: Mapping[str, tuple[str, tuple[BookColumn, ...]]] = {
    "houses": ("房屋", HOUSES),
    "residents": ("住户", RESIDENTS),
    "parking": ("车位", SPACES),
}
"""The sheet of each template."""


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet: its name, its columns, its rows by the columns' keys; `example` puts the grey row first."""

    name: str
    columns: tuple[BookColumn, ...]
    rows: Sequence[Mapping[str, Value]]
    example: bool = False


class _Formats:
    def __init__(self, book: Any) -> None:
        grey = {"font_color": "#8A939C", "italic": True, "bg_color": "#F1F3F5"}
        self.head = book.add_format(
            {"bold": True, "bg_color": "#DCE9EE", "border": 1, "border_color": "#B7C4CC", "valign": "vcenter",
             "align": "center", "text_wrap": True}
        )  # fmt: skip
        forms = {"text": "@", "number": "General", "day": "yyyy-mm-dd"}
        self.of = {form: book.add_format({"num_format": told}) for form, told in forms.items()}
        self.grey = {form: book.add_format({"num_format": told, **grey}) for form, told in forms.items()}
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})


def write(path: Path, sheets: Sequence[BookSheet]) -> None:
    """Write a register or a template. Raises: OSError."""
    with written(path) as book:
        formats = _Formats(book)
        for sheet in sheets:
            _sheet(book.add_worksheet(sheet.name), sheet, formats)


def template(path: Path, kind: str) -> None:
    """Write the empty workbook of a kind of TEMPLATES, with its example. Raises: OSError."""
    name, columns = TEMPLATES[kind]
    write(path, [BookSheet(name, columns, (), example=True)])


def _sheet(page: Any, sheet: BookSheet, formats: _Formats) -> None:
    # Under the column before all others stands which row is the example; the import knows no such column.
    page.set_column(0, 0, 16 if sheet.example else 5)
    page.set_row(0, 30)
    page.write_string(0, 0, "序号", formats.head)
    for at, column in enumerate(sheet.columns, 1):
        page.set_column(at, at, column.width, formats.of[column.form])
        page.write_string(0, at, column.title, formats.head)
        if column.note:
            page.write_comment(0, at, column.note, {"x_scale": 1.4, "y_scale": 0.6, "font_size": 10, "author": ""})
        if column.choices:
            page.data_validation(1, at, _LISTED_ROWS, at, {
                "validate": "list", "source": list(column.choices), "error_type": "warning",
                "error_title": "请核对", "error_message": f"“{column.title}”通常从列表里选。",
            })  # fmt: skip
    row = 1
    if sheet.example:
        page.write_string(row, 0, EXAMPLE, formats.grey["text"])
        for at, column in enumerate(sheet.columns, 1):
            _cell(page, row, at, column.example, formats.grey[column.form], formats.grey["text"])
        row += 1
    for number, values in enumerate(sheet.rows, 1):
        page.write_number(row, 0, number)
        for at, column in enumerate(sheet.columns, 1):
            _cell(page, row, at, values.get(column.key), formats.of[column.form], formats.quoted)
        row += 1
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, max(row - 1, 1), len(sheet.columns))


def _cell(page: Any, row: int, at: int, value: Value, form: Any, quoted: Any) -> None:
    if value is None or value == "":
        if form.italic:
            page.write_blank(row, at, None, form)
    elif isinstance(value, date):
        page.write_datetime(row, at, datetime(value.year, value.month, value.day), form)
    elif isinstance(value, int | Decimal):
        page.write_number(row, at, value, form)
    else:
        text = value[:MAX_TEXT]
        page.write_string(row, at, text, quoted if is_active(text) else form)
