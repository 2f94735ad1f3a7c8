"""search: what a few letters mean among 100,000 houses and 250,000 residents, against a LIKE scan.

The queries are beginnings of house numbers, names and plates, initials, and the last four digits of phones, drawn from
what is there. The floor reads every house number, name, phone and plate with LIKE by a raw cursor. The figure is the
95th percentile of all queries, each answered by the use case of the window's search box.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import select

from app.domain.initials import spellings
from app.services import search
from app.services.seat import Seat
from benchmarks.figure import Figure
from benchmarks.office import enter
from benchmarks.register import make_register
from db.models.estate import House, Vehicle
from db.models.people import Person

EACH = 60
ROUNDS = 3
LIMIT = 0.05
SCANS = (
    "SELECT id FROM house WHERE number LIKE ? OR number_key LIKE ?",
    "SELECT id FROM person WHERE name LIKE ? OR phone LIKE ?",
    "SELECT id FROM vehicle WHERE plate LIKE ? OR plate LIKE ?",
)


def measure() -> list[Figure]:
    """The figure; the office is made once."""
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        made = Path(scratch) / "office"
        make_register(made)
        seat = enter(made)
        typed = _typed(seat)
        connection = seat.store.engines.reader.connect()
        raw: Any = connection.connection.driver_connection
        pairs = [(_ours(seat, typed), _floor(raw, typed[:: len(typed) // 12])) for _ in range(ROUNDS)]
        connection.close()
        seat.close()
    ours, floor = ([time for pair in pairs for time in pair[arm]] for arm in (0, 1))
    return [Figure("search", _p95(ours), _p95(floor), f"s, p95 of {len(typed)} queries", ROUNDS, LIMIT)]


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _typed(seat: Seat) -> list[str]:
    """What people type, of what is there; mixed."""
    rng = random.Random(11)
    with seat.transaction(write=False) as work:
        columns = (House.number, Person.name, Person.phone, Vehicle.plate)
        numbers, names, phones, plates = (
            rng.sample([each for each in work.execute(select(column)).scalars() if each], EACH) for column in columns
        )
    found = [number[: rng.randrange(2, len(number) + 1)] for number in numbers]
    found += [name[: rng.randrange(1, len(name) + 1)] for name in names]
    found += [rng.choice(spellings(name)) for name in names]
    found += [phone[-4:] for phone in phones]
    found += [plate[: rng.randrange(2, len(plate) + 1)] for plate in plates]
    rng.shuffle(found)
    return found


def _ours(seat: Seat, typed: list[str]) -> list[float]:
    times = []
    for text in typed:
        begin = time.perf_counter()
        search.find(seat, text)
        times.append(time.perf_counter() - begin)
    return times


def _floor(raw: Any, typed: list[str]) -> list[float]:
    times = []
    for text in typed:
        begin = time.perf_counter()
        for scan in SCANS:
            raw.execute(scan, (f"%{text}%", f"%{text}%")).fetchall()
        times.append(time.perf_counter() - begin)
    return times
