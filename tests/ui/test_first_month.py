"""A new office by keyboard alone, from the first start to the letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.reports.excel.making import a_workbook
from tests.ui.first_month import FirstMonth
from tests.ui.hands import show

HOUSES = [
    ["房号", "建筑面积", "业主姓名", "手机号"],
    *[[f"3-1-{floor:02}01", 89.2, f"业主{floor}", f"139000000{floor:02}"] for floor in range(1, 13)],
]


@pytest.fixture
def month(qtbot: QtBot, tmp_path: Path) -> Iterator[FirstMonth]:
    made = FirstMonth.begin(
        tmp_path, a_workbook(tmp_path, HOUSES), lambda until: qtbot.waitUntil(until, timeout=10_000)
    )
    qtbot.addWidget(made.window)
    show(qtbot, made.window)
    yield made
    if not made.window.gone:
        made.window.finish()


def test_the_first_bill_stands_after_at_most_forty_inputs(month: FirstMonth) -> None:
    month.first_bill()
    assert "12 张账单，2,515.44 元" in month.setup.message.said.text()
    assert month.hands.inputs <= 40
