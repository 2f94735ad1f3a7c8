"""How far long work has come; plain, so that the terminal and the window show the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")


class Cancelled(Exception):
    """The work was cancelled by the person at the desk; its transaction rolls back, nothing was written."""


class Progress:
    """What one piece of work tells while it runs: `n` steps done of `of` (0: not known), in words `what`.

    The work calls `step` on its own thread; anyone may read and `cancel`.
    """

    def __init__(self, what: str = "") -> None:
        self.what = what
        self.n = 0
        self.of = 0
        self.failed = False
        """Whether it ended without doing what it was for."""
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked for the end."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask for the end: the next `step` raises."""
        self._cancelled.set()

    def step(self, n: int, of: int, what: str | None = None) -> None:
        """Say how far it is. Raises Cancelled after `cancel`."""
        if self._cancelled.is_set():
            raise Cancelled
        self.n, self.of = n, of
        if what is not None:
            self.what = what


_running: ContextVar[Progress] = ContextVar("running")


@contextmanager
def watching(progress: Progress) -> Iterator[None]:
    """What is done inside tells this progress how far it is, and ends where it was cancelled."""
    token = _running.set(progress)
    try:
        yield
    finally:
        _running.reset(token)


def tell(n: int, of: int) -> None:
    """Say how far the work that is being watched is. Raises Cancelled."""
    progress = _running.get(None)
    if progress is not None:
        progress.step(n, of)


def watched(items: Sequence[T]) -> Iterator[T]:
    """The items one by one, each a step of the work that is being watched. Raises Cancelled."""
    for n, item in enumerate(items):
        tell(n, len(items))
        yield item
