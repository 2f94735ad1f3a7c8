"""bills_pdf: 1,000 bills with codes from ready values to the closed file, against reportlab's canvas alone.

The floor draws the same strings and bitmaps at the same places with `drawString`, reuses the same forms and puts one
subset of each font into the file. It lays out nothing, makes no QR code and measures no text.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from benchmarks.figure import Figure, interleaved
from reports import bill
from reports.fonts import SANS, SERIF, SERIF_STRONG, widths
from reports.paint import Painter
from reports.papers import BillLine, BillPaper
from reports.sheet import MM, Box
from reports.typeset import Fitted

BILLS = 1000
RUNS = 7
LIMIT = 2.5
SURNAMES, NAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"

Act = tuple[str, tuple[object, ...]]
"""A call of a canvas: the name of its method and what it takes."""


def _bill(place: int) -> BillPaper:
    number = f"B2026-07-{place + 1:06d}"
    area = 6000 + place * 37 % 9000
    usage = 5 + place * 13 % 40
    amounts = (area * 235 // 100, usage * 410, 1500 + place % 1999, 800, 8000)
    size = f"{area // 100}.{area % 100:02d}"
    lines = (
        BillLine("物业服务费", "2026-07", "", "", f"{size} m²", "2.35", amounts[0]),
        BillLine("水费", "2026-06", str(500 + place), str(500 + place + usage), f"{usage} t", "4.10", amounts[1]),
        BillLine("公摊电费", "2026-06", "", "", "", "", amounts[2], f"24,119.20 × {size} / 100,785.00"),
        BillLine("生活垃圾处理费", "2026-07", "", "", "1 户", "8.00", amounts[3]),
        BillLine(f"车位管理费 B1-{place % 400:03d}", "2026-07", "", "", "1 个", "80.00", amounts[4]),
    )
    subtotal, earlier, late = sum(amounts), place * 977 % 60000, place * 7 % 900
    owner = SURNAMES[place % 20] + NAMES[place // 20 % 20] + NAMES[place // 7 % 20]
    return BillPaper(
        number, "2026-07", "2026-07-06", "样例物业服务有限公司", "样例花园服务中心",
        f"{place // 100 + 1}-{place // 50 % 2 + 1}-{place % 50 // 2 + 1:02d}0{place % 2 + 1}", owner, f"{size} m²",
        "2026-07-31", lines, subtotal, "物业服务费 2026-05 至 2026-06；水费 2026-05，共 3 笔", earlier,
        "算至 2026-07-06，按日 0.0005，按实际交费日另计", late, 0, 0, subtotal + earlier + late,
        "样例银行样例支行 0000 0000 0000 000", "010-0000 0000",
        "按《前期物业服务合同》第十二条，业主应于每月最后一日前交清当月物业服务费。", f"ANJU:BILL:{number}",
    )  # fmt: skip


class Recorder(Painter):
    """Paints, and notes each call that a canvas needs for the same pages."""

    acts: list[Act]

    def __init__(self, path: Path, title: str, size: tuple[float, float]) -> None:
        super().__init__(path, title, size)
        self.acts = []
        recorders.append(self)

    def turn(self) -> None:
        super().turn()
        self.acts.append(("showPage", ()))

    def _define(self, name: str, draw: Callable[[], None]) -> None:
        self.acts.append(("beginForm", (name,)))
        super()._define(name, draw)
        self.acts.append(("endForm", ()))

    def _use(self, name: str) -> None:
        super()._use(name)
        self.acts.append(("doForm", (name,)))

    def _write(self, operators: str) -> None:
        super()._write(operators)
        if not operators.startswith("BT"):
            self.acts.append(("addLiteral", (operators,)))

    def _text(self, shown: list[str], box: Box[object], fit: Fitted, middle: float) -> None:
        start = len(shown)
        super()._text(shown, box, fit, middle)
        for line, operators in zip(fit.lines, shown[start:], strict=True):
            x, y = (float(number) for number in operators.split(" ")[4:6])
            for face, text in line.runs:
                # The floor sets strong serif plainly: its strokes are ours.
                self.acts.append(("setFont", (SERIF if face == SERIF_STRONG else face, fit.size)))
                self.acts.append(("drawString", (x, y, text, 0, box.style.spacing)))
                x += sum(widths(face)[ord(char)] for char in text) * fit.size / 1000


recorders: list[Recorder] = []


def _record(target: Path, papers: list[BillPaper]) -> list[Act]:
    with patch.object(bill, "Painter", Recorder):
        bill.write(target, papers)
    return recorders.pop().acts


def replay(target: Path, acts: list[Act]) -> None:
    canvas = Canvas(
        str(target), (210 * MM, 297 * MM), pageCompression=1, invariant=1, initialFontName=SANS, initialFontSize=9
    )
    font: tuple[object, ...] | None = None
    for name, given in acts:
        if name == "setFont":
            if given == font:
                continue
            font = given
        elif name in ("beginForm", "endForm", "showPage"):
            font = None
        getattr(canvas, name)(*given)
    canvas.save()


def measure() -> list[Figure]:
    """One process, imports done, fonts read once; the median of several pairs."""
    papers = [_bill(place) for place in range(BILLS)]
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        target = Path(scratch) / "bills.pdf"
        acts = _record(target, papers)

        def timed(run: Callable[[], object]) -> float:
            begin = time.perf_counter()
            run()
            return time.perf_counter() - begin

        return [
            interleaved(
                "bills_pdf",
                lambda: timed(lambda: bill.write(target, papers)),
                lambda: timed(lambda: replay(target, acts)),
                RUNS,
                LIMIT,
            )
        ]
