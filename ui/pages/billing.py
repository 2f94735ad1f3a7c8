"""出账: choose the month, look at what is missing and what changed, post it, print it (UI §8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from app.domain.money import yuan
from app.domain.period import Period
from app.services import billing_review, fees, month_close, month_report
from app.services.billing import RunAnswer
from app.services.billing_choice import EVERYTHING, Chosen
from app.services.billing_review import HouseChange, ItemReview, KeptBack, Review
from app.services.fees import ItemRow
from app.services.month_close import Months
from app.services.seat import Seat
from ui.forms.badge import Badge
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card, Icon, IconButton, action, rule, text
from ui.forms.steps import Steps
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
NAMED = 3
"""So many houses are named beside what is missing; the rest stands in the tooltip."""
_NOW, _LAST = 2, 3
"""The columns of the items that are summed."""
BIG_CHANGE = 10
"""A change of so many percent against the month before is marked."""

MEND = {
    "no_tariff": ("设标准", "tariffs", "set_tariff"),
    "no_reading": ("补录读数", "readings", "enter_readings"),
    "no_area": ("补面积", "houses", "import_register"),
}
"""Where what is missing is mended, by reason, and the right it takes."""


def change_cell(now: int, before: int) -> Tinted:
    """The change in yuan and percent with an arrow; a large one is marked."""
    if not before:
        return Tinted("—" if not now else "新", "third")
    moved = now - before
    if not moved:
        return Tinted("—", "third")
    percent = (abs(moved) * 1000 + abs(before) // 2) // abs(before)
    sign, arrow = ("+", "▲") if moved > 0 else ("", "▼")
    token = "warn" if percent >= BIG_CHANGE * 10 else "second"
    return Tinted(f"{sign}{yuan(moved)}　{arrow} {percent // 10}.{percent % 10}%", token)


STEPS = ("选账期", "检查数据", "预览与核对", "过账")
CHECK, LOOK = 1, 2


class BillingPage(Page):
    """The billing month of today stands there at first; what is shown was computed from the state it names."""

    reads = frozenset({"ledger", "tariff", "house_item", "reading", "house", "resident", "setting"})

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "出账")
        self._reviewing, self._digging, self._ending, self._choosing = Topic(), Topic(), Topic(), Topic()
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
        self.handing = action(self, "导出给财务…", "", lambda: offer_export(self, self._ending))
        self.head.add(HintButton("", self.again))
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
        for act in (self.to_paper, self.go, self.voiding):
            act.setEnabled(False)
        self.items = PlainTable(
            "按收费项目",
            (Head("收费项目"), Head("户/个数", 72, right=True), Head("本期（元）", 120, right=True),
             Head("上期（元）", 120, right=True), Head("变化（元）", 170, right=True)), "没有要出的账。",
        )  # fmt: skip
        self.items.stood.connect(self._dig)
        left = QVBoxLayout()
        left.setSpacing(look().size("gap"))
        left.addWidget(self._item_card(), 3)
        left.addWidget(self._promise(), 2)
        right = QVBoxLayout()
        right.setSpacing(look().size("gap"))
        right.addWidget(self._look_card())
        right.addWidget(self._house_card(), 1)
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
        for table in (self.items, self.houses):
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
        for label in (self.total, self.now_sum, self.last_sum):
            label.setParent(foot)
        for label in (self.now_sum, self.last_sum):
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
        for column, label in ((_NOW, self.now_sum), (_LAST, self.last_sum)):
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

    def _look_card(self) -> Card:
        self.kept = QVBoxLayout()
        self.kept.setContentsMargins(14, 10, 14, 10)
        self.kept.setSpacing(8)
        self.missing = Badge("danger", "")
        self.missing.hide()
        card = Card("需要看一眼", self.missing)
        card.body.addLayout(self.kept)
        return card

    def _house_card(self) -> Card:
        self.houses = PlainTable(
            "逐户变化",
            (
                Head("房号", strong=True),
                Head("本期（元）", 90, right=True),
                Head("上期（元）", 90, right=True),
                Head("变化（元）", 130, right=True),
            ),
            "要出的账才有逐户变化；已出的在“账单与收款”里看。",
        )
        self.which = text("", "small")
        card = Card("逐户变化", self.which)
        card.body.addWidget(self.houses, 1)
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
        self._say_promises(review)
        self._say_kept(review)
        self.houses.put([])
        self.which.setText("")
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
        return (row.name, str(row.lines), now, before, change_cell(row.fen, row.last_fen))

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

    def _say_kept(self, review: Review) -> None:
        while self.kept.count():
            item = self.kept.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        lost = sum(row.count for row in review.kept_back if row.reason in MEND)
        self.missing.say("danger", f"{lost} 笔不能出")
        self.missing.setVisible(bool(lost))
        if review.kept_back:
            self.kept.addWidget(self._kept_rows(review.kept_back))
        if review.let_off:
            houses = "、".join(dict.fromkeys(each.house for each in review.let_off[:NAMED]))
            off = sum(each.amount_fen for each in review.let_off)
            said = f"折扣 {len(review.let_off)} 笔，共少收 {yuan(off)} 元：{houses}"
            self.kept.addWidget(text(said + (" 等" if len(review.let_off) > NAMED else ""), "second", wrap=True))
        for warning in review.warnings:
            self.kept.addWidget(text(warning, "warned", wrap=True))
        if not review.kept_back and not review.warnings and not review.let_off:
            self.kept.addWidget(text("没有缺的数据。", "second"))

    def _kept_rows(self, rows: Sequence[KeptBack]) -> QWidget:
        """Reason, how many, which houses, and what mends it, in columns."""
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        for at, row in enumerate(rows):
            grid.addWidget(Badge("danger" if row.reason in MEND else "warn", row.title), at, 0)
            grid.addWidget(text(f"{row.count} 笔", "strong"), at, 1, Qt.AlignmentFlag.AlignRight)
            more = " 等" if row.count > NAMED else ""
            named = text(f"{'、'.join(row.houses[:NAMED])}{more}", "small", wrap=True)
            named.setToolTip("、".join(row.houses))
            grid.addWidget(named, at, 2)
            words, page, right = MEND.get(row.reason, ("", "", ""))
            if words and self.seat.may(right):
                button = HintButton(words, small=True)
                button.clicked.connect(lambda *_, page=page, house=row.houses[0]: self.wanted.emit(page, house))
                grid.addWidget(button, at, 3)
        return made

    def _dig(self, place: int) -> None:
        review = self._review
        if review is None or not 0 <= place < len(review.items):
            return
        item = review.items[place]
        self.run(
            lambda _: billing_review.changes(self.seat, review.plan, item.item),
            topic=self._digging,
            done=lambda rows: self._dug(item, rows),
        )

    def _dug(self, item: ItemReview, rows: tuple[HouseChange, ...]) -> None:
        self.which.setText(f"{item.name}　{item.lines} 户，变化大的在前" if rows else item.name)
        self.houses.put(
            [
                (row.house, yuan(row.fen), Tinted("—", "third") if row.last_fen is None else yuan(row.last_fen),
                 change_cell(row.fen, row.last_fen or 0))
                for row in rows
            ]
        )  # fmt: skip

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
