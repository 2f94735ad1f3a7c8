"""How time grows from 1,000 to 100,000 houses: the exponent of bill_run and arrears (1 is in proportion)."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from app.services import arrears, billing
from benchmarks.arrears import seconds
from benchmarks.figure import Figure
from benchmarks.office import copied, enter, make

SIZES = (1_000, 100_000)
MONTH = "2026-07"


def _bill_run(made: Path) -> float:
    with copied(made) as folder:
        seat = enter(folder)

        def run() -> None:
            billing.post(seat, MONTH, plan=billing.plan(seat, MONTH))

        taken = seconds(run)
        seat.close()
    return taken


def _arrears(made: Path) -> float:
    """Everybody owes everything: the worst day of the month."""
    seat = enter(made)
    arrears.arrears(seat)
    taken = median(seconds(lambda: arrears.arrears(seat)) for _ in range(5))
    seat.close()
    return taken


def _exponent(name: str, times: list[float], limit: float) -> Figure:
    exponent = math.log(times[1] / times[0]) / math.log(SIZES[1] / SIZES[0])
    return Figure(name, exponent, 1.0, f"exponent; {times[0]:.3f} s and {times[1]:.3f} s", 1, limit)


def measure() -> list[Figure]:
    """Both sizes of both acts."""
    runs: list[float] = []
    reads: list[float] = []
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        for size in SIZES:
            made = Path(scratch) / str(size)
            make(made, size)
            repeat: Callable[[], float] = lambda made=made: _bill_run(made)  # type: ignore[misc]
            runs.append(median(repeat() for _ in range(5 if size == SIZES[0] else 1)))
            seat = enter(made)
            billing.post(seat, MONTH)
            seat.close()
            reads.append(_arrears(made))
    return [_exponent("bill_run_growth", runs, 1.05), _exponent("arrears_growth", reads, 1.1)]
