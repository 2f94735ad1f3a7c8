"""整体调整: the prices that hold, copied from a day on with a percentage; what they become is shown while typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QTimer

from app.domain.quantity import Price
from app.services import tariff_copy
from app.services.price_file import PriceItem
from app.services.price_words import price_words
from app.services.tariff_copy import PRICED, CopiedPrice, TariffsCopied
from app.services.tariff_list import SCOPES
from app.services.two_persons import Waiting
from ui.forms.field import Field, Kind, check, several, whole
from ui.forms.parts import text
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page
from ui.workers.runner import sentence
from ui.workers.topic import Topic

_WAIT_MS = 250
SHOWN = 8
NEEDED = ("from", "percent", "places", "items")


def _percent(typed: str) -> int:
    return Price.parse(typed.replace("−", "-")).units


class CopyPrices(Dialog):
    """A percentage on all prices, or on those of some items; a second person agrees once something was posted."""

    acts = ("tariff.copy",)

    def __init__(self, page: Page, items: Sequence[PriceItem]) -> None:
        self._names = {item.code: item.name for item in items if item.kind in PRICED and item.branches}
        fields = (
            Field("from", "生效日", page.read_day, kind=Kind.DAY),
            Field("percent", "调整", _percent, kind=Kind.NUMBER, unit="%", hint="可以是负数"),
            Field("places", "单价留几位小数", whole(0, 6), kind=Kind.NUMBER),
            Field("items", "哪些项目", several, True, Kind.SEVERAL, choices=tuple(self._names.items()),
                  hint="不选就全部"),
            Field("reason", "原因和依据"),
            Field("second", "批准人", optional=True, hint="另一位财务或经理；留空则提交申请"),
            Field("password", "批准人密码", str, optional=True, kind=Kind.PASSWORD),
        )  # fmt: skip
        about = "现行的价格到前一天为止，从生效日起按新价格；公摊、比例和公式不变。"
        super().__init__(page, "整体调整收费标准", about, fields, "提交", WIDE, columns=2)
        self._key, self._trying = str(uuid4()), Topic()
        self.form.fill(
            {"from": page.today.replace(year=page.today.year + 1, month=1, day=1).isoformat(), "places": "2"}
        )
        self.shown = text("填好幅度后，这里显示会变成多少。", "second", wrap=True)
        self.body.insertWidget(self.body.indexOf(self.form), self.shown)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self.rehearse)
        for box in self.form.boxes.values():
            box.typed.connect(self._timer.start)

    def rehearse(self) -> None:
        """Show what the prices become."""
        values, problems = check([field for field in self.form.fields if field.key in NEEDED], self.form.typed)
        if problems:
            return
        seat = self.page.seat
        self.page.run(
            lambda _: tariff_copy.rehearse(
                seat, values["from"], values["percent"], values["places"], values["items"] or ()
            ),
            topic=self._trying,
            done=self._show,
            failed=lambda error: self.shown.setText(sentence(error)),
        )

    def _show(self, prices: Sequence[CopiedPrice]) -> None:
        lines = [self._line(each) for each in prices[:SHOWN]]
        more = [f"另有 {len(prices) - SHOWN} 个"] if len(prices) > SHOWN else []
        self.shown.setText("\n".join([*lines, *more]))

    def _line(self, price: CopiedPrice) -> str:
        where = f"{self._names.get(price.item, price.item)}（{SCOPES[price.scope]}{price.ref}）"
        return f"{where}：{_words(price.before)} → {_words(price.after)}"

    def act(self, values: Mapping[str, Any]) -> None:
        """Write them, or leave the request."""
        self.do(lambda: self._copy(values), self._said)

    def _copy(self, values: Mapping[str, Any]) -> TariffsCopied | Waiting:
        seat, second = self.page.seat, self.second(values)
        with seat.once(self._key):
            return tariff_copy.copy(
                seat, values["from"], values["percent"], values["reason"], values["places"], values["items"] or (),
                second=second,
            )  # fmt: skip

    def _said(self, done: TariffsCopied | Waiting) -> str:
        if isinstance(done, Waiting):
            return f"调整申请 {done.request} 已提交，等批准。"
        return f"{len(done.prices)} 个标准从 {done.valid_from.isoformat()} 起调 {done.percent}%。"


def _words(params: Mapping[str, Any]) -> str:
    return price_words("", params)
