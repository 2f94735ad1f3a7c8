"""A formula over named quantities: parsed, its units checked, computed exactly; never evaluated as code.

`面积 * 2.35 * 月数 + max(人数 - 3, 0) * 5`. A bare number may stand for a price, so what holds one can be money; a
quantity by itself is none, and two quantities of different units do not add.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.problem import Problem, problem

NAMES: Mapping[str, str] = {
    "面积": "area", "用量": "usage", "人数": "people", "楼层": "floor", "月数": "months",
    "area": "area", "usage": "usage", "people": "people", "floor": "floor", "months": "months",
}  # fmt: skip
"""The quantities by both their names."""
TITLES: Mapping[str, str] = {chinese: name for chinese, name in NAMES.items() if chinese != name}
WORDS: Mapping[str, str] = {name: chinese for chinese, name in TITLES.items()}
"""The Chinese name of each quantity."""
UNITS: Mapping[str, str] = {"area": "m²", "usage": "用量单位", "people": "人", "floor": "层", "months": "月"}
FUNCTIONS = ("min", "max")
LONGEST, DEEPEST = 200, 40

_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,8})?")
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]+|[\u4e00-\u9fff]+)|([-+*/(),]))")

Units = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Node:
    """A part of a formula: `op` is number, name, an operator, or a function; what it is measured in; whether a bare
    number stands in it as a factor (then it may be money); whether it is made of numbers alone.
    """

    op: str
    parts: tuple[_Node, ...] = ()
    number: Fraction = Fraction(0)
    name: str = ""
    units: Units = ()
    free: bool = False
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked formula: its text, and the quantities that it needs (of `area usage people floor months`)."""

    text: str
    needs: frozenset[str]
    root: _Node

    def value(self, values: Mapping[str, Fraction]) -> Fraction:
        """What it comes to in yuan.

        Raises: `formula_zero` for a division by zero, `formula_negative` for an amount below 0.
        """
        found = _value(self.root, values)
        if found < 0:
            raise problem("formula_negative", "公式“{text}”算出来是负数。", text=self.text)
        return found


class _Parser:
    """One pass over the tokens, from weak to strong operators."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.tokens = _tokens(text)
        self.needs: set[str] = set()

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise _bad(f"少了“{token}”")

    def sum(self, depth: int) -> _Node:
        node = self.product(depth)
        while self.peek() in ("+", "-"):
            node = _added(self.take(), node, self.product(depth))
        return node

    def product(self, depth: int) -> _Node:
        node = self.signed(depth)
        while self.peek() in ("*", "/"):
            node = _multiplied(self.take(), node, self.signed(depth))
        return node

    def signed(self, depth: int) -> _Node:
        if depth > DEEPEST:
            raise _bad("括号或负号太多层")
        if self.peek() == "-":
            self.take()
            inner = self.signed(depth + 1)
            return _Node("neg", (inner,), units=inner.units, free=inner.free, constant=inner.constant)
        return self.single(depth)

    def single(self, depth: int) -> _Node:
        token = self.take()
        if token == "(":
            node = self.sum(depth + 1)
            self.expect(")")
            return node
        if token[:1].isdigit():
            return _Node("number", number=Fraction(token), free=True, constant=True)
        if token in FUNCTIONS:
            return self.call(token, depth)
        if token in NAMES:
            name = NAMES[token]
            self.needs.add(name)
            return _Node("name", name=name, units=((name, 1),))
        if token and token not in "+-*/(),":
            known = "、".join(TITLES)
            raise problem("formula.unknown_name", "公式里的“{name}”不认识。", f"可用：{known}、min、max。", name=token)
        raise _bad("没有写完" if not token else f"“{token}”的位置不对")

    def call(self, name: str, depth: int) -> _Node:
        self.expect("(")
        node = self.sum(depth + 1)
        while self.peek() == ",":
            self.take()
            node = _added(name, node, self.sum(depth + 1))
        self.expect(")")
        return node


def parse(text: str) -> Formula:
    """Read and check a formula.

    Raises: `formula.format`, `formula.unknown_name`, `formula.units`, `formula.zero`.
    """
    plain = unicodedata.normalize("NFKC", text).replace("×", "*").replace("÷", "/").strip()
    if not plain:
        raise _bad("是空的")
    if len(plain) > LONGEST:
        raise _bad(f"太长，最多 {LONGEST} 个字")
    parser = _Parser(plain)
    root = parser.sum(0)
    if parser.peek():
        raise _bad(f"“{parser.peek()}”的位置不对")
    if not root.free:
        raise problem("formula.units", "公式算出来是{what}，不是金额。", "请乘上单价。", what=_said(root))
    return Formula(plain, frozenset(parser.needs), root)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            if not text[at:].strip():
                break
            raise _bad(f"“{text[at:].strip()[0]}”不能用")
        if match[1] and not _NUMBER.fullmatch(match[1]):
            raise _bad(f"“{match[1][:20]}”位数太多，整数最多 12 位，小数最多 8 位")
        found.append(next(group for group in match.groups() if group is not None))
        at = match.end()
    return found


def _bad(why: str) -> Problem:
    return problem("formula.format", "公式写得不对：{why}。", "如：面积 * 2.35 * 月数 + 人数 * 5。", why=why)


def _said(node: _Node) -> str:
    return "、".join(WORDS[name] for name, _ in node.units) or "数量"


def _added(op: str, one: _Node, other: _Node) -> _Node:
    """A sum, a difference, min or max: of money and money, or of quantities of one unit; a bare number fits any."""
    if one.constant or other.constant:
        leading = other if one.constant else one
        return _Node(op, (one, other), units=leading.units, free=leading.free, constant=one.constant and other.constant)
    if one.free != other.free or (not one.free and one.units != other.units):
        raise problem(
            "formula.units", "公式里{one}和{other}不能相加减或比较。", "请先各自乘上单价。",
            one="金额" if one.free else _said(one), other="金额" if other.free else _said(other),
        )  # fmt: skip
    return _Node(op, (one, other), units=one.units if not one.free else (), free=one.free)


def _multiplied(op: str, one: _Node, other: _Node) -> _Node:
    powers = dict(one.units)
    for name, power in other.units:
        powers[name] = powers.get(name, 0) + (power if op == "*" else -power)
    units = tuple(sorted((name, power) for name, power in powers.items() if power))
    constant = one.constant and other.constant
    if op == "/" and other.constant and _value(other, {}) == 0:
        raise problem("formula.zero", "公式里除以了 0。", "请改正除数。")
    return _Node(op, (one, other), units=units, free=one.free or other.free, constant=constant)


def _value(node: _Node, values: Mapping[str, Fraction]) -> Fraction:
    if node.op == "number":
        return node.number
    if node.op == "name":
        return values[node.name]
    parts = [_value(part, values) for part in node.parts]
    if node.op == "neg":
        return -parts[0]
    one, other = parts
    if node.op == "/":
        if other == 0:
            raise problem("formula_zero", "公式的除数是 0。")
        return one / other
    if node.op == "*":
        return one * other
    if node.op == "+":
        return one + other
    if node.op == "-":
        return one - other
    return min(one, other) if node.op == "min" else max(one, other)
