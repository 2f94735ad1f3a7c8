"""小区: the estates of the office, with their houses; a further one, or another name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.services import estates
from app.services.estates import EstateRow
from app.services.list_face import Kind as Cells
from ui.forms.field import Field
from ui.models.plain_model import column
from ui.pages.dialog import Dialog
from ui.pages.page import Page
from ui.pages.panel_table import PanelTable

NEW = "new"
COLUMNS = (column("name", "小区"), column("houses", "房屋（户）", Cells.COUNT, 10))


class Estates(Dialog):
    """Which of them gets another name, or that there is a new one."""

    def __init__(self, page: Page, rows: Sequence[EstateRow]) -> None:
        self._key = str(uuid4())
        fields = (
            Field(
                "which", "做什么", choices=((NEW, "再加一个小区"), *((row.name, f"{row.name} 改名") for row in rows))
            ),
            Field("name", "名称", hint="印在通知、标签上，如 阳光花园二期"),
        )
        about = "房号和楼号在整个办公室里不重复：另一个小区的楼请加区别，如 B3。新建和导入放在窗口左上角选的小区。"
        super().__init__(page, "小区", about, fields, "保存")
        self.body.insertWidget(self.body.indexOf(self.form), PanelTable("小区", COLUMNS, rows))
        self.form.fill({"which": NEW})

    def act(self, values: Mapping[str, Any]) -> None:
        """Add it, or give it the other name."""
        seat, which = self.page.seat, values["which"]

        def write() -> EstateRow:
            with seat.once(self._key):
                if which == NEW:
                    return estates.add(seat, values["name"])
                done = estates.rename(seat, which, values["name"])
                seat.estate = done.name if seat.estate == which else seat.estate
                return done

        self.do(write, lambda done: f"小区 {done.name} 已{'添加' if which == NEW else '改名'}。")
