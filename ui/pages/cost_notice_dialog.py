"""公摊公示: which period of a divided item goes on the wall, from when to when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from app.domain.money import yuan
from app.services import cost_notice
from app.services.cost_notice import DAYS, Published
from app.services.shared_costs import CostRow
from ui.forms.field import Field, Kind
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page
from ui.printers import OTHER


class PublishCost(Dialog):
    """The notice of a period's costs, as a paper to hang up."""

    def __init__(self, page: Page, code: str, name: str, costs: Sequence[CostRow]) -> None:
        self._code, self._key = code, str(uuid4())
        sums: dict[str, int] = {}
        for cost in costs:
            month = f"{cost.first:%Y-%m}"
            sums[month] = sums.get(month, 0) + cost.amount_fen
        choices = tuple((month, f"{month}  {yuan(fen)} 元") for month, fen in sorted(sums.items(), reverse=True))
        fields = (
            Field("period", "哪一期", choices=choices),
            Field("from", "公示从哪天", page.read_day, kind=Kind.DAY),
            Field("to", "到哪天", page.read_day, kind=Kind.DAY),
        )
        about = "列出总额、发票上的用量和单价、各户的依据和应摊；只有房号，没有姓名、电话、证件号。"
        super().__init__(page, f"{name} 公示", about, fields, "打印", WIDE, columns=2)
        today = page.today
        end = today + timedelta(days=DAYS - 1)
        self.form.fill({"period": choices[0][0], "from": today.isoformat(), "to": end.isoformat()})

    def act(self, values: Mapping[str, Any]) -> None:
        """Print it."""
        self.do(lambda: self._publish(values), self._said)

    def _publish(self, values: Mapping[str, Any]) -> Published:
        seat = self.page.seat
        with seat.once(self._key):
            return cost_notice.publish(seat, self._code, values["period"], None, values["from"], values["to"])

    def _said(self, done: Published) -> str:
        self.page.show_paper(done.file, OTHER)
        return f"{done.item_name} {done.first:%Y-%m} 的公示已做好：{yuan(done.amount_fen)} 元，{done.houses} 户。"
