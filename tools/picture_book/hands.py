"""What hands do at a window before its picture is taken, and how a picture is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QPushButton, QWidget

from app.services.list_face import Query
from app.services.store import Cost
from ui.forms.confirm import Overlay
from ui.pages.dialog import Dialog
from ui.pages.list_page import ListPage
from ui.pages.page import Page
from ui.pages.parted_page import PartedPage
from ui.shell import Shell
from ui.window import Window

PATIENCE_MS = 60_000
QUICK = Cost(47104, 1, 1)
SIZES = (QSize(1366, 768), QSize(1920, 1080))


class NotThere(Exception):
    """What a picture should show could not be brought up."""


def until(condition: Callable[[], bool]) -> None:
    """Let the window work until something holds. Raises NotThere after a minute."""
    left = QDeadlineTimer(PATIENCE_MS)
    while not condition():
        if left.hasExpired():
            raise NotThere("过了一分钟还没有完成")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 500)


def settle(window: Window) -> None:
    """Let everything that was asked be answered, painted and, where it is gone, taken away."""
    until(lambda: not window.runner.busy)
    for _ in range(2):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@dataclass(frozen=True, slots=True)
class Hands:
    """A window that somebody is logged in at."""

    window: Window
    shell: Shell

    @property
    def page(self) -> Page:
        """The page in front."""
        page = self.shell.page
        assert page is not None
        return page

    @property
    def overlays(self) -> list[Overlay]:
        """What floats over the window, the newest last."""
        return [one for one in self.window.findChildren(Overlay) if one.isVisible()]

    def settle(self) -> None:
        """Let everything that was asked be answered."""
        settle(self.window)

    def put_away(self) -> None:
        """Leave nothing floating and nothing said."""
        for over in reversed(self.overlays):
            over.finish()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        if self.shell.page is not None:
            self.page.message.clear()
        self.settle()


Step = Callable[[Hands], None]


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, what hands do on the page before it, and which overlays it then shows."""

    name: str
    steps: tuple[Step, ...] = ()
    shows: tuple[type[QWidget], ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """Pictures of one page as one user finds it. `large`: also at 150 %."""

    login: str
    page: str
    shots: tuple[Shot, ...]
    large: bool = False
    what: object = field(default=None)


def take_shot(hands: Hands, shot: Shot) -> None:
    """Do what comes before a picture. Raises NotThere."""
    for step in shot.steps:
        step(hands)
        hands.settle()
    there = {type(one) for one in hands.overlays}
    missing = [kind.__name__ for kind in shot.shows if kind not in there]
    if missing:
        raise NotThere(f"{'、'.join(missing)} 没有打开；页上说：{hands.page.message.said.text()}")


# ---- steps ---------------------------------------------------------------------------------------------------------


def press(words: str) -> Step:
    """Do what an action or a button of these words does, wherever it stands on the page or in its menus."""

    def step(hands: Hands) -> None:
        for target in _called(hands.page, words):
            if target.isEnabled():
                target.trigger() if isinstance(target, QAction) else target.click()
                return
        raise NotThere(f"“{words}”不在或不能按")

    return step


def _called(page: Page, words: str) -> Iterator[QAction | QAbstractButton]:
    plain = words.rstrip("…")
    for one in page.findChildren(QAction):
        if one.text().rstrip("…") == plain:
            yield one
    for button in page.findChildren(QAbstractButton):
        opens_menu = isinstance(button, QPushButton) and button.menu() is not None
        if button.text().rstrip("…") == plain and not opens_menu:
            yield button


def _menu(page: Page, words: str) -> tuple[QPushButton, QMenu]:
    """A button of these words and its menu."""
    for button in page.findChildren(QPushButton):
        menu = button.menu()
        if button.text().rstrip("…") == words.rstrip("…") and menu is not None and menu.actions():
            return button, menu
    raise NotThere(f"“{words}”没有菜单")


def choose(words: str) -> Step:
    """The first entry in the menu of a button of these words."""
    return lambda hands: _menu(hands.page, words)[1].actions()[0].trigger()


def drop_down(words: str) -> Step:
    """Open the menu of a button, as it lies over the page."""

    def step(hands: Hands) -> None:
        button, menu = _menu(hands.page, words)
        at = button.mapToGlobal(button.rect().bottomLeft())
        menu.popup(at)
        # The screen that is drawn on in memory is narrower than the window.
        edge = hands.window.mapToGlobal(hands.window.rect().bottomRight())
        menu.move(min(at.x(), edge.x() - menu.width()), at.y())

    return step


def view(place: int) -> Step:
    """Another list of a list page."""

    def step(hands: Hands) -> None:
        page = hands.page
        assert isinstance(page, ListPage)
        page.go_view(place)

    return step


def tab(place: int) -> Step:
    """A tab of the panel, which lies over the list where there is no room beside it."""

    def step(hands: Hands) -> None:
        page = hands.page
        assert isinstance(page, ListPage)
        page.show_panel(True)
        page.view.panel.tabs.go(place)

    return step


def part(place: int) -> Step:
    """Another part of a page of parts."""

    def step(hands: Hands) -> None:
        page = hands.page
        assert isinstance(page, PartedPage)
        page.go(place)

    return step


def find(words: str = "", filters: Mapping[str, str] | None = None) -> Step:
    """Look for a row in the list in front and stand on it."""

    def step(hands: Hands) -> None:
        page = hands.page
        assert isinstance(page, ListPage)
        if page.narrow:
            page.show_panel(False)
        page.view.body.ask(Query(words, tuple((filters or {}).items())))
        hands.settle()
        if page.view.body.table.key is None:
            page.step(1)

    return step


def go(page: str, what: object = None) -> Step:
    """To a page, for something."""
    return lambda hands: hands.shell.go(page, what)


def fill(**typed: str) -> Step:
    """Type into the fields of the form that floats over the page."""

    def step(hands: Hands) -> None:
        over = hands.overlays[-1]
        assert isinstance(over, Dialog)
        for name, text in typed.items():
            box = over.form.boxes[name]
            box.put(text)
            box.typed.emit()
            box.left.emit()

    return step


def submit(hands: Hands) -> None:
    """Send off the form that floats over the page."""
    over = hands.overlays[-1]
    assert isinstance(over, Dialog)
    over.form.submit()


def on(kind: type[QWidget], do: Callable[..., object]) -> Step:
    """Something that is no press of a button; `do` takes the page, which is of this kind."""

    def step(hands: Hands) -> None:
        page = hands.page
        assert isinstance(page, kind)
        do(page)

    return step
