"""The offices that were opened on this PC: folders and estate names, nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MOST = 6


@dataclass(frozen=True, slots=True)
class Recent:
    """An office's folder, and what its estate is called."""

    folder: Path
    name: str


class RecentOffices:
    """The newest first, kept in a small file of the user's configuration."""

    def __init__(self, config: Path) -> None:
        self._file = config / "recent.json"

    def all(self) -> tuple[Recent, ...]:
        """The offices whose folder is still there. A file that cannot be read counts as none."""
        try:
            stored = json.loads(self._file.read_text("utf-8"))
            found = [Recent(Path(one["folder"]), str(one["name"])) for one in stored]
        except (OSError, ValueError, TypeError, KeyError):
            return ()
        return tuple(one for one in found if is_office(one.folder))

    def opened(self, folder: Path, name: str) -> None:
        """Remember it as the newest. That it cannot be written is no reason to stop."""
        kept = [one for one in self.all() if one.folder != folder]
        stored = [{"folder": str(one.folder), "name": one.name} for one in (Recent(folder, name), *kept)[:MOST]]
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(stored, ensure_ascii=False, indent=1), "utf-8")


def is_office(folder: Path) -> bool:
    """Whether an office lies in this folder."""
    with suppress(OSError):
        return (folder / "office.keys").is_file()
    return False
