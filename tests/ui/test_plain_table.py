"""The plain table: room on a wide screen, and no column wider than the screen allows on a small one."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ui.pages.plain_table import Head, PlainTable
from ui.theme import look


def _widths(table: PlainTable) -> list[int]:
    return [table.columnWidth(at) for at in range(3)]


def test_what_the_open_column_does_not_need_goes_to_all(qtbot: QtBot) -> None:
    table = PlainTable("权限", (Head("权限"), Head("收费员", 92), Head("财务", 92, gives_way=True)))
    qtbot.addWidget(table)
    table.put([("看房屋", "是", "否")])
    table.resize(400, 300)
    table.show()
    assert _widths(table)[2] == 0
    assert sum(_widths(table)) == table.viewport().width()
    table.resize(1212, 300)
    label, one, other = _widths(table)
    assert one == other > 250
    assert label < 2.5 * one
    assert sum(_widths(table)) == table.viewport().width()
    table.put([("很长的一句话" * 40, "是", "否")])
    assert _widths(table)[1:] == [92, 92]


def test_a_selected_row_has_a_bar_at_its_left(qtbot: QtBot) -> None:
    table = PlainTable("权限", (Head("权限"), Head("收费员", 92)))
    qtbot.addWidget(table)
    table.put([("看房屋", "是"), ("看住户", "是")])
    table.resize(400, 300)
    table.show()
    table.selectRow(1)
    seen = table.viewport().grab().toImage()
    inside = table.rowHeight(0) // 2
    assert seen.pixelColor(1, table.rowViewportPosition(1) + inside) == look().colour("accent")
    assert seen.pixelColor(1, table.rowViewportPosition(0) + inside) != look().colour("accent")
