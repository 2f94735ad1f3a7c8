"""Pictures of what comes before the pages: log-in, the steps to a new office, its first bill, a restore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from app.sample.staff import PASSWORD
from tools.picture_book.hands import QUICK, Hands, settle, until
from tools.picture_book.office import CASHIER, ESTATE, MANAGER
from ui.first_run.wizard import ADMIN, KEY
from ui.first_run.wizard import ESTATE as ESTATE_STEP
from ui.forms.confirm import Confirm
from ui.opening import Opening
from ui.pages.setup import BILL, PRICE, SetupPage
from ui.recent import Recent
from ui.restore import RestoreForm
from ui.shell import Shell
from ui.window import Window

Take = Callable[[Window, str], None]
Make = Callable[[Path], Window]
NAMES = (
    "login-first", "login", "login-wrong", "login-forgot", "login-restore", "first-folder", "first-estate",
    "first-admin", "first-key", "first-key-wrong", "setup-register", "setup-sample", "setup-price", "setup-bill",
    "setup-posting", "setup-posted",
)  # fmt: skip
SHOWS = {"Forgotten", "RestoreForm"}
"""What floats there."""
LARGE = ("login-first", "login", "login-wrong", "login-forgot", "login-restore")


def a_window(config: Path) -> Window:
    """A window without an office."""
    return Window(config, Opening(cost=QUICK))


def log_in(window: Window, login: str) -> Shell:
    """Log in with the sample's password."""
    window.login.user.setText(login)
    window.login.password.setText(PASSWORD)
    window.login.submit()
    until(lambda: window.shell is not None)
    assert window.shell is not None
    return window.shell


def close(window: Window) -> None:
    """Close a window and wait until it is gone; what is being written then is waited for."""
    settle(window)
    window.close()
    for asked in window.findChildren(Confirm):
        if asked.isVisible():
            asked.finish()
            asked.answered.emit(True)
    until(lambda: window.gone)


def the_login(take: Take, make: Make, config: Path, office: Path) -> None:
    """First, known, refused; a forgotten password; a restore over it."""
    window = make(config / "new")
    take(window, "login-first")
    window.recent.opened(office, ESTATE)
    window.login.show_office(Recent(office, ESTATE))
    window.login.user.setText(CASHIER)
    window.login.password.setText("wrong password")
    take(window, "login")
    for _ in range(4):
        window.login.submit()
        settle(window)
    window.login.password.caps.emit(True)
    take(window, "login-wrong")
    asked = window.forgot(office)
    take(window, "login-forgot")
    assert asked is not None
    asked.finish()
    backups = sorted((office / "backups").glob("*.anju"))
    restoring = RestoreForm(window.stack, window.runner, window.login.opening, office, backups[-1], MANAGER)
    take(window, "login-restore")
    restoring.finish()
    close(window)
    (office / "office.attempts").unlink(missing_ok=True)


def the_first_run(take: Take, make: Make, config: Path) -> None:
    """An office from nothing to its first bill."""
    with TemporaryDirectory() as folder:
        window = make(config / "first")
        wizard = window.make_office()
        wizard.folder.fill({"folder": str(Path(folder) / "安居办公室")})
        take(window, "first-folder")
        wizard.go(ESTATE_STEP)
        wizard.estate.fill({"estate": ESTATE})
        take(window, "first-estate")
        wizard.go(ADMIN)
        wizard.admin.fill({"login": MANAGER, "password": PASSWORD, "again": PASSWORD})
        take(window, "first-admin")
        wizard.admin.submit()
        until(lambda: wizard.now == KEY)
        take(window, "first-key")
        for edit in wizard.key.edits:
            edit.setText("AAAAA")
        wizard.key.next.trigger()
        take(window, "first-key-wrong")
        groups = wizard.key._groups
        for place, edit in zip(wizard.key.asked, wizard.key.edits, strict=True):
            edit.setText(groups[place])
        wizard.key.next.trigger()
        until(lambda: window.shell is not None)
        assert window.shell is not None
        _the_setup(take, Hands(window, window.shell))
        close(window)


def _the_setup(take: Take, hands: Hands) -> None:
    window, page = hands.window, hands.page
    assert isinstance(page, SetupPage)
    take(window, "setup-register")
    page.take_sample()
    take(window, "setup-sample")
    page.panel.write()
    hands.settle()
    page.go(PRICE)
    page.price.boxes["price"].put("2.35")
    take(window, "setup-price")
    page.price.submit()
    hands.settle()
    page.go(BILL)
    take(window, "setup-bill")
    page.posting.trigger()
    hands.settle()
    take(window, "setup-posting")
    for asked in hands.overlays:
        assert isinstance(asked, Confirm)
        asked.finish()
        asked.answered.emit(True)
    take(window, "setup-posted")
