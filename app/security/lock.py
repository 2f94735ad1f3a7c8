"""`office.lock`: held shared while an office is open, exclusive for restore and migration; one more byte range for the
witness, so that two processes cannot turn it back."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 10.0
_OPEN, _WITNESS = 0, 1


class Busy(Exception):
    """Another program holds the office."""


if sys.platform == "win32":
    import msvcrt

    def _try(handle: int, start: int, exclusive: bool) -> bool:
        # Windows has no shared byte locks here: the lock is exclusive for the witness, and absent for sharing.
        if not exclusive:
            return True
        os.lseek(handle, start, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(handle: int, start: int) -> None:
        os.lseek(handle, start, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(handle: int, start: int, exclusive: bool) -> bool:
        try:
            fcntl.lockf(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB, 1, start)
        except OSError:
            return False
        return True

    def _release(handle: int, start: int) -> None:
        fcntl.lockf(handle, fcntl.LOCK_UN, 1, start)


class OfficeLock:
    """The lock file of one office, held by this process."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        self.exclusive = False

    def _wait(self, start: int, exclusive: bool) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while not _try(self._handle, start, exclusive):
            if time.monotonic() > until:
                raise Busy
            time.sleep(0.02)

    def share(self) -> None:
        """Hold the office open. Raises Busy after 10 s while somebody restores or migrates it."""
        self._wait(_OPEN, exclusive=False)
        self.exclusive = False

    def take(self) -> None:
        """Hold the office alone. Raises Busy after 10 s while others have it open."""
        self._wait(_OPEN, exclusive=True)
        self.exclusive = True

    @contextmanager
    def witness(self) -> Iterator[None]:
        """Hold the witness's byte range."""
        self._wait(_WITNESS, exclusive=True)
        try:
            yield
        finally:
            _release(self._handle, _WITNESS)

    def close(self) -> None:
        """Let go."""
        os.close(self._handle)
