"""某天谁住在这里: who belonged to a house on a day, as soon as the day is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.services import residents
from app.services.person_form import RELATIONS
from app.services.residents import Lived
from ui.forms.field import Field, Kind, check
from ui.pages.dialog import Dialog
from ui.pages.live_card import LiveCard
from ui.pages.page import Page

EMPTY = "填好日期，这里列出那天的住户。"


class LivedThere(Dialog):
    """The day is asked for; who lived there stands below it."""

    def __init__(self, page: Page, house: str) -> None:
        fields = (Field("on", "哪一天", page.read_day, kind=Kind.DAY, hint="如 2025-03-03"),)
        super().__init__(page, f"某天谁住在 {house}", "按登记的入住、迁出日期。", fields, "查询", keep="关闭")
        self._house = house
        self.form.says_unsaved = False
        self.form.fill({"on": page.today.isoformat()})
        self.live: LiveCard[tuple[Lived, ...]] = LiveCard(self, self._ask, _said, EMPTY)

    def _ask(self) -> Callable[[], tuple[Lived, ...]] | None:
        values, problems = check(self.form.fields, self.form.typed)
        if problems:
            return None
        return lambda: residents.lived(self.page.seat, self._house, values["on"])

    def act(self, values: Mapping[str, Any]) -> None:
        """Look the day up once more."""
        self.live.look()


def _said(rows: tuple[Lived, ...]) -> tuple[str, str]:
    if not rows:
        return "那天没有登记住户。", ""
    lines = (
        f"{row.name}　{RELATIONS.get(row.relation, row.relation)}　{row.since or '起初'} 至 {row.until or '今'}"
        for row in rows
    )
    return f"登记了 {len(rows)} 人", "\n".join(lines)
