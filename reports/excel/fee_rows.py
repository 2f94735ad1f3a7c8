"""Rows of fee settings: a fee item with its price from a day on (DATA §4)."""

from __future__ import annotations

import re
from typing import Any

from app.domain.problem import Problem, problem
from reports.excel.codes import FORMULAS, meaning
from reports.excel.collected import Rows
from reports.excel.register import Register

CYCLES = {1: "month", 3: "quarter", 6: "half_year", 12: "year"}
_CYCLE_WORDS = ((r"半年", 6), (r"季", 3), (r"年", 12), (r"月", 1))
_BY_HAND = "请用“收费项目”另行设置（fee add），或改成按面积、固定费用。"


def take(rows: Rows, register: Register) -> None:
    """Take the rows of a fee sheet; a number may stand once."""
    listed = register.listed_fees = register.listed_fees or set()
    codes = rows.column("code")
    for place, code in enumerate(codes):
        if code is None:
            rows.reject(place, "code", problem("fee.code_missing", "缺少费用编号。"))
            continue
        if code in listed:
            rows.reject(place, "code", problem("fee.code_twice", "费用编号 {code} 重复。", code=code))
        listed.add(code)
        if place in rows.bad:
            continue
        try:
            values = _values({key: column[place] for key, column in rows.values.items()})
        except _Wrong as wrong:
            rows.reject(place, wrong.key, wrong.why)
            continue
        register.collected.add("fees", rows.sheet, rows.number(place), code, *values)


class _Wrong(Exception):
    """A column of the row that cannot be taken."""

    def __init__(self, key: str, why: Problem) -> None:
        super().__init__(why.text)
        self.key = key
        self.why = why


def _values(row: dict[str, Any]) -> tuple[Any, ...]:
    name = row.get("name")
    if not name:
        raise _Wrong("name", problem("fee.name_missing", "缺少收费项目名称。"))
    kind = _kind(row)
    first, last = row.get("from"), row.get("to")
    if first is None:
        raise _Wrong("from", problem("fee.from_missing", "缺少计费起始时间。"))
    if last is not None and last < first:
        raise _Wrong("to", problem("fee.to_before_from", "计费结束时间早于起始时间。"))
    price, fixed = row.get("price"), row.get("fixed")
    if kind != "area":
        # A flat amount stands in 固定费用; where it is blank or 0 the price column holds it.
        price, fixed = fixed or price, 0
    if price is None and not fixed:
        raise _Wrong("price", problem("fee.price_missing", "缺少单价或固定费用。"))
    when = "arrear" if re.search("后", row.get("pay_mode") or "") else "advance"
    cycle = CYCLES[_months(row.get("cycle"))]
    return name, kind, cycle, when, _anchor(row.get("issue")), first, last, price or 0, fixed or 0


def _kind(row: dict[str, Any]) -> str:
    word = row.get("formula") or ""
    kind = meaning(FORMULAS, word) if "用量" not in word and "抄表" not in word else None
    if kind is None:
        raise _Wrong("formula", problem("fee.formula", "计算公式“{word}”不支持。", _BY_HAND, word=word[:30]))
    return "once" if "一次" in (row.get("mark") or "") else kind


def _months(text: str | None) -> int:
    """Months of a cycle: `6`, `6个月`, `半年`, `季度`; a month where nothing is said."""
    if not text:
        return 1
    figure = re.match(r"([0-9]{1,3})", text)
    months = int(figure[1]) if figure else next((n for word, n in _CYCLE_WORDS if re.search(word, text)), 0)
    if figure and "年" in text:
        months *= 12
    if months not in CYCLES:
        raise _Wrong("cycle", problem("fee.cycle", "缴费周期“{text}”不支持，只有 1、3、6、12 个月。", text=text[:20]))
    return months


def _anchor(text: str | None) -> int:
    """The month from which periods are counted: of `每年4月1日` it is 4, else January."""
    match = re.search(r"每年([0-9]{1,2})月", text or "")
    return int(match[1]) if match and 1 <= int(match[1]) <= 12 else 1
