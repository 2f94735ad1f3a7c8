"""A new fee item, and a new price of one: judged while it is typed, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from app.domain.kinds import KINDS, kind_of
from app.domain.kinds.shared import BY_WORDS
from app.domain.money import Fen, parse_yuan, yuan
from app.domain.period import Cycle, Period
from app.domain.quantity import Price, Quantity, Rate
from app.domain.tariff import Scope
from app.services import fees, shared_costs, tariffs
from app.services.fee_file import FeeFile
from app.services.fee_list import CYCLES
from app.services.fees import NewItem
from app.services.price_words import read_tiers
from app.services.shared_costs import CostRow, NewCost
from app.services.tariff_list import SCOPES
from app.services.tariffs import TariffAnswer
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind, check, whole
from ui.pages.dialog import WIDE, WIDEST, Dialog
from ui.pages.page import Page
from ui.pages.tariff_trial import TrialCard, Tried

HOUSES = (
    ("house,shop", "房屋和商铺"),
    ("house", "只有房屋"),
    ("shop", "只有商铺"),
    ("parking", "车位"),
    ("storage", "储藏室"),
    ("listed", "指定的房屋"),
)


def _percent(typed: str) -> int:
    """A rate typed in percent."""
    return Rate.parse(typed).units // 100


def _rate(typed: str) -> int:
    """A daily rate typed as so many ten-thousandths: 5 is 0.05 % a day."""
    return Rate.parse(typed).units // 10_000


PRICED = (
    "from", "price", "fixed", "per", "formula", "tiers", "resets", "base_people", "allowance", "scope", "where",
)  # fmt: skip
"""The fields that a trial needs."""


def _params(values: Mapping[str, Any]) -> dict[str, object]:
    """What the item's kind takes of the form."""
    if values.get("by"):
        return {name: values[name] for name in ("by", "usage_of", "floors") if values.get(name)}
    if values.get("percent"):
        return {"percent": values["percent"], "of": values["of"]}
    if values.get("formula"):
        return {"formula": values["formula"]}
    if values.get("tiers"):
        extra = {name: values[name] for name in ("resets", "base_people", "allowance") if values.get(name)}
        return {"tiers": values["tiers"], **extra}
    return {name: values[name] for name in ("price", "fixed", "per") if values.get(name)}


def _floors(typed: str) -> list[dict[str, str | None]]:
    """Floor factors as they are typed: `1=0，2=0.5，以上=1`."""
    return [{"to": tier["up_to"], "factor": tier["price"]} for tier in read_tiers(typed)]


class AddItem(Dialog):
    """A fee item with its rules; its first price is a step of its own."""

    def __init__(self, page: Page) -> None:
        fields = (
            Field("code", "代码", hint="字母、数字或汉字，如 WY"),
            Field("name", "名称", hint="印在账单上，如 物业费"),
            Field("kind", "计费方式", choices=tuple((code, kind.title) for code, kind in KINDS.items())),
            Field("cycle", "周期", choices=tuple(CYCLES.items())),
            Field("houses", "适用", choices=HOUSES),
            Field("due_day", "到期日", whole(1, 31), optional=True, kind=Kind.NUMBER, unit="日",
                  hint="不填按办公室的设置"),
            Field("late_rate", "违约金（日万分之）", _rate, optional=True, kind=Kind.NUMBER,
                  hint="合同没有约定就不填；高于 5 法院常会调低"),
            Field("vat_rate", "价内增值税率", _percent, optional=True, kind=Kind.NUMBER, unit="%",
                  hint="押金和代收没有税的不填"),
        )  # fmt: skip
        super().__init__(page, "新增收费项目", "", fields, "新增", WIDE, columns=2)
        self.form.fill({"kind": "area", "cycle": "month", "houses": "house,shop"})

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it."""
        item = NewItem(
            values["code"],
            values["name"],
            values["kind"],
            Cycle(values["cycle"]),
            houses=values["houses"],
            due_day=values["due_day"],
            late_rate=values["late_rate"],
            vat_rate=values["vat_rate"],
        )
        seat = self.page.seat
        self.do(lambda: fees.add(seat, item), lambda done: f"项目 {done.item} 已新增。" + "".join(done.warnings))


class AddPrice(Dialog):
    """A price from a day on. Once something was posted under the item, a second person must agree."""

    def __init__(self, page: Page, item: FeeFile) -> None:
        self._item = item
        self._params: dict[str, object] = {}
        fields = [
            Field("from", "生效日", page.read_day, kind=Kind.DAY),
            *self._priced_by(item.kind),
        ]
        if item.kind == "area":
            fields.append(Field("fixed", "每月另加", lambda typed: self._judge("fixed", typed), optional=True,
                                kind=Kind.NUMBER, unit="元"))  # fmt: skip
        if item.kind == "meter":
            fields += [
                Field("tiers", "阶梯（不分级就只填单价）", self._tiers, optional=True, kind=Kind.TIERS),
                Field("resets", "用量累计", choices=(("year", "按年"), ("month", "按月"))),
                Field("base_people", "含几口人", whole(0, 99), optional=True, kind=Kind.NUMBER, unit="人"),
                Field("allowance", "每多一人各级加", self._allowance, optional=True, kind=Kind.NUMBER,
                      hint="不按人口放宽就不填"),
            ]  # fmt: skip
        fields += [
            Field("scope", "范围", choices=tuple(SCOPES.items())),
            Field("where", "哪一栋、哪一类、哪一户", optional=True, hint="全小区不用填"),
        ]
        if item.charged:
            fields += [
                Field("reason", "原因"),
                Field("second", "批准人", optional=True, hint="另一位财务或经理；留空则提交申请"),
                Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
            ]
        about = "这个项目已经出过账，新价格要另一个人批准；已用过的价格不会改动。" if item.charged else ""
        super().__init__(
            page, f"{item.name} 的新价格", about, fields, "提交" if item.charged else "启用", WIDEST, columns=3
        )
        self._key = str(uuid4())
        self.form.fill({"scope": "estate", "from": page.today.replace(day=1).isoformat(), "resets": "year",
                        "per": "house", "by": "area"})  # fmt: skip
        self.trial = TrialCard(page, self._price, metered=item.kind == "meter")
        # What is divided, or a percentage, comes to something only beside other figures: nothing to try on one house.
        if item.kind in ("shared", "percent"):
            self.trial.setParent(None)
            return
        self.body.addWidget(self.trial)
        for box in self.form.boxes.values():
            box.typed.connect(self.trial.again)
        self.setTabOrder(list(self.form.boxes.values())[-1].edit, self.trial.house)

    def _priced_by(self, kind: str) -> list[Field]:
        """The fields that the item's kind is priced by."""
        if kind == "shared":
            return [
                Field("by", "按什么分", choices=tuple((by.value, word) for by, word in BY_WORDS.items())),
                Field("usage_of", "按哪个抄表项目的用量", optional=True, hint="项目代码，如 SF"),
                Field("floors", "楼层系数", self._floors, optional=True, hint="如 1=0，2=0.5，以上=1"),
            ]
        if kind == "percent":
            return [
                Field(
                    "percent", "比例", lambda typed: self._judge("percent", typed, of="X"), kind=Kind.NUMBER, unit="%"
                ),
                Field("of", "按哪些项目", hint="项目代码，几个之间用逗号，如 SF"),
            ]  # fmt: skip
        if kind == "formula":
            return [
                Field("formula", "公式", lambda typed: self._judge("formula", typed),
                      hint="可用：面积、用量、人数、楼层、月数、min、max；如 面积 * 2.35 * 月数 + 人数 * 5"),
            ]  # fmt: skip
        price = Field("price", "单价", lambda typed: self._judge("price", typed), kind=Kind.NUMBER, unit="元",
                      optional=kind == "meter")  # fmt: skip
        per = Field("per", "按", choices=(("house", "每户每份"), ("head", "每人")))
        return [price, per] if kind == "flat" else [price]

    def _floors(self, typed: str) -> list[dict[str, str | None]]:
        floors = _floors(typed)
        kind_of("shared").parse_params({"by": "floor", "floors": floors})
        return floors

    def _price(self) -> Tried | None:
        """The price as it stands in the form, once it is whole."""
        priced = [field for field in self.form.fields if field.key in PRICED]
        values, problems = check(priced, self.form.typed)
        params = _params(values)
        if problems or not params:
            return None
        return Tried(self._item.code, values["from"], params, Scope(values["scope"]), values["where"] or "")

    def _judge(self, name: str, typed: str, **more: str) -> str:
        """A parameter as the item's kind takes it."""
        beside = {"price": "0"} if name in ("price", "fixed") else {}
        kind_of(self._item.kind).parse_params({**beside, **more, name: typed})
        return typed.strip()

    def _allowance(self, typed: str) -> str:
        kind_of("meter").parse_params({"tiers": [{"up_to": None, "price": "0"}], "allowance": typed})
        return typed.strip()

    def _tiers(self, typed: str) -> list[dict[str, str | None]]:
        tiers = read_tiers(typed)
        kind_of("meter").parse_params({"tiers": tiers})
        return tiers

    def act(self, values: Mapping[str, Any]) -> None:
        """Write it, or leave the request."""
        params = _params(values)
        self.do(lambda: self._add(values, params), self._said)

    def _add(self, values: Mapping[str, Any], params: Mapping[str, object]) -> TariffAnswer | Waiting:
        seat, second = self.page.seat, self.second(values)
        with seat.once(self._key):
            return tariffs.add(
                seat,
                self._item.code,
                values["from"],
                params,
                Scope(values["scope"]),
                values["where"] or "",
                values.get("reason"),
                second=second,
            )

    def _said(self, done: TariffAnswer | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"价格申请 {done.request} 已提交，等批准。"
        return f"{self._item.name} 从 {done.valid_from.isoformat()} 起按新价格计费。"


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
