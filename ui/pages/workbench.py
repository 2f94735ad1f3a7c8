"""工作台: the figures of the day, and what waits for this person: approvals first, then alerts by gravity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.services import alerts, approvals, setup, workbench
from app.services.alerts import AlertRow
from app.services.approvals import Decision, RequestRow
from app.services.list_face import Query
from app.services.progress import Progress
from app.services.seat import Seat
from app.services.setup import SetUp
from app.services.workbench import Buildings, Figures
from ui.bell import drop_all, when
from ui.forms.badge import Badge
from ui.forms.confirm import Overlay
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card, Elided, action, rule, text
from ui.icons import LEVELS, paint
from ui.moments import greeting
from ui.pages.page import Page
from ui.pages.workbench_cards import Stat, StatCard, stats
from ui.pages.workbench_first import FirstSteps
from ui.pages.workbench_plots import BuildingsPlot, DaysPlot, RatePlot
from ui.theme import look
from ui.workers.runner import Runner, sentence
from ui.workers.topic import Topic

MOST = 40
HIGHEST = 480
"""No plot is higher: a tall window gives its room to none of them."""
LOW = 520
"""Height of the page below which the buildings are left out."""
WIDEST = 460
"""A wide window gives its width to what waits."""
OPENS = {
    "maintenance": "equipment",
    "certificate": "equipment",
    "contract": "equipment",
    "bill_run": "billing",
    "dunning": "dunning",
    "backup_place": "office",
    "backup_old": "office",
    "handover_waits": "houses",
}
"""Which page an alert of a kind is dealt with on."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the page read: requests that this seat may decide, and its alerts."""

    requests: tuple[RequestRow, ...]
    alerts: tuple[AlertRow, ...]


class _Sign(QWidget):
    """An icon on its tint, 28 px."""

    def __init__(self, icon: str, token: str) -> None:
        super().__init__()
        self._icon, self._token = icon, token
        self._size()
        look().changed.connect(self._size)

    def _size(self) -> None:
        self.setFixedSize(look().px(28), look().px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour(f"{self._token}_tint"))
        painter.drawRoundedRect(self.rect(), 4, 4)
        edge, off = look().px(16), (self.width() - look().px(16)) / 2
        paint(painter, QRectF(off, off, edge, edge), self._icon, self._token)
        painter.end()


class _WholeRows(QScrollArea):
    """Its last row is never cut: what is left over stays empty below the rows in sight."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many rows as stand whole."""
        super().resizeEvent(event)
        self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Other rows, or rows of another height."""
        eaten = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return eaten

    def fit(self) -> None:
        """Leave out what is no whole row; one that is too high for the place stands as it is."""
        todos = self.findChildren(Todo)
        row = next((todo.sizeHint().height() + 1 for todo in todos if not todo.isHidden()), 0)
        over = self.height() % row if row and self.height() > row else 0
        if over != self.viewportMargins().bottom():
            self.setViewportMargins(0, 0, 0, over)
        self.verticalScrollBar().setSingleStep(max(row, 1))


class Todo(QWidget):
    """A row: sign, title, a grey line, one button."""

    pressed = Signal()

    def __init__(self, icon: str, token: str, title: str, about: str, verb: str, word: str = "") -> None:
        super().__init__()
        self.title, self.verb = title, verb
        words = QVBoxLayout()
        words.setSpacing(1)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Elided(title, "strong"), 1)
        words.addLayout(head)
        words.addWidget(Elided(about, "small"))
        self.button = HintButton(verb)
        self.button.setAccessibleDescription(title)
        self.button.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(12)
        row.addWidget(_Sign(icon, token))
        row.addLayout(words, 1)
        if word:
            row.addWidget(Badge("neutral", word))
        row.addWidget(self.button)


class WorkbenchPage(Page):
    """The page one comes to."""

    reads = frozenset({"alert", "request", "ledger", "equipment", "house", "tariff", "reading"})

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "")
        self._topic, self._seen_topic, self._figures_topic = Topic(), Topic(), Topic()
        self._first_topic, self.first = Topic(), FirstSteps()
        self.figures: Figures | None = None
        self._waiting: Waiting | None = None
        self.cards: list[StatCard] = []
        self.rates, self.days, self.buildings = RatePlot(), DaysPlot(), BuildingsPlot()
        self._cards = QHBoxLayout()
        self._cards.setSpacing(look().size("gap"))
        self.count, self.waiting = text("", "small"), text("", "count")
        self.waiting.hide()
        self.card = Card("待办", self.count, beside=self.waiting)
        self.rows = QVBoxLayout()
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(0)
        inner = QWidget()
        inner.setLayout(self.rows)
        scroll = _WholeRows()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        scroll.setAccessibleName("待办")
        self.card.body.addWidget(scroll)
        self._lay_out()
        self.todos: list[Todo] = []
        self._greet(None)

    def _lay_out(self) -> None:
        gap = look().size("gap")
        self._plots = QWidget()
        right = QVBoxLayout(self._plots)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(gap)
        self._rate_card = Card("当期收缴率", text("近 12 个月，空心点是本月", "third"))
        self._rate_card.body.addWidget(self.rates, 1)
        self._days_card = Card("近 7 日实收", text("单位 千元", "third"))
        self._days_card.body.addWidget(self.days, 1)
        right.addWidget(self._rate_card, 1)
        right.addWidget(self._days_card, 1)
        right.addStretch(0)
        self._size()
        look().changed.connect(self._size)
        self._plots.hide()
        below = QHBoxLayout()
        below.setSpacing(gap)
        left = QVBoxLayout()
        left.setSpacing(gap)
        left.addWidget(self.first)
        left.addWidget(self.card, 1)
        self._buildings_about = text("", "third")
        self._buildings_card = Card("各楼栋当期收缴率", self._buildings_about)
        self._buildings_card.body.addWidget(self.buildings)
        self._buildings_card.hide()
        left.addWidget(self._buildings_card)
        below.addLayout(left, 5)
        below.addWidget(self._plots, 3)
        self.body.addLayout(self._cards)
        self.body.addLayout(below, 1)
        self.first.hide()
        self.first.wanted.connect(self.wanted)
        self.rates.opened.connect(self._open_month)
        self.days.opened.connect(self._open_day)
        self.buildings.opened.connect(self._open_building)
        look().changed.connect(self._fit_buildings)

    def _size(self) -> None:
        self._plots.setMaximumWidth(look().px(WIDEST))
        for card in (self._rate_card, self._days_card):
            card.setMaximumHeight(look().px(HIGHEST))

    def refresh(self) -> None:
        """Read what waits, then the figures: what waits is there at once."""
        self.run(self._read, topic=self._topic, done=self._show)
        self.run(lambda _: workbench.figures(self.seat), topic=self._figures_topic, done=self._show_figures)
        if self.finds("setup"):
            self.run(lambda _: setup.state(self.seat), topic=self._first_topic, done=self._show_first)

    def _show_first(self, state: SetUp) -> None:
        self.first.setVisible(not state.done)
        if not state.done:
            self.first.put(state)

    def _show_figures(self, figures: Figures) -> None:
        self.figures = figures
        focused = next((at for at, card in enumerate(self.cards) if card.hasFocus()), None)
        drop_all(self._cards)
        self.cards = [self._card(stat) for stat in stats(figures)]
        for card in self.cards:
            self._cards.addWidget(card, 1)
        if focused is not None and focused < len(self.cards):
            self.cards[focused].setFocus()
        self.rates.put(figures.months)
        self.days.put(figures.days)
        self._rate_card.setVisible(bool(figures.months))
        self._days_card.setVisible(bool(figures.days))
        self._show_buildings(figures.buildings)
        self._plots.setVisible(bool(figures.months or figures.days))
        if self._waiting is not None and not self.todos:
            self._show(self._waiting)

    def _show_buildings(self, found: Buildings | None) -> None:
        rates = found.rates if found is not None else ()
        self.buildings.put(rates)
        self._buildings_about.setText(f"{found.month}，点楼栋看欠费户" if found is not None else "")
        self._fit_buildings()

    def _fit_buildings(self) -> None:
        """Buildings give way to what waits where the page is low."""
        many = self.figures is not None and self.figures.buildings is not None and len(self.figures.buildings.rates) > 1
        self._buildings_card.setVisible(many and self.height() >= look().px(LOW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What has room."""
        super().resizeEvent(event)
        self._fit_buildings()

    def _card(self, stat: Stat) -> StatCard:
        card = StatCard(stat)
        card.opened.connect(lambda: self._open(stat.opens))
        return card

    def _open(self, places: Sequence[tuple[str, Query]]) -> None:
        for place, query in places:
            if self.finds(place):
                self.wanted.emit(place, query)
                return

    def _open_month(self, place: int) -> None:
        self._open((("bills", Query(filters=(("period", self.rates.months[place].month),))),))

    def _open_building(self, place: int) -> None:
        """The houses of the building that owe."""
        each = self.buildings.buildings[place]
        where = ("building", each.code) if each.code else ("kind", each.kind)
        self._open((("houses", Query(filters=(where, ("owing", "1")))),))

    def _open_day(self, place: int) -> None:
        """Today's receipts; the list can be asked for no other day, its newest stand first."""
        today = place == len(self.days.days) - 1
        self._open((("bills", Query(filters=(("today", "1"),) if today else ())),))

    def _read(self, _: Progress) -> Waiting:
        requests = approvals.waiting(self.seat) if self.seat.may("decide") else ()
        return Waiting(requests, alerts.listing(self.seat))

    def _greet(self, waiting: Waiting | None) -> None:
        now = self.seat.store.wall_clock()
        self.head.title.setText(f"{greeting(now)}，{self.seat.login}")
        if waiting is not None:
            count = len(waiting.requests) + len(waiting.alerts)
            self.head.say(f"今天有 {count} 件事等处理" if count else "今天没有待办")

    def _show(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._greet(waiting)
        drop_all(self.rows)
        self.todos = [self._request(row) for row in waiting.requests]
        self.todos += [self._alert(row) for row in waiting.alerts[: MOST - len(self.todos)]]
        for todo in self.todos:
            self.rows.addWidget(todo)
            self.rows.addWidget(rule())
        whole = len(waiting.requests) + len(waiting.alerts)
        self.waiting.setText(str(whole))
        self.waiting.setAccessibleName(f"{whole} 件待办")
        self.waiting.setVisible(bool(whole))
        left = whole - len(self.todos)
        self.count.setText(f"另有 {left} 件，见全部提醒" if left > 0 else "紧急的在前" if self.todos else "")
        if not self.todos:
            self.rows.addWidget(_nothing(self._ahead()))
        filler = QWidget()
        filler.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.rows.addWidget(filler, 1)

    def _ahead(self) -> str:
        """What comes next and when, for a day without anything to do."""
        upkeep = self.figures.upkeep if self.figures is not None else None
        if upkeep is None or upkeep.next_on is None:
            return "有要批准的申请或新的提醒时，会列在这里。"
        word = "下一项维保" if upkeep.next_on >= self.today else "最早一项逾期的维保"
        return f"{word}：{upkeep.next_on.isoformat()} {upkeep.next_task}"

    def _request(self, row: RequestRow) -> Todo:
        about = f"{row.summary}，申请人 {row.by}：{row.reason}"
        todo = Todo("shield", "warn", f"{row.act_title}等待批准", about, "审批", row.request)
        todo.pressed.connect(lambda: self._decide(row))
        return todo

    def _alert(self, row: AlertRow) -> Todo:
        token = "neutral" if row.level == "info" else row.level
        place = OPENS.get(row.kind, "")
        about = f"{row.todo}  {when(row, self.seat.store.wall_clock())}"
        verb = "去处理" if place and self.finds(place) else "看过了" if not row.seen else "详情"
        todo = Todo(LEVELS[row.level], token, row.title, about, verb)
        todo.pressed.connect(lambda: self._deal(row, place, verb))
        return todo

    def _deal(self, row: AlertRow, place: str, verb: str) -> None:
        if verb == "去处理":
            self.wanted.emit(place, row.object)
        elif verb == "详情":
            self.wanted.emit("alerts", None)
        else:
            self.run(
                lambda _: alerts.mark_seen(self.seat, (row.key,)),
                topic=self._seen_topic,
                done=lambda _: self.seat.announce(frozenset({"alert"})),
                writes=True,
            )

    def _decide(self, row: RequestRow) -> None:
        Deciding(self, row)


class Deciding(Overlay):
    """Yes or no to a request; a no needs its reason. Esc leaves it waiting."""

    def __init__(self, page: WorkbenchPage, row: RequestRow) -> None:
        super().__init__(page.area, 480)
        self._page, self._row, self._topic = page, row, Topic()
        self.reason, self.wrong = QLineEdit(), text("", "error", wrap=True)
        self.reason.setAccessibleName("驳回的原因")
        self.reason.setMaxLength(200)
        self.body.addWidget(text(f"批准{row.act_title}？", "title"))
        for words in (row.summary, f"申请人 {row.by}，原因：{row.reason}", f"申请号 {row.request}"):
            self.body.addWidget(text(words, "second", wrap=True))
        self.body.addWidget(text("驳回的原因（驳回时必填）", "small"))
        self.body.addWidget(self.reason)
        self.body.addWidget(self.wrong)
        later = action(self, "先不办", "Esc", self.finish)
        self.later = HintButton("", later, parent=self.card)
        self.no = HintButton("驳回", weight=Weight.DANGER, parent=self.card)
        self.yes = HintButton("批准并执行", weight=Weight.PRIMARY, parent=self.card)
        self.no.clicked.connect(self._refuse)
        self.yes.clicked.connect(self._approve)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.later, self.no, self.yes):
            buttons.addWidget(button)
        self.foot.addLayout(buttons)
        self.show()
        self.raise_()
        self.later.setFocus()

    def _approve(self) -> None:
        seat, number = self._page.seat, self._row.request
        self._do(lambda: approvals.yes(seat, number))

    def _refuse(self) -> None:
        seat, number, reason = self._page.seat, self._row.request, self.reason.text()
        if not reason.strip():
            self.wrong.setText("驳回要写明原因。")
            self.reason.setFocus()
            return
        self._do(lambda: approvals.no(seat, number, reason))

    def _do(self, decide: Callable[[], Decision]) -> None:
        self._page.runner.run(
            self, self._topic, lambda _: decide(), done=self._done, failed=self._failed, writes=True, what="审批"
        )

    def _done(self, decision: Decision) -> None:
        word = "已批准并执行" if decision.state == "done" else "已驳回"
        self._page.said.emit(f"{self._row.act_title} {decision.request} {word}")
        self.finish()
        self._page.reload()

    def _failed(self, error: Exception) -> None:
        self.wrong.setText(sentence(error))


def _nothing(ahead: str) -> QWidget:
    words = QWidget()
    column = QVBoxLayout(words)
    column.setContentsMargins(16, 40, 16, 40)
    for label in (text("今天没有待办", "strong"), text(ahead, "second", wrap=True)):
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(label)
    return words
