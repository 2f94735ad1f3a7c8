"""链校验: whether the whole office is sound, and whether the chain passes through a head kept on paper."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.domain import anchor
from app.services import verification
from app.services.progress import Progress
from app.services.verification import TITLES, Check, Report
from ui.forms.badge import Badge
from ui.forms.field import Field, FieldBox
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Card, Wide, text
from ui.moments import moment_text
from ui.pages.page import Page
from ui.pages.parted_page import Part
from ui.pages.plain_table import Cell, Head, PlainTable, Status
from ui.workers.topic import Topic

HEADS = (Head("核对什么", 200, strong=True), Head("结果", 96), Head("说明"))
ABOUT = (
    "从加密页一直核对到每笔账和每条审计记录：被改动、被删掉、换成旧文件，都会看出来。"
    "只看不写，可以边核对边办事，也可以取消。"
)


def _anchor(typed: str) -> str:
    anchor.parse(typed)
    return typed.strip()


class ChainPart(Part):
    """Ctrl+Enter checks all; beside it a typed head is compared."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, "链校验")
        self._topic = Topic()
        self.running: Progress | None = None
        self.checking = self.act("立即核对", "Ctrl+Return", self.check)
        self.stopping = self.act("取消核对", "Esc", self.cancel)
        self.badge, self.said = Badge("neutral", "还没有核对"), text("", "small")
        self.table = PlainTable("核对结果", HEADS, "还没有核对。点“立即核对”，从头到尾查一遍。")
        hint = "照日结单末尾抄写，如 812:3F2A-91C0-77DE-0B12-K"
        self.anchor = FieldBox(Field("anchor", "日结单上的审计链头", _anchor, hint=hint), lambda: page.today)
        self.comparing = self.act("与日结单核对", "", self.compare)
        self._stop = HintButton("", self.stopping)
        self.tool(self._stop, HintButton("", self.checking, Weight.PRIMARY, icon="shield"))
        self._build()
        self._follow()

    def _build(self) -> None:
        whole = Card("完整性检查", self.badge)
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 12, 16, 14)
        inner.setSpacing(12)
        inner.addWidget(text(ABOUT, "second", wrap=True))
        box = Wide(560)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.anchor, 1)
        row.addWidget(HintButton("", self.comparing))
        inner.addWidget(box)
        whole.body.addLayout(inner)
        self.body.addWidget(whole)
        result = Card("核对结果", self.said)
        result.body.addWidget(self.table, 1)
        self.body.addWidget(result, 1)

    def check(self) -> None:
        """Check the whole office."""
        self._check(())

    def cancel(self) -> None:
        """Ask for the end of the check that runs."""
        if self.running is not None:
            self.running.cancel()

    def compare(self) -> None:
        """Check the whole office and that the chain passes through the typed head."""
        if self.anchor.judge():
            self._check((self.anchor.text().strip(),))
        else:
            self.anchor.setFocus()

    def _check(self, anchors: tuple[str, ...]) -> None:
        if self.running is not None:
            return
        self.page.message.clear()
        seat = self.seat
        self.running = self.page.run(
            lambda progress: verification.verify(seat, seat.store.missing, anchors, progress=progress),
            topic=self._topic,
            done=self._show,
            failed=self._failed,
            what="核对整个办公室",
        )
        self.badge.say("info", "正在核对")
        self._follow()

    def _follow(self) -> None:
        for each in (self.checking, self.comparing):
            each.setEnabled(self.running is None)
        self.stopping.setEnabled(self.running is not None)
        self._stop.setVisible(self.running is not None)

    def _ended(self) -> str:
        """The check is over; the moment in words."""
        self.running = None
        self._follow()
        return moment_text(self.seat.store.wall_clock().replace(tzinfo=None), self.page.today)

    def _show(self, found: Report) -> None:
        moment = self._ended()
        wrong = [TITLES[check.name] for check in found.checks if not check.ok]
        self.badge.say("danger" if wrong else "ok", "发现问题" if wrong else "完好")
        self.said.setText(f"{moment} 核对 {len(found.checks)} 项，链头 {anchor.short(found.audit_head)}")
        self.table.put([_cells(check) for check in found.checks])
        if wrong:
            self.page.message.say(
                "danger", f"核对发现问题：{'、'.join(wrong)}。", "不要再记账；请用最近一次备份恢复，或联系支持。"
            )
        elif found.checks[0].name == "anchor":
            self.page.message.say("ok", f"{found.checks[0].detail}，其余 {len(found.checks) - 1} 项也正常。")
        else:
            self.page.message.say("ok", f"核对了 {len(found.checks)} 项，都正常。")

    def _failed(self, error: Exception) -> None:
        self._ended()
        self.badge.say("neutral", "没有核对完")
        self.page.message.tell(error)


def _cells(check: Check) -> tuple[Cell, ...]:
    result = Status("ok", "正常") if check.ok else Status("danger", "有问题")
    return (TITLES[check.name], result, "" if check.detail == "正常" else check.detail)
