"""A cashier's whole day by keyboard alone: from the shift to the sheet that is signed."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtWidgets import QComboBox

from tests.builders import PASSWORD, Office
from tests.ui.first_month import Hands
from tests.ui.windows import Desk
from ui.pages.counter import CounterPage
from ui.pages.counter_acts import CloseDay, OpenShift, UndoReceipt
from ui.pages.counter_ahead import PayAhead
from ui.pages.counter_more import TakeDeposit, Waive
from ui.pages.dialog import Dialog
from ui.pages.print_preview import PrintPreviewPage
from ui.shell import Shell

D = TypeVar("D", bound=Dialog)


class Day:
    """The counter of a cashier, with nothing but keys."""

    def __init__(self, desk: Desk, shell: Shell) -> None:
        self.desk, self.shell, self.hands = desk, shell, Hands()
        self.press("Alt+S")
        desk.qtbot.waitUntil(lambda: isinstance(shell.page, CounterPage))
        desk.quiet()

    @property
    def page(self) -> CounterPage:
        page = self.shell.page
        assert isinstance(page, CounterPage)
        return page

    def press(self, *chords: str) -> None:
        for keys in chords:
            self.hands.press(keys)

    def says(self, words: str) -> None:
        self.desk.qtbot.waitUntil(lambda: words in self.page.message.said.text())
        self.desk.quiet()

    def looks_at_paper(self, words: str = "") -> None:
        """A paper came in front; back to the counter, which says what was done."""
        self.desk.qtbot.waitUntil(lambda: isinstance(self.shell.page, PrintPreviewPage))
        self.desk.quiet()
        paper = self.shell.page
        self.desk.qtbot.waitUntil(lambda: paper is not None and paper.isAncestorOf(self.hands.focus))
        self.press("Esc")
        self.desk.qtbot.waitUntil(lambda: isinstance(self.shell.page, CounterPage))
        self.says(words)

    def call_up(self, typed: str, house: str) -> None:
        self.press("F2")
        self.hands.type(typed)
        self.press("Enter")
        self.desk.qtbot.waitUntil(lambda: self.page.name.words.startswith(house))
        self.desk.qtbot.waitUntil(self.page.till.received.hasFocus)

    def asks(self, keys: str, kind: type[D]) -> D:
        """Press the keys of a dialog and wait until its first field has the focus."""
        self.press(keys)
        found: list[D] = []

        def there() -> bool:
            found[:] = [each for each in self.page.area.findChildren(kind) if each.isVisible()]
            return bool(found) and found[0].isAncestorOf(self.hands.focus)

        self.desk.qtbot.waitUntil(there)
        return found[0]

    def fill(self, dialog: Dialog, **typed: str) -> None:
        """Go to fields by Tab and fill them; choices turn by the arrow keys."""
        for key, words in typed.items():
            box = dialog.form.boxes[key]
            for _ in range(40):
                if box.edit is self.hands.focus or box.edit.isAncestorOf(self.hands.focus):
                    break
                self.press("Tab")
            assert box.edit is self.hands.focus or box.edit.isAncestorOf(self.hands.focus), key
            if box.field.choices:
                turn = "Down" if isinstance(box.edit, QComboBox) else "Right"
                for _ in box.field.choices:
                    if box.text() != words:
                        self.press(turn)
                assert box.text() == words
            else:
                self.press("Ctrl+A")
                self.hands.type(words)


@pytest.fixture
def day(desk: Desk, office: Office) -> Day:
    office.with_houses(("3-1-0101", "3-1-0102", "3-1-0103")).with_item(name="物业费")
    office.with_item("YJ", "deposit", "2000", houses="listed", name="装修押金")
    for month in ("2026-06", "2026-07"):
        office.bill(month, f"{month}-01")
    with office.manager.transaction(write=True) as work:
        work.driver("UPDATE party SET person_id = 1 WHERE id = 2", ())
        work.audit("test.joined", "party")
    office.with_staff("李收费", "周经理")
    shell = desk.log_in("李收费")
    desk.quiet()
    return Day(desk, shell)


def test_a_counter_day_goes_by_without_the_mouse(day: Day, office: Office) -> None:
    # The drawer.
    shift = day.asks("Ctrl+B", OpenShift)
    day.fill(shift, float="500")
    day.press("Ctrl+S")
    day.says("已开班，备用金 500.00 元。")
    # Two houses of one owner on one receipt, part by WeChat, the rest in cash with change.
    day.call_up("310101", "3-1-0101")
    day.press("Ctrl+M")
    day.desk.qtbot.waitUntil(lambda: len(day.page.table.lines.ticket.lines) == 4)
    day.press("F4", "Alt+2")
    day.hands.type("400")
    day.press("Alt+1", "F4")
    day.hands.type("500")
    day.press("F12")
    day.looks_at_paper("收款 838.48 元已记账：S2026-00000001")
    # The third house pays less than it owes: asked once.
    day.call_up("3-1-103", "3-1-0103")
    day.hands.type("300")
    day.press("Enter")
    day.says("还欠 119.24。再按 Enter 收款。")
    day.press("Enter")
    day.looks_at_paper("收款 300.00 元已记账：S2026-00000002")
    # A waiver on the rest, which the manager consents to at the counter.
    day.call_up("3-1-103", "3-1-0103")
    waive = day.asks("F6", Waive)
    day.fill(waive, amount="19.24", reason="电梯停运", second="周经理", password=PASSWORD)
    day.press("Ctrl+S")
    day.says("19.24")
    # A year ahead with the office's free month, and a deposit.
    day.call_up("3-1-102", "3-1-0102")
    ahead = day.asks("F7", PayAhead)
    day.desk.qtbot.waitUntil(lambda: ahead.live.answer is not None)
    day.press("Ctrl+S")
    day.looks_at_paper()
    day.call_up("3-1-101", "3-1-0101")
    deposit = day.asks("Ctrl+Shift+Y", TakeDeposit)
    day.fill(deposit, method="wechat")
    day.press("Ctrl+S")
    day.looks_at_paper()
    # The second receipt was a mistake: void with the manager's password; then its paper again.
    undo = day.asks("Ctrl+R", UndoReceipt)
    day.fill(undo, number="S2026-00000002", reason="付款人弄错", second="周经理", password=PASSWORD)
    day.press("Ctrl+S")
    day.says("收据 S2026-00000002 已作废，300.00 元。")
    again = day.asks("Ctrl+R", UndoReceipt)
    day.fill(again, number="S2026-00000001", act="print")
    day.press("Ctrl+S")
    day.looks_at_paper()
    # The drawer by denominations: 500 + 438.48 + 2,515.44 in cash.
    close = day.asks("Ctrl+D", CloseDay)
    day.fill(close, **{"10000": "34", "5000": "1", "100": "4"})
    assert close.form.boxes["cash"].text() == "3454.00"
    day.fill(close, reason="多找了 8 分")
    day.press("Ctrl+S")
    day.looks_at_paper()
    booked = office.sql("SELECT booked, counted FROM daily_close")
    assert booked == [(50_000 + 43_848 + 251_544, 345_400)]
    assert office.sql("SELECT count(*) FROM receipt") == [(4,)]
    assert office.command("verify")[1]["ok"] is True
