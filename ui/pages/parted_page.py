"""A page of several parts that take turns: each with its own buttons in the head, its own keys, its own reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services.seat import Seat
from ui.forms.hint_button import HintButton
from ui.forms.parts import action
from ui.forms.segments import Segments
from ui.pages.page import Page
from ui.theme import look
from ui.workers.runner import Runner


class Part(QWidget):
    """A part of a page. `body` is its layout, `tools` its buttons in the page's head, `acts` what its keys do."""

    reads: frozenset[str] = frozenset()

    def __init__(self, page: Page, word: str) -> None:
        super().__init__()
        self.page, self.seat, self.word = page, page.seat, word
        self.scope = ""
        self.old = True
        self.acts: list[QAction] = []
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(look().size("gap"))
        self.tools = QWidget()
        self._row = QHBoxLayout(self.tools)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)

    @property
    def dirty(self) -> bool:
        """Whether something typed here is not saved."""
        return False

    def refresh(self) -> None:
        """Load what the part shows."""

    def act(self, words: str, keys: str, do: Callable[[], object]) -> QAction:
        """An action whose keys work while the part is in front."""
        made = action(self.page, words, keys, do)
        self.acts.append(made)
        return made

    def tool(self, *buttons: HintButton) -> None:
        """Put buttons into the page's head."""
        for button in buttons:
            self._row.addWidget(button)

    def say(self, scope: str) -> None:
        """The grey line beside the page's title while the part is in front."""
        self.scope = scope
        if self.isVisible():
            self.page.head.say(scope)


class PartedPage(Page):
    """Chips in the head turn from part to part; Ctrl+1 … goes to one."""

    def __init__(self, seat: Seat, runner: Runner, title: str) -> None:
        super().__init__(seat, runner, title)
        self.parts: tuple[Part, ...] = ()
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)

    def put(self, parts: Sequence[Part]) -> None:
        """Its parts, the first in front. Called once."""
        self.parts = tuple(parts)
        self.reads = frozenset().union(*(part.reads for part in self.parts))
        self.switch = Segments([part.word for part in self.parts])
        self.switch.chosen.connect(self.go)
        self.head.lead(self.switch)
        self.head.add(*(part.tools for part in self.parts))
        for place, part in enumerate(self.parts):
            self._stack.addWidget(part)
            action(self, part.word, f"Ctrl+{place + 1}", partial(self.go, place))
        self._turn()

    @property
    def part(self) -> Part:
        """The part in front."""
        return self.parts[self._stack.currentIndex()]

    def go(self, place: int) -> None:
        """Another part to the front; what was said about the one before it is over."""
        if self.parts[place] is not self.part:
            self.message.clear()
        self._stack.setCurrentIndex(place)
        self.switch.put(place)
        self._turn()
        self._load()

    def _turn(self) -> None:
        for part in self.parts:
            front = part is self.part
            part.tools.setVisible(front)
            for act in part.acts:
                self.removeAction(act)
                if front:
                    self.addAction(act)
        self.head.say(self.part.scope)
        self.keys_changed.emit()

    @property
    def dirty(self) -> bool:
        """Whether any part holds something that is not saved."""
        return any(part.dirty for part in self.parts)

    def changed(self, topics: frozenset[str]) -> None:
        """Parts that read what changed are old now."""
        for part in self.parts:
            part.old = part.old or bool(topics & part.reads)
        self._load()

    def refresh(self) -> None:
        """All parts are old; the one in front is read now."""
        for part in self.parts:
            part.old = True
        self._load()

    def showEvent(self, event: QShowEvent) -> None:
        """The part in front may have become old while another page was."""
        super().showEvent(event)
        self._load()

    def _load(self) -> None:
        if self.isVisible() and self.part.old:
            self.part.old = False
            self.part.refresh()

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The keys of the part in front, then how to turn."""
        turns = {part.word for part in self.parts}
        shown = super().keys()
        own = tuple(pair for pair in shown if pair[1] not in turns)
        return (*own, (f"Ctrl+1–{len(self.parts)}", "换一部分"))
