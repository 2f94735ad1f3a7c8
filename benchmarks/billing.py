"""bill_run and bill_preview against executemany of all rows that the run leaves behind."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import inspect

from app.services import billing
from app.services.seat import Seat
from benchmarks.figure import Figure, interleaved
from benchmarks.office import FIVE, ITEMS, Items, copied, enter, make

MONTH = "2026-07"


Left = dict[str, tuple[list[str], list[tuple[object, ...]]]]
"""Rows that an act leaves behind, by table: columns and values."""

ORDER = ("building", "person", "party", "house", "house_payer", "resident", "bill_run", "bill", "charge", "charge_part",
         "open_charge")  # fmt: skip
"""Tables in an order that foreign keys allow; others come after."""


def rows_left(folder: Path, act: Callable[[Seat], object]) -> Left:
    """Every row that an act adds."""
    seat = enter(folder)
    store = seat.store

    def snapshot() -> dict[str, set[tuple[object, ...]]]:
        with store.engines.reader.begin() as connection:
            names = inspect(connection).get_table_names()
            return {t: {tuple(r) for r in connection.exec_driver_sql(f'SELECT * FROM "{t}"')} for t in names}

    before = snapshot()
    act(seat)
    after = snapshot()
    with store.engines.reader.begin() as connection:
        columns = {t: [c["name"] for c in inspect(connection).get_columns(t)] for t in after}
    seat.close()
    order = [*ORDER, *sorted(set(after) - set(ORDER))]
    fresh = {t: sorted(after[t] - before[t], key=repr) for t in order}
    return {t: (columns[t], rows) for t, rows in fresh.items() if rows}


def write_rows(made: Path, left: Left) -> float:
    """Seconds that executemany of these rows takes, with indexes and triggers, in one commit."""
    with copied(made) as folder:
        seat = enter(folder)
        replaced = ("counter", "revision", "number_series")
        begin = time.perf_counter()
        with seat.store.engines.writer.begin() as connection:
            for table, (columns, rows) in left.items():
                names = ", ".join(f'"{c}"' for c in columns)
                marks = ", ".join("?" * len(columns))
                verb = "INSERT OR REPLACE" if table in replaced else "INSERT"
                connection.exec_driver_sql(f'{verb} INTO "{table}" ({names}) VALUES ({marks})', rows)
        seconds = time.perf_counter() - begin
        seat.close()
    return seconds


def _run(made: Path) -> float:
    with copied(made) as folder:
        seat = enter(folder)
        begin = time.perf_counter()
        plan = billing.plan(seat, MONTH)
        billing.post(seat, MONTH, plan=plan)
        seconds = time.perf_counter() - begin
        seat.close()
    return seconds


def _preview(made: Path) -> float:
    with copied(made) as folder:
        seat = enter(folder)
        begin = time.perf_counter()
        billing.preview(seat, MONTH)
        seconds = time.perf_counter() - begin
        seat.close()
    return seconds


def measure() -> list[Figure]:
    """Both figures, 10,000 houses × 3 items."""
    return _measured("", 10_000, ITEMS, 5, 3.0)


def measure_large() -> list[Figure]:
    """Both figures, 100,000 houses × 5 items: two by area, two flat, a formula."""
    return _measured("_100k", 100_000, FIVE, 3, 2.5)


def _measured(suffix: str, houses: int, items: Items, n: int, limit: float) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        made = Path(scratch) / "made"
        make(made, houses, items)
        with copied(made) as folder:
            left = rows_left(folder, lambda seat: billing.post(seat, MONTH))
        run = interleaved(f"bill_run{suffix}", lambda: _run(made), lambda: write_rows(made, left), n, limit)
        preview = interleaved(f"bill_preview{suffix}", lambda: _preview(made), lambda: write_rows(made, left), n, 1.0)
    return [run, preview]
