"""letters_pdf: 1,000 demand letters, from ready values to the closed file, against the canvas alone (as bills_pdf)."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

from app.domain import letter_text
from app.domain.dunning import Stage
from app.services.letter_texts import FOLDER
from benchmarks import bills_pdf
from benchmarks.arrears import seconds
from benchmarks.figure import Figure, interleaved
from reports import dunning
from reports.papers import DunLine, DunPaper

LETTERS = 1000
RUNS = 5
LIMIT = 2.0


def _letter(place: int) -> DunPaper:
    count = 2 + place % 5
    lines = tuple(
        DunLine("物业服务费" if n % 2 else "水费", f"2026-0{n + 1}", f"2026-0{n + 1}-28", 10_000 + place * 37 % 9000,
                40 + n * 3, 300 + place % 90 if n % 2 else None)
        for n in range(count)
    )  # fmt: skip
    principal, late = sum(line.amount for line in lines), sum(line.late_fee or 0 for line in lines)
    house = f"{place // 100 + 1}-{place // 50 % 2 + 1}-{place % 50 // 2 + 1:02d}0{place % 2 + 1}"
    note = "按合同约定以日万分之5计，算至 2026-07-06，之后按实际交费日另计"
    facts = letter_text.Facts(
        date(2026, 7, 6), date(2026, 7, 21), "《样例花园物业服务合同》第十二条", count, principal, late, note,
        "010-0000 0000", "样例花园服务中心", "样例物业服务有限公司", "样例花园", house,
    )  # fmt: skip
    number = f"D2026-{place + 1:06d}"
    text = letter_text.fill(Stage.LETTER, (FOLDER / "letter.txt").read_text(encoding="utf-8"), facts.values())
    name = bills_pdf.SURNAMES[place % 20] + bills_pdf.NAMES[place // 20 % 20]
    return DunPaper(
        "letter", number, "2026-07-06", "样例物业服务有限公司", "样例花园服务中心", "样例花园", house, name, "", lines,
        principal, late, note, "2026-07-21", text, "样例银行 0000", "010-0000 0000", f"ANJU:DUN:{number}",
    )  # fmt: skip


def measure() -> list[Figure]:
    """One process, imports done, fonts read once; the median of several pairs."""
    papers = [_letter(place) for place in range(LETTERS)]
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        target = Path(scratch) / "letters.pdf"
        with patch.object(dunning, "Painter", bills_pdf.Recorder):
            dunning.write(target, papers)
        acts = bills_pdf.recorders.pop().acts
        return [
            interleaved(
                "letters_pdf",
                lambda: seconds(lambda: dunning.write(target, papers)),
                lambda: seconds(lambda: bills_pdf.replay(target, acts)),
                RUNS,
                LIMIT,
            )
        ]
