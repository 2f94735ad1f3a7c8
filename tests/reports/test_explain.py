"""The sheet that explains a month's charges: all of it is printed, inside the margins, over as many pages as needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import explain
from reports.explain import ExplainPaper, ExplainSection
from tests.reports.making import pages


def _paper(charges: int, steps: int, words: str = "89.2 m² × 2.35 元，计 209.62 元") -> ExplainPaper:
    sections = tuple(
        ExplainSection(f"物业费{n}", "2026-07", 20_962, 20_962, tuple((f"计算{s}", words) for s in range(steps)))
        for n in range(charges)
    )
    return ExplainPaper("3-1-0101", "王样例", "2026-07", "2026-07-06", "2026-07-06", "样例物业", "样例花园",
                        "0571-88880000", sections, 20_962 * charges, 367)  # fmt: skip


@pytest.mark.parametrize(("charges", "steps", "count"), [(1, 1, 1), (2, 9, 1), (4, 12, 2), (1, 90, 3)])
def test_every_length(tmp_path: Path, charges: int, steps: int, count: int) -> None:
    made = explain.write(tmp_path / "e.pdf", _paper(charges, steps))
    shown = pages(tmp_path / "e.pdf")
    assert made.missing == ()
    assert made.pages == len(shown) == count
    for page in shown:
        assert page.left >= 12
        assert page.right <= 198
        assert page.bottom >= 7
    text = "".join(page.text for page in shown)
    assert text.count("计209.62元") == charges * steps
    assert "未交合计" in shown[-1].text
    if count > 1:
        assert "费用说明（续）" in shown[1].text
        assert "第2页" in shown[1].text


def test_long_words_go_on_over_lines(tmp_path: Path) -> None:
    long = "基准日之后的每一段都写出来，" * 30
    explain.write(tmp_path / "e.pdf", _paper(2, 6, long))
    text = "".join(page.text for page in pages(tmp_path / "e.pdf"))
    assert text.count("基准日之后的每一段都写出来") >= 300
