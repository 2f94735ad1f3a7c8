"""Parsers for cells that hold one figure, date or word: forgiving about form, strict about what would be lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.domain.decimal_text import INT64_MAX
from app.domain.house_label import plain_number
from app.domain.money import parse_yuan
from app.domain.problem import problem
from app.domain.quantity import Area, Multiplier, Price, Quantity
from reports.excel.cells import BLANK_WORDS, Cell, Noted, Parser, number_text, one_line

MAX_AREA = 10**6 * 10**4
"""Largest area of one house, 1e-4 m² (a million m²)."""
SHORT = 40
"""How long a number, a layout and the like may be."""

_DAY_ZERO = date(1899, 12, 30)
_DATE = re.compile(r"([0-9]{4})(?:年|[-./])([0-9]{1,2})(?:月|[-./])([0-9]{1,2})日?(?:[ T]?[0-9]{1,2}[:时].*)?")
_COMPACT_DATE = re.compile(
    r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})(?:[0-9]{6}|[ T]?[0-9]{1,2}[:时].*)?"  # a bank's time of day
)
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_FLOOR = re.compile(r"(?:第)?(-?[0-9]{1,3}|[一二三四五六七八九十]{1,3})[层楼Ff]?")
_BELOW = re.compile(r"(?:地下|负|B|b)(-?[0-9]|[一二三四五六七八九])[层楼Ff]?")
_YES = frozenset(
    {
        "是",
        "有",
        "1",
        "Y",
        "y",
        "yes",
        "YES",
        "Yes",
        "√",
        "✓",
        "✔",
        "TRUE",
        "true",
        "对",
        "已",
        "估",
        "估抄",
        "翻转",
        "过零",
    }
)
_NO = frozenset(
    {"否", "无", "0", "N", "n", "no", "NO", "No", "×", "✗", "x", "X", "FALSE", "false", "没有", "未", "实抄", "正常"}
)
CONTACTS = {
    "电话": "phone", "手机": "phone", "微信": "wechat", "短信": "sms", "邮件": "email", "邮箱": "email",
    "上门": "visit",
}  # fmt: skip
"""What a word for a way of being reached means."""
_SEX = {
    "男": "male",
    "女": "female",
    "M": "male",
    "F": "female",
    "男性": "male",
    "女性": "female",
    "先生": "male",
    "女士": "female",
}


def text(cell: Cell) -> str | None:
    """One line of text, or None for a word that means nothing."""
    value = one_line(cell)
    return None if value in BLANK_WORDS else value


def short(value: str | None) -> str | None:
    """The text, if a form would take it as well: a number, a layout.

    Raises: Problem `cell.too_long`.
    """
    if value is not None and len(value) > SHORT:
        raise problem("cell.too_long", "文字超过 {most} 个字，请删短。", most=SHORT)
    return value


def code_text(cell: Cell) -> str | None:
    """A number or code that stands for something: blanks inside dropped; `0` and `无` are none."""
    value = one_line(cell).replace(" ", "")
    return None if value in BLANK_WORDS or value == "0" else value


def scaled(read: Callable[[str | Decimal], int], places: int, title: str, most: int = INT64_MAX) -> Parser:
    """A parser for exact decimals that gives units of 10^-places, not negative.

    A number in a sheet is binary; it counts as the decimal with 15 digits that the sheet shows.
    """
    size = 10**places

    def parse(cell: Cell) -> int | None:
        if isinstance(cell, float | int) and not isinstance(cell, bool):
            units = round(cell * size) if -1e11 < cell < 1e11 else 0
            if not units or units / size != cell:
                units = read(_decimal(cell, title))
        elif isinstance(cell, str):
            value = one_line(cell)
            if value in BLANK_WORDS:
                return None
            # The domain's reader gets the cell as typed: it knows raised digits from digits.
            units = read(cell.strip() if cell.isprintable() else value)
        else:
            raise problem("cell.number", "{title}应是数字。", title=title)
        if units < 0:
            raise problem("cell.negative", "{title}不能是负数。", title=title)
        if units > most:
            raise problem("cell.too_large", "{title}太大。", title=title)
        return units

    return parse


def _decimal(cell: float | int, title: str) -> Decimal:
    value = Decimal(number_text(cell))
    if not value.is_finite() or abs(value) > Decimal(10) ** 15:
        raise problem("cell.too_large", "{title}太大或不是数字。", title=title)
    return value


_area = scaled(lambda value: Area.parse(value).units, 4, "面积", MAX_AREA)


def area(cell: Cell) -> Any:
    """An area in 1e-4 m²; 0 is not known, with a doubt."""
    units = _area(cell)
    return Noted(None, problem("cell.zero_area", "面积为 0，按未填处理。")) if units == 0 else units


money = scaled(parse_yuan, 2, "金额", 10**13)
"""An amount in fen."""
price = scaled(lambda value: Price.parse(value).units, 6, "单价", 10**15)
"""A price in 1e-6 yuan."""
quantity = scaled(lambda value: Quantity.parse(value).units, 4, "数量", 10**15)
"""A quantity or meter reading in 1e-4."""
multiplier = scaled(lambda value: Multiplier.parse(value).units, 4, "倍率", 10**12)
"""A multiplier in 1e-4."""


def rent(cell: Cell) -> int | None:
    """Rent a month in fen; 0 is none."""
    return money(cell) or None


def whole(title: str, least: int, most: int) -> Parser:
    """A parser for whole numbers, with or without a unit behind (`33层`, `3人`)."""

    def parse(cell: Cell) -> int | None:
        value = one_line(cell)
        if value in BLANK_WORDS:
            return None
        bare = re.sub(r"[层楼人口位户个]$", "", value.replace(" ", ""))
        if not _INTEGER.fullmatch(bare) or not least <= int(bare) <= most:
            raise problem("cell.whole", "{title}应是 {least} 到 {most} 的整数。", title=title, least=least, most=most)
        return int(bare)

    return parse


def floor(cell: Cell) -> Any:
    """A floor: `5`, `5层`, `五层`, `-1`, `负一层`, `B1`; of a span (`1-2层`) the first, with a doubt."""
    value = one_line(cell).replace(" ", "")
    if value in BLANK_WORDS:
        return None
    if match := _BELOW.fullmatch(value):
        return -abs(int(plain_number(match[1].lstrip("-")) or 0))
    if match := _FLOOR.fullmatch(value):
        return int(plain_number(match[1]) or 0) if not match[1].startswith("-") else int(match[1])
    span = re.match(r"([0-9]{1,3})层?[-~至、,]+[0-9]{1,3}层?$", value)
    if span:
        return Noted(int(span[1]), problem("cell.floor_span", "楼层是一段，只取第一层 {n}。", n=span[1]))
    raise problem("cell.floor", "楼层“{value}”不是数字。", value=value[:20])


def day(cell: Cell) -> date | None:
    """A day: a date cell, a serial number, `2020-06-01`, `2020.6.1`, `2020/6/1`, `2020年6月1日`, `20200601`;
    a time of day behind it is left out.

    Raises: Problem `cell.date` for what is none, and for years outside 1950 to 2199.
    """
    found = _day(cell)
    if found is not None and not 1950 <= found.year <= 2199:
        raise problem("cell.date", "日期 {value} 不合理，请核对年份。", value=found.isoformat())
    return found


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    value = one_line(cell)
    if value in BLANK_WORDS or value == "0":
        return None
    try:
        if match := _DATE.fullmatch(value) or _COMPACT_DATE.fullmatch(value):
            return date(int(match[1]), int(match[2]), int(match[3]))
        # Serial numbers of 1954 to 2119; smaller figures are more likely something else in the wrong column.
        if re.fullmatch(r"[2-8][0-9]{4}(?:\.[0-9]+)?", value):
            return _DAY_ZERO + timedelta(days=int(float(value)))
    except ValueError:
        raise problem("cell.date", "没有 {value} 这一天。", value=value[:20]) from None
    raise problem("cell.date", "“{value}”不是日期，请写成 2020-06-01 这样。", value=value[:20])


def days(cell: Cell) -> tuple[date | None, ...]:
    """Several days in one cell, joined by `#`, commas or line breaks."""
    if not isinstance(cell, str):
        return (day(cell),)
    parts = [part for part in re.split(r"[#＃,，;；、\n]+", cell.strip()) if part.strip()]
    return tuple(day(part) for part in parts)


def codes(cell: Cell) -> tuple[str, ...]:
    """Several codes in one cell, joined by `#`, commas, blanks or line breaks; `0` is kept: it means none."""
    if not isinstance(cell, str):
        return (one_line(cell),)
    value = cell if cell.isprintable() else one_line(cell)
    return tuple(one_line(part) for part in re.split(r"[#＃,，;；、\s]+", value.strip()) if part.strip())


def yes_no(cell: Cell) -> bool | None:
    """Yes or no.

    Raises: Problem `cell.yes_no`.
    """
    value = one_line(cell)
    if value in _YES:
        return True
    if value in _NO:
        return False
    if value in BLANK_WORDS:
        return None
    raise problem("cell.yes_no", "“{value}”应填 是 或 否（有 或 无）。", value=value[:20])


def contact(cell: Cell) -> str | None:
    """How somebody wants to be reached, as its code; an unknown word says nothing."""
    return CONTACTS.get(one_line(cell))


def sex(cell: Cell) -> str | None:
    """male, female or None."""
    return _SEX.get(one_line(cell))
