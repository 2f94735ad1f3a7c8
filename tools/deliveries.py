"""The longest event deliveries of the window's thread in the first month (tests/ui/first_month.py), CPU in ms.

tools/deliveries.py [RUNS]: no delivery may use more than 50 ms, or 150 ms where it makes a page the first time. What is
measured is the thread's own CPU time from `QApplication.notify` to its end, inner deliveries included. The first key
comes when the log-in has imported what lies behind it, as it does 0.2 s after it is shown.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication

from tests.reports.excel.making import a_workbook
from tests.ui.first_month import HOUSES, FirstMonth
from ui.first_run.wizard import FirstRun
from ui.opening import Opening
from ui.pages.page import Page
from ui.remembered import Remembered
from ui.shell import Shell
from ui.theme import look
from ui.workers.runner import Runner

SHOWN = 12
READY = {"ui.shell", "ui.first_run.wizard"}


class Watched(QApplication):
    """Notes how much CPU each outermost delivery used, and which page it made."""

    def __init__(self) -> None:
        super().__init__([""])
        self.deliveries: list[tuple[float, str, str]] = []
        self.made = ""
        self._depth = 0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Deliver, and note."""
        if self._depth:
            return super().notify(receiver, event)
        self._depth, self.made = 1, ""
        name, begun = f"{type(receiver).__name__} {event.type().name}", time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            self._depth = 0
            self.deliveries.append(((time.thread_time() - begun) * 1000, name, self.made))


def watch_pages(application: Watched) -> None:
    """Let the shell say which page it makes."""
    make = Shell._make

    def noted(self: Shell, key: str) -> Page:
        application.made = key
        return make(self, key)

    Shell._make = noted  # type: ignore[method-assign]
    begin = FirstRun.__init__

    def begun(self: FirstRun, runner: Runner, remembered: Remembered, opening: Opening) -> None:
        application.made = "first run"
        begin(self, runner, remembered, opening)

    FirstRun.__init__ = begun  # type: ignore[method-assign]


def live(base: Path) -> None:
    """The first month, from an empty PC to the letter."""

    def wait(condition: Callable[[], bool]) -> None:
        while not condition():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)

    month = FirstMonth.begin(base, a_workbook(base, HOUSES), wait)
    month.window.show()
    month.window.activateWindow()
    wait(lambda: month.window.isActiveWindow() and set(sys.modules) >= READY)
    month.quiet()
    month.first_bill()
    month.open_shift()
    month.take("3-1-0101", "300")
    for day in ("2026-08-07", "2026-08-30", "2026-09-29"):
        month.dun(day)
    month.window.finish()


def main() -> None:
    """Live it some times and print the longest."""
    application = Watched()
    # As the program does: dressed before there is a window.
    look()
    watch_pages(application)
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        with tempfile.TemporaryDirectory() as base:
            live(Path(base))
    longest = sorted(application.deliveries, reverse=True)
    print(f"{len(longest)} deliveries")
    for title, found in (
        ("making a page", [one for one in longest if one[2]]),
        ("any other", [one for one in longest if not one[2]]),
    ):
        print(title)
        for milliseconds, name, made in found[:SHOWN]:
            print(f"  {milliseconds:7.1f} ms  {name}  {made}")


if __name__ == "__main__":
    main()
