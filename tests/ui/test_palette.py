"""The search from the keyboard: what it finds opens where it belongs, and only for who may see it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.services import equipment
from app.services.equipment_details import Details
from tests.builders import Office
from tests.ui.hands import press, type_in
from tests.ui.windows import Desk
from ui.pages.bills import BillsPage
from ui.pages.counter import CounterPage
from ui.pages.equipment import EquipmentPage
from ui.pages.houses import HousesPage
from ui.pages.list_page import ListPage
from ui.shell import Shell


def _lived_in(office: Office) -> Office:
    office.with_houses(("3-2-1102", "3-2-1103")).with_item().bill("2026-07", "2026-07-01")
    office.pay("3-2-1102", 10000)
    equipment.add(office.manager, Details("DT-01", "1号楼客梯", type="客梯", place="1号楼"))
    return office


def _search(desk: Desk, shell: Shell, text: str, title: str) -> None:
    press(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = shell.palette_box
    assert box.box.hasFocus()
    type_in(box.box, text)
    desk.qtbot.waitUntil(lambda: title in box.titles)
    press(box.box, Qt.Key.Key_Return)
    assert not box.isVisible()


@pytest.mark.parametrize(
    ("text", "title", "page", "view"),
    [
        ("b2026-07-1", "B2026-07-000001", BillsPage, "账单"),
        ("s202600000001", "S2026-00000001", BillsPage, "收款"),
        ("dt-01", "DT-01 1号楼客梯", EquipmentPage, "设备"),
    ],
)
def test_a_number_opens_its_row(desk: Desk, office: Office, text: str, title: str, page: type, view: str) -> None:
    _lived_in(office)
    shell = desk.log_in()
    _search(desk, shell, text, title)
    opened = shell.page
    assert isinstance(opened, page)
    assert isinstance(opened, ListPage)
    assert opened.view.title == view
    desk.qtbot.waitUntil(lambda: len(opened.view.body.model.keys) == 1)


def test_a_house_opens_at_the_counter_or_in_the_list_of_houses(desk: Desk, office: Office) -> None:
    _lived_in(office).with_staff("孙工程")
    shell = desk.log_in()
    _search(desk, shell, "3021102", "3-2-1102")
    assert isinstance(shell.page, CounterPage)
    assert desk.window is not None
    desk.quiet()
    desk.close()
    desk.window = None
    shell = desk.log_in("孙工程")
    _search(desk, shell, "3021102", "3-2-1102")
    assert isinstance(shell.page, HousesPage)


def test_an_engineer_finds_no_receipt(desk: Desk, office: Office) -> None:
    _lived_in(office).with_staff("孙工程")
    shell = desk.log_in("孙工程")
    press(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    type_in(shell.palette_box.box, "s202600000001")
    desk.qtbot.waitUntil(lambda: shell.palette_box.count.text() == "没有找到")
    assert shell.palette_box.titles == ()
