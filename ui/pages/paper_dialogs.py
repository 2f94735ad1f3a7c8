"""Address labels and door slips of a building, as papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from app.services import door_papers
from app.services.door_papers import PER_SHEET, RELATIONS, DoorPapers
from ui.forms.field import Field, Kind, whole
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page
from ui.printers import OTHER


class PrintLabels(Dialog):
    """Labels for letters; a sheet that is partly used goes on where it stopped."""

    def __init__(self, page: Page, buildings: Sequence[tuple[str, str]], building: str = "") -> None:
        fields = (
            Field("building", "哪一栋", choices=tuple(buildings)),
            Field("relation", "给谁", choices=tuple(RELATIONS.items())),
            Field("start", "从第几个标签起", whole(1, PER_SHEET), kind=Kind.NUMBER, hint="一页 2×5，按行数"),
        )
        about = "A4 标签纸，每个 99×57 毫米；打印时选“实际大小”。"
        super().__init__(page, "地址标签", about, fields, "打印", WIDE, columns=2)
        self._key = str(uuid4())
        first = building or (buildings[0][0] if buildings else "")
        self.form.fill({"building": first, "relation": "owner", "start": "1"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Print them."""
        self.do(lambda: self._print(values), self._said)

    def _print(self, values: Mapping[str, Any]) -> DoorPapers:
        with self.page.seat.once(self._key):
            return door_papers.labels(self.page.seat, values["building"], values["relation"], values["start"])

    def _said(self, done: DoorPapers) -> str:
        self.page.show_paper(done.file, OTHER)
        return f"{done.building} 栋 {done.papers} 个标签已做好，{done.pages} 页。" + "".join(done.warnings)


class PrintSlips(Dialog):
    """A slip for every door of a building, with the same words."""

    def __init__(self, page: Page, buildings: Sequence[tuple[str, str]], building: str = "") -> None:
        fields = (
            Field("building", "哪一栋", choices=tuple(buildings)),
            Field("title", "标题"),
            Field("text", "要贴的话", hint="字多会自动缩小，最多 400 字"),
        )
        about = "一户一张，一页四张，沿虚线裁开；只有房号，没有姓名。"
        super().__init__(page, "门条", about, fields, "打印", WIDE)
        self._key = str(uuid4())
        self.form.fill({"building": building or (buildings[0][0] if buildings else ""), "title": "温馨提示"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Print them."""
        self.do(lambda: self._print(values), self._said)

    def _print(self, values: Mapping[str, Any]) -> DoorPapers:
        with self.page.seat.once(self._key):
            return door_papers.slips(self.page.seat, values["building"], values["text"], values["title"])

    def _said(self, done: DoorPapers) -> str:
        self.page.show_paper(done.file, OTHER)
        return f"{done.building} 栋 {done.papers} 张门条已做好，{done.pages} 页。" + "".join(done.warnings)
