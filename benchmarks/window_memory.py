"""window_memory: what a process holds whose window lists 100,000 houses, or 250,000 residents, above one of 100 houses.

Each window is a process of its own that opens the list, goes to its end and sorts it; what it then holds (resident set)
is the measure. The limit is 50 MB above the small one, given as a ratio.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure

FEW, ROUNDS, MORE = 100, 3, 50_000_000


def measure() -> list[Figure]:
    """Both lists against the small office."""
    from benchmarks.register import make_register

    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as scratch:
        small, large = Path(scratch) / "small", Path(scratch) / "large"
        make_register(small, FEW)
        make_register(large)
        found = []
        for figure, name in (("window_memory", "houses_list"), ("window_memory_residents", "residents_list")):
            pairs = [(_held(name, large), _held(name, small)) for _ in range(ROUNDS)]
            ours, floor = (median(pair[arm] for pair in pairs) for arm in (0, 1))
            found.append(Figure(figure, ours / 2**20, floor / 2**20, "MiB", ROUNDS, 1 + MORE / floor))
        return found


def _held(name: str, office: Path) -> int:
    """Bytes that a window of its own holds."""
    call = [sys.executable, "-m", "benchmarks.window_memory", name, str(office)]
    done = subprocess.run(call, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    return int(done.stdout.split()[-1])


def _child(name: str, office: Path) -> None:
    """Show the list and say what the process holds."""
    from PySide6.QtWidgets import QApplication

    from benchmarks.lists import LISTS, Ours
    from ui.theme import look

    application = QApplication([""])
    look()
    arm = Ours(next(of for of in LISTS if of.figure == name), office)
    for step in ("open", "end", "sort"):
        arm.step(step, 0)
    application.processEvents()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS")))
    arm.close()


if __name__ == "__main__":
    _child(sys.argv[1], Path(sys.argv[2]))
