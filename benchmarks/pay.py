"""pay: a payment at the counter against the same statements, one full-sync commit and one synced 256-byte write."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app.services import payments
from benchmarks.figure import Figure, interleaved
from benchmarks.office import copied, enter, make_billed, numbers

HOUSES = 2_000
PAYMENTS = 60
MONTH = "2026-07"

Statement = tuple[str, Any, bool]


def _ours(made: Path, houses: list[str]) -> float:
    with copied(made) as folder:
        seat = enter(folder)
        payments.take(seat, houses[-1], 100)
        begin = time.perf_counter()
        for house in houses[:PAYMENTS]:
            payments.take(seat, house, 5_000)
        taken = time.perf_counter() - begin
        seat.close()
    return taken / PAYMENTS


def _recorded(made: Path, houses: list[str]) -> list[list[Statement]]:
    """The statements of each payment, with their values."""
    found: list[list[Statement]] = []
    with copied(made) as folder:
        seat = enter(folder)
        payments.take(seat, houses[-1], 100)

        def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
            found[-1].append((statement, values, many))

        event.listen(seat.store.engines.writer, "before_cursor_execute", note)
        for house in houses[:PAYMENTS]:
            found.append([])
            payments.take(seat, house, 5_000)
        seat.close()
    return found


def _floor(made: Path, houses: list[str], recorded: list[list[Statement]]) -> float:
    with copied(made) as folder:
        seat = enter(folder)
        payments.take(seat, houses[-1], 100)
        connection = seat.store.engines.writer.raw_connection()
        raw = connection.driver_connection
        assert raw is not None
        witness = os.open(folder / "witness", os.O_RDWR | os.O_CREAT)
        begin = time.perf_counter()
        for statements in recorded:
            for statement, values, many in statements:
                (raw.executemany if many else raw.execute)(statement, values).fetchall()
            raw.execute("COMMIT")
            os.pwrite(witness, bytes(256), 0)
            os.fsync(witness)
        taken = time.perf_counter() - begin
        os.close(witness)
        connection.close()
        seat.close()
    return taken / len(recorded)


def measure() -> list[Figure]:
    """One payment of many, an office on disk."""
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        made = Path(scratch) / "made"
        make_billed(made, HOUSES, MONTH)
        houses = numbers(HOUSES)
        recorded = _recorded(made, houses)
        return [interleaved("pay", lambda: _ours(made, houses), lambda: _floor(made, houses, recorded), 7, 3.0)]
