"""A list as a part of a page."""

from __future__ import annotations

from typing import Any

from ui.forms.hint_button import HintButton
from ui.pages.list_body import ListBody
from ui.pages.list_saving import ask_target, save_list
from ui.pages.page import Page
from ui.pages.parted_page import Part
from ui.theme import look
from ui.workers.topic import Topic


class ListPart(Part):
    """`body.opened` and `body.current` are for the page."""

    def __init__(self, page: Page, word: str, body: ListBody[Any]) -> None:
        super().__init__(page, word)
        self.list = body
        self.reads = body.face.reads
        self._topic = Topic()
        self.body.addWidget(body, 1)
        # The page has its margin already: the search stands above the table it searches.
        body.filters.row.setContentsMargins(0, 0, 0, look().px(8))
        self.act("筛选", "Ctrl+F", body.filters.search.setFocus)
        self.act("复制选中的行", "Ctrl+C", body.copy)
        self.act("复制一格", "Ctrl+Shift+C", body.copy_cell)
        self.exporting = self.act("导出", "Ctrl+E", self.export)
        self.tool(HintButton("", self.exporting, icon="export"))

    def refresh(self) -> None:
        """Ask the list anew."""
        self.list.refresh()

    def export(self) -> None:
        """Save what is filtered as a workbook."""
        target = ask_target(self.page, f"{self.list.face.title}_{self.page.today.isoformat()}.xlsx")
        if target is not None:
            save_list(self.page, self.list, target, self._topic)
