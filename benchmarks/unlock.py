"""unlock: from the password to a usable seat, against Argon2id alone."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from app.security.keyslots import stretch
from app.services import entrance
from benchmarks.figure import Figure, interleaved
from benchmarks.office import PASSWORD, clock


def measure() -> list[Figure]:
    """One process, imports done, no migration, no re-wrap; the median of 20."""
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        folder = Path(scratch) / "office"
        entrance.create_office(folder, "样例花园", "admin", PASSWORD, clock=clock)
        seat = entrance.open_office(folder, "admin", PASSWORD, clock=clock)
        slot = seat.store.keys.slot_of("admin")
        assert slot is not None
        assert slot.cost is not None
        cost, salt = slot.cost, slot.salt
        seat.close()

        def ours() -> float:
            begin = time.perf_counter()
            opened = entrance.open_office(folder, "admin", PASSWORD, clock=clock)
            with opened.transaction(write=False):
                seconds = time.perf_counter() - begin
            opened.close()
            return seconds

        def floor() -> float:
            begin = time.perf_counter()
            stretch(PASSWORD, cost, salt)
            return time.perf_counter() - begin

        return [interleaved("unlock", ours, floor, 20, 1.2)]
