"""费用说明: how each charge of a house and a month arose, on screen at once and on paper where it is handed out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.money import yuan
from app.domain.period import Period
from app.services import explain
from app.services.explain import Explanation, ExplanationPrinted
from app.services.explain_charge import ExplainedCharge
from ui.bell import drop_all
from ui.forms.field import Field
from ui.forms.parts import rule, text
from ui.pages.dialog import WIDE, Dialog
from ui.pages.page import Page
from ui.printers import OTHER
from ui.theme import look
from ui.workers.runner import sentence
from ui.workers.topic import Topic

_WAIT_MS = 250
HIGH, LEAST, AROUND = 360, 120, 210
"""Height of the steps, their least in a low window, and what stands around them there."""
PARTS = {"late_fee": "违约金", "cost": "费用"}


class Explain(Dialog):
    """The month is asked for; what is found stands below, step by step."""

    def __init__(self, page: Page, house: str) -> None:
        fields = (Field("period", "哪个月", _month, hint="费用所属的月份，如 2026-07"),)
        super().__init__(page, f"{house} 的费用说明", "", fields, "打印", WIDE)
        self._house, self._reading = house, Topic()
        self.steps = QVBoxLayout()
        self.steps.setContentsMargins(0, 0, 8, 0)
        self.steps.setSpacing(6)
        inner, scroll = QWidget(), QScrollArea()
        inner.setLayout(self.steps)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFixedHeight(max(look().px(LEAST), min(look().px(HIGH), page.area.height() - look().px(AROUND))))
        scroll.setAccessibleName("费用说明")
        scroll.setWidget(inner)
        self.body.addWidget(scroll)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self.read)
        self.form.boxes["period"].typed.connect(self._timer.start)
        self.form.fill({"period": str(Period.of(page.today))})
        self.read()

    def read(self) -> None:
        """Look the month up."""
        typed, seat, house = self.form.typed["period"], self.page.seat, self._house
        if not self.form.boxes["period"].judge():
            return
        self.page.run(
            lambda _: explain.explain(seat, house, _month(typed)),
            topic=self._reading,
            done=self._show,
            failed=lambda error: self._say(sentence(error)),
        )

    def _say(self, words: str) -> None:
        drop_all(self.steps)
        self.steps.addWidget(text(words, "second", wrap=True))
        self.steps.addStretch(1)

    def _show(self, found: Explanation) -> None:
        drop_all(self.steps)
        for charge in found.charges:
            self.steps.addWidget(text(_title(charge), "strong", wrap=True))
            self.steps.addWidget(_sentences(charge))
            self.steps.addWidget(rule())
        self.steps.addStretch(1)

    def act(self, values: Mapping[str, Any]) -> None:
        """Print it."""
        seat, house, month, page = self.page.seat, self._house, values["period"], self.page
        target = seat.store.paths.out / f"费用说明-{house}-{month}.pdf"

        def said(done: ExplanationPrinted) -> str:
            page.show_paper(done.file, OTHER)
            return f"{house} {month} 的费用说明已做好。" + "".join(done.warnings)

        self.do(lambda: explain.print_explanation(seat, house, month, target), said)


def _month(typed: str) -> str:
    return str(Period.parse(typed.strip()))


def _title(charge: ExplainedCharge) -> str:
    part = PARTS.get(charge.part, "")
    bill = f"　账单 {charge.bill}" if charge.bill else ""
    return f"{charge.item_name}{part}　{charge.first} 至 {charge.last}　{yuan(charge.fen)} 元{bill}"


def _sentences(charge: ExplainedCharge) -> QWidget:
    shown = QWidget()
    grid = QGridLayout(shown)
    grid.setContentsMargins(0, 0, 0, 4)
    grid.setHorizontalSpacing(look().size("gap"))
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for at, step in enumerate(charge.sentences):
        grid.addWidget(text(step.label, "small"), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(text(step.text, wrap=True), at, 1)
    return shown
