"""Damage copies of an office's files: each command exits 4 or prints exactly the undamaged figures, never a trace.

damage.py [COPIES]: that many copies a file (default 1000) of office.db, office.keys and office.db-wal.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from app.security.keyslots import FLOOR
from app.services import entrance
from tests.builders import Office, StandingClock
from tools.kill import PASSWORD, clock, command, make

FILES = ("office.db", "office.keys", "office.db-wal")


def damaged(data: bytes, rng: random.Random) -> bytes:
    """One to eight changed bytes, a cut-off tail, or a run of zeros."""
    way = rng.random()
    if way < 0.7:
        changed = bytearray(data)
        for _ in range(rng.randint(1, 8)):
            changed[rng.randrange(len(data))] ^= rng.randint(1, 255)
        return bytes(changed)
    if way < 0.85:
        return data[: rng.randrange(len(data))]
    start = rng.randrange(len(data))
    length = min(rng.randint(16, 4096), len(data) - start)
    return data[:start] + bytes(length) + data[start + length :]


def figures(folder: Path) -> tuple[tuple[int, Any], ...]:
    """What a reading command and verify say."""
    found: list[tuple[int, Any]] = []
    status, said = command(folder, "bill", "preview", "--period", "2026-05", "--user", "admin")
    found.append((status, said if status == 0 else None))
    status, said = command(folder, "verify", "--user", "admin")
    found.append((status, said.get("totals") if status == 0 else None))
    return tuple(found)


def prepare(base: Path) -> Path:
    """An office whose last transactions still stand in the write-ahead log."""
    make(base / "made")
    office = Office(base / "made", StandingClock(clock()))
    office.seats["王经理"] = entrance.open_office(base / "made", "admin", PASSWORD, clock=clock, cost=FLOOR)
    for fen in (1000, 2000, 3000):
        office.pay("3-1-102", fen)
    shutil.copytree(base / "made", base / "live")
    office.close()
    return base / "live"


def attempt(live: Path, name: str, expected: tuple[tuple[int, Any], ...], rng: random.Random) -> str:
    """One damaged copy; gives what is wrong, or nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "office"
        shutil.copytree(live, folder)
        path = folder / name
        before = path.read_bytes()
        path.write_bytes(damaged(before, rng))
        if path.read_bytes() == before:
            return ""
        for (status, said), right in zip(figures(folder), expected, strict=True):
            if status == 5:
                return "unexpected error: " + (folder / "anju.log").read_text()[-400:]
            if status not in (0, 4):
                return f"exit {status}"
            if status == 0 and said != right[1]:
                return f"other figures: {said}"
    return ""


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        live = prepare(Path(scratch))
        expected = figures_of_a_copy(live)
        for name in FILES:
            rng = random.Random(1)
            bad = [found for _ in range(copies) if (found := attempt(live, name, expected, rng))]
            failed += len(bad)
            print(f"{name:14} {copies - len(bad)}/{copies}", *bad[:3], flush=True)
    sys.exit(bool(failed))


def figures_of_a_copy(live: Path) -> tuple[tuple[int, Any], ...]:
    """The undamaged figures."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "office"
        shutil.copytree(live, folder)
        expected = figures(folder)
    assert all(status == 0 for status, _ in expected), expected
    return expected


if __name__ == "__main__":
    main()
