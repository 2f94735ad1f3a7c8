"""A statement as text with commas (CSV): the same grid as a sheet, within the same limits, in UTF-8 or GB 18030."""

from __future__ import annotations

import csv
import io
from itertools import islice
from pathlib import Path

from app.domain.problem import problem
from reports.excel.cells import Cell
from reports.excel.guard import MAX_FILE
from reports.excel.scan import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from reports.excel.sheet import Sheet

SUFFIXES = (".csv", ".txt")


def is_text(path: Path) -> bool:
    """Whether a file is read as text with commas."""
    return path.suffix.lower() in SUFFIXES


def sheet(path: Path) -> Sheet:
    """The grid of a file, named as the file is.

    Raises: Problem `file.missing`, `file.too_large`, `file.not_text`, `file.too_many_rows`, `file.damaged`.
    """
    if not path.is_file():
        raise problem("file.missing", "找不到文件，或它不是普通文件：{name}。", "请检查路径。", name=path.name)
    if path.stat().st_size > MAX_FILE:
        raise problem("file.too_large", "文件超过 50 MB。", "请拆成几个文件。")
    text = _decoded(path.read_bytes())
    try:
        lines = list(islice(csv.reader(io.StringIO(text, newline=""), dialect=_dialect(text)), MAX_ROWS + 1))
    except csv.Error:
        raise problem("file.damaged", "文件内容已损坏，读不出来。", "请用 Excel、WPS 打开后另存，再导入。") from None
    width = max(map(len, lines), default=0)
    if len(lines) > MAX_ROWS or width > MAX_COLUMNS or len(lines) * width > MAX_CELLS:
        raise problem("file.too_many_rows", "文件太长或太宽。", "请拆成几个文件。")
    rows: list[list[Cell]] = [[*(cell.strip() for cell in line), *[""] * (width - len(line))] for line in lines]
    return Sheet(path.stem[:31], rows, [])


def _decoded(data: bytes) -> str:
    for coding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise problem("file.not_text", "文件不是文本，读不出来。", "请用 Excel 或 WPS 打开，另存为 .xlsx 或 CSV。")


def _dialect(text: str) -> type[csv.Dialect]:
    """Commas, or tabs where the file has more of them."""
    return csv.excel_tab if text.count("\t") > text.count(",") * 2 else csv.excel
