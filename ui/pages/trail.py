"""用户与审计: who may come in and do what, what was done, and whether its chain holds."""

from __future__ import annotations

from app.services.seat import Seat
from ui.pages.chain_part import ChainPart
from ui.pages.parted_page import PartedPage
from ui.pages.rights_part import RightsPart
from ui.pages.staff_part import StaffPart
from ui.pages.trail_part import TrailPart
from ui.workers.runner import Runner


class TrailPage(PartedPage):
    """Four parts: 用户, 权限, 审计记录, 链校验."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "用户与审计")
        self.staff, self.rights = StaffPart(self), RightsPart(self)
        self.trail, self.chain = TrailPart(self), ChainPart(self)
        self.put((self.staff, self.rights, self.trail, self.chain))
