"""A window on an office of the tests, and what hands do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.jobs.runner import Runner as Jobs
from app.security.keyslots import FLOOR
from app.services.alerts import Wanted, settle, settlement
from app.services.seat import Seat
from app.services.store import Store
from tests.builders import PASSWORD, STAFF, Office, StandingClock
from tests.ui.hands import show
from ui.opening import Opening
from ui.pages.registry import FACTORIES, Factory
from ui.recent import Recent
from ui.shell import Shell
from ui.window import Window


def no_jobs(store: Store, heard: Callable[[], None]) -> Jobs:
    """Jobs that are never due."""
    return Jobs(store, heard=heard, plan=())


@dataclass
class Desk:
    """A window; each log-in has a store of its own, as a program has."""

    qtbot: QtBot
    folder: Path
    config: Path
    clock: StandingClock
    factories: dict[str, Factory]
    jobs: Callable[[Store, Callable[[], None]], Jobs] = no_jobs
    window: Window | None = None

    def open(self) -> Window:
        self.window = Window(self.config, Opening(self.clock, FLOOR), self.jobs, self.factories)
        self.qtbot.addWidget(self.window)
        self.window.recent.opened(self.folder, "样例花园")
        self.window.login.show_office(Recent(self.folder, "样例花园"))
        show(self.qtbot, self.window)
        return self.window

    def log_in(self, login: str = "王经理", password: str = PASSWORD) -> Shell:
        window = self.window or self.open()
        window.login.user.setText(login)
        window.login.password.setText(password)
        window.login.submit()
        self.qtbot.waitUntil(lambda: window.shell is not None and not window.runner.busy)
        assert window.shell is not None
        return window.shell

    def log_in_billed(self, office: Office, login: str) -> Shell:
        """Log in, in an office that has posted a month."""
        office.with_houses().with_item()
        office.bill("2026-06", "2026-06-01")
        if login in STAFF:
            office.with_staff(login)
        shell = self.log_in(login)
        self.quiet()
        return shell

    def quiet(self) -> None:
        """Wait until everything that was asked is answered."""
        window = self.window
        assert window is not None
        self.qtbot.waitUntil(lambda: not window.runner.busy)

    def close(self) -> None:
        window = self.window
        if window is not None and not window.gone:
            window.finish()


def raise_alert(office: Office, title: str, level: str = "warn", key: str = "t:1", kind: str = "test") -> None:
    """An alert as a job raises it."""
    with Seat.system(office.manager.store).transaction(write=True) as work:
        roles = ("manager", "cashier", "engineering", "administrator", "accountant", "front_desk")
        wanted = [Wanted(key, kind, level, title, "请看一看。", roles)]
        settle(work, settlement(work, {f"test-{key}"}, wanted))
        work.audit("alerts.settled", "alert", None, detail={"raised": 1})


def a_desk(qtbot: QtBot, folder: Path, config: Path) -> Desk:
    """A window with the pages that are built."""
    return Desk(qtbot, folder, config, StandingClock(), dict(FACTORIES))
