"""按电脑时间继续: the PC's clock stands behind the last record; the manager says why that is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services import clocks
from ui.forms.field import Field
from ui.pages.dialog import Dialog
from ui.pages.page import Page


class AcceptClock(Dialog):
    """With a reason, and audited; from then on the PC's time counts again."""

    def __init__(self, page: Page) -> None:
        about = "电脑时间早于最后一笔记录。先看看电脑的日期对不对：错了请校正；对的，就写明原因后继续。"
        super().__init__(page, "按电脑时间继续？", about, (Field("reason", "原因"),), "继续")

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it down."""
        seat, reason = self.page.seat, values["reason"]
        self.do(lambda: clocks.accept(seat, reason), lambda _: "已按电脑时间继续，刚才没做成的请再做一次。")
