"""开始使用: the steps from an empty office to its first posted bill: register, first price, first run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.kinds import kind_of
from app.domain.money import yuan
from app.domain.period import Period
from app.sample import books
from app.sample.estate import make
from app.services import billing_review, fees, setup, tariffs
from app.services.billing import RunAnswer
from app.services.billing_review import Review
from app.services.fees import NewItem
from app.services.imports import ImportAnswer
from app.services.progress import Progress
from app.services.seat import Seat
from app.services.setup import SetUp
from ui.first_run.step_form import StepForm
from ui.first_run.wizard import STEPS
from ui.forms.field import Field, Kind
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card, Wide, action, centred, text
from ui.forms.steps import Steps
from ui.pages.bill_posting import BillPosting
from ui.pages.importing import ImportPanel
from ui.pages.page import Page
from ui.pages.plain_table import Head, PlainTable
from ui.theme import look
from ui.workers.runner import Runner
from ui.workers.topic import Topic

TRIAL = "试算，过账前没有写入任何账目"
REGISTER, PRICE, BILL = range(3)
BEFORE = len(STEPS) - 3
"""The steps that lie behind before there is a seat."""
SAMPLE_HOUSES, SAMPLE_SEED = 60, 1
FIRST_ITEM = "WY"


class SetupPage(Page):
    """Three steps; what is there already counts as done, and each may be left for later."""

    reads = frozenset({"house", "tariff", "ledger"})

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "开始使用")
        self._state_topic, self._sampling, self._pricing = Topic(), Topic(), Topic()
        self._reviewing = Topic()
        self.bills = BillPosting(self, self._posted)
        self.state: SetUp | None = None
        self.steps, self.stack = Steps(STEPS), QStackedWidget()
        self.panel = ImportPanel(self, ("houses",))
        self.price = StepForm(
            (
                Field("name", "收费项目", hint="印在账单上。更多项目以后在“收费标准”里加。"),
                Field("price", "单价", _price, kind=Kind.NUMBER, unit="元/m²·月", hint="按建筑面积，每平方米每月"),
                Field("from", "从哪天起", self.read_day, kind=Kind.DAY),
            ),
            lambda: self.today, verb="启用，下一步", keys="Return",
        )  # fmt: skip
        self._build()
        self.panel.landed.connect(self._brought)
        self.price.save.connect(self._set_price)
        self.price.fill({"name": "物业费", "from": self.today.replace(day=1).isoformat()})
        self.go(REGISTER)

    def _build(self) -> None:
        self.later = action(self, "以后再说，去工作台", "Esc", lambda: self.wanted.emit("workbench", None))
        self.sampling = action(self, "用样例资料", "Alt+Y", self.take_sample)
        self.skipping = action(self, "下一步", "Alt+Right", lambda: self.go(self.now + 1))
        self.backing = action(self, "上一步", "Alt+Left", lambda: self.go(self.now - 1))
        self.next_button = HintButton("", self.skipping)
        self.back_button = HintButton("", self.backing)
        self.head.add(HintButton("", self.later), self.back_button, self.next_button)
        self.body.addLayout(centred(self.steps))
        self.body.addWidget(self.stack, 1)
        self.stack.addWidget(self._register())
        self.stack.addWidget(self._first_price())
        self.stack.addWidget(self._first_bill())

    def _register(self) -> QWidget:
        pane = QWidget()
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().size("gap"))
        row = QHBoxLayout()
        self.there = text("把现有的房屋和业主表导入进来；没有表格，就先用样例资料走一遍。", "second", wrap=True)
        row.addWidget(self.there, 1)
        row.addWidget(HintButton("", self.sampling))
        column.addLayout(row)
        column.addWidget(self.panel, 1)
        return pane

    def _first_price(self) -> QWidget:
        pane, card, scroll = QWidget(), Wide(560, "card"), QScrollArea()
        inner = QVBoxLayout(card)
        inner.setContentsMargins(24, 20, 24, 20)
        inner.setSpacing(10)
        inner.addWidget(text("第一个收费标准", "title"))
        self.priced = text("", "second", wrap=True)
        inner.addWidget(self.priced)
        inner.addWidget(self.price)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 12, 0, 0)
        column.addLayout(centred(card))
        column.addStretch(1)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setWidget(pane)
        return scroll

    def _first_bill(self) -> QWidget:
        pane = QWidget()
        self.items = PlainTable(
            "第一次出账", (Head("收费项目"), Head("户/个数", 90, right=True), Head("金额（元）", 140, right=True))
        )
        self.total, self.kept = text("", "strong", wrap=True), text("", "warned", wrap=True)
        self.posting = action(self, "过账", "Ctrl+Return", self.bills.ask)
        self.to_paper = action(self, "打印账单", "Ctrl+P", self._print)
        self.post_button = HintButton("", self.posting, Weight.PRIMARY)
        self.paper_button = HintButton("", self.to_paper, Weight.PRIMARY, icon="print")
        self.paper_button.hide()
        self.to_paper.setEnabled(False)
        self.trial = text(TRIAL, "third")
        card = Card("第一次出账", self.trial)
        card.body.addWidget(self.items, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 10, 14, 10)
        words = QVBoxLayout()
        words.addWidget(self.total)
        words.addWidget(self.kept)
        foot.addLayout(words, 1)
        foot.addWidget(self.paper_button)
        foot.addWidget(self.post_button)
        card.body.addLayout(foot)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 12, 0, 0)
        column.addWidget(card, 1)
        return pane

    # ---- where one stands ----------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The step in front."""
        return self.stack.currentIndex()

    def go(self, step: int) -> None:
        """To a step."""
        if not REGISTER <= step <= BILL:
            return
        self.stack.setCurrentIndex(step)
        self.steps.go(BEFORE + step)
        self.backing.setEnabled(step > REGISTER)
        self.back_button.setVisible(step > REGISTER)
        self.skipping.setEnabled(step < BILL)
        self.sampling.setEnabled(step == REGISTER)
        self.next_button.setVisible(step < BILL)
        self.posting.setEnabled(False)
        first: QWidget = (self.panel.file, self.price.boxes["price"], self.post_button)[step]
        self.setFocusProxy(first)
        first.setFocus()
        if step == BILL:
            self._look()

    def refresh(self) -> None:
        """What is there by now."""
        self.run(lambda _: setup.state(self.seat), topic=self._state_topic, done=self._show)

    def _show(self, state: SetUp) -> None:
        first, self.state = self.state is None, state
        if state.houses:
            self.there.setText(f"已有 {state.houses} 户。还可以再导入，或者下一步。")
        said = f"已有 {state.priced} 个收费项目有标准，可以直接下一步。" if state.priced else ""
        self.priced.setText(said)
        self.priced.setVisible(bool(said))
        if first and state.houses and self.now == REGISTER and not self.panel.path:
            self.go(BILL if state.priced else PRICE)

    # ---- the register --------------------------------------------------------------------------------------------

    def take_sample(self) -> None:
        """Write the sample estate's workbook and read it, as if the office had brought it."""
        target = self.seat.store.paths.out / "样例-房屋与业主.xlsx"
        self.run(
            lambda _: books.houses_book(make(SAMPLE_HOUSES, SAMPLE_SEED), target),
            topic=self._sampling,
            done=self.panel.read,
            writes=True,
            what="样例资料",
        )

    def _brought(self, answer: ImportAnswer) -> None:
        self.said.emit(f"{answer.file} 已导入")
        self.go(PRICE)

    # ---- the first price -----------------------------------------------------------------------------------------

    def _set_price(self, values: Mapping[str, Any]) -> None:
        seat = self.seat

        def work(_: Progress) -> None:
            if not any(item.item == FIRST_ITEM for item in fees.listing(seat)):
                fees.add(seat, NewItem(FIRST_ITEM, values["name"], "area"))
            tariffs.add(seat, FIRST_ITEM, values["from"], {"price": values["price"]})

        self.run(
            work,
            topic=self._pricing,
            done=lambda _: self._priced(),
            failed=self.price.refused,
            writes=True,
            what="启用收费标准",
        )

    def _priced(self) -> None:
        self.price.saved()
        self.go(BILL)

    # ---- the first bill ------------------------------------------------------------------------------------------

    def _look(self) -> None:
        month = str(Period.of(self.today))
        self.total.setText("正在试算…")
        self.posting.setEnabled(False)
        self.run(lambda _: billing_review.review(self.seat, month), topic=self._reviewing, done=self._reviewed)

    def _reviewed(self, review: Review) -> None:
        self.bills.look(review)
        if review.lines:
            self.items.put([(row.name, str(row.lines), yuan(row.fen)) for row in review.items if row.lines])
        posted = bool(review.runs)
        due = f"，到期日 {review.due}" if review.due else ""
        said = f"{review.month}：{review.bills} 张账单，共 {yuan(review.fen)} 元{due}"
        if not review.lines:
            said = (
                f"{review.month} 已经出过账。" if posted else f"{review.month} 没有可以出的账：先导入房屋、设收费标准。"
            )
        self.total.setText(said)
        self.trial.setText("已过账" if posted and not review.lines else TRIAL)
        kept = "；".join(f"{row.title} {row.count} 笔" for row in review.kept_back)
        self.kept.setText(f"不收的：{kept}。以后可以补出。" if kept else "")
        self.kept.setVisible(bool(kept))
        self.posting.setText(f"过账 {review.bills} 户…" if review.lines else "过账")
        self.post_button.setText(self.posting.text())
        self.posting.setEnabled(bool(review.lines))
        self.post_button.setVisible(bool(review.lines) or not posted)
        if posted and not review.lines:
            self.steps.go(len(STEPS))
            self.later.setText("去工作台")
        self.to_paper.setEnabled(posted)
        self.paper_button.setVisible(posted)
        if review.lines:
            self.post_button.setFocus()
        elif posted:
            self.paper_button.setFocus()

    def _posted(self, done: RunAnswer) -> None:
        said = f"{done.period} 已过账：{done.bills} 张账单，{yuan(done.amount_fen)} 元。"
        self.message.say("ok", said, "办公室可以用了：收款在“收费台”，以后每月在“出账”过账。")
        self.said.emit(said)
        self._look()

    def _print(self) -> None:
        self.bills.print_month(str(Period.of(self.today)))


def _price(typed: str) -> str:
    kind_of("area").parse_params({"price": typed})
    return typed.strip()
