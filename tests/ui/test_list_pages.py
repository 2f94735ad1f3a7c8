"""List pages open, sort by each column, search, filter, copy, export and close; rights and states show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services import equipment, view_states
from app.services.equipment_details import Details
from app.services.list_face import Query, Sort
from app.services.refused import refuse
from tests.builders import Office
from tests.ui.list_pages import open_page, settled
from ui.pages.houses import ACCOUNT, HousesPage
from ui.pages.list_page import ListPage
from ui.pages.registry import FACTORIES
from ui.workers.runner import Runner

LIST_PAGES = sorted(key for key, made in FACTORIES.items() if isinstance(made, type) and issubclass(made, ListPage))
Open = Callable[..., Any]


@pytest.fixture
def lived_in(office: Office) -> Office:
    office.with_houses(["3-1-0402", "3-2-1102", "3-1-0403"]).with_item().with_item("CW", "flat", "150", houses="listed")
    office.set(letterhead="样例物业")
    office.bill("2026-05", "2026-05-01")
    office.bill("2026-06", "2026-06-01")
    office.pay("3-1-402", 30000)
    equipment.add(office.manager, Details("DT-01", "1号楼客梯", type="客梯", place="1号楼"))
    equipment.add(office.manager, Details("SB-01", "水泵", type="水泵"))
    office.with_staff()
    return office


@pytest.fixture
def opened(qtbot: QtBot, runner: Runner) -> Open:
    """Opens a page and waits until its list is here."""
    return partial(open_page, qtbot, runner)


def _ask(qtbot: QtBot, page: ListPage, query: Query) -> list[int]:
    with qtbot.waitSignal(page.view.body.model.loaded):
        page.view.body.ask(query)
    settled(qtbot, page)
    return list(page.view.body.model.keys)


@pytest.mark.parametrize("key", LIST_PAGES)
def test_every_list_page_opens_sorts_searches_filters_and_closes(
    lived_in: Office, opened: Open, qtbot: QtBot, key: str
) -> None:
    page = opened(FACTORIES[key], lived_in.manager)
    for place in range(len(page.views)):
        if len(page.views) > 1:
            page.go_view(place)
            qtbot.waitUntil(lambda: page.view.body.model.ready)
            settled(qtbot, page)
        body = page.view.body
        everything = set(body.model.keys)
        for column in body.columns:
            for descending in (False, True):
                assert set(_ask(qtbot, page, Query(sorts=(Sort(column.key, descending),)))) == everything
        for chip in body.filters.chips.chips:
            assert set(_ask(qtbot, page, Query(filters=((chip.key, chip.value),)))) <= everything
        assert _ask(qtbot, page, Query("没有这样的东西")) == []
        assert body.pane.isVisible()
        _ask(qtbot, page, Query())
        if everything:
            body.table.go_to(body.model.keys[0])
            settled(qtbot, page)
            assert page.row is not None
            assert page.view.panel.title.text() or not page.view.panel.isVisible()
        body.show_column(body.columns[-1], on=False)
        body.reset_columns()
    page.close()


def test_the_search_box_filters_after_the_hands_rest(lived_in: Office, opened: Open, qtbot: QtBot) -> None:
    page = opened(HousesPage, lived_in.manager)
    box = page.view.body.filters.search
    with qtbot.waitSignal(page.view.body.model.loaded):
        QTest.keyClicks(box, "402")
    assert page.view.body.model.rowCount() == 1
    settled(qtbot, page)
    assert page.head.scope.text() == "3 户"
    QTest.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.view.body.model.rowCount() == 3)
    assert box.text() == ""


def test_a_house_s_panel_shows_what_is_open_and_what_was_paid(lived_in: Office, opened: Open, qtbot: QtBot) -> None:
    page = opened(HousesPage, lived_in.manager)
    page.view.body.table.go_to(1)
    qtbot.waitUntil(lambda: page.panel.title.text() == "3-1-0402")
    settled(qtbot, page)
    tables = [table.accessibleName() for table in page.panel.findChildren(type(_panel_table(page)))]
    assert {"未清费用", "最近收款"} <= set(tables)
    assert page.panel.tabs.at == ACCOUNT
    QTest.keyClick(page, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: page.panel.title.text() == "3-1-0403")
    QTest.keyClick(page, Qt.Key.Key_F4)
    assert not page.panel.isVisible()
    with qtbot.waitSignal(page.wanted) as sent:
        page.view.body.table.opened.emit()
    assert sent.args == ["counter", "3-1-0403"]


def _panel_table(page: HousesPage) -> Any:
    from ui.pages.panel_table import PanelTable

    found = page.panel.findChild(PanelTable)
    assert found is not None
    return found


def test_the_tree_narrows_the_houses(lived_in: Office, opened: Open, qtbot: QtBot) -> None:
    page = opened(HousesPage, lived_in.manager)
    building = page.tree.model().index(1, 0)
    page.tree.expand(building)
    with qtbot.waitSignal(page.view.body.model.loaded):
        page.tree.setCurrentIndex(page.tree.model().index(1, 0, building))
    assert page.view.body.query.filters == (("entrance", "3-2"),)
    settled(qtbot, page)
    assert page.view.body.model.rowCount() == 1
    assert "2 单元" in page.head.scope.text()


def test_who_may_not_see_money_finds_no_money(lived_in: Office, opened: Open, qtbot: QtBot) -> None:
    page = opened(HousesPage, lived_in.seat("孙工程"))
    titles = [column.title for column in page.view.body.columns]
    assert not any(word in title for title in titles for word in ("欠费", "预存", "物业费", "业主", "付款人"))
    assert page.view.body.foot.sums.words.startswith("面积")
    page.view.body.table.go_to(1)
    settled(qtbot, page)
    assert page.panel.tabs._words == ["基本", "历史"]
    assert [chip.title for chip in page.view.body.filters.chips.chips if chip.key == "owing"] == []


def test_f6_goes_through_the_areas(lived_in: Office, opened: Open, qtbot: QtBot) -> None:
    page = opened(HousesPage, lived_in.manager)
    body = page.view.body
    page.tree.setFocus()
    seen = []
    for _ in range(4):
        page._cycle(1)
        seen.append(page.focusWidget())
    assert seen == [body.filters.search, body.table, page.panel.tabs, page.tree]
    page._cycle(-1)
    assert page.focusWidget() is page.panel.tabs


def test_copied_rows_are_tab_separated_plain_figures(lived_in: Office, opened: Open, qtbot: QtBot) -> None:
    page = opened(HousesPage, lived_in.manager)
    page.view.body.table.selectAll()
    assert page.view.body.foot.chosen.text().startswith("已选 3 户")
    QTest.keyClick(page.view.body.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].split("\t")[:2] == ["房号", "面积（m²）"]
    assert lines[1].split("\t")[0] == "3-1-0402"
    assert lines[3].split("\t")[-2:] == ["419.24", "0.00"]


def test_a_page_comes_back_as_it_was_left(lived_in: Office, opened: Open, qtbot: QtBot) -> None:
    page = opened(HousesPage, lived_in.manager)
    body = page.view.body
    phone = body.face.column("phone")
    body.show_column(phone, on=True)
    body.table.horizontalHeader().resizeSection(1, 200)
    page.show_panel(False)
    _ask(qtbot, page, Query(filters=(("owing", "1"),), sorts=(Sort("owed", True),)))
    body.keep()
    settled(qtbot, page)
    assert view_states.kept(lived_in.manager, "houses").toggled == ("phone",)
    again = opened(HousesPage, lived_in.manager)
    assert again.view.body.query == Query(filters=(("owing", "1"),), sorts=(Sort("owed", True),))
    assert again.view.body.table.order() == body.table.order()
    assert again.view.body.table.columnWidth(1) == 200
    assert not again.panel.isVisible()


def test_an_export_writes_what_is_filtered(
    lived_in: Office, opened: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(HousesPage, lived_in.manager)
    _ask(qtbot, page, Query("3-1"))
    target = tmp_path / "houses.xlsx"
    monkeypatch.setattr(page, "ask_target", lambda name: target)
    QTest.keyClick(page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.message.isVisible)
    assert page.message.said.text().startswith("已导出 2 行")
    sheet = openpyxl.load_workbook(target).active
    assert [row[0].value for row in sheet.iter_rows(min_row=3)][:2] == ["3-1-0402", "3-1-0403"]


def test_what_cannot_be_read_stands_above_with_a_retry(
    lived_in: Office, opened: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(HousesPage, lived_in.manager)
    body = page.view.body

    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise refuse("locked", "另一个程序正在写数据。", "请稍后再试。")

    whole, body.model._doors = body.model._doors, Broken()  # type: ignore[assignment]
    with qtbot.waitSignal(body.model.failed):
        page.reload()
    assert body.strip.isVisible()
    assert body.model.rowCount() == 3
    body.model._doors = whole
    with qtbot.waitSignal(body.model.loaded):
        body._ask()
    assert not body.strip.isVisible()


def test_where_both_have_no_room_the_panel_lies_over_the_table(lived_in: Office, opened: Open, qtbot: QtBot) -> None:
    page = opened(HousesPage, lived_in.manager)
    assert page.panel.isVisible()
    assert not page.narrow
    page.resize(820, 600)
    assert page.narrow
    assert not page.panel.isVisible()
    page.toggle_panel()
    assert page.panel.isVisible()
    assert page.panel.mapTo(page, page.panel.rect().topRight()).x() == page.width() - 1
    page.resize(1190, 720)
    assert page.split.indexOf(page.panel.parentWidget()) == 1


def test_an_empty_list_says_what_to_do_first(office: Office, opened: Open) -> None:
    page = opened(HousesPage, office.manager)
    assert page.view.body.pane.title.text() == "还没有房屋"
    assert office.clock().date() >= date(2026, 7, 6)
