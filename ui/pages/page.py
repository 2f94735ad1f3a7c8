"""What every page is: it holds a seat and a runner, and tells the window the rest by signals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.typed_day import read_day
from app.services.progress import Progress
from app.services.refused import Refused
from app.services.seat import Seat
from ui.forms.message_bar import MessageBar
from ui.forms.parts import keys_text, text
from ui.printers import Printers, PrintJob
from ui.theme import look
from ui.workers.runner import Runner
from ui.workers.topic import Topic

T = TypeVar("T")
RESTORE = "restore"
"""What a page asks for that only the window can do: close the office and put a backup in its place."""


def foot_words(act: QAction) -> str:
    """What an act is called beside its key in the status bar: the bar is no button, so no 「…」."""
    return act.text().rstrip("…")


class PageHead(QWidget):
    """Title, one grey line that says scope and count; at the right the buttons, the primary one last."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title, self.scope = text(title, "title"), text("", "small")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self.title)
        self._row.addSpacing(4)
        self._row.addWidget(self.scope)
        self._row.addStretch(1)
        self._size()
        look().changed.connect(self._size)

    def say(self, scope: str) -> None:
        """The grey line."""
        self.scope.setText(scope)

    def lead(self, widget: QWidget) -> None:
        """Put something beside the title, where it stands still whatever the scope and the buttons are."""
        self._row.insertWidget(self._row.indexOf(self.scope), widget)

    def add(self, *widgets: QWidget) -> None:
        """Put buttons at the right."""
        for widget in widgets:
            self._row.addWidget(widget)

    def _size(self) -> None:
        self.setFixedHeight(look().size("page_head"))


class Page(QWidget):
    """A page of the window. `body` is its layout below the head and the message bar.

    `reads` names the topics whose change makes it old; `refresh` loads it anew, when it comes to the front and is old.
    """

    reads: frozenset[str] = frozenset()
    front: QWidget | None = None
    """What has the keys when the page is opened for the first time."""

    said = Signal(str)
    """A sentence for the status bar."""
    wanted = Signal(str, object)
    """Another page by its key, and what it shall show (None: as it stands)."""
    keys_changed = Signal()
    """Other keys work now: the status bar shows them."""
    undoable = Signal(str, object)
    """What was done, and a function that takes it back: the window offers it for 8 s."""

    def __init__(self, seat: Seat, runner: Runner, title: str) -> None:
        super().__init__()
        self.seat, self.runner = seat, runner
        self.area: QWidget = self
        """What a question covers; the window sets it."""
        self.finds: Callable[[str], bool] = lambda _: False
        """Whether this seat finds another page; the window sets it."""
        self.printers = Printers()
        """Where documents come out; the window sets those of this desk."""
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head, self.message = PageHead(title), MessageBar()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(look().size("gap"))
        column = QVBoxLayout(self)
        margin = look().size("margin")
        column.setContentsMargins(margin, 0, margin, margin)
        column.setSpacing(0)
        column.addWidget(self.head)
        below = QVBoxLayout()
        below.setSpacing(look().size("gap"))
        below.addWidget(self.message)
        below.addLayout(self.body, 1)
        column.addLayout(below, 1)
        self._old = True
        self._keys_pause = QTimer(self)
        self._keys_pause.setSingleShot(True)
        self._keys_pause.setInterval(0)
        self._keys_pause.timeout.connect(self.keys_changed)

    @property
    def today(self) -> date:
        """The business date."""
        return self.seat.store.wall_clock().date()

    def read_day(self, typed: str) -> date:
        """A day as hands type it; the `parse` of a field. Raises Problem."""
        return read_day(typed, self.today)

    @property
    def dirty(self) -> bool:
        """Whether something typed here is not saved; the window asks before it closes."""
        return False

    def refresh(self) -> None:
        """Load what the page shows."""

    def open_with(self, what: object) -> None:
        """The page was brought to the front to show something: a house, a filter."""

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The keys of this page for the status bar: (keys, words)."""
        shown = [action for action in self.actions() if action.isEnabled() and not action.shortcut().isEmpty()]
        return tuple((keys_text(action.shortcut()), foot_words(action)) for action in shown)

    def run(
        self,
        work: Callable[[Progress], T],
        *,
        topic: Topic,
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        writes: bool = False,
        what: str = "",
    ) -> Progress:
        """Work off the window's thread; what goes wrong stands in the page's message bar unless `failed` takes it."""
        return self.runner.run(self, topic, work, done=done, failed=failed or self.tell, writes=writes, what=what)

    def tell(self, error: Exception) -> None:
        """What went wrong, in the message bar; who may set a clock that stands behind right is offered that."""
        if isinstance(error, Refused) and error.problem.code == "clock_back" and self.seat.may("accept_clock"):
            self.message.say("danger", error.problem.text, "", (("按电脑时间继续…", self.accept_clock),))
        else:
            self.message.tell(error)

    def accept_clock(self) -> None:
        """Ask why the PC's time is right."""
        from ui.pages.accept_clock import AcceptClock

        AcceptClock(self).landed.connect(lambda said: self.message.say("ok", said))

    def landed(self, said: str) -> None:
        """Something was written: say so in the message bar and read the page anew."""
        self.message.say("ok", said)
        self.reload()

    def show_paper(self, file: Path, kind: str) -> None:
        """Show a PDF of some kind of document in the print preview."""
        self.wanted.emit("print", PrintJob(file, kind))

    def changed(self, topics: frozenset[str]) -> None:
        """The window heard that these kinds of thing changed."""
        if topics & self.reads:
            self._old = True
            self._renew()

    def reload(self) -> None:
        """Load it whether it is old or not."""
        self._old = True
        self._renew()

    def actionEvent(self, event: QActionEvent) -> None:
        """What can be done now may have changed: the status bar is told once, after all of it."""
        super().actionEvent(event)
        self._keys_pause.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Load what became old while another page was in front."""
        super().showEvent(event)
        self._renew()

    def _renew(self) -> None:
        if self._old and self.isVisible():
            self._old = False
            self.refresh()
