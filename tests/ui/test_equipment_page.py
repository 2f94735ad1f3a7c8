"""设备维保: the ledger, the tasks, what is done is written down."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.services import equipment, equipment_list, maintenance
from app.services.equipment_details import Details
from app.services.list_face import Query
from tests.builders import Office
from tests.ui.hands import type_in
from tests.ui.list_pages import go_to, open_page, settled
from ui.pages.equipment import EquipmentPage
from ui.workers.runner import Runner


@pytest.fixture
def equipped(office: Office) -> Office:
    equipment.add(office.manager, Details("DT-01", "1号楼客梯", type="客梯", place="1号楼"))
    equipment.add(office.manager, Details("ZZ-01", "自制展架"))
    office.clock.to("2026-08-20")
    return office.with_staff("孙工程", "钱客服")


def test_what_is_done_is_written_down_from_the_panel(equipped: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, EquipmentPage, equipped.seat("孙工程"))
    assert "逾期 1" in page.head.scope.text()
    go_to(qtbot, page, 1)
    assert page.view.panel.title.text() == "DT-01 1号楼客梯"
    dialog = page.complete()
    assert dialog is not None
    task = dialog.form.typed["task"]
    type_in(dialog.form.boxes["by"].edit, "张师傅")
    type_in(dialog.form.boxes["cost"].edit, "12x")
    dialog.form.submit()
    assert dialog.form.boxes["cost"].problem is not None
    dialog.form.boxes["cost"].put("120.50")
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args[0].startswith(f"DT-01 的{task}已登记（合格）")
    (done,) = equipment_list.history(equipped.manager, "DT-01")
    assert (done.task, done.done_by, done.cost) == (task, "张师傅", 12050)
    assert equipment_list.history(equipped.seat("孙工程"), "DT-01")[0].cost is None
    settled(qtbot, page)
    qtbot.waitUntil(lambda: "经过 1" in page.view.panel.tabs._words)


def test_nothing_is_done_to_a_piece_that_is_not_in_front(equipped: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, EquipmentPage, equipped.seat("孙工程"))
    go_to(qtbot, page, 1)
    qtbot.waitUntil(page.completing.isEnabled)
    page.view.body.ask(Query("没有这样的设备"))
    settled(qtbot, page)
    assert not page.completing.isEnabled()
    assert page.complete() is None


def test_a_task_s_row_offers_itself(equipped: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, EquipmentPage, equipped.manager)
    page.go_view(1)
    qtbot.waitUntil(lambda: page.view.body.model.ready)
    settled(qtbot, page)
    keys = page.view.body.model.keys
    assert len(keys) == len(maintenance.plans(equipped.manager, "DT-01"))
    go_to(qtbot, page, keys[1])
    page.view.body.table.opened.emit()
    dialog = page.area.findChild(type(page.complete()))
    assert dialog is not None
    assert dialog.form.typed["task"] == page.row.task


def test_new_equipment_brings_its_tasks(equipped: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, EquipmentPage, equipped.manager)
    dialog = page.add()
    dialog.form.fill({"number": "DT-01", "name": "2号楼客梯", "type": "曳引电梯"})
    dialog.form.submit()
    qtbot.waitUntil(lambda: dialog.form.boxes["number"].problem is not None)
    dialog.form.boxes["number"].put("DT-02")
    with qtbot.waitSignal(dialog.landed):
        dialog.form.submit()
    settled(qtbot, page)
    assert page.view.body.model.rowCount() == 3
    assert maintenance.plans(equipped.manager, "DT-02")


def test_who_only_reads_is_offered_nothing(equipped: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, EquipmentPage, equipped.seat("钱客服"))
    go_to(qtbot, page, 1)
    assert not page.completing.isEnabled()
    assert not page.adding.isEnabled()
    assert page.complete() is None


def test_two_who_change_one_piece_see_both_versions(equipped: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, EquipmentPage, equipped.seat("孙工程"))
    go_to(qtbot, page, 1)
    qtbot.waitUntil(lambda: page.found is not None)
    assert page.found is not None
    row = page.found.row
    dialog = page.change(row)
    dialog.form.boxes["brand"].put("样例电梯")
    equipment.change(equipped.manager, "DT-01", row.version, Details("DT-01", "1号楼客梯", type="客梯", place="2号楼"))
    dialog.form.submit()
    qtbot.waitUntil(lambda: dialog.form.message.isVisible())
    assert "位置“1号楼”→“2号楼”" in dialog.form.message.said.text()
    assert (dialog.form.typed["brand"], dialog.form.typed["place"]) == ("样例电梯", "2号楼")
    with qtbot.waitSignal(dialog.landed):
        dialog.form.submit()
    details = equipment.show(equipped.manager, "DT-01").row.details
    assert (details.brand, details.place) == ("样例电梯", "2号楼")


def test_equipment_is_stopped_and_given_a_task_of_its_own(equipped: Office, qtbot: QtBot, runner: Runner) -> None:
    page = open_page(qtbot, runner, EquipmentPage, equipped.manager)
    go_to(qtbot, page, 2)
    qtbot.waitUntil(lambda: page.found is not None)
    dialog = page.add_plan("ZZ-01")
    dialog.form.boxes["task"].put("擦拭")
    dialog.form.boxes["every"].put("x")
    dialog.form.submit()
    assert dialog.form.boxes["every"].problem is not None
    dialog.form.boxes["every"].put("2")
    with qtbot.waitSignal(dialog.landed) as said:
        dialog.form.submit()
    assert said.args == ["ZZ-01 已加任务：擦拭。"]
    page._end_plan("ZZ-01", "擦拭")
    qtbot.waitUntil(lambda: "已结束" in page.message.said.text())
    assert maintenance.plans(equipped.manager, "ZZ-01") == ()
    page.ask_state("ZZ-01", "stopped", "停用").answered.emit(True)
    qtbot.waitUntil(lambda: "现在是停用" in page.message.said.text())
    assert equipment.show(equipped.manager, "ZZ-01").row.state == "stopped"
