"""车位: the list, who has a space, its cars."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.services import parking, vehicles
from tests.builders import Office
from tests.ui.hands import type_in
from tests.ui.list_pages import go_to, open_page, settled
from ui.forms.hint_button import HintButton
from ui.pages.parking import ParkingPage
from ui.pages.parking_dialogs import AddVehicle, ChangeVehicle, EndLease, EndVehicle, LeaseSpace
from ui.workers.runner import Runner


@pytest.fixture
def estate(office: Office) -> Office:
    office.with_houses().with_houses(["B1-15", "B1-16"], None)
    return office.with_item("CW", "flat", "150", houses="listed", name="车位费").with_staff("郑审计")


def _button(page: ParkingPage, words: str) -> HintButton:
    shown = [one for one in page.panel.findChildren(HintButton) if one.text() == words and not one.isHidden()]
    return shown[-1]


def test_a_space_is_let_and_its_car_written_down(estate: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, ParkingPage, estate.manager)
    go_to(qtbot, page, page.view.body.model.keys[0])
    page.leasing.trigger()
    qtbot.waitUntil(lambda: page.area.findChild(LeaseSpace) is not None)
    dialog = page.area.findChild(LeaseSpace)
    type_in(dialog.form.boxes["house"].edit, "3-1-101")
    dialog.form.boxes["item"].put("CW")
    dialog.form.boxes["name"].put("没有这人")
    dialog.form.submit()
    qtbot.waitUntil(lambda: dialog.form.boxes["name"].problem is not None)
    dialog.form.boxes["name"].put("")
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args[0] == "B1-15 出租给 业主3-1-0101，2026-07-06 起。"
    settled(qtbot, page)
    assert page.row.state == "leased"
    qtbot.waitUntil(lambda: any(one.text() == "结束使用…" for one in page.panel.findChildren(HintButton)))
    car = page.open_dialog(AddVehicle(page, "B1-15"))
    plate = car.form.boxes["plate"]
    type_in(plate.edit, "老电动车01")
    plate.judge()
    assert plate.problem is not None, "told as the field is left"
    car.form.boxes["unknown"].put("keep")
    car.form.boxes["unknown"].typed.emit()
    assert plate.problem is None
    with qtbot.waitSignal(car.landed):
        car.form.submit()
    settled(qtbot, page)
    (kept,) = vehicles.of_house(estate.manager, "B1-15")
    changing = page.open_dialog(ChangeVehicle(page, kept))
    changing.form.boxes["brand"].put("雅迪")
    assert changing.form.boxes["plate"].judge(), "one that was kept stays as it is"
    changing.form.boxes["plate"].put("京A1234")
    assert not changing.form.boxes["plate"].judge()
    changing.form.boxes["plate"].put("京A12345")
    with qtbot.waitSignal(changing.landed) as said:
        changing.form.submit()
    assert said.args[0] == "B1-15 的 京A12345 已改好。"
    settled(qtbot, page)
    (kept,) = vehicles.of_house(estate.manager, "B1-15")
    qtbot.waitUntil(lambda: _button(page, "不再停放…").findChild(QMenu).actions()[0].text() == "京A12345")
    gone = page.open_dialog(EndVehicle(page, kept))
    with qtbot.waitSignal(gone.landed):
        gone.form.submit()
    ending = page.open_dialog(EndLease(page, "B1-15", parking.listing(estate.manager, "B1-15")))
    with qtbot.waitSignal(ending.landed) as said:
        ending.form.submit()
    assert said.args[0] == "B1-15（业主3-1-0101）到 2026-07-06 为止。"
    settled(qtbot, page)


def test_who_only_reads_is_offered_nothing(estate: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, ParkingPage, estate.seat("郑审计"))
    go_to(qtbot, page, page.view.body.model.keys[0])
    assert not page.leasing.isEnabled()
    assert page.panel.title.text() == "B1-15"
    assert page.panel.findChildren(HintButton) == []
