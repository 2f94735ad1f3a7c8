"""权限: what each role may do; fixed in the program, so that nobody changes it unseen."""

from __future__ import annotations

from app.services import rights
from app.services.rights import HIDDEN, NO, ROLES, TWO, YES, Rights
from ui.forms.parts import Card, text
from ui.pages.page import Page
from ui.pages.parted_page import Part
from ui.pages.plain_table import Cell, Head, PlainTable, Status, Tinted
from ui.workers.topic import Topic

CELLS: dict[str, Cell] = {
    YES: Tinted("✓", "ok"),
    NO: Tinted("·", "third"),
    TWO: Status("warn", "双人"),
    HIDDEN: Status("neutral", "隐金额"),
}


class RightsPart(Part):
    """Rows are rights, columns are roles."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, "权限")
        self._topic = Topic()
        heads = (Head("权限"), *(Head(title, 92, centre=True) for _, title in ROLES))
        self.table = PlainTable("权限", heads)
        card = Card("角色能做什么", text("✓ 可以　· 不可以　双人：要另一个人批准", "small"))
        card.body.addWidget(self.table, 1)
        self.body.addWidget(card, 1)

    def refresh(self) -> None:
        """Read the table."""
        self.page.run(lambda _: rights.table(self.seat), topic=self._topic, done=self._show)

    def _show(self, found: Rights) -> None:
        self.table.put([(row.title, *(CELLS[cell] for cell in row.cells)) for row in found.rows])
        self.say(f"{len(found.roles)} 种角色，一个人可以兼几种")
