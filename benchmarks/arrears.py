"""arrears, arrears_past, dun_preview, backup, verify in an office of 100,000 houses × 12 months × 3 items."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.services import arrears, backups, dunning, statements, verification
from app.services.seat import Seat
from benchmarks.figure import Figure, interleaved
from benchmarks.large import TODAY, enter, make_large
from db.engine import sqlcipher
from db.triggers import LEDGER
from db.work import Work

HOUSES = 100_000
PAST = date(2026, 2, 20)

SCAN = "SELECT id, house_id, item_id, due_date, amount FROM charge"
LATE = """
    SELECT o.charge_id, h.number, o.payer_id, o.due_date, o.open FROM open_charge o JOIN house h ON h.id = o.house_id
    WHERE o.part = 'principal' AND o.due_date < ? ORDER BY h.sort_key
"""
STAGES = "SELECT house_id, payer_id, stage, max(id) FROM dun_step GROUP BY house_id, payer_id"


def seconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


class _Raw:
    """A connection below everything of ours."""

    def __init__(self, seat: Seat) -> None:
        self._connection = seat.store.engines.reader.connect()
        raw = self._connection.connection.driver_connection
        assert raw is not None
        self._raw: Any = raw

    def all(self, query: str, *given: object) -> None:
        """Fetch every row, a few thousand at a time."""
        cursor = self._raw.execute(query, given)
        while cursor.fetchmany(5000):
            pass

    def close(self) -> None:
        self._connection.close()


def measure() -> list[Figure]:
    """All figures of the large office; it is made once."""
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        folder = Path(scratch) / "office"
        make_large(folder, HOUSES)
        return [*_read(folder), _verify(folder), _backup(folder)]


def _read(folder: Path) -> list[Figure]:
    seat = enter(folder)
    raw = _Raw(seat)

    def scan() -> float:
        return seconds(lambda: raw.all(SCAN))

    def late() -> float:
        return seconds(lambda: raw.all(LATE, TODAY.isoformat())) + seconds(lambda: raw.all(STAGES))

    found = [
        interleaved("arrears", lambda: seconds(lambda: arrears.arrears(seat)), scan, 5, 0.05),
        interleaved("arrears_past", lambda: seconds(lambda: arrears.arrears(seat, PAST)), scan, 3, 2.0),
        interleaved("dun_preview", lambda: seconds(lambda: dunning.preview(seat)), late, 7, 2.0),
    ]
    raw.close()
    seat.close()
    return found


def _verify(folder: Path) -> Figure:
    seat = enter(folder)
    raw = _Raw(seat)

    def floor() -> None:
        raw.all("PRAGMA cipher_integrity_check")
        for table in LEDGER:
            raw.all(f"SELECT * FROM {table}")

    def ours() -> None:
        assert verification.verify(seat).ok

    made = interleaved("verify", lambda: seconds(ours), lambda: seconds(floor), 1, float("inf"))
    raw.close()
    seat.close()
    return made


def _synced_copy(source: Path, target: Path) -> None:
    with source.open("rb") as plain, target.open("wb") as copy:
        shutil.copyfileobj(plain, copy, 1024 * 1024)
        copy.flush()
        os.fsync(copy.fileno())


def _backup(folder: Path) -> Figure:
    seat = enter(folder)
    place = seat.store.place

    def ours() -> float:
        target = folder / "out.anju"
        taken = seconds(lambda: backups.create(seat, target))
        target.unlink()
        return taken

    def work() -> None:
        first, second = folder / "copy1", folder / "copy2"
        _synced_copy(folder / "office.db", first)
        _synced_copy(first, second)
        whole = sha256()
        with second.open("rb") as file:
            while block := file.read(1024 * 1024):
                whole.update(block)
        engines = sqlcipher(second, place.key)
        with engines.reader.begin() as connection:
            statements.totals(Work(connection, 1, frozenset(), frozenset(), place, "", TODAY))
        engines.close()

    def floor() -> float:
        taken = seconds(work)
        for name in ("copy1", "copy2"):
            (folder / name).unlink()
        return taken

    made = interleaved("backup", ours, floor, 3, 1.5)
    seat.close()
    return made
