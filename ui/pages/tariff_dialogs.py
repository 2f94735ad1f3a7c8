"""A new fee item, and a cost to be divided: judged while they are typed, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from app.domain.fee_rule import SetOff
from app.domain.kinds import KINDS
from app.domain.money import Fen, parse_yuan, yuan
from app.domain.period import Cycle, Period, When
from app.domain.proration import Method, StartRule
from app.domain.quantity import Price, Quantity
from app.domain.rounding import Rule, Unit
from app.domain.tariff import Policy
from app.services import fees, shared_costs
from app.services.fee_file import STARTS, FeeFile
from app.services.fees import ItemAnswer, NewItem
from app.services.price_words import CYCLES, WHENS
from app.services.shared_costs import CostRow, NewCost
from ui.forms.field import Field, Kind, whole
from ui.pages.dialog import WIDE, WIDEST, Dialog
from ui.pages.page import Page
from ui.pages.rule_dialog import rule_fields

HOUSES = (
    ("house,shop", "房屋和商铺"),
    ("house", "只有房屋"),
    ("shop", "只有商铺"),
    ("parking", "车位"),
    ("storage", "储藏室"),
    ("listed", "指定的房屋"),
)


_BLANK = {
    "kind": "area", "cycle": "month", "houses": "house,shop", "when": "", "anchor": "1", "start_rule": "next_month",
    "late_cap": "1", "grace": "0", "unit": "fen", "rule": "half_up", "part_month": "actual_days",
    "tariff_change": "split_by_day", "set_off": "allowed",
}  # fmt: skip
PRESETS: Mapping[str, Mapping[str, str]] = {
    "住宅物业费": {"code": "WY", "name": "物业费", "kind": "area", "houses": "house"},
    "商铺物业费": {"code": "SP", "name": "商铺物业费", "kind": "area", "houses": "shop"},
    "水费（阶梯）": {"code": "SF", "name": "水费", "kind": "meter", "houses": "house", "when": "arrear"},
    "公摊电费": {"code": "GT", "name": "公摊电费", "kind": "shared", "houses": "house", "when": "arrear"},
    "车位管理费": {"code": "CW", "name": "车位管理费", "kind": "flat", "houses": "parking"},
    "装修押金": {"code": "YJ", "name": "装修押金", "kind": "deposit", "houses": "listed"},
}
"""What most offices begin with; prices differ from place to place and are not among it."""


class AddItem(Dialog):
    """A fee item with its rules; its first price is a step of its own."""

    code = ""
    """The item's, once it was added."""

    def __init__(self, page: Page) -> None:
        fields = (
            Field("preset", "照样例填", optional=True, choices=tuple((name, name) for name in PRESETS)),
            Field("code", "代码", hint="字母、数字或汉字，如 WY"),
            Field("name", "名称", hint="印在账单上，如 物业费"),
            Field("kind", "计费方式", choices=tuple((code, kind.title) for code, kind in KINDS.items())),
            Field("houses", "适用", choices=HOUSES),
            Field("cycle", "周期", choices=tuple(CYCLES.items())),
            Field("when", "收取", optional=True, choices=tuple(WHENS.items()), hint="不选按计费方式"),
            Field("anchor", "账期从几月起算", whole(1, 12), kind=Kind.NUMBER, unit="月"),
            Field("start_rule", "开始计费", choices=tuple(STARTS.items())),
            *rule_fields(),
        )  # fmt: skip
        super().__init__(page, "新增收费项目", "", fields, "新增", WIDEST, columns=3)
        self.form.fill(_BLANK)
        self.form.boxes["preset"].typed.connect(self._take_preset)

    def _take_preset(self) -> None:
        """The fields as the chosen example has them, to be adapted; the price is a step of its own."""
        chosen = PRESETS.get(self.form.boxes["preset"].text())
        if chosen is not None:
            for key, words in {**_BLANK, **chosen}.items():
                self.form.boxes[key].put(words)

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        item = NewItem(
            values["code"],
            values["name"],
            values["kind"],
            Cycle(values["cycle"]),
            When(values["when"]) if values["when"] else None,
            values["anchor"],
            values["houses"],
            Unit(values["unit"]),
            Rule(values["rule"]),
            StartRule(values["start_rule"]),
            Method(values["part_month"]),
            Policy(values["tariff_change"]),
            due_day=values["due_day"],
            due_offset=values["due_offset"],
            late_rate=values["late_rate"],
            late_cap=values["late_cap"],
            grace=values["grace"],
            vat_rate=values["vat_rate"],
            set_off=SetOff(values["set_off"]),
        )
        seat = self.page.seat
        self.do(lambda: fees.add(seat, item), self._said)

    def _said(self, done: ItemAnswer) -> str:
        self.code = done.item
        return f"项目 {done.item} 已新增。" + "".join(done.warnings)


class AddCost(Dialog):
    """公摊费用: an invoice of a period, divided by the next run among the houses that have the item."""

    def __init__(self, page: Page, item: FeeFile) -> None:
        fields = (
            Field("period", "账期", self._month, hint="费用所属账期里的一个月，如 2026-06"),
            Field("amount", "金额", lambda typed: int(parse_yuan(typed)), kind=Kind.NUMBER, unit="元"),
            Field("building", "只在哪一栋分", optional=True, hint="不填就全小区分"),
            Field("supplier", "供应商", optional=True),
            Field("invoice", "发票号", optional=True),
            Field("quantity", "数量", lambda typed: Quantity.parse(typed).units, optional=True, kind=Kind.NUMBER,
                  hint="印在公示单上"),
            Field("unit_price", "单价", lambda typed: Price.parse(typed).units, optional=True, kind=Kind.NUMBER,
                  unit="元"),
        )  # fmt: skip
        about = "按最大余数法分到分，各户之和等于总额；出账以前可以撤销。"
        super().__init__(page, f"录入{item.name}费用", about, fields, "录入", WIDE, columns=2)
        self._item, self._key = item, str(uuid4())
        self.form.fill({"period": str(Period.of(page.today).plus(-1))})

    @staticmethod
    def _month(typed: str) -> str:
        return str(Period.parse(typed.strip()))

    def act(self, values: Mapping[str, Any]) -> None:
        """Enter it."""
        new = NewCost(
            self._item.code, values["period"], Fen(values["amount"]), values["building"] or "",
            values["supplier"] or "", values["invoice"] or "", values["quantity"], values["unit_price"],
        )  # fmt: skip
        self.do(
            lambda: self._add(new), lambda row: f"{row.item_name} {row.first} 的费用 {yuan(row.amount_fen)} 元已录入。"
        )

    def _add(self, new: NewCost) -> CostRow:
        with self.page.seat.once(self._key):
            return shared_costs.add(self.page.seat, new)
