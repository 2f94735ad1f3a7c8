"""收款收据: on 241 mm tractor paper or on A4, two copies on plain paper (UI §9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.problem import problem
from reports.made import Made
from reports.paint import A4, Painter, Placed, height_of
from reports.papers import ReceiptLine, ReceiptPaper
from reports.receipt_sheet import HALF_A4, MARK, ROWS, TRACTOR, WHOLE_A4, Bands, Leaf, titled

TRACTOR_SIZE = (241.0, 93.1)
COPIES = ("第一联 存根", "第二联 交款人")
HALF = 148.5


@dataclass(frozen=True, slots=True)
class Job:
    """What is printed: the receipt, its lines with the prepaid row, the 补打 mark, and the state across it."""

    paper: ReceiptPaper
    lines: tuple[ReceiptLine, ...]
    reprint: str
    state: str

    def leaf(self, name: str, part: int = 1, parts: int = 1) -> Leaf:
        """One sheet of one copy."""
        return Leaf(self.paper, name, self.reprint, part, parts)


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one sheet and the height of a row in mm."""

    row: float
    lines: Sequence[ReceiptLine]


def write(path: Path, paper: ReceiptPaper, *, form: str = "241", copy: int = 1, state: str = "") -> Made:
    """Write both copies of a receipt.

    `form` is the paper, `241` or `a4`; `copy` counts the prints, from the second on it is marked 补打 1, 补打 2, …;
    `state` is printed across: empty, 已作废 or 已红冲. Lines that a sheet does not hold go on on the next, under the
    same number. Raises: `paper.too_long`, OSError, ValueError for an unknown form.
    """
    prepaid = (ReceiptLine("预存", "", paper.prepaid),) if paper.prepaid else ()
    job = Job(paper, (*paper.lines, *prepaid), f"补打 {copy - 1}" if copy > 1 else "", state)
    if form == "241":
        return _on_tractor_paper(Painter(path, paper.title, TRACTOR_SIZE), job)
    if form == "a4":
        return _on_a4(Painter(path, paper.title, A4), job)
    raise ValueError(f"unknown form {form!r}")


def _on_tractor_paper(painter: Painter, job: Job) -> Made:
    _by_copies(painter, titled(TRACTOR, job.paper.title), job)
    return painter.close()


def _on_a4(painter: Painter, job: Job) -> Made:
    """Both copies on one page if they fit, else each on pages of its own."""
    half = titled(HALF_A4, job.paper.title)
    row, parts = _parted(painter, half, job)
    if len(parts) > 1:
        _by_copies(painter, titled(WHOLE_A4, job.paper.title), job)
        return painter.close()
    painter.cut(7, HALF, 203, HALF)
    for name, origin in zip(COPIES, (0.0, HALF), strict=True):
        _paint(painter, half, job.leaf(name), Part(row, parts[0]), job.state, origin)
    return painter.close()


def _by_copies(painter: Painter, bands: Bands, job: Job) -> None:
    row, parts = _parted(painter, bands, job)
    for name in COPIES:
        for number, lines in enumerate(parts, 1):
            _paint(painter, bands, job.leaf(name, number, len(parts)), Part(row, lines), job.state)
            painter.turn()


def _parted(painter: Painter, bands: Bands, job: Job) -> tuple[float, list[Sequence[ReceiptLine]]]:
    """The height of a row at which the fewest sheets are needed, and the lines by sheets."""
    return min(((row, _sheets(painter, bands, job, row)) for row in ROWS), key=lambda choice: len(choice[1]))


def _sheets(painter: Painter, bands: Bands, job: Job, row: float) -> list[Sequence[ReceiptLine]]:
    # The longest name and the widest number a sheet can have, so that no sheet needs more room than was counted on.
    room = _room(painter, bands, job.leaf(COPIES[1], 99, 99))
    sheets: list[Sequence[ReceiptLine]] = []
    left: Sequence[ReceiptLine] = job.lines
    while left or not sheets:
        count, used = 0, 0.0
        for line in left[: bands.form.most]:
            used += painter.place(bands.line[row], line).height
            if used > room:
                break
            count += 1
        if left and not count:
            raise problem("paper.too_long", "收据的文字太长，纸上印不下。", "请把项目、交款人或原因的文字改短。")
        sheets.append(left[:count])
        left = left[count:]
    return sheets


def _room(painter: Painter, bands: Bands, leaf: Leaf) -> float:
    """What is left for lines on a sheet, in mm."""
    head, foot = painter.place_all(bands.head, leaf), _foot(painter, bands, leaf)
    total = painter.place(bands.total, leaf).height
    return bands.form.bottom - bands.form.top - height_of(head, foot) - bands.table.height - total + 1e-6


def _foot(painter: Painter, bands: Bands, leaf: Leaf) -> list[Placed]:
    return [placed for placed in painter.place_all(bands.foot, leaf) if placed.texts]


def _paint(painter: Painter, bands: Bands, leaf: Leaf, part: Part, state: str, origin: float = 0.0) -> None:
    rows = [painter.place(bands.line[part.row], line) for line in part.lines]
    blank = min(bands.form.least * part.row, _room(painter, bands, leaf)) - height_of(rows)
    body = [*painter.place_all(bands.head, leaf), painter.place(bands.table, leaf), *rows]
    while blank > 0.5 * part.row:
        height = part.row if blank >= 1.5 * part.row else blank
        body.append(painter.place(bands.empty(height), leaf))
        blank -= height
    body.append(painter.place(bands.total if leaf.last else bands.goes_on, leaf))
    painter.paint([*body, *_foot(painter, bands, leaf)], bands.form.top, origin)
    if state:
        # Beside the periods, dates and amounts, which stay free of it.
        painter.across(state, MARK, bands.form.period - 31, bands.form.top + height_of(body) * 0.57 + origin)
