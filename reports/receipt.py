"""收款收据: on 241 mm tractor paper or on A4, two copies on plain paper (UI §9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.problem import problem
from reports.made import Made
from reports.paint import A4, Painter, Placed, height_of
from reports.papers import ReceiptLine, ReceiptPaper
from reports.receipt_sheet import HALF_A4, MARK, ROW, TRACTOR, WHOLE_A4, Bands, Leaf

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


def write(path: Path, paper: ReceiptPaper, *, form: str = "241", copy: int = 1, state: str = "") -> Made:
    """Write both copies of a receipt.

    `form` is the paper, `241` or `a4`; `copy` counts the prints, from the second on it is marked 补打 1, 补打 2, …;
    `state` is printed across: empty, 已作废 or 已红冲. Lines that a sheet does not hold go on on the next, under the
    same number. Raises: `paper.too_long`, OSError, ValueError for an unknown form.
    """
    prepaid = (ReceiptLine("预存", "", paper.prepaid),) if paper.prepaid else ()
    job = Job(paper, (*paper.lines, *prepaid), f"补打 {copy - 1}" if copy > 1 else "", state)
    if form == "241":
        return _on_tractor_paper(Painter(path, "收款收据", TRACTOR_SIZE), job)
    if form == "a4":
        return _on_a4(Painter(path, "收款收据", A4), job)
    raise ValueError(f"unknown form {form!r}")


def _on_tractor_paper(painter: Painter, job: Job) -> Made:
    _by_copies(painter, TRACTOR, job)
    return painter.close()


def _on_a4(painter: Painter, job: Job) -> Made:
    """Both copies on one page if they fit, else each on pages of its own."""
    if len(_parted(painter, HALF_A4, job)) > 1:
        _by_copies(painter, WHOLE_A4, job)
        return painter.close()
    painter.cut(7, HALF, 203, HALF)
    for name, origin in zip(COPIES, (0.0, HALF), strict=True):
        _paint(painter, HALF_A4, job.leaf(name), job.lines, job.state, origin)
    return painter.close()


def _by_copies(painter: Painter, bands: Bands, job: Job) -> None:
    parts = _parted(painter, bands, job)
    for name in COPIES:
        for part, lines in enumerate(parts, 1):
            _paint(painter, bands, job.leaf(name, part, len(parts)), lines, job.state)
            painter.turn()


def _parted(painter: Painter, bands: Bands, job: Job) -> list[Sequence[ReceiptLine]]:
    """The lines by sheets."""
    # The longest name and the widest number a sheet can have, so that no sheet needs more room than was counted on.
    room = _room(painter, bands, job.leaf(COPIES[1], 99, 99))
    parts: list[Sequence[ReceiptLine]] = []
    left: Sequence[ReceiptLine] = job.lines
    while left or not parts:
        count, used = 0, 0.0
        for line in left[: bands.form.most]:
            used += painter.place(bands.line, line).height
            if used > room:
                break
            count += 1
        if left and not count:
            raise problem("paper.too_long", "收据的文字太长，纸上印不下。", "请把项目、交款人或原因的文字改短。")
        parts.append(left[:count])
        left = left[count:]
    return parts


def _room(painter: Painter, bands: Bands, leaf: Leaf) -> float:
    """What is left for lines on a sheet, in mm."""
    head, foot = painter.place_all(bands.head, leaf), _foot(painter, bands, leaf)
    total = painter.place(bands.total, leaf).height
    return bands.form.bottom - bands.form.top - height_of(head, foot) - bands.table.height - total


def _foot(painter: Painter, bands: Bands, leaf: Leaf) -> list[Placed]:
    return [placed for placed in painter.place_all(bands.foot, leaf) if placed.texts]


def _paint(
    painter: Painter, bands: Bands, leaf: Leaf, lines: Sequence[ReceiptLine], state: str, origin: float = 0.0
) -> None:
    rows = [painter.place(bands.line, line) for line in lines]
    blank = min(bands.form.least * ROW, _room(painter, bands, leaf)) - height_of(rows)
    body = [*painter.place_all(bands.head, leaf), painter.place(bands.table, leaf), *rows]
    while blank > 0.5 * ROW:
        height = ROW if blank >= 1.5 * ROW else blank
        body.append(painter.place(bands.empty(height), leaf))
        blank -= height
    body.append(painter.place(bands.total if leaf.last else bands.goes_on, leaf))
    painter.paint([*body, *_foot(painter, bands, leaf)], bands.form.top, origin)
    if state:
        middle = bands.form.top + height_of(body) * 0.55
        painter.across(state, MARK, (bands.form.left + bands.form.right) / 2, middle + origin)
