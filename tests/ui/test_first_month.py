"""A new office by keyboard alone, from the first start to the letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.builders import Office
from tests.reports.excel.making import a_workbook
from tests.ui.first_month import HOUSES, FirstMonth
from tests.ui.hands import show


@pytest.fixture
def month(qtbot: QtBot, tmp_path: Path) -> Iterator[FirstMonth]:
    made = FirstMonth.begin(
        tmp_path, a_workbook(tmp_path, HOUSES), lambda until: qtbot.waitUntil(until, timeout=60_000)
    )
    qtbot.addWidget(made.window)
    show(qtbot, made.window)
    yield made
    if not made.window.gone:
        made.window.finish()


def test_the_first_bill_stands_after_at_most_forty_inputs(month: FirstMonth) -> None:
    month.first_bill()
    assert "12 张账单，2,515.44 元" in month.setup.message.said.text()
    assert (month.setup.steps.accessibleName(), month.setup.later.text()) == ("都完成了", "去工作台")
    assert month.hands.inputs <= 40


def test_the_month_goes_on_to_the_reminder_and_the_letter(month: FirstMonth) -> None:
    month.first_bill()
    counter = month.open_shift()
    month.hands.chords.clear()
    month.take("3-1-0101", "300")
    assert "找零 90.38" in counter.message.said.text()
    assert len(month.hands.chords) <= 6
    stages = [(month.dun(day), day) for day in ("2026-08-07", "2026-08-30", "2026-09-29")]
    assert [said.split("，")[0] for said, _ in stages] == ["已发 11 份文书"] * 3
    office = Office(month.base / "办公室", month.clock)
    kinds = office.sql("SELECT stage, COUNT(*) FROM dun_step GROUP BY stage ORDER BY MIN(id)")
    office.close()
    assert kinds == [("reminder", 11), ("notice", 11), ("letter", 11)]
