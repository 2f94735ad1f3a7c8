"""Kill the program at random moments and look: the state before or the state after, and once is once.

kill.py [POINTS [COMMAND]]: that many points a command (default 100), or of one command; with a table at the end.
The program is warmed: each attempt is a fork of a process that has everything imported, so that the kill
falls into the work.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl

sys.path.insert(0, str(Path(__file__).parents[1]))

from app.cli import run
from app.security.keyslots import FLOOR
from app.services import entrance
from tests.builders import Office, StandingClock

PASSWORD = "correct horse battery"


def clock() -> datetime:
    return datetime(2026, 7, 6, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A command that is killed, and then tried again with the same key."""

    name: str
    argv: list[str]
    environ: dict[str, str]


def command(folder: Path, *argv: str, **environ: str) -> tuple[int, dict[str, Any]]:
    """A command in this process: exit status and JSON."""
    out = io.StringIO()
    words = [*argv, "--json", "--data", str(folder)]
    status = run(words, environ={"ANJU_PASSWORD": PASSWORD, **environ}, clock=clock, cost=FLOOR, stdout=out)
    return status, json.loads(out.getvalue())


def _in_child(folder: Path, case: Case) -> int:
    child = os.fork()
    if child == 0:
        os.setpgrp()
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        status = 5
        try:
            status, _ = command(folder, *argv_in(folder, case), **case.environ)
        finally:
            os._exit(status)
    return child


def duration(made: Path, case: Case) -> float:
    """How long the command takes when nobody kills it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "office"
        shutil.copytree(made, folder)
        begin = time.perf_counter()
        _, status = os.waitpid(_in_child(folder, case), 0)
        assert os.waitstatus_to_exitcode(status) == 0, (case.name, status)
        return time.perf_counter() - begin


Figures = tuple[Any, ...]


def argv_in(folder: Path, case: Case) -> list[str]:
    """The command's words; FOLDER stands for the office's own folder."""
    return [word.replace("FOLDER", str(folder)) for word in case.argv]


def ends(made: Path, case: Case) -> tuple[Figures, Figures]:
    """The figures before the command and after it, undisturbed."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "office"
        shutil.copytree(made, folder)
        before = totals(folder)
        status, said = command(folder, *argv_in(folder, case), **case.environ)
        assert status == 0, said
        return before, totals(folder)


def attempt(made: Path, case: Case, after: float, expected: tuple[Figures, Figures]) -> str:
    """Kill after so many seconds; verify; run again with the same key; verify. Gives what is wrong, or nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "office"
        shutil.copytree(made, folder)
        child = _in_child(folder, case)
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        middle = totals(folder)
        if middle not in expected:
            return f"after the kill: {middle}"
        status, said = command(folder, *argv_in(folder, case), **case.environ)
        if status != 0:
            return f"again: exit {status} {said}"
        done = totals(folder)
        return "" if done == expected[1] else f"done {done}, expected {expected[1]}"


def totals(folder: Path) -> Figures:
    """The figures that tell one state from another; verify must find nothing."""
    status, said = command(folder, "verify", "--user", "admin")
    if status != 0 or not said["ok"]:
        return ("verify", status, str(said.get("error")))
    _, staff = command(folder, "user", "list", "--user", "admin")
    figures = said.get("totals") or {}
    _, trail = command(folder, "audit", "list", "--limit", "500", "--user", "admin")
    acts = Counter(record["action"] for record in trail["records"])
    enabled = sum(user["enabled"] for user in staff["users"])
    return (*sorted(figures.items()), len(staff["users"]), enabled, *sorted(acts.items()))


def make(folder: Path) -> None:
    """A small office that has lived a little."""
    entrance.create_office(folder, "样例花园", "admin", PASSWORD, clock=clock, cost=FLOOR)
    office = Office(folder, StandingClock(clock()))
    office.seats["王经理"] = entrance.open_office(folder, "admin", PASSWORD, clock=clock, cost=FLOOR)
    office.with_houses([f"3-{e}-{f:02}{r:02}" for e in (1, 2) for f in range(1, 26) for r in (1, 2)])
    office.with_item(late_rate=50_000)
    office.bill("2026-05", "2026-05-01")
    office.pay("3-1-101", 5000)
    office.close()


def cases(folder: Path) -> list[Case]:
    """The commands that are killed; each has its key."""
    new = {"ANJU_NEW_PASSWORD": PASSWORD + "2"}
    who = ["--user", "admin"]
    return [
        Case("bill run", ["bill", "run", "--period", "2026-06", "--key", "k", *who], {}),
        Case("pay", ["pay", "3-1-102", "300", "--key", "k", *who], {}),
        Case("receipt void", ["receipt", "void", "S2026-00000001", "--reason", "录错", "--key", "k", *who], {}),
        Case("settings set", ["settings", "set", "telephone", "010-1", "--key", "k", *who], {}),
        Case("dun run", ["dun", "run", "--out", "FOLDER/out/dun.pdf", "--key", "k", *who], {}),
        Case("close", ["close", "--cash", "50", "--key", "k", *who], {}),
        Case("user add", ["user", "add", "新人", "--role", "cashier", "--key", "k", *who], new),
        Case("user disable", ["user", "disable", "旧人", "--key", "k", *who], {}),
        Case("import", ["import", "houses", str(folder / "houses.xlsx"), "--key", "k", *who], {}),
        Case("backup create", ["backup", "create", "FOLDER/out.anju", "--key", "k", *who], {}),
        Case(
            "backup restore", ["backup", "restore", str(folder / "b.anju"), "--reason", "演练", "--key", "k", *who], {}
        ),
    ]


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    rng = random.Random(1)
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        prepare(base)
        for case in cases(base):
            if len(sys.argv) > 2 and case.name != sys.argv[2]:
                continue
            whole = duration(base / "made", case)
            expected = ends(base / "made", case)
            tries = (attempt(base / "made", case, rng.uniform(0, whole), expected) for _ in range(points))
            bad = [found for found in tries if found]
            failed += len(bad)
            print(f"{case.name:16} {points - len(bad)}/{points}  ({whole:.2f} s)", *bad[:3], flush=True)
    sys.exit(bool(failed))


def prepare(base: Path) -> None:
    """The office, a backup of it and a workbook beside it."""
    make(base / "made")
    status, said = command(base / "made", "user", "add", "旧人", "--role", "cashier", "--user", "admin",
                           ANJU_NEW_PASSWORD=PASSWORD)  # fmt: skip
    assert status == 0, said
    status, said = command(base / "made", "backup", "create", str(base / "b.anju"), "--user", "admin")
    assert status == 0, said
    houses_book(base / "houses.xlsx")


def houses_book(path: Path) -> None:
    """A plain workbook of 25 houses with their owners."""
    book = openpyxl.Workbook()
    book.active.append(["楼栋", "单元", "房号", "建筑面积", "业主姓名", "手机"])
    for floor in range(1, 26):
        book.active.append(["5", "1", f"{floor:02}01", "89.2", f"样例{floor}", f"139000000{floor:02}"])
    book.save(path)


if __name__ == "__main__":
    main()
