"""One log-in: the seat, the background jobs on its store, and what both tell the window."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Signal

from app.jobs.runner import Runner as Jobs
from app.services.seat import Seat
from app.services.store import Store

Background = Callable[[Store, Callable[[], None]], Jobs]
"""Makes the jobs of an opened office; they call back after they raised alerts."""


def background(store: Store, heard: Callable[[], None]) -> Jobs:
    """The jobs as they are planned."""
    return Jobs(store, heard=heard)


class Session(QObject):
    """`heard` after new alerts, `changed` with the topics that a write touched; both arrive on the window's thread."""

    heard = Signal()
    changed = Signal(object)

    def __init__(self, seat: Seat, make: Background = background) -> None:
        super().__init__()
        self.seat = seat
        self._jobs = make(seat.store, self.heard.emit)
        self._ended = False
        seat.store.listeners.append(self._touched)

    def start(self) -> None:
        """Begin the background jobs; on an office that lacks records nothing may be written, so none."""
        if not self.seat.store.missing:
            self._jobs.start()

    def end(self) -> None:
        """Let the running job finish, start no other, close the office. Once is enough."""
        if self._ended:
            return
        self._ended = True
        self._jobs.stop()
        with suppress(ValueError):
            self.seat.store.listeners.remove(self._touched)
        self.seat.close()

    def _touched(self, topics: frozenset[str]) -> None:
        # Called on whatever thread wrote.
        if topics and not self._ended:
            self.changed.emit(topics)
