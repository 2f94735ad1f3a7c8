"""A front-desk day by keyboard alone: who calls is found, his son moves in, papers, a space, an event, its guests."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtWidgets import QWidget

from tests.builders import Office
from tests.ui.first_month import Hands
from tests.ui.windows import Desk
from ui.pages.dialog import Dialog
from ui.pages.emergency_dialog import PrintEmergency
from ui.pages.event_desk import GuestDesk
from ui.pages.event_dialogs import InviteListed, NewEvent
from ui.pages.houses import HousesPage
from ui.pages.page import Page
from ui.pages.paper_dialogs import PrintSlips
from ui.pages.parking import ParkingPage
from ui.pages.parking_dialogs import LeaseSpace
from ui.pages.print_preview import PrintPreviewPage
from ui.pages.resident_dialogs import RegisterPerson
from ui.pages.residents import ResidentsPage
from ui.shell import Shell

D = TypeVar("D", bound=QWidget)


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


def test_an_afternoon_goes_by_without_the_mouse(desk: Desk, shell: Shell, office: Office) -> None:
    office.with_houses(["B1-15"], None)
    hands = Hands()

    def at(page: type[Page]) -> None:
        desk.qtbot.waitUntil(lambda: isinstance(shell.page, page))
        desk.quiet()

    def asks(kind: type[D]) -> D:
        found: list[D] = []

        def there() -> bool:
            found[:] = [each for each in shell.findChildren(kind) if each.isVisible()]
            return bool(found) and found[0].isAncestorOf(hands.focus)

        desk.qtbot.waitUntil(there)
        return found[0]

    def act(words: str) -> None:
        hands.press("Ctrl+K")
        desk.qtbot.waitUntil(shell.palette_box.box.hasFocus)
        hands.type(f">{words}")
        desk.qtbot.waitUntil(lambda: any(title.startswith(words) for title in shell.palette_box.titles))
        hands.press("Enter")

    def says(words: str) -> None:
        desk.qtbot.waitUntil(lambda: shell.page is not None and words in shell.page.message.said.text())
        desk.quiet()

    def fill(dialog: Dialog, **typed: str) -> None:
        for key, words in typed.items():
            edit = dialog.form.boxes[key].edit
            for _ in range(40):
                if edit is hands.focus or edit.isAncestorOf(hands.focus):
                    break
                hands.press("Tab")
            assert edit is hands.focus or edit.isAncestorOf(hands.focus), key
            hands.press("Ctrl+A")
            hands.type(words)

    # A space is let to a house.
    hands.press("Ctrl+K")
    desk.qtbot.waitUntil(shell.palette_box.box.hasFocus)
    hands.type("车位")
    desk.qtbot.waitUntil(lambda: "车位" in shell.palette_box.titles)
    hands.press("Enter")
    at(ParkingPage)
    hands.press("Alt+Down")
    desk.quiet()
    hands.press("Ctrl+N")
    fill(asks(LeaseSpace), house="3-1-102")
    hands.press("Ctrl+S")
    says("B1-15")
    # A tea party: made, everybody invited, one guest signed in at the door.
    hands.press("Alt+H")
    at(ResidentsPage)
    hands.press("Ctrl+PgDown")
    desk.quiet()
    hands.press("Ctrl+N")
    fill(asks(NewEvent), title="茶话会", on="2026-07-06")
    hands.press("Ctrl+S")
    says("活动“茶话会”已建")
    hands.press("Ctrl+PgUp")
    desk.quiet()
    act("邀请到活动")
    asks(InviteListed)
    hands.press("Ctrl+S")
    says("新请 3 人")
    hands.press("Ctrl+PgDown")
    desk.quiet()
    hands.press("Alt+Down")
    desk.quiet()
    hands.press("Enter")
    guests = asks(GuestDesk)
    hands.type("3-1-0102")
    desk.qtbot.waitUntil(lambda: len(guests.found.rows) == 1)
    hands.press("Enter")
    desk.qtbot.waitUntil(lambda: office.sql("SELECT count(*) FROM event_guest WHERE came") == [(1,)])
    hands.press("Esc")
    # A slip for the doors of a building.
    hands.press("Alt+F")
    at(HousesPage)
    act("门条")
    slips = asks(PrintSlips)
    fill(slips, title="停水通知", text="明天九点停水，请提前存水。")
    hands.press("Ctrl+S")
    at(PrintPreviewPage)
    assert office.command("verify")[1]["ok"] is True
