"""The application in its look; the desktop's own settings do not reach the tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.windows import Desk, a_desk
from ui.theme import Look, Mode, look
from ui.workers.runner import Runner

# A real display: only where its server and the hands for it are installed (.ci/run says so where they are not).
collect_ignore = [] if shutil.which("Xvfb") and shutil.which("xdotool") else ["test_smoke_xvfb.py"]


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[Look]:
    """Each test begins light at 100 %."""
    seen = look()
    seen.set(Mode.LIGHT, 100)
    yield seen
    seen.set(Mode.LIGHT, 100)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    """A runner that is closed in the end."""
    made = Runner()
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, folder: Path, tmp_path: Path) -> Iterator[Desk]:
    """A window on a fresh office; closed in the end."""
    made = a_desk(qtbot, folder, tmp_path / "config")
    yield made
    made.close()
