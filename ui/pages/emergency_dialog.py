"""应急名单 of a building, from the page that shows its houses: the purpose stands there already, one key prints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.services import emergency
from app.services.emergency import EmergencyPrinted
from ui.forms.field import Field
from ui.pages.dialog import Dialog
from ui.pages.page import Page
from ui.printers import OTHER

USUAL = "应急疏散"


class PrintEmergency(Dialog):
    """Who lives in a building, as a paper. `buildings` are (code, title); `building` is the one that is shown."""

    def __init__(self, page: Page, buildings: Sequence[tuple[str, str]], building: str = "") -> None:
        fields = (
            Field("building", "哪一栋", choices=tuple(buildings)),
            Field("purpose", "用途", hint="记进审计"),
        )
        about = "有完整的姓名和电话，纸用后要收回。"
        super().__init__(page, "应急名单", about, fields, "打印")
        self._key = str(uuid4())
        self.form.fill({"building": building or (buildings[0][0] if buildings else ""), "purpose": USUAL})

    def act(self, values: Mapping[str, Any]) -> None:
        """Print it."""
        self.do(lambda: self._print(values), self._said)

    def _print(self, values: Mapping[str, Any]) -> EmergencyPrinted:
        with self.page.seat.once(self._key):
            return emergency.print_list(self.page.seat, values["building"], values["purpose"])

    def _said(self, done: EmergencyPrinted) -> str:
        self.page.show_paper(done.file, OTHER)
        count = f"{done.houses} 户 {done.people} 人，需要帮助 {done.needing} 人"
        return f"{done.building} 栋的应急名单已做好：{count}。" + "".join(done.warnings)
