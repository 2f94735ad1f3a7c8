"""出账: choose the month, look at what is missing and what changed, post it, print it (UI §8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from app.domain.money import yuan
from app.domain.period import Period
from app.services import billing_compare, billing_review, fees, month_close, month_report
from app.services.billing import RunAnswer
from app.services.billing_choice import EVERYTHING, Chosen
from app.services.billing_compare import Compared, ComparisonWritten, Marked
from app.services.billing_review import ItemReview, Review
from app.services.fees import ItemRow
from app.services.month_close import Months
from app.services.seat import Seat
from ui.forms.badge import Badge
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card, Icon, IconButton, action, rule, text
from ui.forms.steps import Steps
from ui.pages.bill_houses import MANY, HouseCard, change_cell
from ui.pages.bill_looks import LookCard
from ui.pages.bill_posting import BillPosting
from ui.pages.bill_range import ChooseRange
from ui.pages.dialog import Dialog
from ui.pages.finance_dialogs import offer_export
from ui.pages.month_dialogs import ExportVouchers, ShutMonth
from ui.pages.page import Page
from ui.pages.plain_table import Cell, Head, PlainTable, Tinted
from ui.pages.void_month import VoidMonth
from ui.printers import OTHER
from ui.theme import look
from ui.workers.runner import Runner
from ui.workers.topic import Topic

NARROW, LEAST_TABLE = 960, 220
"""Width of the page below which its halves are stacked, and the least height of a table then."""
_NOW, _LAST, _CHANGE = 2, 3, 4
"""The columns of the items that are summed."""
STEPS = ("选账期", "检查数据", "预览与核对", "过账")
CHECK, LOOK = 1, 2


class BillingPage(Page):
    """The billing month of today stands there at first; what is shown was computed from the state it names."""

    reads = frozenset({"ledger", "tariff", "house_item", "reading", "house", "resident", "setting"})

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "出账")
        self._reviewing, self._digging, self._ending, self._choosing = Topic(), Topic(), Topic(), Topic()
        self._marking = Topic()
        self._month = Period.of(self.today)
        self._review: Review | None = None
        self._chosen = EVERYTHING
        self.posting = BillPosting(self, self._posted)
        self._build()

    def _with_months(self, offer: Callable[[Page, Months], Dialog]) -> None:
        """A dialog about months: which are shut is read first."""

        def ask(months: Months) -> None:
            offer(self, months).landed.connect(self.landed)

        self.run(lambda _: month_close.listing(self.seat), topic=self._ending, done=ask)

    def _build(self) -> None:
        self.again = action(self, "重新计算", "F5", self.refresh)
        self.to_paper = action(self, "打印账单", "Ctrl+P", self._print)
        self.go = action(self, "过账", "Ctrl+Return", self.posting.ask)
        self.post = HintButton("过账…", self.go, Weight.PRIMARY)
        self.voiding = action(self, "整月作废…", "", self.void_month)
        self.void_button = HintButton("", self.voiding)
        self.shutting = action(self, "月结…", "", lambda: self._with_months(ShutMonth))
        self.exporting = action(self, "导出凭证…", "", lambda: self._with_months(ExportVouchers))
        self.choosing = action(self, "选范围…", "Ctrl+F", self.choose)
        self.comparing = action(self, "导出预览", "Ctrl+E", self.export)
        self.handing = action(self, "导出给财务…", "", lambda: offer_export(self, self._ending))
        self.head.add(HintButton("", self.again), HintButton("", self.comparing))
        self.reporting = action(self, "月报…", "", self.report)
        if self.seat.may("close_month"):
            ending = HintButton("月末", icon="more")
            menu = QMenu(ending)
            menu.addActions([self.reporting, self.shutting, self.exporting, self.handing])
            ending.setMenu(menu)
            self.head.add(ending)
        for act in (self.reporting, self.shutting, self.exporting):
            act.setEnabled(self.seat.may("close_month"))
        self._posts = self.seat.may("run_bills")
        if self._posts:
            self.head.add(self.void_button, HintButton("", self.to_paper), self.post)
        for act in (self.to_paper, self.go, self.voiding, self.comparing):
            act.setEnabled(False)
        self.items = PlainTable(
            "按收费项目",
            (Head("收费项目"), Head("户/个数", 72, right=True), Head("本期（元）", 120, right=True),
             Head("上期（元）", 120, right=True), Head("变化（元）", 170, right=True)), "没有要出的账。",
        )  # fmt: skip
        self.items.stood.connect(self._dig)
        self.front = self.items
        left = QVBoxLayout()
        left.setSpacing(look().size("gap"))
        left.addWidget(self._item_card(), 3)
        left.addWidget(self._promise(), 2)
        self.looks, self.houses = LookCard(self.seat.may), HouseCard()
        self.looks.mending.connect(self.wanted)
        self.looks.standing.connect(self._stand_on)
        self.looks.digging.connect(self._dig_mark)
        right = QVBoxLayout()
        right.setSpacing(look().size("gap"))
        right.addWidget(self.looks)
        right.addWidget(self.houses, 1)
        desk, self._scroll = QWidget(), QScrollArea()
        row = self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, desk)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().size("gap"))
        row.addLayout(left, 8)
        row.addLayout(right, 5)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(desk)
        self.body.addWidget(self._months())
        self.body.addWidget(self._scroll, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room side by side, both halves stand one below the other, as high as they need."""
        super().resizeEvent(event)
        small = self.width() < look().px(NARROW)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if small else QBoxLayout.Direction.LeftToRight)
        for table in (self.items, self.houses.table):
            table.setMinimumHeight(look().px(LEAST_TABLE) if small else 0)

    def _months(self) -> Card:
        card = Card()
        row = QHBoxLayout()
        row.setContentsMargins(14, 8, 14, 8)
        back, on = IconButton("left", "上一个月", "Alt+←"), IconButton("right", "下一个月", "Alt+→")
        self.earlier = action(self, "上一个月", "Alt+Left", lambda: self._turn(-1))
        self.later = action(self, "下一个月", "Alt+Right", lambda: self._turn(1))
        back.clicked.connect(self.earlier.trigger)
        on.clicked.connect(self.later.trigger)
        self.month = text("", "title")
        self.state = Badge("neutral", "")
        self.due = text("", "small")
        self.steps = Steps(STEPS)
        for widget in (back, self.month, on, self.state):
            row.addWidget(widget)
        row.setSpacing(8)
        self.narrow = HintButton("选范围…", self.choosing, small=True)
        self.whole = HintButton("出全部", small=True)
        self.whole.clicked.connect(lambda: self._narrow(EVERYTHING))
        self.whole.hide()
        row.addWidget(self.narrow)
        row.addWidget(self.whole)
        row.addSpacing(look().px(16))
        row.addWidget(self.steps)
        row.addStretch(1)
        row.addWidget(self.due)
        card.body.addLayout(row)
        return card

    def _item_card(self) -> Card:
        self.total, self.now_sum, self.last_sum = text("", "strong"), text("", "strong"), text("", "strong")
        card = Card("按收费项目", text("选一项看逐户变化", "third"))
        card.body.addWidget(self.items, 1)
        foot = self._foot = QWidget()
        foot.setFixedHeight(look().size("foot"))
        self.change_sum = text("", "strong")
        for label in (self.total, self.now_sum, self.last_sum, self.change_sum):
            label.setParent(foot)
        for label in (self.now_sum, self.last_sum, self.change_sum):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.items.horizontalHeader().geometriesChanged.connect(self._stand_sums)
        self.items.horizontalHeader().sectionResized.connect(lambda *_: self._stand_sums())
        card.body.addWidget(rule())
        card.body.addWidget(foot)
        return card

    def _stand_sums(self) -> None:
        """Each sum under its column."""
        head, high, edge = self.items.horizontalHeader(), self._foot.height(), look().px(8)
        self.total.setGeometry(edge, 0, head.sectionViewportPosition(_NOW) - edge, high)
        for column, label in ((_NOW, self.now_sum), (_LAST, self.last_sum), (_CHANGE, self.change_sum)):
            left = head.sectionViewportPosition(column)
            label.setGeometry(left, 0, head.sectionSize(column) - edge, high)

    def _promise(self) -> Card:
        card = Card("过账会做什么")
        column = QVBoxLayout()
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        self.promises = [text("", wrap=True) for _ in range(4)]
        self._ticks = [Icon("check", "ok", 14) for _ in self.promises]
        self._lines = [QWidget() for _ in self.promises]
        for row, tick, words in zip(self._lines, self._ticks, self.promises, strict=True):
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            level = QVBoxLayout()
            level.setContentsMargins(0, look().px(3), 0, 0)
            level.addWidget(tick)
            level.addStretch(1)
            line.addLayout(level)
            line.addWidget(words, 1)
            column.addWidget(row)
        column.addStretch(1)
        card.body.addLayout(column)
        return card

    # ---- looking -------------------------------------------------------------------------------------------------

    def open_with(self, what: object) -> None:
        """A billing month, `2026-07`."""
        if isinstance(what, str):
            self._month = Period.parse(what)
            self.reload()

    def _turn(self, months: int) -> None:
        self._month = self._month.plus(months)
        self.refresh()

    def refresh(self) -> None:
        """Compute the month anew."""
        month = str(self._month)
        self.month.setText(f"{self._month.year} 年 {self._month.month} 月")
        self.head.say("正在试算…")
        self.steps.go(CHECK)
        self.go.setEnabled(False)
        chosen = self._chosen
        self.narrow.setText(f"只出 {chosen.words}" if chosen != EVERYTHING else "选范围…")
        self.whole.setVisible(chosen != EVERYTHING)
        self.run(
            lambda _: billing_review.review(self.seat, month, None, chosen), topic=self._reviewing, done=self._show
        )

    def choose(self) -> None:
        """Ask which items, buildings and houses are to be billed."""

        def ask(items: Sequence[ItemRow]) -> None:
            ChooseRange(self, items, self._chosen, self._narrow)

        self.run(lambda _: fees.listing(self.seat), topic=self._choosing, done=ask)

    def _narrow(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self.refresh()

    def _show(self, review: Review) -> None:
        self._review = review
        self.posting.look(review)
        again = f"{self._month.month} 月账已出，可以补出 {review.bills} 户" if review.runs else ""
        self.head.say((again or "试算，还没有写入任何账目") if review.lines else "没有要出的账")
        self.steps.go(LOOK if review.lines else len(STEPS) if review.runs else CHECK)
        word = f"已出账 {len(review.runs)} 次" if review.runs else "未出账"
        self.state.say("ok" if review.runs else "neutral", word)
        self.due.setText(f"到期日 {review.due}" if review.due else "")
        self.items.put([self._item_row(row) for row in review.items])
        last = sum(row.last_fen for row in review.items)
        now = sum(row.fen for row in review.items)
        bills = f"{review.bills} 张要出" if review.lines or not review.posted_bills else ""
        stand = f"{review.posted_bills} 张已出" if review.posted_bills else ""
        said = "，".join(part for part in (stand, bills) if part)
        self.total.setText(f"合计　账单 {said}")
        self.now_sum.setText(yuan(now))
        self.last_sum.setText(yuan(last))
        self.change_sum.setText(change_cell(now, last, self._big).word)
        self._say_promises(review)
        self.looks.put(review, ())
        self.houses.put("", ())
        self._mark(review)
        self.comparing.setEnabled(bool(review.lines))
        self.post.setText(f"过账 {review.bills} 户…" if review.lines else "过账…")
        self.go.setEnabled(bool(review.lines) and self._posts)
        self.to_paper.setEnabled(bool(review.runs) and self._posts)
        self.voiding.setEnabled(bool(review.posted_bills) and self._posts)
        self.void_button.setVisible(self.voiding.isEnabled())
        if review.items:
            self.items.selectRow(0)

    def _item_row(self, row: ItemReview) -> tuple[Cell, ...]:
        before = Tinted(yuan(row.last_fen), "second" if row.last_fen else "third")
        now = Tinted(yuan(row.fen), "text" if row.fen else "third")
        return (row.name, str(row.lines), now, before, change_cell(row.fen, row.last_fen, self._big))

    @property
    def _big(self) -> int:
        return self._review.big_change if self._review is not None else MANY

    def _say_promises(self, review: Review) -> None:
        coming = [
            f"生成应收 {review.lines} 笔，账单 {review.bills} 张，共 {yuan(review.fen)} 元；有预存的自动抵扣。",
            "整批一次写入：中途断电或取消，等于没做过。",
            "重复过账不会重复收费，只补新增的。",
        ]
        said = coming if review.lines else ["没有要出的账，过账不会做任何事。", "", ""]
        said.append(f"本月先前已出 {review.already_posted} 笔，不再出。" if review.already_posted else "")
        for row, label, words in zip(self._lines, self.promises, said, strict=True):
            label.setText(words)
            row.setVisible(bool(words))

    def _mark(self, review: Review) -> None:
        """Compare every house with its last period; that takes a while in a large estate."""
        if not review.lines:
            return
        self.run(
            lambda _: billing_compare.marked(self.seat, review.plan),
            topic=self._marking,
            done=lambda marks: self.looks.put(review, marks),
        )

    def _stand_on(self, item: ItemReview) -> None:
        if self._review is not None and item in self._review.items:
            self.items.selectRow(self._review.items.index(item))
            self.items.setFocus()

    def _dig(self, place: int) -> None:
        review = self._review
        if review is None or not 0 <= place < len(review.items):
            return
        item = review.items[place]
        self.run(
            lambda _: billing_compare.changes(self.seat, review.plan, item.item),
            topic=self._digging,
            done=lambda rows: self.houses.put(f"{item.name}{'，变化大的在前' if rows else ''}", rows),
        )

    def _dig_mark(self, mark: Marked) -> None:
        review = self._review
        if review is None:
            return

        def show(rows: tuple[Compared, ...]) -> None:
            self.houses.put(f"{mark.title}　{mark.count} {mark.unit}", rows)
            self.houses.table.setFocus()

        self.run(lambda _: billing_compare.with_mark(self.seat, review.plan, mark.mark), topic=self._digging, done=show)

    def export(self) -> None:
        """Write what the run would post, house by house, beside the last period."""
        review = self._review
        if review is None or not review.lines:
            return
        target = self.seat.store.paths.out / f"出账预览-{review.month}.xlsx"
        self.run(
            lambda _: billing_compare.export(self.seat, review.month, target, review.on, self._chosen),
            topic=self._ending,
            done=self._exported,
            writes=True,
            what="导出出账预览",
        )

    def _exported(self, done: ComparisonWritten) -> None:
        lacking = f"，不能出的 {done.kept_back} 笔另有一页" if done.kept_back else ""
        self.landed(f"出账预览已导出：{done.lines} 行{lacking}。{done.file}")

    def void_month(self) -> VoidMonth | None:
        """Ask whether the month is taken back."""
        review = self._review
        if review is None or not review.posted_bills:
            return None
        asked = VoidMonth(self, review.month, review.runs)
        asked.landed.connect(self._voided)
        return asked

    def _voided(self, said: str) -> None:
        self.said.emit(said)
        self.landed(said)

    def report(self) -> None:
        """The month's report on paper, in front."""
        month = str(self._month)
        self.run(
            lambda _: month_report.print_report(self.seat, month),
            topic=self._ending,
            done=lambda done: self.show_paper(done.file, OTHER),
            writes=True,
            what=f"{month} 月报",
        )

    # ---- posting -------------------------------------------------------------------------------------------------

    def _posted(self, done: RunAnswer) -> None:
        said = f"{done.period} 已过账：{done.bills} 张账单，{done.lines} 笔，{yuan(done.amount_fen)} 元。"
        self.message.say("ok", said, "", (("打印账单", self._print),))
        self.said.emit(said)
        self.reload()

    def _print(self) -> None:
        self.posting.print_month(str(self._month))
