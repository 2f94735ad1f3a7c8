"""备份与设置: the office's backups, and what it decided once and for all houses."""

from __future__ import annotations

from app.services.seat import Seat
from ui.pages.backups_part import BackupsPart
from ui.pages.letters_part import LettersPart
from ui.pages.parted_page import PartedPage
from ui.pages.settings_part import SettingsPart
from ui.workers.runner import Runner


class OfficePage(PartedPage):
    """Its parts: 备份, 设置, 文书."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "备份与设置")
        self.backups, self.settings = BackupsPart(self), SettingsPart(self)
        self.letters = LettersPart(self)
        self.put((self.backups, self.settings, self.letters))

    def open_with(self, what: object) -> None:
        """An alert about backups came here."""
        self.go(0)
