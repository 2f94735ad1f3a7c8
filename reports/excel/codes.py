"""Words and codes that stand for something fixed: house states, relations, types, tenure; and how a cell is resolved.

A file's own notes come before the codes known here, which are those of the templates most estates were given
(MicroCommunity: 2001 已入住, 110 住宅, 1001 业主 …).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from app.domain.problem import problem
from reports.excel import fields
from reports.excel.cells import BLANK_WORDS, Cell, Noted, Parser, one_line

STATES = (
    (r"未出租|未租", "vacant"),
    (r"未售|未销售|待售|未卖|在售", "unsold"),
    (r"未交|未收[楼房]|未接[楼房]|未领[房钥]|待交", "undelivered"),
    (r"装修中|在装|正在装修|施工中|^装修$", "fitting_out"),
    (r"租", "let"),
    (r"空[置房闲着]|闲置|未入住|未住|已交|已收[楼房]|已接[楼房]|已装修|未装修|毛坯|无人", "vacant"),
    (r"入住|自住|常住|居住|自用|使用|已售|已出售|已卖|在住", "owner"),
)
"""What a state word means, by the first pattern found in it."""

RELATIONS = (
    (r"共有|共同|产权人2|第二业主|联名", "co_owner"),
    (r"非业主|临时|保姆|护工|访客|借住|暂住|员工", "temporary"),
    (r"租|使用人|承租", "tenant"),
    (r"家[庭属人]|成员|配偶|夫妻|妻|丈夫|爱人|子|女|儿|父|母|爸|妈|兄|弟|姐|妹|孙|爷|奶|岳|公公|婆|媳|婿|亲", "family"),
    (r"业主|产权人|本人|户主|房主|购房人|权利人|所有", "owner"),
)
"""What a relation word means. 业主家属 is family; 产权共有人 is a co-owner."""

HOUSE_KINDS = (
    (r"车位|车库|停车", "parking"),
    (r"商铺|商业|门面|门市|底商|店面|店铺|铺面|商用", "shop"),
    (r"储藏|储物|杂物|地下室|仓库", "storage"),
)
"""Which kind of house a type word means; any other is a house."""

TENURES = ((r"出租|租赁|租用|月租|租", "let"), (r"出售|售|产权|购|买|自有|私家", "sold"))

FORMULAS = (
    (r"面积.*(单价|价)|单价.*面积|按.*面积|每平|元/(平|m2|㎡)|平方", "area"),
    (r"固定|定额|每户|按户|元/(月|户)|包月|每月|按次|一次性", "flat"),
)
"""How a fee is computed. What needs readings or a formula of its own is not here: it is set up by hand."""

KNOWN_CODES: Mapping[str, Mapping[str, str]] = {
    "state": {
        "2001": "已入住",
        "2002": "未销售",
        "2003": "已交房",
        "2004": "未入住",
        "2005": "已装修",
        "2006": "已出租",
        "2007": "已出售",
        "2008": "空闲",
        "2009": "装修中",
    },
    "relation": {"1001": "业主", "1002": "家庭成员", "1003": "房屋租客", "1004": "临时人员"},
    "house_type": {"110": "住宅", "119": "宿舍", "120": "办公室"},
    "formula": {"1001": "面积*单价+附加费", "2002": "固定费用"},
    "car_kind": {"9901": "家用小汽车", "9902": "客车", "9903": "货车"},
    "tenure": {"H": "出租", "S": "出售"},
}
"""Codes of the widespread templates, by field."""

Words = tuple[tuple[str, str], ...]
WORDS: Mapping[str, Words] = {
    "state": STATES,
    "relation": RELATIONS,
    "tenure": TENURES,
    "formula": FORMULAS,
    "house_type": (*HOUSE_KINDS, (r"住宅|别墅|公寓|写字楼|办公|宿舍|厂房|洋房", "house")),
}


@cache
def meaning(words: Words, text: str) -> str | None:
    """The identifier of the first pattern found in a word."""
    return next((name for pattern, name in words if re.search(pattern, text)), None)


@dataclass(slots=True)
class Notes:
    """What a workbook's notes say: words of codes and fillers for "unknown", by field; codes without a field apart."""

    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    loose: dict[str, list[str]] = field(default_factory=dict)
    fillers: dict[str, set[str]] = field(default_factory=dict)

    def word(self, key: str, code: str) -> str | None:
        """The word of a code: the field's own notes, other notes that make sense for the field, the known codes."""
        own = self.codes.get(key, {}).get(code)
        if own is not None:
            return own
        known = KNOWN_CODES.get(key, {})
        words = WORDS.get(key, ())
        for word in self.loose.get(code, ()):
            if word in known.values() or meaning(words, word):
                return word
        return known.get(code)


@dataclass(frozen=True, slots=True)
class Context:
    """What parsers of one sheet know besides the cell: today, and the notes."""

    as_of: date
    notes: Notes


def word_of(key: str, context: Context) -> Callable[[Cell], str | None]:
    """A cell's word: a code's word where one is known, else the text itself, if it is short."""

    def read(cell: Cell) -> str | None:
        value = one_line(cell)
        if value in BLANK_WORDS:
            return None
        return context.notes.word(key, value) or context.notes.word(key, value.upper()) or fields.short(value)

    return read


def state(context: Context) -> Parser:
    """A parser for house states; an unknown one is vacant, with a doubt."""
    read = word_of("state", context)

    def parse(cell: Cell) -> Any:
        word = read(cell)
        if word is None:
            return None
        found = meaning(STATES, word)
        return found or Noted("vacant", problem("house.state", "房屋状态“{word}”不认识，按空置处理。", word=word[:20]))

    return parse


def relation(context: Context) -> Parser:
    """A parser for relations; an unknown one is temporary, with a doubt."""
    read = word_of("relation", context)

    def parse(cell: Cell) -> Any:
        word = read(cell)
        if word is None:
            return None
        found = meaning(RELATIONS, word)
        why = problem("person.relation", "人员类型“{word}”不认识，按临时人员处理。", word=word[:20])
        return found or Noted("temporary", why)

    return parse


def tenure(context: Context) -> Parser:
    """A parser for let or sold; anything else is not known, with a doubt."""
    read = word_of("tenure", context)

    def parse(cell: Cell) -> Any:
        word = read(cell)
        if word is None:
            return None
        why = problem("space.tenure", "“{word}”看不出是出租还是出售，按未填处理。", word=word[:20])
        return meaning(TENURES, word) or Noted(None, why)

    return parse
