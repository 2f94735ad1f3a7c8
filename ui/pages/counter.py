"""收费台: find a house, tick, take the money, print; a whole day without the mouse (UI §6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.money import Fen, yuan
from app.domain.problem import Problem
from app.domain.rounding import Unit, small_change
from app.services import closes, counter, payments, prepaid_use, printing, view_states
from app.services.counter import CounterHouse, Hit, Ticket
from app.services.house_list import STATES
from app.services.payments import PaymentAnswer
from app.services.prepaid_use import PrepaidUsed
from app.services.printing import ReceiptPrinted
from app.services.purse import METHODS, Tender, Wish
from app.services.refused import Refused
from app.services.seat import Seat
from app.services.view_states import ViewState
from ui.forms.badge import Badge
from ui.forms.confirm import Confirm, in_front
from ui.forms.hint_button import HintButton
from ui.forms.key_hint import KeyHint, KeyHints
from ui.forms.parts import Card, Elided, action, keys_text, rule, text
from ui.pages.counter_acts import CloseDay, OpenShift, UndoReceipt
from ui.pages.counter_hits import HitList
from ui.pages.counter_lines import LinesTable
from ui.pages.counter_more import MoreActs
from ui.pages.counter_preview import ReceiptPreview, Slip
from ui.pages.counter_start import MOST, CounterStart
from ui.pages.counter_till import Given, TillCard, labelled
from ui.pages.page import Page, foot_words
from ui.pages.printing import send_pages
from ui.printers import RECEIPT
from ui.theme import look
from ui.workers.runner import Runner, sentence
from ui.workers.topic import Topic

SIDE, SMALL_SIDE = 368, 340
MOST_OTHERS = 3
VIEW = "counter"
"""Under which name the last houses are remembered."""
MUCH_CHANGE = 1_000_00
"""Change of so many fen is hardly ever right: a telephone number may have been typed for a sum."""
NARROW, LOW = 1000, 580
"""Below this width of the page things stand one below the other; below this height the receipt is not previewed."""


class _Search(QLineEdit):
    """↓ goes to the houses that were here last."""

    stepped_down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down leaves the box."""
        if event.key() == Qt.Key.Key_Down:
            self.stepped_down.emit()
        else:
            super().keyPressEvent(event)


def _change(given: Given, amount: int) -> int:
    """What goes back to the payer of what he gave, in fen."""
    return max(0, given.earlier + given.received - amount) if given.received else 0


class CounterPage(Page):
    """One house at a time; the charge is booked first, then printed."""

    reads = frozenset({"ledger", "house", "resident", "shift", "close"})

    def __init__(self, seat: Seat, runner: Runner) -> None:
        super().__init__(seat, runner, "收费台")
        self._finding, self._calling, self._rehearsing, self._taking = Topic(), Topic(), Topic(), Topic()
        self._telling, self._sending = Topic(), Topic()
        self._recalling = Topic()
        self._recent: tuple[str, ...] = ()
        self._recalled = False
        self._takes = seat.may("take_payment")
        self._house: CounterHouse | None = None
        self._key, self._prepaid_key = str(uuid4()), str(uuid4())
        self._cuts = False
        """Whether small change is let off."""
        self._short: int | None = None
        """The sum that was shown to be less or more than the total: taken at the next Enter."""
        self._odd: int | None = None
        """What was received that leaves so much change that it may be a slip: taken at the next Enter."""
        self._last: str | None = None
        self._refused = ""
        """What was said of an amount that was typed into a row and not taken."""
        self._actions()
        self._build()
        if not self._takes:
            self._read_only()
        self._empty()

    # ---- building ------------------------------------------------------------------------------------------------

    def _actions(self) -> None:
        self.to_search = action(self, "找下一户", "F2", self._to_search)
        self.all = action(self, "全选", "F3", lambda: self.table.lines.tick_all())
        self.to_amount = action(self, "收到", "F4", lambda: None)
        self.keep_change = action(self, "找零转预存", "F9", lambda: None)
        self.take = action(self, "收款", "F12", self._take)
        self.undo = action(self, "红冲 / 补打", "Ctrl+R", self._undo)
        self.close_day = action(self, "日结", "Ctrl+D", self._close_day)
        self.begin_shift = action(self, "开班", "Ctrl+B", self._open_shift)
        self.clear = action(self, "清空", "Esc", self._clear)
        self.cutting = action(self, "抹零", "Ctrl+0", self._cut)
        self.joining = action(self, "同一付款人的几户一起收", "Ctrl+M", self._join)
        self.more = MoreActs(self, lambda: self._house, self._landed)
        self.ways = [
            action(self, f"收款方式：{title}", f"Alt+{place + 1}", partial(self._choose, place))
            for place, title in enumerate(METHODS.values())
        ]
        self.ways.append(action(self, "预存抵扣", f"Alt+{len(METHODS) + 1}", self._use_prepaid))

    def _use_prepaid(self) -> None:
        """预存抵扣 of what is ticked: no receipt number, a slip of its own; what is left is paid as usual."""
        house = self._house
        if house is None or house.prepaid_fen <= 0:
            self.message.say("info", "没有预存可以抵扣。")
            return
        wishes = self._ticket.wishes()
        asked = Confirm(
            self.area,
            f"用 {house.house} 的预存抵扣？",
            f"预存 {yuan(house.prepaid_fen)} 元，抵扣{'勾选的' if wishes else ''}费用的本金，先到期的在前。"
            "违约金要用钱交。不开收据，打预存抵扣单。余下的照常收。",
            "抵扣",
            "不抵扣",
            danger=False,
        )
        asked.answered.connect(lambda yes: self._put_prepaid(house.house, wishes) if yes else None)

    def _put_prepaid(self, number: str, wishes: Sequence[Wish]) -> None:
        key = self._prepaid_key

        def put(_: object) -> PrepaidUsed:
            with self.seat.once(key):
                return prepaid_use.put(self.seat, number, None, wishes)

        self.run(put, topic=self._taking, done=self._prepaid_put, writes=True, what="预存抵扣")

    def _prepaid_put(self, done: PrepaidUsed) -> None:
        self._prepaid_key = str(uuid4())
        # What was named is settled: all that is left is offered again.
        self.table.lines.show_ticket(Ticket.of(()), self.today.year)
        said = f"{done.house} 预存抵扣 {yuan(done.amount_fen)} 元，还有预存 {yuan(done.prepaid_fen)} 元。"
        self.said.emit(said)
        self.landed(said)
        self.show_paper(done.file, RECEIPT)

    def _choose(self, place: int) -> None:
        self.till.choose(place)

    def _build(self) -> None:
        self._head_buttons = (self.more.button, HintButton("", self.undo, icon="undo"), HintButton("", self.close_day))
        self.head.add(*self._head_buttons)
        self.search, self.hits = _Search(), HitList(self)
        self.search.setAccessibleName("房号、姓名、电话、车牌")
        self.search.setPlaceholderText("房号、姓名、电话、车牌")
        self.search.returnPressed.connect(self._find)
        self.hits.chosen.connect(self._call_up)
        self.start = CounterStart()
        self.start.opened.connect(self._call_up)
        self.search.stepped_down.connect(self._step_down)
        self.table = LinesTable(typed_into=self._takes)
        self.table.lines.changed.connect(self._ticket_changed)
        self.table.lines.wrong.connect(self._row_refused)
        self.till = TillCard(self.take, self.to_amount, self.keep_change)
        self.till.changed.connect(self._given_changed)
        self.till.prepaid_wanted.connect(self._use_prepaid)
        self.till.received.returnPressed.connect(self._take)
        self.preview = ReceiptPreview()
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self._identity())
        self.stack = QStackedWidget()
        self._lines_card = self._list()
        self.stack.addWidget(self.start)
        self.stack.addWidget(self._lines_card)
        left.addWidget(self.stack, 1)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.till)
        self._receipt_card = self._receipt()
        right.addWidget(self._receipt_card, 1)
        right.addStretch(0)
        self._side = QWidget()
        self._side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(look().size("gap"))
        row.addLayout(left, 1)
        row.addWidget(self._side)
        self.body.addLayout(row, 1)
        self._turn()
        look().changed.connect(self._turn)

    def _read_only(self) -> None:
        """Who only reads sees what a house owes, and nothing that takes money."""
        self._side.hide()
        money = (self.take, self.undo, self.close_day, self.begin_shift, self.to_amount, self.keep_change)
        for one in (*money, *self.ways):
            one.setEnabled(False)
        for button in self._head_buttons:
            button.hide()
        self.head.say("只看：欠什么、怎样算出来")

    def _identity(self) -> Card:
        card = Card()
        row = self._identity_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(16)
        person = QHBoxLayout()
        person.setSpacing(16)
        find = QVBoxLayout()
        find.setSpacing(4)
        find.addWidget(KeyHint("F2", "房号 / 姓名 / 电话 / 车牌", after=True))
        find.addWidget(self.search)
        person.addLayout(find, 2)
        who = QVBoxLayout()
        who.setSpacing(4)
        name = QHBoxLayout()
        name.setSpacing(8)
        self.name, self.state, self.about = Elided("", "strong"), Badge("neutral", ""), Elided("", "small")
        name.addWidget(self.name, 1)
        name.addWidget(self.state)
        who.addLayout(name)
        who.addWidget(self.about)
        person.addLayout(who, 3)
        row.addLayout(person, 1)
        sums = QHBoxLayout()
        sums.setSpacing(16)
        self.owed, self.late, self.prepaid = text("0.00", "stat"), text("0.00", "stat"), text("0.00", "stat")
        for title, figure in (("欠费", self.owed), ("违约金", self.late), ("预存", self.prepaid)):
            sums.addLayout(labelled(title, figure))
        row.addLayout(sums)
        card.body.addLayout(row)
        return card

    def _list(self) -> Card:
        self.count = text("", "small")
        hints = [("空格", "勾选"), ("F3", "全选")]
        card = Card("未清费用", KeyHints(*hints, *([("0–9", "改本次实收")] if self._takes else [])))
        card.body.addWidget(self.table, 1)
        card.body.addWidget(rule())
        foot = self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        foot.setContentsMargins(14, 8, 14, 8)
        foot.setSpacing(4)
        self.sums = text("", "small")
        foot.addWidget(self.count, 1)
        foot.addWidget(self.sums)
        card.body.addLayout(foot)
        hint = self._advice = text("金额较少时按本办公室的顺序分配，可逐行改", "third")
        box = QHBoxLayout()
        box.setContentsMargins(14, 0, 14, 8)
        box.addWidget(hint)
        card.body.addLayout(box)
        return card

    def _receipt(self) -> Card:
        self.next = text("", "small")
        card = Card("收据预览", self.next)
        box = QVBoxLayout()
        box.setContentsMargins(14, 12, 14, 12)
        box.addWidget(self.preview)
        inner, scroll = QWidget(), QScrollArea()
        inner.setLayout(box)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        card.body.addWidget(scroll, 1)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A small screen is arranged otherwise."""
        super().resizeEvent(event)
        self._turn()

    @property
    def _small(self) -> bool:
        return self.width() < look().px(NARROW)

    def _turn(self) -> None:
        """On a small screen, or with large type, what stands side by side stands one below the other."""
        small = self._small
        self._side.setFixedWidth(look().px(SMALL_SIDE if small else SIDE))
        for row in (self._identity_row, self._foot):
            row.setDirection(QBoxLayout.Direction.TopToBottom if small else QBoxLayout.Direction.LeftToRight)
        self._advice.setVisible(self._takes and not small)
        self._receipt_card.setVisible(self.height() >= look().px(LOW))

    # ---- the house -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The drawer's figures; the house anew where one stands."""
        if self._takes:
            self.run(lambda _: closes.outlook(self.seat), topic=self._telling, done=self._tell_day, failed=self._no_day)
        if self._house is not None:
            self._read(self._house.house, self._house.also)
        elif in_front(self.area) is None:
            self.search.setFocus()
        if not self._recalled:
            self._recalled = True
            self.run(
                lambda _: view_states.kept(self.seat, VIEW),
                topic=self._recalling,
                done=self._recall,
                failed=lambda _: None,
            )

    def _recall(self, kept: ViewState) -> None:
        """The houses of the last time, behind those that were called up while they were read."""
        self._recent = tuple(dict.fromkeys((*self._recent, *kept.recent)))[:MOST]
        self.start.put(self._recent)

    def _remember(self, house: str) -> None:
        """The house in front is the newest of the last ones."""
        recent = tuple(dict.fromkeys((house, *self._recent)))[:MOST]
        if recent == self._recent:
            return
        self._recent = recent
        self.start.put(recent)
        state = ViewState(recent=recent)
        self.run(
            lambda _: view_states.keep(self.seat, VIEW, state),
            topic=Topic(),
            done=lambda _: None,
            failed=lambda _: None,
            writes=True,
        )

    def _step_down(self) -> None:
        if self._house is None:
            self.start.step_in()
        else:
            self.table.setFocus()

    def open_with(self, what: object) -> None:
        """Call up the house of this number."""
        if isinstance(what, str):
            self._call_up(what)

    def _tell_day(self, paper: Any) -> None:
        net = sum(method.net for method in paper.methods)
        drawer = f"，钱箱 {yuan(paper.booked)} 元" if paper.shift_since else ""
        self.head.say(f"今日 {paper.receipts} 张 {yuan(net)} 元{drawer}")
        if not paper.shift_since and not paper.receipts and self.message.isHidden():
            self.message.say("info", "今天还没有开班。", "", (("开班…", self._open_shift),))

    def _no_day(self, error: Exception) -> None:
        self.head.say("今天已日结")

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _find(self) -> None:
        typed = self.search.text().strip()
        if not typed:
            self.message.say("warn", "请输入房号、姓名、电话或车牌。")
            return
        self.run(lambda _: counter.find(self.seat, typed), topic=self._finding, done=self._found)

    def _found(self, hits: Sequence[Hit]) -> None:
        if not hits:
            self.message.say(
                "warn", f"没有找到“{self.search.text().strip()}”。", "请换一种写法，如 3-1-402、姓名或电话末四位。"
            )
            self._to_search()
        elif len(hits) == 1:
            self._call_up(hits[0].house)
        else:
            self.hits.offer(self.search, hits)

    def _call_up(self, number: str, also: Sequence[str] = ()) -> None:
        self.hits.hide()
        if self._house is not None and number == self._house.house:
            self._read_anew(number, also)
        else:
            self._leaving(lambda: self._read_anew(number, also))

    def _leaving(self, then: Callable[[], None]) -> None:
        """Ask first where a sum was typed and not taken."""
        house = self._house
        if house is None or not self.dirty:
            then()
            return
        typed = self.till.received.text().strip()
        what = f"收到的 {typed} " if typed else "输入的金额"
        about = f"{what}还没有收款，离开就清掉了。"
        asked = Confirm(self.area, f"离开 {house.house}？", about, "离开", "继续收款", danger=False)
        asked.answered.connect(lambda yes: then() if yes else self.till.received.setFocus())

    def _read_anew(self, number: str, also: Sequence[str]) -> None:
        self.message.clear()
        self._read(number, also)

    def _read(self, number: str, also: Sequence[str]) -> None:
        self.run(lambda _: counter.call_up(self.seat, number, also), topic=self._calling, done=self._show)

    def _join(self) -> None:
        """The debts of the same person's other houses into the same list, on one receipt."""
        house = self._house
        if house is not None and house.others:
            self._call_up(house.house, (*house.also, *(number for number, _ in house.others)))

    def _show(self, house: CounterHouse) -> None:
        fresh = self._house is None or self._house.house != house.house
        if self._short is not None or self._odd is not None or self._cuts:
            # What was said of the sum as it was.
            self.message.clear()
        self._house, self._short, self._odd, self._cuts = house, None, None, False
        self._keys_pause.start()
        self.cutting.setEnabled(self._takes and house.small_change != "off")
        self.joining.setEnabled(self._takes and bool(house.others))
        self.till.prepaid.setEnabled(self._takes and house.prepaid_fen > 0 and house.owed_fen > 0)
        self.more.offer()
        self.stack.setCurrentWidget(self._lines_card)
        if fresh:
            self._remember(house.house)
            self._key = str(uuid4())
            self.till.reset()
        self.search.setText(house.house)
        named = (house.house, house.payer) if self._small else (house.house, house.payer, house.phone)
        self.name.say("　".join(named))
        state = next((each for each in STATES if each.code == house.state), None)
        if state is not None:
            self.state.say(state.tone, state.word, state.icon)
        self.state.show()
        last = house.last_payment
        paid = f"上次缴费 {last.on} {last.method} {yuan(last.amount_fen)}" if last else "没有缴过费"
        spaces = f"车位 {'、'.join(house.spaces)}" if house.spaces else ""
        joined = f"连同 {'、'.join(house.also)}" if house.also else ""
        phone = house.phone if self._small else ""
        self.about.say(" · ".join(part for part in (joined, phone, house.area, spaces, paid) if part))
        self.owed.setText(yuan(house.owed_fen))
        self.late.setText(yuan(house.late_fee_fen))
        self.prepaid.setText(yuan(house.prepaid_fen))
        self.next.setText(f"下一张票号 {house.next_receipt}")
        ticket = Ticket.of(house.lines) if fresh else self._ticket.again(house.lines)
        self.table.lines.show_ticket(ticket, self.today.year)
        if house.lines:
            self.table.selectRow(0)
        if self.isVisible() and in_front(self.area) is None:
            # A paper or a form may stand in front by now: the keys are its own.
            (self.till.received if self._takes else self.table).setFocus()
        # Read anew after something was done here, the house leaves what was said of that in sight.
        if not fresh:
            return
        if house.others:
            self._tell_others(house)
        elif not house.lines:
            hint = "收到的钱会全部转入预存。" if self._takes else ""
            self.message.say("info", f"{house.house} 没有未清费用。", hint)

    def _tell_others(self, house: CounterHouse) -> None:
        """That the payer owes for other houses too."""
        some = "、".join(f"{number} 欠 {yuan(fen)}" for number, fen in house.others[:MOST_OTHERS])
        more = f"等 {len(house.others)} 户" if len(house.others) > MOST_OTHERS else ""
        button = (("一起收 Ctrl+M", self._join),) if self._takes else ()
        self.message.say("info", f"{house.payer} 还有 {some}{more}。", "", button)

    def _empty(self) -> None:
        self._calling.forget()
        self._house, self._short, self._cuts = None, None, False
        self._keys_pause.start()
        self.cutting.setEnabled(False)
        self.joining.setEnabled(False)
        self.till.prepaid.setEnabled(False)
        self.more.offer()
        self.stack.setCurrentWidget(self.start)
        self.name.say("")
        self.about.say("")
        self.state.hide()
        for figure in (self.owed, self.late, self.prepaid):
            figure.setText("0.00")
        self.next.setText("")
        self.table.lines.show_ticket(Ticket.of(()), self.today.year)
        self.till.reset()
        self.till.show_total(0)
        self.preview.show_slip(None)

    def _clear(self) -> None:
        if self.hits.isVisible():
            self.hits.hide()
            return
        self._leaving(self._start_anew)

    def _start_anew(self) -> None:
        self._empty()
        self.message.clear()
        self.search.clear()
        self.search.setFocus()

    # ---- the sum -------------------------------------------------------------------------------------------------

    @property
    def _ticket(self) -> Ticket:
        return self.table.lines.ticket

    @property
    def _due(self) -> int:
        """What settles the ticked lines, small change let off where the cashier said so; in fen."""
        total, rule = self._ticket.total, self._house.small_change if self._house is not None else "off"
        return int(small_change(Fen(total), Unit(rule))[0]) if self._cuts and rule != "off" else total

    def _cut(self) -> None:
        """抹零 on, or off again."""
        self._cuts = not self._cuts
        let_off = self._ticket.total - self._due
        self._ticket_changed()
        self._given_changed()
        if self._cuts:
            said = f"抹零 {yuan(let_off)} 元。" if let_off else "没有零头可抹。"
            self.message.say("info", said, "再按 Ctrl+0 取消。")
        else:
            self.message.clear()

    def _row_refused(self, why: str) -> None:
        self._refused = why
        self.message.say("warn", why)

    def _ticket_changed(self) -> None:
        if self._refused:
            if self.message.said.text() == self._refused:
                self.message.clear()
            self._refused = ""
        ticket = self._ticket
        ticked = sum(ticket.ticked)
        self.count.setText(f"已选 {ticked} 笔，未选 {len(ticket.lines) - ticked} 笔" if ticket.lines else "")
        self._say_sums()
        self.till.show_total(self._due)

    def _say_sums(self) -> None:
        """What is ticked, and what of it is paid now: less than that once a smaller sum was spread over the lines."""
        ticket = self._ticket
        fees = ticket.total - ticket.late_fee
        takes = self._due if self._short is None else min(self._short, self._due)
        self.sums.setText(f"费用 {yuan(max(0, fees))}　违约金 {yuan(ticket.late_fee)}　本次实收 {yuan(takes)}")

    def _given(self) -> Given | None:
        try:
            return self.till.given()
        except Problem as why:
            self.message.say("warn", why.text, why.hint or "")
            return None

    def _given_changed(self) -> None:
        self._short = self._odd = None
        if self.table.lines.settles is not None:
            self.table.lines.show_settled(None)
        self._say_sums()
        self._draw_slip()

    def _draw_slip(self) -> None:
        house = self._house
        if house is None:
            return
        try:
            given = self.till.given()
        except Problem:
            return
        total = self._due
        received = total - given.earlier if given.received is None else given.received
        amount = self._amount(given)
        lines = tuple(
            (f"{line.item_name} {line.span}", self.table.lines.takes(place))
            for place, line in enumerate(self._ticket.lines)
            if self.table.lines.takes(place)
        )
        if amount < total and self.table.lines.settles is None:
            lines = (("按本办公室的顺序分配", amount),)
        settled = sum(fen for _, fen in lines)
        self.preview.show_slip(
            Slip(house.next_receipt, self.today.isoformat(), house.house, house.payer, lines, amount,
                 max(0, amount - settled), given.earlier + received, max(0, given.earlier + received - amount),
                 self.seat.login)
        )  # fmt: skip

    def _amount(self, given: Given) -> int:
        """What is booked: the change goes back unless it becomes prepaid; where nothing is owed all of it is."""
        total = self._due
        if given.received is None:
            return total
        whole = given.earlier + given.received
        return whole if whole < total or given.keep_change or not total else total

    # ---- taking --------------------------------------------------------------------------------------------------

    def _take(self) -> None:
        house, given = self._house, self._given()
        if given is None:
            return
        if house is None:
            self._find()
            return
        if given.received is not None and given.received < 0:
            self.message.say("warn", "收到的钱不能是负数。", "要退钱，请用“退预存…”，或把收据红冲。")
            self.till.received.setFocus()
            return
        amount = self._amount(given)
        if amount <= 0:
            self.message.say("warn", "还没有金额。", "请在“收到”里输入收到的钱，或勾选要收的费用。")
            self.till.received.setFocus()
            return
        over = amount > self._due and not (self._due and self.till.keep.isChecked())
        if (amount < self._due or over) and self._short != amount:
            self._rehearse(house, given, amount)
            return
        change = _change(given, amount)
        if change >= MUCH_CHANGE and self._odd != given.received:
            self._odd = given.received
            self.message.say(
                "warn", f"收到 {yuan(given.received or 0)}，要找零 {yuan(change)}。", "没有输错，再按 Enter 收款。"
            )
            return
        self._book(house, given, amount)

    def _rehearse(self, house: CounterHouse, given: Given, amount: int) -> None:
        wishes = self._ticket.wishes()

        def shown(answer: PaymentAnswer) -> None:
            self._short = amount
            self.table.lines.show_settled(self._by_place(answer))
            self._say_sums()
            self._draw_slip()
            rest = self._due - amount
            ahead = f"其中 {yuan(-rest)} 转入预存" if self._due else "转入预存"
            said = f"收 {yuan(amount)}，" + (f"还欠 {yuan(rest)}。" if rest > 0 else f"{ahead}。")
            self.message.say("info", f"{said}再按 Enter 收款。")

        self.run(
            lambda _: payments.rehearse(self.seat, house.house, amount, given.method, None, wishes, house.also),
            topic=self._rehearsing,
            done=shown,
        )

    def _by_place(self, answer: PaymentAnswer) -> dict[int, int]:
        """What each line gets, by its place in the list."""
        lines = list(enumerate(self._ticket.lines))
        places = {(line.house, line.item, line.period): place for place, line in reversed(lines)}
        found: dict[int, int] = {}
        for row in answer.allocated:
            place = places.get((row.house, row.item, row.period))
            if place is not None:
                found[place] = found.get(place, 0) + row.amount_fen
        return found

    def _book(self, house: CounterHouse, given: Given, amount: int) -> None:
        wishes, key = self._ticket.wishes(), self._key
        cuts = self._cuts and amount == self._due < self._ticket.total
        target = self.seat.store.paths.out
        last = Tender(given.method, amount - given.earlier, given.reference)
        first, *more = (*given.before, last) if last.amount > 0 else given.before
        gave = given.earlier + given.received if given.method == "cash" and given.received else 0

        def book(_: object) -> tuple[PaymentAnswer, ReceiptPrinted]:
            with self.seat.once(key):
                taken = payments.take(
                    self.seat, house.house, amount, first.method, None, wishes, cuts, first.reference, more, house.also
                )
            paper = printing.print_receipt(self.seat, taken.receipt, target / f"{taken.receipt}.pdf", received=gave)
            return taken, paper

        change = _change(given, amount)
        self.run(book, topic=self._taking, done=lambda done: self._booked(*done, change), writes=True, what="收款")

    def _booked(self, taken: PaymentAnswer, printed: ReceiptPrinted, change: int) -> None:
        self._last = taken.receipt
        back = f"，找零 {yuan(change)}" if change else ""
        rest = f"，{yuan(taken.prepaid_fen)} 转入预存" if taken.prepaid_fen else ""
        self._empty()
        self.message.say("ok", f"{taken.house} 收款 {yuan(taken.amount_fen)} 元已记账：{taken.receipt}{back}{rest}。")
        self.said.emit(f"收据 {taken.receipt} {yuan(taken.amount_fen)} 元")
        self.search.clear()
        self.search.setFocus()
        if self.printers.known(RECEIPT):
            self._send(printed.file, f"收款 {yuan(taken.amount_fen)} 元已记账（{taken.receipt}），没有丢{back}。")
        else:
            self.show_paper(printed.file, RECEIPT)

    def _send(self, file: Path, booked: str) -> None:
        """Print a receipt at once on the printer of receipts; the money is booked whatever comes of it."""

        def failed(error: Exception) -> None:
            why = error.problem.text if isinstance(error, Refused) else sentence(error)
            again = ("重打", lambda: self._send(file, booked))
            other = ("预览，换打印机", lambda: self.show_paper(file, RECEIPT))
            self.message.say("danger", f"{why}{booked}", "检查电源和纸后点“重打”。", (again, other))

        self.run(
            lambda progress: send_pages(file, self.printers.ready(RECEIPT), progress),
            topic=self._sending,
            done=lambda _: self.said.emit(f"{file.stem} 已送去打印"),
            failed=failed,
            writes=True,
            what="打印收据",
        )

    # ---- other acts ----------------------------------------------------------------------------------------------

    def _undo(self) -> None:
        UndoReceipt(self, self._last or "").landed.connect(self._landed)

    def _close_day(self) -> None:
        CloseDay(self).landed.connect(self._landed)

    def _open_shift(self) -> None:
        OpenShift(self).landed.connect(self._landed)

    def _landed(self, said: str) -> None:
        self.said.emit(said)
        self.landed(said)

    def keys(self) -> tuple[tuple[str, str], ...]:
        """What is at hand now: before a house is called up nothing can be ticked, taken or cleared."""
        at_house = (self.to_search, self.to_amount, self.take, self.clear, self.all)
        before = (self.to_search, self.undo, self.close_day, self.begin_shift)
        shown = (each for each in (before if self._house is None else at_house) if each.isEnabled())
        return tuple((keys_text(each.shortcut()), foot_words(each)) for each in shown)

    @property
    def dirty(self) -> bool:
        """A sum that was typed and not taken."""
        typed = any(fen is not None for fen in self._ticket.typed)
        return self._house is not None and (typed or self.till.touched)
