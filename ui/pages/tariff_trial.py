"""试算 beside a new price: what a house pays by it, old against new, and what it means for all houses it reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from app.domain.money import yuan
from app.domain.tariff import Scope
from app.services import tariff_trial
from app.services.tariff_trial import Trial
from ui.forms.edits import NumberEdit
from ui.forms.parts import text
from ui.pages.billing import change_cell
from ui.pages.page import Page
from ui.theme import look
from ui.workers.runner import sentence
from ui.workers.topic import Topic

_WAIT_MS = 250


@dataclass(frozen=True, slots=True)
class Tried:
    """A price as it stands in the form."""

    code: str
    valid_from: date
    params: dict[str, object]
    scope: Scope
    where: str


class TrialCard(QFrame):
    """`price` gives what stands in the form, or None while that is not whole; `again` after anything was typed."""

    def __init__(self, page: Page, price: Callable[[], Tried | None], *, metered: bool) -> None:
        super().__init__()
        self.setProperty("role", "well")
        self._page, self._price, self._topic = page, price, Topic()
        self.house, self.quantity = QLineEdit(), NumberEdit()
        self.house.setAccessibleName("试算哪一户")
        self.house.setPlaceholderText("房号（不填取第一户）")
        self.quantity.setAccessibleName("试算用量")
        self.quantity.setText("10")
        self.quantity.setFixedWidth(look().px(80))
        self.one, self.every = text("", "strong", wrap=True), text("", "second", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(text("试算", "small"))
        row.addWidget(self.house, 1)
        if metered:
            row.addWidget(text("用量", "small"))
            row.addWidget(self.quantity)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.one)
        column.addWidget(self.every)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._try)
        for edit in (self.house, self.quantity):
            edit.textEdited.connect(lambda _: self.again())
        self._say("填好单价后，这里显示一户的新旧金额。", "")

    def again(self) -> None:
        """Something was typed: try it shortly."""
        self._timer.start()

    def _say(self, one: str, every: str) -> None:
        self.one.setText(one)
        self.every.setText(every)
        self.every.setVisible(bool(every))

    def _try(self) -> None:
        wanted = self._price()
        if wanted is None:
            self._say("填好单价后，这里显示一户的新旧金额。", "")
            return
        seat, house, quantity = self._page.seat, self.house.text(), self.quantity.text() or "0"
        self._page.run(
            lambda _: tariff_trial.trial(
                seat, wanted.code, wanted.valid_from, wanted.params, wanted.scope, wanted.where, house, quantity
            ),
            topic=self._topic,
            done=self._show,
            failed=lambda error: self._say(sentence(error), ""),
        )

    def _show(self, tried: Trial) -> None:
        if not tried.house:
            self._say("这个范围里没有一户用这个项目。", "")
            return
        every = f"，合计 {_change(tried.all_before, tried.all_after)}" if tried.all_after is not None else ""
        span = f"{tried.first.isoformat()} 至 {tried.last.isoformat()}"
        self._say(
            f"{tried.house}（{tried.basis}）{span}：{_change(tried.before, tried.after)}",
            f"这个价格管到 {tried.houses} 户{every}",
        )


def _change(before: int | None, after: int | None) -> str:
    """Old → new, with the change."""
    if after is None:
        return "没有价格或缺面积，收不出来"
    if not before:
        return f"{yuan(after)} 元"
    return f"{yuan(before)} → {yuan(after)} 元　{change_cell(after, before).word}"
