"""A front-desk morning by keyboard alone: who calls is found, his son moves in, a paper for the building is printed."""

from __future__ import annotations

import pytest

from tests.builders import Office
from tests.ui.first_month import Hands
from tests.ui.windows import Desk
from ui.pages.emergency_dialog import PrintEmergency
from ui.pages.houses import HousesPage
from ui.pages.page import Page
from ui.pages.print_preview import PrintPreviewPage
from ui.pages.resident_dialogs import RegisterPerson
from ui.pages.residents import ResidentsPage
from ui.shell import Shell


@pytest.fixture
def shell(desk: Desk, office: Office) -> Shell:
    """The front desk at its PC."""
    office.with_houses().with_item()
    office.bill("2026-06", "2026-06-01")
    office.with_staff("钱客服")
    found = desk.log_in("钱客服")
    desk.quiet()
    return found


def test_a_morning_goes_by_without_the_mouse(desk: Desk, shell: Shell, office: Office) -> None:
    hands = Hands()

    def at(page: type[Page]) -> None:
        desk.qtbot.waitUntil(lambda: isinstance(shell.page, page))
        desk.quiet()

    def choose(words: str, title: str) -> None:
        hands.press("Ctrl+K")
        desk.qtbot.waitUntil(shell.palette_box.box.hasFocus)
        hands.type(words)
        desk.qtbot.waitUntil(lambda: title in shell.palette_box.titles)
        hands.press("Enter")

    # Somebody calls from a house: who is it, what does the house owe?
    choose("yz", "业主3-1-0102")
    at(HousesPage)
    # His son moves in.
    hands.chords.clear()
    hands.press("Alt+H")
    at(ResidentsPage)
    hands.press("Ctrl+F")
    hands.type("3-1-0102")
    desk.quiet()
    hands.press("Alt+Down")
    desk.quiet()
    hands.press("Ctrl+N")
    desk.qtbot.waitUntil(lambda: bool(shell.findChildren(RegisterPerson)))
    hands.type("孙样")
    hands.press("Tab")
    hands.type("13800000002")
    for key in ("Shift+Tab", "Shift+Tab", "Shift+Tab", "Down", "Down", "Ctrl+S"):
        hands.press(key)
    desk.qtbot.waitUntil(lambda: shell.page.message.said.text() == "3-1-0102 登记家庭成员 孙样。")
    assert len(hands.chords) <= 12
    # The list of those inside a building.
    hands.press("Alt+F")
    at(HousesPage)
    hands.press("Ctrl+K")
    hands.type(">应急")
    desk.qtbot.waitUntil(lambda: shell.palette_box.titles == ("应急名单…",))
    hands.press("Enter")
    desk.qtbot.waitUntil(lambda: bool(shell.findChildren(PrintEmergency)))
    hands.press("Ctrl+S")
    at(PrintPreviewPage)
    assert office.sql("SELECT count(*) FROM audit WHERE action = 'emergency.printed'") == [(1,)]
