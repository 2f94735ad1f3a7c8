"""A real X display of our own (Xvfb) and keys from outside the process (xdotool), for starting the program on it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60.0
"""Seconds after which a window that did not come is given up."""


@contextmanager
def display(home: Path) -> Iterator[dict[str, str]]:
    """A display, and an environment with nothing of ours in it; `home` holds what the program remembers."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as said:
        number = said.readline().strip()
    try:
        yield {
            "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "HOME": str(home), "LANG": "C.UTF-8",
            "XDG_CONFIG_HOME": str(home / "config"), "PATH": os.environ["PATH"],
        }  # fmt: skip
    finally:
        server.terminate()
        server.wait()


def xdotool(shown: Mapping[str, str], *words: str) -> str:
    """What xdotool says; it waits by itself for a window that is searched with --sync."""
    done = subprocess.run(
        ["xdotool", *words], env=dict(shown), capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    return done.stdout.strip()


def window(shown: Mapping[str, str], title: str) -> str:
    """The window whose title holds these words; waits until it is there."""
    return xdotool(shown, "search", "--sync", "--onlyvisible", "--name", title).splitlines()[0]


def log_in(shown: Mapping[str, str], login: str, password: str, estate: str) -> str:
    """Type a log-in into the program's window; gives the window once its title names the estate."""
    found = window(shown, "安居物业")
    # No window manager gives the window the keys.
    xdotool(shown, "windowfocus", "--sync", found)
    for words in (("type", login), ("key", "Tab"), ("type", password), ("key", "Return")):
        xdotool(shown, *words)
    return window(shown, estate)
