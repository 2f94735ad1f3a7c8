"""One pass over the XML of a workbook's parts: no DTD, no more rows, columns and cells than the limits.

Cells are counted by searching the bytes, which is many times quicker than a call of the parser for each element and is
exact as long as they look like `<c r="A1"`. Any other spelling or encoding, formulas, error values and counts beyond
the limits are told by the parser, element by element, in a second pass over that part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from app.domain.problem import Problem, problem

MAX_ROWS = 200_000
"""Most rows of a sheet."""
MAX_COLUMNS = 200
"""Most columns of a sheet that hold anything."""
MAX_CELLS = 5_000_000
"""Most cells of a workbook."""
MAX_TAG_GAP = 1024 * 1024
"""Most bytes between two tags: far beyond the longest text a cell can hold."""

# A prefixed name, a formula, an error value, a byte of UTF-16; a text that only looks so costs the second pass.
_UNUSUAL = re.compile(rb""":(?:c|row|f|v|is)[\s/>]""")
_ODD_NAME = re.compile(rb"<c[^ a-zA-Z]|<row[^ a-zA-Z]")
_SIGNS = (b't="e"', b"'e'", b"\x00")
_FORMULA = re.compile(rb"<f[^a-zA-Z]")
_CELL_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"')
_CELL_ROW = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"')
_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:[A-Z]+([0-9]+)"')
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class Flaws:
    """Cells (row, column from 0) that cannot be taken as they are: formulas without a value, and error values."""

    uncached: list[tuple[int, int]] = field(default_factory=list)
    errors: list[tuple[int, int]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.uncached or self.errors)


def column_index(letters: str) -> int:
    """`A` is 0, `XFD` is 16383."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _too_many_rows(rows: int) -> Problem:
    return problem(
        "file.too_many_rows",
        "工作表有 {rows} 行，超过 {most} 行。",
        "请删除下方的空白行（选中后整行删除）再保存。",
        rows=rows,
        most=MAX_ROWS,
    )


def _too_many_columns(columns: int) -> Problem:
    return problem(
        "file.too_many_columns",
        "工作表有 {columns} 列，超过 {most} 列。",
        "请删除右侧多余的列再保存。",
        columns=columns,
        most=MAX_COLUMNS,
    )


def _too_many_cells() -> Problem:
    return problem("file.too_many_cells", "工作簿超过 {most} 个单元格。", "请拆成几个文件再导入。", most=MAX_CELLS)


def _not_xml() -> Problem:
    return problem("file.damaged", "文件内容已损坏，读不出来。", "请用 Excel、WPS 打开后另存，再导入。")


def _refuse_doctype(*_: object) -> None:
    raise problem("file.doctype", "文件里有不允许的定义（DOCTYPE），不像 Excel 保存的文件。", "请另存为新的 .xlsx。")


def _refuse_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in ("utf-8", "utf8", "utf-16", "us-ascii", "ascii"):
        raise _not_xml()


class PartScan:
    """Counts cells over all parts of one workbook."""

    def __init__(self) -> None:
        self.cells = 0

    def part(self, read: Callable[[], Iterator[bytes]]) -> Flaws:
        """Check one part, read once or twice; gives the flaws of a worksheet.

        Raises: Problem `file.doctype`, `file.damaged`, `file.too_many_*`, `file.long_text`.
        """
        try:
            quick = self._quick(read())
            if quick.settles():
                self.cells += quick.cells
                return Flaws()
            slow = _ElementCount(self.cells)
            flaws = slow.count(read())
        except expat.ExpatError:
            raise _not_xml() from None
        self.cells = slow.cells
        return flaws

    def _quick(self, chunks: Iterator[bytes]) -> _QuickCount:
        quick = _QuickCount()
        tail = b""
        for chunk in chunks:
            window = tail + chunk
            cut = max(window.rfind(b"<"), 0)
            if len(window) - cut > MAX_TAG_GAP:
                raise problem("file.long_text", "有单元格的文字过长。", "请删除该文字后再导入。")
            quick.add(window[:cut])
            tail = window[cut:]
            if quick.cells + self.cells > MAX_CELLS:
                raise _too_many_cells()
        quick.add(tail)
        return quick


class _QuickCount:
    """Counts by searching bytes; each window ends before a `<`."""

    def __init__(self) -> None:
        self.cells = 0
        self.rows = 0
        self._unusual = False
        self._columns: set[bytes] = set()
        self._numbers: set[bytes] = set()

    def add(self, window: bytes) -> None:
        """Count one window."""
        cells, rows = window.count(b"<c "), window.count(b"<row ")
        self.cells += cells
        self.rows += rows
        if self.rows > MAX_ROWS:
            raise _too_many_rows(self.rows)
        # Nothing is read by the stated size; but a sheet that states a million rows is not one that anybody filled in.
        claimed = _DIMENSION.search(window)
        if claimed and int(claimed[1]) > MAX_ROWS:
            raise _too_many_rows(int(claimed[1]))
        if b"<!DOCTYPE" in window:
            _refuse_doctype()
        if self._unusual or _unusual(window, cells, rows):
            self._unusual = True
            return
        columns, numbers, own = _CELL_COLUMN.findall(window), _CELL_ROW.findall(window), _ROW.findall(window)
        self._unusual = len(columns) != cells or len(own) != rows
        self._columns.update(columns)
        self._numbers.update(numbers, own)

    def settles(self) -> bool:
        """Whether these counts are exact and within the limits. Only the other count may refuse: it tells blank,
        formatted cells from those that hold something.
        """
        if self._unusual:
            return False
        height = max(map(int, self._numbers), default=0)
        width = max((column_index(letters.decode()) for letters in self._columns), default=-1) + 1
        return height <= MAX_ROWS and width <= MAX_COLUMNS and width * height <= MAX_CELLS


def _unusual(window: bytes, cells: int, rows: int) -> bool:
    """Whether searching the bytes could miss a cell of this window, or a cell needs a closer look."""
    other = window.count(b"<c") != cells or window.count(b"<row") != rows
    return bool(
        any(sign in window for sign in _SIGNS)
        or _UNUSUAL.search(window)
        or (window.count(b"<f") and _FORMULA.search(window))
        or (other and _ODD_NAME.search(window))
    )


class _ElementCount:
    """Counts element by element: only cells that hold something bind columns and the area."""

    def __init__(self, before: int) -> None:
        self.cells = before
        self._flaws = Flaws()
        self._row = 0
        self._next = 0
        self._at = (0, 0)
        self._width = 0
        self._height = 0
        self._type = ""
        self._pending = False

    def count(self, chunks: Iterable[bytes]) -> Flaws:
        """Parse the part once more, with a call for each element."""
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.XmlDeclHandler = _refuse_encoding
        self._parser.StartElementHandler = self._start
        for chunk in chunks:
            self._parser.Parse(chunk)
        self._parser.Parse(b"", True)
        self._settle()
        if self._width * self._height > MAX_CELLS:
            raise _too_many_cells()
        return self._flaws

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self._cell(attributes)
        elif name in ("v", "is"):
            self._value()
        elif name == "f":
            # A text result may be empty: `t="str"` says that it was computed.
            self._pending = self._type != "str"
        elif name == "row":
            stated = attributes.get("r", "")
            self._row = int(stated) if re.fullmatch("[0-9]{1,8}", stated) else self._row + 1
            self._next = 0
            if self._row > MAX_ROWS:
                raise _too_many_rows(self._row)

    def _cell(self, attributes: dict[str, str]) -> None:
        self._settle()
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise _too_many_cells()
        self._type = attributes.get("t", "")
        stated = attributes.get("r", "")
        match = _REF.fullmatch(stated)
        if match:
            self._at = (int(match[2]) - 1, column_index(match[1]))
        elif stated:
            raise _not_xml()
        else:
            self._at = (self._row - 1, self._next)
        self._next = self._at[1] + 1
        if self._type == "e":
            self._flaws.errors.append(self._at)

    def _value(self) -> None:
        row, column = self._at
        if column >= MAX_COLUMNS:
            raise _too_many_columns(column + 1)
        if row >= MAX_ROWS:
            raise _too_many_rows(row + 1)
        self._width = max(self._width, column + 1)
        self._height = max(self._height, row + 1)
        if self._pending:
            self._parser.CharacterDataHandler = self._has_value

    def _has_value(self, data: str) -> None:
        if data.strip():
            self._pending = False
            self._parser.CharacterDataHandler = None

    def _settle(self) -> None:
        """Before the next cell: a formula that was followed by no value is one without."""
        if self._pending:
            self._flaws.uncached.append(self._at)
            self._pending = False
            self._parser.CharacterDataHandler = None
