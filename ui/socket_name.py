"""By which name the window of an office is called; known without opening a connection."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QDir


def socket_name(folder: Path) -> str:
    """The name of an office's socket; it tells nothing of the path."""
    from hashlib import sha256

    return "anju-" + sha256(str(folder.resolve()).encode()).hexdigest()[:24]


def may_be_open(folder: Path) -> bool:
    """Whether another window of this office may be there; False is certain. A crash leaves its socket behind."""
    return sys.platform == "win32" or Path(QDir.tempPath(), socket_name(folder)).exists()
