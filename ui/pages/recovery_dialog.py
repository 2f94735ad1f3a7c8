"""测试恢复密钥: whether the printed sheet still opens this office; nothing is changed by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services import entrance
from app.services.refused import CannotOpen, Refused
from ui.forms.field import Field, Kind
from ui.pages.dialog import Dialog
from ui.pages.page import Page


class CheckRecovery(Dialog):
    """All eight groups are typed; a wrong one is named."""

    def __init__(self, page: Page) -> None:
        about = "照打印的恢复密钥单输入全部 8 组。只核对，不改动任何东西；建议每季度测一次，测完放回原处。"
        fields = (Field("typed", "恢复密钥", kind=Kind.PASSWORD, hint="8 组，每组 5 个字符，不分大小写"),)
        super().__init__(page, "测试恢复密钥", about, fields, "核对")

    def act(self, values: Mapping[str, Any]) -> None:
        """Check it."""
        self.do(lambda: self._check(values["typed"]), lambda _: "恢复密钥有效。")

    def _check(self, typed: str) -> None:
        try:
            entrance.check_recovery(self.page.seat.store.paths.folder, typed)
        except (Refused, CannotOpen) as why:
            raise Refused(why.problem, field="typed") from None
