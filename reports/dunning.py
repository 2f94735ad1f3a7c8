"""催缴: 温馨提示, 催缴通知单, 催缴函 and 律师函/起诉材料 in one PDF, in the order of the round (UI §9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path

from reports import dunning_legal, dunning_letter, dunning_slips
from reports.made import Made
from reports.paint import A4, Painter
from reports.papers import DunPaper

Write = Callable[[Painter, Sequence[DunPaper]], None]
"""Paints papers of one stage, the next page not yet begun after the last."""

_STAGES: Mapping[str, Write] = {
    "reminder": dunning_slips.reminders,
    "notice": dunning_slips.notices,
    "letter": dunning_letter.letters,
    "legal": dunning_legal.files,
}


def write(path: Path | BytesIO, papers: Iterable[DunPaper]) -> Made:
    """Write dunning papers into one PDF (a file, or memory), in the order given.

    Slips of one stage that follow one another share pages to cut; a letter begins a page of its own.
    Raises: `paper.too_long` where a text fits nowhere, OSError, ValueError without a paper or for an unknown stage.
    """
    painter = Painter(path, "催缴", A4)
    for stage, some in groupby(papers, key=lambda paper: paper.stage):
        if stage not in _STAGES:
            raise ValueError(f"unknown stage {stage!r}")
        _STAGES[stage](painter, list(some))
    return painter.close()
