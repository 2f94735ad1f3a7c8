"""The dialogs of papers for a building."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.services.list_face import Query
from tests.builders import Office
from tests.ui.list_pages import open_page, settled
from ui.pages.dialog import Dialog
from ui.pages.emergency_dialog import PrintEmergency
from ui.pages.houses import HousesPage
from ui.pages.paper_dialogs import PrintLabels, PrintSlips
from ui.workers.runner import Runner

BUILDINGS = (("3", "3 栋"), ("5", "5 栋"))


@pytest.mark.parametrize(
    ("make", "typed", "said"),
    [
        (PrintEmergency, {}, "3 栋的应急名单已做好：2 户 2 人，需要帮助 0 人。"),
        (PrintLabels, {"start": "4"}, "3 栋 2 个标签已做好，1 页。"),
        (PrintSlips, {"text": "明天停水"}, "3 栋 2 张门条已做好，1 页。"),
    ],
)
def test_a_paper_is_shown(
    office: Office, qtbot: QtBot, runner: Runner, make: type[Dialog], typed: dict[str, str], said: str
) -> None:
    page = open_page(qtbot, runner, HousesPage, office.with_houses().manager)
    shown: list[object] = []
    page.wanted.connect(lambda where, what: shown.append((where, what)))
    dialog = make(page, BUILDINGS, "5")  # type: ignore[call-arg, arg-type]
    assert dialog.form.typed["building"] == "5"
    dialog.form.submit()
    qtbot.waitUntil(lambda: any(box.problem is not None for box in dialog.form.boxes.values()))
    dialog.form.fill({**dialog.form.typed, "building": "3", **typed})
    with qtbot.waitSignal(dialog.landed) as landed:
        dialog.form.submit()
    assert landed.args == [said]
    assert len(shown) == 1


def test_the_page_prints_for_the_building_the_tree_stands_on(office: Office, qtbot: QtBot, runner: Runner) -> None:
    office.with_houses().with_houses(("5-1-0101",))
    page = open_page(qtbot, runner, HousesPage, office.manager)
    assert isinstance(page, HousesPage)
    qtbot.waitUntil(lambda: len(page.tree.buildings()) == 2)
    papers = {
        act.text(): act for act in page.findChildren(QAction) if act.text() in ("应急名单…", "地址标签…", "门条…")
    }
    assert len(papers) == 3
    page.view.body.filters.put(Query(filters=(("building", "5"),)))
    settled(qtbot, page)
    papers["门条…"].trigger()
    (dialog,) = page.findChildren(PrintSlips)
    assert dialog.form.typed["building"] == "5"
