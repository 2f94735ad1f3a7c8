"""How the window opens offices. The log-in stands before what it takes to open one is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.services.pc_clock import Clock, pc_clock
from app.services.refused import CannotOpen

if TYPE_CHECKING:
    from app.services.backups import BackupAnswer
    from app.services.restore import Person
    from app.services.seat import Seat
    from app.services.store import Cost


@dataclass(frozen=True, slots=True)
class Opening:
    """Tests give their own clock and cost."""

    clock: Clock = pc_clock
    cost: Cost | None = None

    def seat(self, folder: Path, login: str, password: str) -> Seat:
        """A seat on the office. One that lacks records opens too, for reading; the window says so.

        Raises CannotOpen and Refused.
        """
        from app.services import entrance

        def opened(purpose: entrance.Purpose) -> Seat:
            return entrance.open_office(folder, login, password, purpose=purpose, clock=self.clock, cost=self.cost)

        try:
            return opened(entrance.Purpose.WORK)
        except CannotOpen as closed:
            if closed.problem.code != "behind_witness":
                raise
        return opened(entrance.Purpose.VERIFY)

    def restore(
        self, folder: Path, archive: Path, who: Person, reason: str | None, second: Person | None, key: str
    ) -> BackupAnswer:
        """Put a backup in the place of a closed office. Raises CannotOpen and Refused."""
        from app.services import restore

        return restore.restore(folder, archive, who, reason, second=second, key=key, clock=self.clock, cost=self.cost)
