"""What the window remembers on this PC: theme, font scale, each user's window place, and an office that is being made.

Nothing of a resident is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from ui.theme import SCALES, Mode

if TYPE_CHECKING:
    from app.services.seat import Seat

_FIRST = ("folder", "estate", "login")


class Remembered:
    """Kept in `window.ini` of the user's configuration folder; users stand in it by a digest."""

    def __init__(self, config: Path) -> None:
        self._kept = QSettings(str(config / "window.ini"), QSettings.Format.IniFormat)

    def look(self) -> tuple[Mode, int]:
        """Theme and font scale; what cannot be read counts as not set."""
        mode, scale = str(self._kept.value("look/theme", "")), str(self._kept.value("look/scale", ""))
        return (
            Mode(mode) if mode in {str(one) for one in Mode} else Mode.LIGHT,
            int(scale) if scale in {str(one) for one in SCALES} else 100,
        )

    def keep_look(self, mode: Mode, scale: int) -> None:
        """Remember theme and font scale."""
        self._kept.setValue("look/theme", str(mode))
        self._kept.setValue("look/scale", scale)

    def first_run(self) -> dict[str, str]:
        """What was typed for an office that is not made yet: folder, estate, login."""
        found = {name: str(self._kept.value(f"first/{name}", "")) for name in _FIRST}
        return {name: typed for name, typed in found.items() if typed}

    def keep_first_run(self, typed: Mapping[str, str]) -> None:
        """Remember it; nothing once the office is made. No password ever comes here."""
        for name in _FIRST:
            if typed.get(name):
                self._kept.setValue(f"first/{name}", typed[name])
            else:
                self._kept.remove(f"first/{name}")

    def printer(self, kind: str) -> tuple[str, float, float]:
        """The printer of a kind of document, and its paper in mm (0: as the document is)."""
        name, size = (str(self._kept.value(f"print/{kind}/{part}", "")) for part in ("name", "paper"))
        wide, _, high = size.partition("x")
        try:
            return name, float(wide), float(high)
        except ValueError:
            return name, 0.0, 0.0

    def keep_printer(self, kind: str, name: str, wide: float, high: float) -> None:
        """Remember a printer and its paper in mm."""
        self._kept.setValue(f"print/{kind}/name", name)
        self._kept.setValue(f"print/{kind}/paper", f"{wide:.1f}x{high:.1f}")

    def geometry(self, seat: Seat) -> QByteArray | None:
        """Where this user's window stood."""
        found = self._kept.value(f"{_user(seat)}/geometry")
        return found if isinstance(found, QByteArray) else None

    def keep_geometry(self, seat: Seat, geometry: QByteArray) -> None:
        """Remember where it stands."""
        self._kept.setValue(f"{_user(seat)}/geometry", geometry)

    def collapsed(self, seat: Seat) -> bool:
        """Whether this user's sidebar shows icons only."""
        return str(self._kept.value(f"{_user(seat)}/collapsed", "false")) == "true"

    def keep_collapsed(self, seat: Seat, collapsed: bool) -> None:
        """Remember it."""
        self._kept.setValue(f"{_user(seat)}/collapsed", collapsed)


def _user(seat: Seat) -> str:
    return sha256(f"{seat.store.place.office}:{seat.user_id}".encode()).hexdigest()[:16]
