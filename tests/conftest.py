"""An office for each test: made once, then copied; the clock stands where the test puts it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.security.keyslots import FLOOR
from app.services import entrance
from tests.builders import PASSWORD, Office, StandingClock


@pytest.fixture(scope="session")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A fresh office and its recovery key."""
    folder = tmp_path_factory.mktemp("made") / "office"
    done = entrance.create_office(folder, "样例花园", "王经理", PASSWORD, clock=StandingClock(), cost=FLOOR)
    return folder, done.recovery_key


@pytest.fixture
def folder(made_office: tuple[Path, str], tmp_path: Path) -> Path:
    """A data folder with a fresh office in it."""
    target = tmp_path / "office"
    shutil.copytree(made_office[0], target)
    return target


@pytest.fixture
def office(folder: Path) -> Iterator[Office]:
    """A fresh office with its first user at the desk."""
    opened = Office(folder)
    yield opened
    opened.close()
