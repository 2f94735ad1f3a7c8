"""The columns that tables may have: one declaration a field, with every name it was seen under.

A field's words are compared in `headers` after blanks, brackets and units are dropped, so they stand here bare. Which
table a sheet is follows from how many of its fields its header names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.domain.problem import problem
from reports.excel import fields
from reports.excel.cells import BLANK_WORDS, Cell, Parser, one_line
from reports.excel.codes import Context

Making = Callable[[Context], Parser]


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its key, its usual title, how a cell becomes a value, and other names, between blanks.

    Data rows need those that are `required`. `fill` says that a cell merged over several rows holds for each of them.
    """

    key: str
    title: str
    making: Making
    words: str = ""
    required: bool = False
    fill: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of sheet. Its header names one of `keys`; `hints` are words of such sheets' names."""

    name: str
    fields: tuple[Field, ...]
    keys: str
    hints: str = ""
    persons: bool = False


def plainly(parse: Parser) -> Making:
    """A parser that needs no context."""
    return lambda _: parse


def _label(cell: Cell) -> str | None:
    """A building, entrance or room as typed; 0 is kept: it marks shops.

    Raises: Problem `house.date`: spreadsheets turn 3-1 into a date; `cell.too_long`.
    """
    if isinstance(cell, date):
        raise problem("house.date", "号码被表格变成了日期，请把单元格设为文本后重填。")
    value = one_line(cell)
    if value.endswith(".0") and value[:-2].isdigit():
        value = value[:-2]
    return None if value in BLANK_WORDS else fields.short(value)


TEXT = plainly(fields.text)
WORDS = plainly(lambda cell: fields.short(fields.text(cell)))
CODE = plainly(fields.code_text)
LABEL = plainly(_label)
AREA = plainly(fields.area)
MONEY = plainly(fields.money)
DAY = plainly(fields.day)
QUANTITY = plainly(fields.quantity)
YES_NO = plainly(fields.yes_no)

BUILDING = Field(
    "building",
    "楼号",
    LABEL,
    (
        "楼栋 楼栋号 楼栋编号 楼栋名称 栋 栋号 幢 幢号 楼幢 楼宇 楼宇名称 楼座 座 座号 座栋 大楼 "
        "楼 所属楼栋 所在楼栋 楼盘栋号 栋座 楼名 楼栋座 组团楼栋"
    ),
)
ENTRANCE = Field(
    "entrance",
    "单元",
    LABEL,
    "单元号 单元编号 单元名称 所属单元 所在单元 门洞 门栋 梯 梯号 门",
)
BLOCK = Field("block", "楼栋单元", LABEL, "楼栋单元号 楼单元 栋单元 楼号单元 楼栋及单元")
ROOM = Field(
    "room",
    "房号",
    LABEL,
    (
        "房间 房间号 房间编号 房屋编号 房屋号 房屋 房屋名称 房产编号 房产 室 室号 户号 户室号 "
        "门牌 门牌号 门牌号码 房号全称 单元房号 楼房号 房屋地址 房屋坐落 坐落 资产编号 资产名称 "
        "房屋全称 地址 房间名称 户室 单元室号 房室号 住址 商铺号 商铺编号 铺位号 铺号 储藏室号 "
        "储藏间号 储物间号"
    ),
)
FLOORS = Field(
    "floors",
    "总层数",
    plainly(fields.whole("总层数", 1, 300)),
    "总楼层 总楼层数 地上层数 楼层总数 层数 楼层数",
)
LIFT = Field("lift", "是否有电梯", YES_NO, "电梯 有无电梯 是否电梯 电梯情况 电梯房")
OWNER_NUMBER = Field(
    "owner_number",
    "业主编号",
    CODE,
    "业主号 业主ID 业主代码 客户编号 客户号 客户代码 业主编码 住户编号 户主编号 产权人编号",
)
REMARK = Field("remark", "备注", TEXT, "附注 其他 其它 备注说明 备注信息")
FEES = Field(
    "fees",
    "房屋费用",
    plainly(fields.codes),
    ("费用编号 收费编号 费用代码 费用 收费项目编号 缴费项目 收费项目 费用项目 费项 应缴费用 适用费用 收费标准编号"),
)
STARTS = Field(
    "starts",
    "费用开始时间",
    plainly(fields.days),
    (
        "计费开始时间 计费起始时间 计费开始日期 计费起始日期 费用开始日期 费用起始日期 "
        "费用起始时间 收费开始时间 收费开始日期 计费日期 起费日期 起费时间 收费起始日期 "
        "缴费开始时间 计费起始日"
    ),
)
RENT = Field("rent", "租金", plainly(fields.rent), "月租金 租金标准 月租 租金元月", fill=False)
