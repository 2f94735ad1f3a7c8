"""Files of a restored office changing places: once the marker stands, this is finished, now or at the next opening."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from app.security.files import sync_folder, write_whole

MARKER = "office.restore"
NAMES = ("office.db", "office.db-wal", "office.db-shm", "office.keys", "office.keys.next", "office.head",
         "office.attempts", "files")  # fmt: skip


def stands(folder: Path) -> bool:
    """Whether a restore was decided and not finished."""
    return (folder / MARKER).exists()


def decide(folder: Path, staged: str, replaced: str) -> None:
    """Put up the marker: from here on the restored state is the office."""
    _write(folder, staged, replaced, "old files")


def _write(folder: Path, staged: str, replaced: str, phase: str) -> None:
    said = {"staged": staged, "replaced": replaced, "phase": phase}
    write_whole(folder / MARKER, json.dumps(said, sort_keys=True).encode())


def finish(folder: Path) -> None:
    """Move the old files aside, the new ones into place; may be called again after any interruption."""
    if not stands(folder):
        return
    said = json.loads((folder / MARKER).read_bytes())
    staged, replaced = folder / Path(said["staged"]).name, folder / Path(said["replaced"]).name
    if said["phase"] == "old files":
        replaced.mkdir(mode=0o700, exist_ok=True)
        for name in NAMES:
            if (folder / name).exists():
                os.replace(folder / name, replaced / name)
        sync_folder(replaced)
        sync_folder(folder)
        _write(folder, staged.name, replaced.name, "new files")
    for name in NAMES:
        if (staged / name).exists():
            os.replace(staged / name, folder / name)
    sync_folder(folder)
    (folder / MARKER).unlink()
    sync_folder(folder)
    shutil.rmtree(staged, ignore_errors=True)
    if not any(replaced.iterdir()):
        replaced.rmdir()
