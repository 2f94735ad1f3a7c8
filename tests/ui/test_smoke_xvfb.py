"""The program as its user starts it, on a real X display, with keys that come from outside the process.

It is collected where Xvfb and xdotool are found.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.security.keyslots import FLOOR
from app.services import entrance
from tests.builders import PASSWORD, StandingClock
from ui.recent import RecentOffices

ROOT = Path(__file__).parents[2]
ESTATE = "样例花园"
LOGIN = "admin"
"""xdotool types no Chinese without an input method."""
PATIENCE = 60.0


@pytest.fixture
def display(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A display of our own and an environment with nothing of ours in it."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as said:
        number = said.readline().strip()
    yield {
        "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "HOME": str(tmp_path), "LANG": "C.UTF-8",
        "XDG_CONFIG_HOME": str(tmp_path / "config"), "PATH": os.environ["PATH"],
    }  # fmt: skip
    server.terminate()
    server.wait()


def _xdotool(display: dict[str, str], *words: str) -> str:
    """What xdotool says; it waits by itself for a window that is searched with --sync."""
    done = subprocess.run(
        ["xdotool", *words], env=display, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    return done.stdout.strip()


def _window(display: dict[str, str], title: str) -> str:
    return _xdotool(display, "search", "--sync", "--onlyvisible", "--name", title).splitlines()[0]


def test_log_in_and_quit_with_keys_on_a_real_display(display: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "office"
    entrance.create_office(folder, ESTATE, LOGIN, PASSWORD, clock=StandingClock(), cost=FLOOR)
    RecentOffices(tmp_path / "config" / "anju").opened(folder, ESTATE)
    program = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py")], cwd=tmp_path, env=display, stderr=subprocess.PIPE, text=True
    )
    try:
        window = _window(display, "安居物业")
        # No window manager gives the window the keys, and so no field has them before the first Tab.
        _xdotool(display, "windowfocus", "--sync", window)
        _xdotool(display, "key", "Tab")
        _xdotool(display, "type", LOGIN)
        _xdotool(display, "key", "Tab")
        _xdotool(display, "type", PASSWORD)
        _xdotool(display, "key", "Return")
        assert _window(display, ESTATE) == window
        _xdotool(display, "key", "ctrl+q")
        _, said = program.communicate(timeout=PATIENCE)
        assert (program.returncode, "Traceback" in said) == (0, False), said
    finally:
        program.kill()
        program.wait()
