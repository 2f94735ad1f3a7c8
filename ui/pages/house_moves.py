"""A house gets another number, is split, or merged with others; from its panel."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from app.domain.problem import problem
from app.domain.quantity import Area
from app.services import house_splits, renumbering
from app.services.house_rows import HousePlace
from app.services.house_splits import WORDS, Part, Replaced
from app.services.renumbering import Renumbered
from ui.forms.field import Field, Kind, check
from ui.pages.dialog import WIDE, Dialog
from ui.pages.house_forms import whole_or_below
from ui.pages.live_card import LiveCard
from ui.pages.page import Page

_BETWEEN = re.compile(r"[,，、;；\s]+")


def numbers(typed: str) -> tuple[str, ...]:
    """The `parse` of several house numbers."""
    return tuple(word for word in _BETWEEN.split(typed.strip()) if word)


def parts(typed: str) -> tuple[Part, ...]:
    """The `parse` of new houses with their areas: `3-1-0402A=45.2，3-1-0402B=44`."""
    found = []
    for word in numbers(typed):
        number, equals, size = word.replace("＝", "=").partition("=")
        if not number or (equals and not size):
            raise problem("parts.form", "看不懂“{word}”。", "写成 3-1-0402A=45.2，几户之间用逗号。", word=word)
        found.append(Part(number, Area.parse(size).units if size else None))
    return tuple(found)


class Renumber(Dialog):
    """A house gets another number from a day."""

    def __init__(self, page: Page, number: str, building: str = "", entrance: str = "") -> None:
        fields = (
            Field("building", "楼栋", optional=True),
            Field("entrance", "单元", optional=True, hint="没有单元不填"),
            Field("room", "房号", hint="如 0403"),
            Field("floor", "楼层", whole_or_below, optional=True, kind=Kind.NUMBER, hint="不填按房号"),
            Field("on", "从哪天起", page.read_day, kind=Kind.DAY),
            Field("reason", "原因"),
        )
        about = "已出的账和打印过的单据不变；用原来的房号仍然找得到这一户。"
        super().__init__(page, f"{number} 改房号", about, fields, "改房号", WIDE, columns=2)
        self._number, self._key = number, str(uuid4())
        self.form.fill({"building": building, "entrance": entrance, "on": page.today.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat = self.page.seat
        place = HousePlace(values["building"], values["entrance"], values["room"], values["floor"])

        def write() -> Renumbered:
            with seat.once(self._key):
                return renumbering.renumber(seat, self._number, place, values["on"], values["reason"])

        self.do(write, lambda done: f"{done.former} 改为 {done.house}，原房号用到 {done.until}。")


class ReplaceHouses(Dialog):
    """One house becomes several, or several become one; what to look at is said before."""

    def __init__(self, page: Page, number: str) -> None:
        fields = (
            Field("olds", "原房屋", numbers, hint="拆分只写一户；合并写几户，用逗号隔开"),
            Field("news", "新房屋和面积", parts, hint="如 3-1-0402A=45.2，3-1-0402B=44；要用没有用过的房号"),
            Field(
                "last", "原房屋的最后一天", page.read_day, kind=Kind.DAY, hint="新房屋从第二天起；有表的先抄这天的表"
            ),
            Field("reason", "原因"),
        )
        about = "原房屋从此不再出账，它的欠费、预存和押金留在它的付款人名下；新房屋由同一付款人交。不能撤回。"
        super().__init__(page, f"{number} 拆分、合并", about, fields, "办理", 560, danger=True)
        self._key = str(uuid4())
        self.form.fill({"olds": number, "last": page.today.isoformat()})
        empty = "填好新房屋后，这里显示会怎样、要注意什么。"
        self.live: LiveCard[Replaced] = LiveCard(self, self._ask, _told, empty)

    def _ask(self) -> Callable[[], Replaced] | None:
        asked = tuple(field for field in self.form.fields if field.key != "reason")
        values, problems = check(asked, self.form.typed)
        if problems:
            return None
        seat = self.page.seat
        return lambda: house_splits.rehearse(seat, values["olds"], values["last"], values["news"])

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        seat = self.page.seat

        def write() -> Replaced:
            with seat.once(self._key):
                return house_splits.replace(seat, values["olds"], values["last"], values["news"], values["reason"])

        self.do(write, lambda done: f"已{WORDS[done.kind]}：{_became(done)}。" + "".join(done.warnings))


def _became(found: Replaced) -> str:
    return f"{'、'.join(found.olds)} → {'、'.join(found.news)}"


def _told(found: Replaced) -> tuple[str, str]:
    return f"{WORDS[found.kind]}：{_became(found)}，原房屋用到 {found.last}", "\n".join(found.warnings)
