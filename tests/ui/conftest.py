"""The application in its look; the desktop's own settings do not reach the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from ui.theme import Look, Mode, look
from ui.workers.runner import Runner


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
