"""欠费催缴: who owes, since when, what was done about it; the day's papers in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.dunning import STAGE_TITLES, Stage
from app.domain.money import yuan
from app.services import arrears, arrears_list, dun_board, dun_contacts, dunning, house_file, plans
from app.services.arrears_list import ARREARS, ArrearsRow
from app.services.dun_board import Card
from app.services.dun_contacts import HOLDS, HoldAnswer, HouseRecord
from app.services.dun_letter import Shown
from app.services.dun_todo import LIMIT_STATES, limit_code
from app.services.dunning import LATE_FEE_STAGES, DunAnswer
from app.services.house_file import HouseCharge, HouseFile
from app.services.list_face import Counts, Kind, Query
from app.services.plans import STATES, PlanLine
from app.services.seat import Seat
from app.services.view_states import ViewState
from ui import printers
from ui.forms.badge import Badge
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import action, text
from ui.forms.segments import Segments
from ui.models.plain_model import column
from ui.pages import dunning_letter
from ui.pages.age_bar import AgeBar
from ui.pages.dialog import Dialog
from ui.pages.dispute_dialog import Contest, contestable, marked
from ui.pages.dunning_board import DunningBoard
from ui.pages.dunning_dialogs import Hold, LogService, LogTalk, Release
from ui.pages.list_body import ListBody
from ui.pages.list_page import ListPage, View
from ui.pages.list_panel import DetailPanel, buttons, figures, heading
from ui.pages.panel_table import PanelTable
from ui.pages.plan_dialogs import AgreePlan, EndPlan
from ui.theme import look
from ui.workers.runner import Runner
from ui.workers.topic import Topic

CHARGES = (
    column("item", "费用"),
    column("period", "账期", Kind.PERIOD, 8),
    column("due", "到期", Kind.DATE, 10),
    column("open", "未收", Kind.MONEY, 9),
)
EVENTS = (
    column("on", "日期", Kind.DATE, 10),
    column("what", "经过"),
    column("result", "结果"),
    column("number", "编号", Kind.NUMBER, 14),
)
LIMITS = (
    column("item", "费用"),
    column("due", "到期", Kind.DATE, 10),
    column("expires_on", "诉讼时效至", Kind.DATE, 10),
    column("days_left", "余天", Kind.COUNT, 6),
)


TABS = ("欠费", "文书", "催缴记录")
OWED, LETTER, RECORD = range(3)
LADDER, LIST = range(2)
FRONTS = ("ladder", "list")
LATE_FEE_TITLES = frozenset(STAGE_TITLES[stage] for stage in LATE_FEE_STAGES)


class DunningPage(ListPage):
    """The ageing bar above the ladder or the list; Ctrl+Enter prints what is due today."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        body: ListBody[ArrearsRow] = ListBody(ARREARS.face, arrears_list, seat, runner, hint="房号、付款人")
        body.empty = ("check", "没有欠费", "所有已出的账都交清了。", ())
        self.panel = DetailPanel(TABS)
        super().__init__(seat, runner, "欠费催缴", (View("列表", body, self.panel),))
        self.bar, self.board = AgeBar(), DunningBoard()
        self._fronts = Segments(["阶梯", "列表"])
        self.paper: Shown | None = None
        self._house, self._paper_old = "", True
        self._following: int | None = None
        """The row to go on with once the current one is done with and gone from what is asked for."""
        self._begun = False
        """Whether the ladder was shown once: from then on nobody's card is chosen but by hand."""
        self._board_topic, self._paper_topic = Topic(), Topic()
        self.today_plan: DunAnswer | None = None
        self._ages_topic, self._plan_topic, self._panel_topic = Topic(), Topic(), Topic()
        self._run_topic, self._book_topic = Topic(), Topic()
        around = QHBoxLayout()
        around.setContentsMargins(look().size("margin"), 0, look().size("margin"), look().px(10))
        around.addWidget(self.bar)
        self.body.insertLayout(1, around)
        self._show_ladder(body)
        self.bar.chosen.connect(self._age)
        body.counted.connect(lambda _: self.bar.mark(body.query.values("age")))
        self.booking = action(self, "账龄表 Excel", "", self.export_book)
        self.handling = action(self, "处理今天", "Ctrl+Return", self.ask_run)
        self.papering = action(self, "发出或重打本户文书", "Ctrl+P", self.handle_paper)
        self.panel.tabs.chosen.connect(lambda _: self._read_paper())
        self.handling.setEnabled(False)
        self._handle = HintButton("", self.handling, Weight.PRIMARY, icon="print")
        if not seat.may("dun"):
            self._handle.hide()
        self.head.add(self.export_button(), HintButton("", self.booking), self._handle)

    def _show_ladder(self, body: ListBody[ArrearsRow]) -> None:
        body.filters.row.addWidget(self._fronts)
        body.put_front(self.board)
        body.model.loaded.connect(self._go_on)
        body.model.loaded.connect(self._read_board)
        self.board.stood.connect(self._stood)
        self.board.opened.connect(self.open_row)
        self._fronts.chosen.connect(self.go_front)

    # ladder or list: two pictures of the same rows

    @property
    def on_board(self) -> bool:
        """Whether the ladder is in front."""
        return self.view.body.front is self.board

    def go_front(self, place: int) -> None:
        """Show the rows as the ladder or as the list."""
        key = self.view.body.table.key
        self._put_front(place)
        if key is not None:
            self.board.select(key)
        self.view.body.front.setFocus()
        self.view.body.remember_soon()

    def _put_front(self, place: int) -> None:
        body = self.view.body
        self._fronts.put(place)
        body.put_front(self.board if place == LADDER else body.table)
        if place == LADDER and body.model.ready:
            self._read_board()

    def with_panel(self, state: ViewState) -> ViewState:
        """Which of the two pictures is in front, too."""
        return replace(super().with_panel(state), front=FRONTS[LADDER if self.on_board else LIST])

    def panel_as(self, state: ViewState) -> None:
        """As it was left."""
        super().panel_as(state)
        self._put_front(LIST if state.front == FRONTS[LIST] else LADDER)

    def _read_board(self) -> None:
        if not self.on_board:
            return
        seat, query = self.seat, self.view.body.query
        self.run(lambda _: dun_board.board(seat, query), topic=self._board_topic, done=self._show_board)

    def _show_board(self, board: dun_board.Board) -> None:
        self.board.show_board(board)
        key = self.view.body.table.key
        if key is not None and (self.board.card is None or self.board.card.key != key):
            self.board.select(key)
        elif key is None and not self._begun:
            self.board.begin()
        self._begun = True

    def _stood(self, card: Card | None) -> None:
        if card is not None:
            self.view.body.table.go_to(card.key)

    def step(self, by: int) -> None:
        """Along the columns of the ladder, or down the list."""
        if self.on_board:
            self.board.step(by)
        else:
            super().step(by)

    def areas(self) -> list[QWidget]:
        """The ages stand first."""
        return [self.bar, *super().areas()]

    def main_actions(self) -> tuple[QAction, ...]:
        """The day's papers, the house's paper, export."""
        return (self.handling, self.papering, self.exporting) if self.seat.may("dun") else (self.exporting,)

    def refresh(self) -> None:
        """The list, its ages, and what is due today."""
        super().refresh()
        self.run(lambda _: arrears_list.ages(self.seat), topic=self._ages_topic, done=self.bar.show_sums)
        self.run(lambda _: dunning.preview(self.seat), topic=self._plan_topic, done=self._planned)

    def _planned(self, plan: DunAnswer) -> None:
        self.today_plan = plan
        n = len(plan.letters)
        self.handling.setText(f"处理今天 {n} 户" if n else "今天没有要发的")
        self._handle.setText(self.handling.text())
        self.handling.setEnabled(bool(n) and self.seat.may("dun"))

    def scope(self, view: View, counts: Counts) -> str:
        """Which day, how many."""
        return f"截至 {self.today.isoformat()} · {counts.all:,} 户欠费"

    def _age(self, name: str) -> None:
        query: Query = self.view.body.query
        now = query.values("age")
        self.view.body.filters.put(query.only("age", () if now == (name,) else (name,)))

    # the panel

    def show_row(self, view: View, row: ArrearsRow) -> None:
        """The head at once, what is owed and what was done when it is read."""
        late = f"逾期 {row.days} 天" if row.days else "未到期"
        badge = ("danger", late, "triangle") if (row.days or 0) > 90 else ("warn", late, "clock") if row.days else None
        said = f"欠费 {yuan(row.owed)}" + (f" · 最早 {row.oldest.isoformat()} 到期" if row.oldest else "")
        self.panel.show_head(f"{row.house} {row.payer or ''}".strip(), said, badge)
        seat, house = self.seat, row.house
        self._house, self._paper_old, self.paper = house, True, None
        self._read_paper()

        def read(_: object) -> tuple[HouseFile, HouseRecord, tuple[PlanLine, ...]]:
            return house_file.show(seat, house), dun_contacts.record(seat, house), plans.listing(seat, house)

        self.run(read, topic=self._panel_topic, done=lambda found: self._show(*found), failed=self.panel.message.tell)

    def row_gone(self) -> None:
        """No house is in front that a paper goes to."""
        self._panel_topic.forget()
        self._paper_topic.forget()
        self._house, self.paper = "", None

    def _show(self, found: HouseFile, record: HouseRecord, agreed: Sequence[PlanLine]) -> None:
        self.panel.message.clear()
        account = found.account
        body = self.panel.tab(OWED)
        self._limit_badge(body, record)
        if account is not None:
            due = account.owed + account.late_fee
            body.addWidget(
                figures(
                    (
                        ("欠费", yuan(account.owed), "danger" if account.owed else ""),
                        ("违约金（试算）", yuan(account.late_fee), ""),
                        ("应交合计", yuan(due), ""),
                    )
                )
            )
            self._offer(body, found.number, record, account.charges, agreed)
            late = tuple(charge for charge in account.charges if charge.late)
            body.addWidget(heading(f"已逾期（{len(late)}）"))
            body.addWidget(PanelTable("已逾期", marked(CHARGES, late), late, ("due",)))
            rest = tuple(charge for charge in account.charges if not charge.late)
            if rest:
                body.addWidget(heading(f"未到期（{len(rest)}），文书不列"))
                body.addWidget(PanelTable("未到期", marked(CHARGES, rest), rest, ("due",)))
        body.addStretch(1)
        self._record(self.panel.tab(RECORD), record)
        n = len(record.events)
        self.panel.name_tabs([*TABS[:RECORD], f"{TABS[RECORD]} {n}" if n else TABS[RECORD]])

    def _offer(
        self,
        body: QVBoxLayout,
        house: str,
        record: HouseRecord,
        charges: Sequence[HouseCharge],
        agreed: Sequence[PlanLine],
    ) -> None:
        made: list[QWidget] = []
        if self.seat.may("log_contact"):
            made.append(self._button("登记电话…", lambda: self.open(LogTalk(self, house))))
            if contestable(charges):
                made.append(self._button("争议…", lambda: self.open(Contest(self, house, charges))))
        number = _unserved(record)
        if number and self.seat.may("dun"):
            made.append(self._button("登记送达…", lambda: self.open(LogService(self, number))))
        if self.seat.may("dun"):
            made.append(self._button("暂缓…", lambda: self.open(Hold(self, house))))
            made.append(self._plan_button(house, agreed))
        if made:
            body.addWidget(buttons(*made))
        for hold in record.holds:
            if hold.valid_to is None or hold.valid_to >= self.today:
                self._held(body, hold)
        self._plan(body, agreed)

    def _plan(self, body: QVBoxLayout, agreed: Sequence[PlanLine]) -> None:
        """The payer's plan that runs or was broken last."""
        newest = agreed[0] if agreed else None
        if newest is not None and newest.state in ("kept", "broken"):
            following = f"，下一期 {newest.next_due} {yuan(newest.next_fen)} 元" if newest.next_due else ""
            broken = f"，{newest.until} 起恢复催缴" if newest.state == "broken" else ""
            said = f"分期协议 {newest.number}（{STATES[newest.state]}）：已付 {yuan(newest.paid_fen)} 元"
            body.addWidget(text(f"{said}{following}{broken}。", "warned", wrap=True))

    def _plan_button(self, house: str, agreed: Sequence[PlanLine]) -> HintButton:
        """What can be done about the plan that runs, or a new one."""
        newest = agreed[0] if agreed else None
        if newest is not None and newest.state == "kept":
            return self._button("分期协议…", lambda: self.open(EndPlan(self, newest)))
        return self._button("分期…", lambda: self.open(AgreePlan(self, house)))

    def _held(self, body: QVBoxLayout, hold: HoldAnswer) -> None:
        until = f"到 {hold.valid_to.isoformat()}" if hold.valid_to else "到手工结束"
        body.addWidget(text(f"暂缓中：{HOLDS[hold.kind]}，{until}。", "warned", wrap=True))
        if self.seat.may("dun"):
            body.addWidget(buttons(self._button("结束暂缓…", lambda: self.open(Release(self, hold.house, hold.kind)))))

    def _limit_badge(self, body: QVBoxLayout, record: HouseRecord) -> None:
        """How near the end of limitation is, with its day, as a badge above everything else."""
        code = limit_code(record.limits)
        state = next((each for each in LIMIT_STATES if each.code == code), None)
        if state is None:
            return
        ends = min((limit.expires_on for limit in record.limits if limit.expires_on is not None), default=None)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Badge(state.tone, state.word, state.icon))
        row.addWidget(text(f"最早一笔到 {ends.isoformat()} 届满" if ends else "", "small"))
        row.addStretch(1)
        body.addWidget(line)

    def _button(self, words: str, do: object) -> HintButton:
        made = HintButton(words, small=True)
        made.clicked.connect(do)
        return made

    def _record(self, body: QVBoxLayout, record: HouseRecord) -> None:
        if record.events:
            body.addWidget(PanelTable("催缴经过", EVENTS, record.events[::-1], ("number",)))
        else:
            body.addWidget(text("还没有发过文书，也没有登记过电话。", "third", wrap=True))
        if record.limits:
            body.addWidget(heading("诉讼时效"))
            body.addWidget(PanelTable("诉讼时效", LIMITS, record.limits, ("due",)))
        body.addStretch(1)

    # the paper of the house

    def _read_paper(self) -> None:
        """Pages are drawn only for who looks at them."""
        if self.panel.tabs.at != LETTER or not self._paper_old or not self._house:
            return
        self._paper_old = False
        seat, house = self.seat, self._house
        self.run(
            lambda _: dunning_letter.read(seat, house),
            topic=self._paper_topic,
            done=lambda pages: self._show_paper(*pages),
            failed=self.panel.message.tell,
        )

    def _show_paper(self, shown: Shown, images: list[QImage]) -> None:
        self.paper = shown
        body = self.panel.tab(LETTER)
        body.addWidget(text(dunning_letter.said(shown), "strong" if shown.pdf else "third", wrap=True))
        if shown.pdf:
            if self.seat.may("dun") and (shown.due or shown.number is not None):
                self.papering.setText("发出并打印" if shown.due else "重打")
                body.addWidget(buttons(HintButton("", self.papering, icon="print", small=True)))
            body.addWidget(text(dunning_letter.listed(shown), "small", wrap=True))
            body.addWidget(dunning_letter.Papers(images))
        body.addStretch(1)

    def handle_paper(self) -> Confirm | None:
        """Look at the house's paper; looked at, send it or print it once more."""
        if self.panel.tabs.at != LETTER:
            self.panel.tabs.go(LETTER)
            return None
        shown = self.paper
        if shown is None or not self.seat.may("dun"):
            return None
        if not shown.due:
            self._print_again(shown)
            return None
        body = f"逾期本金 {yuan(shown.listed_fen)} 元。文书会编号、记入催缴记录。"
        if shown.title in LATE_FEE_TITLES:
            body += "违约金同时入账。"
        title = f"给 {shown.house} 发出{shown.title}？"
        asked = Confirm(self.area, title, body, f"打印{shown.title}", "先不打印", danger=False)
        asked.answered.connect(lambda yes: self._send(shown.house) if yes else None)
        return asked

    def _next_row(self) -> int | None:
        """The row behind the current one, as they stand in front."""
        if self.on_board:
            return self.board.following
        table = self.view.body.table
        return self.view.body.model.key_at(table.currentIndex().row() + 1)

    def _go_on(self) -> None:
        """House by house: the one that was done with is no longer asked for, so the next one is current."""
        table, following = self.view.body.table, self._following
        if following is not None and table.key is None:
            table.go_to(following)
        self._following = None

    def _print_again(self, shown: Shown) -> None:
        if shown.number is None:
            return
        seat, number, target = self.seat, shown.number, self._target(f"催缴文书_{shown.number}")
        self.run(
            lambda _: dunning.reprint(seat, number, target),
            topic=self._run_topic,
            done=lambda done: self.show_paper(done.file, printers.LETTER),
            writes=True,
            what="重打催缴文书",
        )

    def open(self, dialog: Dialog) -> Dialog:
        """A dialog whose act is shown in the list when it is done."""
        dialog.landed.connect(self.landed)
        return dialog

    # the day's papers

    def ask_run(self) -> Confirm | None:
        """Ask before papers are numbered and printed: how many of which."""
        plan = self.today_plan
        if plan is None or not plan.letters:
            return None
        kinds = {stage: sum(row.stage == stage for row in plan.letters) for stage in Stage}
        said = "、".join(f"{STAGE_TITLES[stage]} {n} 份" for stage, n in kinds.items() if n)
        owed = sum(row.owed_fen for row in plan.letters)
        body = f"{said}，逾期本金 {yuan(owed)} 元。文书会编号、记入催缴记录，按楼栋顺序打印。"
        body += "催缴函和律师函同时把违约金入账。要逐户看，先点“今天应办”，再在“文书”里按 Ctrl+P。"
        asked = Confirm(
            self.area,
            f"处理今天 {len(plan.letters)} 户？",
            body,
            f"打印 {len(plan.letters)} 份",
            "先不打印",
            danger=False,
        )
        asked.answered.connect(lambda yes: self._send() if yes else None)
        return asked

    def _target(self, name: str) -> Path:
        store = self.seat.store
        return store.paths.out / f"{name}_{store.wall_clock():%Y%m%d-%H%M%S}.pdf"

    def _send(self, house: str | None = None) -> None:
        """Send what is due: everybody's, or one house's."""
        self._following = self._next_row() if house is not None else None
        seat, target = self.seat, self._target("催缴文书")
        self.run(
            lambda _: dunning.run(seat, target, house=house),
            topic=self._run_topic,
            done=self._sent,
            writes=True,
            what="打印催缴文书",
        )

    def _sent(self, done: DunAnswer) -> None:
        warned = "".join(done.warnings)
        self.message.say("warn" if warned else "ok", f"已发 {len(done.letters)} 份文书，{done.pages} 页。", warned)
        if done.file is not None:
            self.show_paper(done.file, printers.LETTER)
        self.reload()

    def export_book(self) -> None:
        """The ages of all houses, items and charges as a workbook."""
        target, seat = self.ask_target(f"欠费表_{self.today.isoformat()}.xlsx"), self.seat
        if target is not None:
            path: Path = target
            self.run(
                lambda _: arrears.export(seat, None, path),
                topic=self._book_topic,
                done=lambda done: self.message.say("ok", f"欠费表已写到 {done.file.name}。", "已记入审计。"),
                writes=True,
                what="账龄表",
            )


def _unserved(record: HouseRecord) -> str:
    """The number of the newest paper, so that its service can be written down."""
    return next((event.number for event in reversed(record.events) if event.number), "")
