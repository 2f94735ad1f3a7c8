"""选范围: which fee items, buildings and houses a bill run is limited to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.domain.kinds import kind_of
from app.services.billing_choice import Chosen
from app.services.fees import ItemRow
from ui.forms.field import Field, Kind
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page

_BETWEEN = re.compile(r"[\s,，、;；]+")


def _several(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in _BETWEEN.split(typed.strip()) if part))


class ChooseRange(Dialog):
    """What is left empty is not limited; `chosen` hears the answer. Whether it exists is found by the trial run."""

    def __init__(self, page: Page, items: Sequence[ItemRow], now: Chosen, chosen: Callable[[Chosen], None]) -> None:
        self._chosen = chosen
        billed = [(item.item, item.name) for item in items if kind_of(item.kind).periodic]
        super().__init__(
            page,
            "只出一部分",
            "没有选的不限。公摊费用仍在全体房屋之间分，只出选中的几户。",
            (
                Field(
                    "items",
                    "收费项目",
                    _several,
                    True,
                    Kind.SEVERAL,
                    choices=billed,
                ),
                Field("buildings", "楼栋", _several, optional=True, hint="几栋用逗号隔开，如 3、5"),
                Field("houses", "房屋", _several, optional=True, hint="几户用逗号隔开，如 3-1-402、3-1-403"),
            ),
            "试算",
            WIDE,
        )
        self.form.fill({"items": ",".join(now.items), "buildings": "、".join(now.buildings),
                        "houses": "、".join(now.houses)})  # fmt: skip

    def act(self, values: Mapping[str, Any]) -> None:
        """Try the month anew with what was chosen."""
        chosen = Chosen(*(values[key] or () for key in ("items", "buildings", "houses")))
        self.finish()
        self._chosen(chosen)
