"""One cell: its text made safe and of one width, and columns of cells parsed value by value, each value once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.domain.problem import Problem, problem

MAX_TEXT = 500
"""Most characters in a cell that is read as data."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Stands in the grid for a cell that cannot be read; `code` is `uncached` or `error`."""

    code: str

    @property
    def why(self) -> Problem:
        """The reason to tell."""
        if self.code == "uncached":
            return problem("cell.formula", "公式没有算好的值（请用 Excel 或 WPS 打开、保存一次，或改填数值）。")
        return problem("cell.error", "单元格是错误值（如 #N/A、#REF!），请改正公式或改填数值。")


Cell = str | float | int | bool | date | datetime | time | timedelta | Flaw
"""What the reader gives; an empty cell is `""`."""

BLANK_WORDS = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "无",
        "空",
        "暂无",
        "没有",
        "不详",
        "未知",
        "待定",
        "N/A",
        "n/a",
        "null",
        "NULL",
        "None",
        "?",
        "？",
    }
)
"""Ways to write that nothing is known."""

_SEPARATORS = re.compile(r"[\r\n\t]+|_x000[dD]_\n?")
_SPACES = re.compile(r"[ \u00a0\u3000]+")
_NAMES = {
    "\u200b": "零宽空格",
    "\ufeff": "零宽字符（BOM）",
    "\u00ad": "软连字符",
    "\x00": "空字符 NUL",
    "\u2028": "行分隔符",
}


@dataclass(frozen=True, slots=True)
class Noted:
    """A value that was taken with a doubt."""

    value: Any
    why: Problem


def clean(text: str) -> str:
    """Text of one width without blanks around it; line breaks and tabs become one `\\n`.

    Raises: Problem `cell.too_long`, `cell.control` (which names the character).
    """
    if text.isascii() and text.isprintable() and len(text) <= MAX_TEXT:
        return text.strip()
    if len(text) > MAX_TEXT:
        raise problem("cell.too_long", "文字超过 {most} 个字，请删短。", most=MAX_TEXT)
    if "\n" in text or "\r" in text or "\t" in text or "_x000" in text:
        text = _SEPARATORS.sub("\n", text)
    if not text.replace("\n", "").isprintable():
        _refuse_hidden(text)
    return unicodedata.normalize("NFKC", text).strip()


def _refuse_hidden(text: str) -> None:
    for char in text:
        kind = unicodedata.category(char)
        if char != "\n" and kind in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            name = _NAMES.get(char) or ("换向控制符" if unicodedata.bidirectional(char)[:1] in "LRFP" else "不可见字符")
            raise problem(
                "cell.control", "含有看不见的字符 {name}（U+{code:04X}），请删除后重填。", name=name, code=ord(char)
            )


def number_text(value: float | int) -> str:
    """A number as the sheet shows it: 15 significant digits, no exponent where digits suffice."""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{value:.15g}"
    return str(value)


def plain(cell: Cell) -> str:
    """Any cell as clean text: whole numbers without `.0`, dates as ISO text.

    Raises: Problem as `clean`, or the flaw's own.
    """
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, Flaw):
        raise cell.why
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def one_line(cell: Cell) -> str:
    """`plain` with line breaks and runs of blanks as one blank."""
    text = plain(cell)
    return _SPACES.sub(" ", text.replace("\n", " ")) if not text.isalnum() else text


def shown(cell: Cell) -> str:
    """A cell for a report; never fails."""
    try:
        text = one_line(cell)
    except Problem:
        text = str(cell) if isinstance(cell, str) else ""
    text = "".join(char if char.isprintable() else " " for char in text[:80])
    return text[:60] + "…" if len(text) > 60 else text


Parser = Callable[[Cell], Any]
"""Turns a cell that is not empty into a value or `Noted`; raises Problem."""


class Memo(dict[Hashable, Any]):
    """Parses each distinct cell once. `bad` holds the refused cells, `doubtful` those taken with a doubt."""

    def __init__(self, parse: Parser) -> None:
        super().__init__({"": None})
        self._parse = parse
        self.bad: dict[Hashable, Problem] = {}
        self.doubtful: dict[Hashable, Problem] = {}

    def __missing__(self, cell: Any) -> Any:
        try:
            if isinstance(cell, Flaw):
                raise cell.why
            value = self._parse(cell)
        except Problem as why:
            self.bad[cell] = why
            value = None
        if isinstance(value, Noted):
            self.doubtful[cell] = value.why
            value = value.value
        self[cell] = value
        return value

    def column(self, cells: Iterable[Cell]) -> list[Any]:
        """The values of a column."""
        return list(map(self.__getitem__, cells))


def distinct(cells: list[Cell]) -> list[Cell]:
    """A column in which true and false are words: as keys they would be the numbers 1 and 0."""
    if bool in set(map(type, cells)):
        return [("是" if cell else "否") if isinstance(cell, bool) else cell for cell in cells]
    return cells
