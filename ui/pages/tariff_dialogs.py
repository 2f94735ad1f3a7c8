"""A new fee item, and a new price of one: judged while it is typed, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from app.domain.kinds import KINDS, kind_of
from app.domain.period import Cycle
from app.domain.quantity import Rate
from app.domain.tariff import Scope
from app.services import entrance, fees, tariffs
from app.services.fee_file import FeeFile
from app.services.fee_list import CYCLES
from app.services.fees import NewItem
from app.services.price_words import read_tiers
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


def _rate(typed: str) -> int:
    """A daily rate typed as so many ten-thousandths: 5 is 0.05 % a day."""
    return Rate.parse(typed).units // 10_000


PRICED = ("from", "price", "fixed", "tiers", "resets", "base_people", "allowance", "scope", "where")
"""The fields that a trial needs."""


def _params(values: Mapping[str, Any]) -> dict[str, object]:
    """What the item's kind takes of the form."""
    if values.get("tiers"):
        extra = {name: values[name] for name in ("resets", "base_people", "allowance") if values.get(name)}
        return {"tiers": values["tiers"], **extra}
    return {name: values[name] for name in ("price", "fixed") if values.get(name)}


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
            Field("price", "单价", lambda typed: self._judge("price", typed), kind=Kind.NUMBER, unit="元",
                  optional=item.kind == "meter"),
        ]  # fmt: skip
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
        self.form.fill({"scope": "estate", "from": page.today.replace(day=1).isoformat(), "resets": "year"})
        self.trial = TrialCard(page, self._price, metered=item.kind == "meter")
        self.body.addWidget(self.trial)
        for box in self.form.boxes.values():
            box.typed.connect(self.trial.again)
        self.setTabOrder(list(self.form.boxes.values())[-1].edit, self.trial.house)

    def _price(self) -> Tried | None:
        """The price as it stands in the form, once it is whole."""
        priced = [field for field in self.form.fields if field.key in PRICED]
        values, problems = check(priced, self.form.typed)
        params = _params(values)
        if problems or not params:
            return None
        return Tried(self._item.code, values["from"], params, Scope(values["scope"]), values["where"] or "")

    def _judge(self, name: str, typed: str) -> str:
        """A parameter as the item's kind takes it."""
        kind_of(self._item.kind).parse_params({"price": "0", name: typed})
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
        seat, second = self.page.seat, None
        if values.get("second"):
            second = entrance.approver(seat, values["second"].strip(), values["password"] or "")
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
