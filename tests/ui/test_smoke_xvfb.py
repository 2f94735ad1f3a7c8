"""The program as its user starts it, on a real X display, with keys that come from outside the process.

It is collected where Xvfb and xdotool are found.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.security.keyslots import FLOOR
from app.services import entrance
from tests.builders import PASSWORD, StandingClock
from tools.display import PATIENCE, display, log_in, window, xdotool
from ui.recent import RecentOffices

ROOT = Path(__file__).parents[2]
ESTATE = "样例花园"
LOGIN = "admin"
"""xdotool types no Chinese without an input method."""


def test_log_in_and_quit_with_keys_on_a_real_display(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    entrance.create_office(folder, ESTATE, LOGIN, PASSWORD, clock=StandingClock(), cost=FLOOR)
    RecentOffices(tmp_path / "config" / "anju").opened(folder, ESTATE)
    with display(tmp_path) as shown:
        program = subprocess.Popen(
            [sys.executable, str(ROOT / "main.py")], cwd=tmp_path, env=shown, stderr=subprocess.PIPE, text=True
        )
        try:
            assert log_in(shown, LOGIN, PASSWORD, ESTATE) == window(shown, ESTATE)
            xdotool(shown, "key", "ctrl+q")
            _, said = program.communicate(timeout=PATIENCE)
            assert (program.returncode, "Traceback" in said) == (0, False), said
        finally:
            program.kill()
            program.wait()
