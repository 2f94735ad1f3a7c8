"""The first month by keyboard alone: from an empty PC to the first posted bill, money, reminders, the letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QKeyCombination
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from app.security.keyslots import FLOOR
from tests.builders import PASSWORD, StandingClock
from tests.ui.hands import press, type_in
from tests.ui.windows import no_jobs
from ui.first_run.wizard import KEY
from ui.forms.confirm import Confirm
from ui.opening import Opening
from ui.pages.billing import BillingPage
from ui.pages.counter import CounterPage
from ui.pages.counter_acts import OpenShift
from ui.pages.dunning import DunningPage
from ui.pages.setup import BILL, PRICE, SetupPage
from ui.window import Window

HOUSES: list[list[object]] = [
    ["房号", "建筑面积", "业主姓名", "手机号"],
    *[[f"3-1-{floor:02}01", 89.2, f"业主{floor}", f"139000000{floor:02}"] for floor in range(1, 13)],
]
"""What the office brings: twelve houses of 89.2 m²."""

Wait = Callable[[Callable[[], bool]], None]
"""Lets the window work until something holds."""


class Hands:
    """Two hands on the keyboard: an input is one text typed or one key chord; it goes where the focus is."""

    def __init__(self) -> None:
        self.inputs = 0
        self.chords: list[str] = []

    @property
    def focus(self) -> QWidget:
        """Where the focus is."""
        found = QApplication.focusWidget()
        assert found is not None, "nothing has the focus"
        return found

    def type(self, words: str) -> None:
        """Fill the field that has the focus."""
        self.inputs += 1
        type_in(self.focus, words)

    def press(self, keys: str) -> None:
        """Press one chord: `Enter`, `Alt+N`, `Ctrl+Enter`."""
        self.inputs += 1
        self.chords.append(keys)
        sequence: Any = QKeySequence(keys.replace("Enter", "Return"))
        combination: QKeyCombination = sequence[0]
        press(self.focus, combination.key(), combination.keyboardModifiers())


@dataclass
class FirstMonth:
    """A window on a PC that knows no office; `workbook` is what the office brings."""

    base: Path
    workbook: Path
    wait: Wait
    window: Window
    clock: StandingClock
    hands: Hands

    @classmethod
    def begin(cls, base: Path, workbook: Path, wait: Wait) -> FirstMonth:
        clock = StandingClock()
        window = Window(base / "config", Opening(clock, FLOOR), no_jobs)
        return cls(base, workbook, wait, window, clock, Hands())

    def quiet(self) -> None:
        self.wait(lambda: not self.window.runner.busy)

    def make_office(self) -> None:
        """Alt+N, folder, estate, the first user; the key's two groups typed back."""
        hands, window = self.hands, self.window
        hands.press("Alt+N")
        wizard = window.first_run
        assert wizard is not None
        hands.type(str(self.base / "办公室"))
        hands.press("Enter")
        hands.type("阳光花园")
        hands.press("Enter")
        for words in ("王经理", PASSWORD, PASSWORD):
            hands.type(words)
            hands.press("Enter")
        self.wait(lambda: wizard.now == KEY)
        groups = wizard.key._groups
        for place in wizard.key.asked:
            hands.type(groups[place].lower())
            hands.press("Enter")
        self.wait(lambda: window.shell is not None and isinstance(window.shell.page, SetupPage))
        self.quiet()

    @property
    def setup(self) -> SetupPage:
        shell = self.window.shell
        assert shell is not None
        assert isinstance(shell.page, SetupPage)
        return shell.page

    def bring_register(self) -> None:
        """The workbook's path, then import what was shown."""
        self.hands.type(str(self.workbook))
        self.hands.press("Enter")
        self.wait(lambda: self.setup.panel.rehearsed is not None)
        self.quiet()
        self.hands.press("Ctrl+Enter")
        self.wait(lambda: self.setup.now == PRICE)
        self.quiet()

    def set_price(self) -> None:
        """The price; name and day stand there."""
        self.hands.type("2.35")
        self.hands.press("Enter")
        self.wait(lambda: self.setup.now == BILL)
        self.quiet()

    def post(self) -> None:
        """Post the first month: the question's safe answer has the focus, so Tab, then Enter."""
        self.wait(self.setup.posting.isEnabled)
        self.hands.press("Ctrl+Enter")
        self.hands.press("Tab")
        self.hands.press("Enter")
        self.quiet()

    def first_bill(self) -> None:
        """Everything up to the first posted bill."""
        self.make_office()
        self.bring_register()
        self.set_price()
        self.post()

    # ---- after the first bill ------------------------------------------------------------------------------------

    @property
    def page(self) -> object:
        shell = self.window.shell
        assert shell is not None
        return shell.page

    def open_shift(self) -> CounterPage:
        """The counter, and the shift of the day."""
        self.hands.press("Alt+S")
        page = self.page
        assert isinstance(page, CounterPage)
        self.quiet()
        self.hands.press("Ctrl+B")
        self.wait(lambda: any(one.isVisible() for one in page.area.findChildren(OpenShift)))
        self.hands.press("Ctrl+S")
        self.quiet()
        return page

    def take(self, house: str, cash: str) -> None:
        """A receipt: the house, its sum in cash."""
        page = self.page
        assert isinstance(page, CounterPage)
        self.hands.press("F2")
        self.hands.type(house)
        self.hands.press("Enter")
        self.wait(lambda: page.name.words.startswith(house))
        self.wait(page.till.received.hasFocus)
        self.hands.type(cash)
        self.hands.press("Enter")
        self.quiet()

    def next_month(self, day: str) -> None:
        """Post the month of a day on the bill-run page."""
        self.clock.to(day)
        self.hands.press("Alt+C")
        page = self.page
        assert isinstance(page, BillingPage)
        self.quiet()
        if not page.month.text().startswith(f"{int(day[:4])} 年 {int(day[5:7])} 月"):
            self.hands.press("Alt+Right")
        self.wait(page.go.isEnabled)
        for keys in ("Ctrl+Enter", "Tab", "Enter"):
            self.hands.press(keys)
        self.quiet()

    def dun(self, day: str) -> str:
        """The day's papers; gives what the page says was sent."""
        self.clock.to(day)
        self.hands.press("Alt+Q")
        page = self.page
        assert isinstance(page, DunningPage)
        self.quiet()
        self.hands.press("F5")
        self.quiet()
        if not page.handling.isEnabled():
            return ""
        self.hands.press("Ctrl+Enter")
        self.wait(lambda: any(one.isVisible() for one in page.area.findChildren(Confirm)))
        self.hands.press("Tab")
        self.hands.press("Enter")
        self.quiet()
        return page.message.said.text()
