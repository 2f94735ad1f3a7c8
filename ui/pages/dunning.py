"""欠费催缴: who owes, since when, what was done about it; the day's papers in one go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.dunning import STAGE_TITLES, Stage
from app.domain.money import yuan
from app.services import arrears, arrears_list, dun_contacts, dunning, house_file
from app.services.arrears_list import ARREARS, ArrearsRow
from app.services.dun_contacts import HOLDS, HouseRecord
from app.services.dunning import DunAnswer
from app.services.house_file import HouseFile
from app.services.list_face import Counts, Kind, Query
from app.services.seat import Seat
from ui.forms.confirm import Confirm
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import action, text
from ui.models.plain_model import column
from ui.pages.age_bar import AgeBar
from ui.pages.dialog import Dialog
from ui.pages.dunning_dialogs import Hold, LogService, LogTalk
from ui.pages.list_body import ListBody
from ui.pages.list_page import ListPage, View
from ui.pages.list_panel import DetailPanel, buttons, figures, heading
from ui.pages.panel_table import PanelTable
from ui.printers import LETTER
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


class DunningPage(ListPage):
    """The ageing bar above the list; Ctrl+Enter prints what is due today."""

    def __init__(self, seat: Seat, runner: Runner) -> None:
        body: ListBody[ArrearsRow] = ListBody(ARREARS.face, arrears_list, seat, runner, hint="房号、付款人")
        body.empty = ("check", "没有欠费", "所有已出的账都交清了。", ())
        self.panel = DetailPanel(["欠费", "催缴记录"])
        super().__init__(seat, runner, "欠费催缴", (View("列表", body, self.panel),))
        self.bar = AgeBar()
        self.today_plan: DunAnswer | None = None
        self._ages_topic, self._plan_topic, self._panel_topic = Topic(), Topic(), Topic()
        self._run_topic, self._book_topic = Topic(), Topic()
        around = QHBoxLayout()
        around.setContentsMargins(look().size("margin"), 0, look().size("margin"), look().px(10))
        around.addWidget(self.bar)
        self.body.insertLayout(1, around)
        self.bar.chosen.connect(self._age)
        body.counted.connect(lambda _: self.bar.mark(body.query.values("age")))
        self.booking = action(self, "账龄表 Excel", "", self.export_book)
        self.handling = action(self, "处理今天", "Ctrl+Return", self.ask_run)
        self.handling.setEnabled(False)
        self._handle = HintButton("", self.handling, Weight.PRIMARY, icon="print")
        if not seat.may("dun"):
            self._handle.hide()
        self.head.add(self.export_button(), HintButton("", self.booking), self._handle)

    def areas(self) -> list[QWidget]:
        """The ages stand first."""
        return [self.bar, *super().areas()]

    def main_actions(self) -> tuple[QAction, ...]:
        """The day's papers and export."""
        return (self.handling, self.exporting) if self.seat.may("dun") else (self.exporting,)

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

        def read(_: object) -> tuple[HouseFile, HouseRecord]:
            return house_file.show(seat, house), dun_contacts.record(seat, house)

        self.run(read, topic=self._panel_topic, done=lambda found: self._show(*found), failed=self.panel.message.tell)

    def _show(self, found: HouseFile, record: HouseRecord) -> None:
        self.panel.message.clear()
        account = found.account
        body = self.panel.tab(0)
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
            self._offer(body, found.number, record)
            late = tuple(charge for charge in account.charges if charge.late)
            body.addWidget(heading(f"已逾期（{len(late)}）"))
            body.addWidget(PanelTable("已逾期", CHARGES, late, ("due",)))
            rest = tuple(charge for charge in account.charges if not charge.late)
            if rest:
                body.addWidget(heading(f"未到期（{len(rest)}），文书不列"))
                body.addWidget(PanelTable("未到期", CHARGES, rest, ("due",)))
        body.addStretch(1)
        self._record(self.panel.tab(1), record)
        n = len(record.events)
        self.panel.name_tabs(["欠费", f"催缴记录 {n}" if n else "催缴记录"])

    def _offer(self, body: QVBoxLayout, house: str, record: HouseRecord) -> None:
        made: list[QWidget] = []
        if self.seat.may("log_contact"):
            made.append(self._button("登记电话…", lambda: self.open(LogTalk(self, house))))
        number = _unserved(record)
        if number and self.seat.may("dun"):
            made.append(self._button("登记送达…", lambda: self.open(LogService(self, number))))
        if self.seat.may("dun"):
            made.append(self._button("暂缓…", lambda: self.open(Hold(self, house))))
        if made:
            body.addWidget(buttons(*made))
        for hold in record.holds:
            if hold.valid_to is None or hold.valid_to >= self.today:
                until = f"到 {hold.valid_to.isoformat()}" if hold.valid_to else "到手工结束"
                body.addWidget(text(f"暂缓中：{HOLDS[hold.kind]}，{until}。", "warned", wrap=True))

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
            warned = min((limit.warn for limit in record.limits if limit.warn is not None), default=None)
            if warned is not None:
                body.addWidget(text(f"有费用的时效不到 {warned} 天了。", "warned", wrap=True))
            body.addWidget(PanelTable("诉讼时效", LIMITS, record.limits, ("due",)))
        body.addStretch(1)

    def open(self, dialog: Dialog) -> Dialog:
        """A dialog whose act is shown in the list when it is done."""
        dialog.landed.connect(self._landed)
        return dialog

    def _landed(self, said: str) -> None:
        self.message.say("ok", said)
        self.reload()

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
        body += "催缴函和律师函同时把违约金入账。"
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

    def _send(self) -> None:
        seat = self.seat
        target = seat.store.paths.out / f"催缴文书_{seat.store.wall_clock():%Y%m%d-%H%M%S}.pdf"
        self.run(
            lambda _: dunning.run(seat, target),
            topic=self._run_topic,
            done=self._sent,
            writes=True,
            what="打印催缴文书",
        )

    def _sent(self, done: DunAnswer) -> None:
        warned = "".join(done.warnings)
        self.message.say("warn" if warned else "ok", f"已发 {len(done.letters)} 份文书，{done.pages} 页。", warned)
        if done.file is not None:
            self.show_paper(done.file, LETTER)
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
