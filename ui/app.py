"""Opens the window: one a office, in its look."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
from PySide6.QtWidgets import QApplication

from ui.icons import icon
from ui.recent import RecentOffices
from ui.socket_name import may_be_open
from ui.theme import look
from ui.window import Window


def config_folder() -> Path:
    """Where this user's window keeps what it remembers."""
    return Path(platformdirs.user_config_dir("anju", appauthor=False))


def run() -> int:
    """Open the window and stay until it is closed; gives the exit status.

    Where the office used last already has a window, that one comes to the front and this start ends with 0.
    """
    application = QApplication(sys.argv[:1])
    config = config_folder()
    known = RecentOffices(config).all()
    look()
    window = Window(config)
    application.setWindowIcon(icon("house", "accent", 32))
    if known and may_be_open(known[0].folder) and not window.claim(known[0].folder):
        return 0
    sys.excepthook = lambda _, error, __: window.mistake(error)
    window.show()
    return application.exec()
