"""start: CPU from the first line to a log-in that takes keys, against an empty QMainWindow of the same font and style.

Each arm is a process of its own; what the log-in imports is looked at as well: no SQLAlchemy, no reportlab.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figure import Figure, interleaved

ROOT = Path(__file__).parents[1]
N = 15
_BEGIN = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([""])
from ui.theme import look
look()
"""
_OURS = """
from ui.window import Window
from ui.recent import Recent
window = Window(Path(sys.argv[1]) / "config")
window.login.show_office(Recent(Path(sys.argv[1]), "样例花园"))
window.show()
window.activateWindow()
while not window.login.user.hasFocus():
    application.processEvents()
window.grab()
late = [name for name in ("sqlalchemy", "reportlab") if name in sys.modules]
assert not late, late
"""
_FLOOR = """
window = QMainWindow()
window.resize(1366, 768)
window.show()
window.activateWindow()
while not window.isActiveWindow():
    application.processEvents()
window.grab()
"""
_END = """
print(time.process_time(), flush=True)
import os
os._exit(0)
"""


def _run(body: str, folder: str) -> float:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _BEGIN + body + _END, folder],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def measure() -> list[Figure]:
    """The median of 15 pairs, after one of each that warms the disk's cache."""
    with tempfile.TemporaryDirectory(prefix="anju-benchmark-") as folder:
        for body in (_OURS, _FLOOR):
            _run(body, folder)
        return [interleaved("start", lambda: _run(_OURS, folder), lambda: _run(_FLOOR, folder), N, 1.6)]
