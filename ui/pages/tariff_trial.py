"""试算 beside a price: what a house pays by it, part by part, old against new, and what it means for all it reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.money import yuan
from app.domain.tariff import Scope
from app.services import tariff_trial
from app.services.list_face import Kind
from app.services.tariff_trial import Trial, TrialPart
from ui.forms.edits import NumberEdit
from ui.forms.parts import Icon, restyle, text
from ui.models.plain_model import column
from ui.pages.bill_houses import change_cell
from ui.pages.page import Page
from ui.pages.panel_table import PanelTable
from ui.theme import look
from ui.workers.runner import sentence
from ui.workers.topic import Topic

_WAIT_MS = 250
_EMPTY = "填好单价后，这里显示一户的新旧金额。"


@dataclass(frozen=True, slots=True)
class Tried:
    """A price as it stands in the form."""

    code: str
    valid_from: date
    params: dict[str, object]
    scope: Scope
    where: str


COLUMNS = (
    column("title", "部分"),
    column("quantity", "数量", Kind.QUANTITY, 8),
    column("price", "单价", Kind.PRICE, 8),
    column("fen", "金额（元）", Kind.MONEY, 10),
)


class TrialPanel(QWidget):
    """`price` gives what stands in the form, or None while that is not whole; `again` after anything was typed."""

    def __init__(self, page: Page, price: Callable[[], Tried | None]) -> None:
        super().__init__()
        self._page, self._price, self._topic = page, price, Topic()
        self.trial: Trial | None = None
        self.house, self.quantity = QLineEdit(), NumberEdit()
        self.house.setAccessibleName("试算哪一户")
        self.house.setPlaceholderText("不填取第一户")
        self.quantity.setAccessibleName("试算用量")
        self.quantity.setText("10")
        self._quantity_label = text("用量", "small")
        fields = QGridLayout()
        fields.setHorizontalSpacing(10)
        fields.setVerticalSpacing(look().size("label_gap"))
        fields.addWidget(text("用哪一户", "small"), 0, 0)
        fields.addWidget(self._quantity_label, 0, 1)
        fields.addWidget(self.house, 1, 0)
        fields.addWidget(self.quantity, 1, 1)
        self._table: PanelTable | None = None
        self.one = text("", "second", wrap=True)
        self._figures = [(text(word, "second"), text("", "strong")) for word in ("按现行", "按新价格", "差额")]
        self._change = QWidget()
        rows = QGridLayout(self._change)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setVerticalSpacing(6)
        for at, (word, figure) in enumerate(self._figures):
            rows.addWidget(word, at, 0)
            rows.addWidget(figure, at, 2, Qt.AlignmentFlag.AlignRight)
        rows.setColumnStretch(1, 1)
        self.every = text("", wrap=True)
        self._well = QFrame()
        self._well.setProperty("role", "well")
        well = QHBoxLayout(self._well)
        well.setContentsMargins(12, 10, 12, 10)
        well.addWidget(Icon("info", "accent", 16))
        well.addWidget(self.every, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._column.addWidget(text("试算", "title"))
        self._column.addWidget(text("改动价格的任何一格，这里立即重算。", "small", wrap=True))
        self._column.addLayout(fields)
        self._column.addWidget(self.one)
        self._at = self._column.count()
        self._column.addWidget(self._change)
        self._column.addWidget(self._well)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self.look)
        for edit in (self.house, self.quantity):
            edit.textEdited.connect(lambda _: self.again())
        self._say(_EMPTY)

    def metered(self, yes: bool) -> None:
        """Whether a usage is asked for."""
        self.quantity.setVisible(yes)
        self._quantity_label.setVisible(yes)

    def again(self) -> None:
        """Something was typed: try it shortly."""
        self.trial = None
        self._timer.start()

    def look(self) -> None:
        """Try it now."""
        wanted = self._price()
        if wanted is None:
            self._say(_EMPTY)
            return
        seat, house, quantity = self._page.seat, self.house.text(), self.quantity.text() or "0"
        self._page.run(
            lambda _: tariff_trial.trial(
                seat, wanted.code, wanted.valid_from, wanted.params, wanted.scope, wanted.where, house, quantity
            ),
            topic=self._topic,
            done=self._show,
            failed=lambda error: self._say(sentence(error)),
        )

    def _say(self, one: str) -> None:
        self.one.setText(one)
        self._put(())
        self._change.hide()
        self._well.hide()

    def _put(self, parts: tuple[TrialPart, ...]) -> None:
        if self._table is not None:
            self._column.removeWidget(self._table)
            self._table.deleteLater()
            self._table = None
        if not parts:
            return
        self._table = PanelTable("试算", COLUMNS, parts, ("price", "quantity"))
        self._column.insertWidget(self._at, self._table)

    def _show(self, tried: Trial) -> None:
        self.trial = tried
        if not tried.house:
            self._say("这个范围里没有一户用这个项目。")
            return
        span = f"{tried.first.isoformat()} 至 {tried.last.isoformat()}"
        if tried.after is None:
            self._say(f"{tried.house}（{tried.basis}）{span}：收不出来。{tried.why}")
        else:
            self.one.setText(f"{tried.house}（{tried.basis}）{span}")
            self._put(tried.parts)
            self._say_change(tried.before, tried.after)
        self._well.show()
        lacking = f"其中 {tried.lacking:,} 户收不出来，出账时会列出。" if tried.lacking else ""
        self.every.setText(f"这个价格管到 {tried.houses:,} 户{_sums(tried)}。{lacking}")

    def _say_change(self, before: int | None, after: int) -> None:
        (_, old), (_, new), (_, less) = self._figures
        old.setText("—" if before is None else yuan(before))
        new.setText(yuan(after))
        less.setText("—" if before is None else "不变" if before == after else change_cell(after, before).word)
        _tone(less, before is not None and after > before)
        self._change.show()


def _tone(label: QLabel, up: bool) -> None:
    restyle(label, "role", "warned" if up else "strong")


def _sums(tried: Trial) -> str:
    if tried.all_after is None or tried.all_before is None:
        return ""
    if not tried.all_before:
        return f"，合计 {yuan(tried.all_after)} 元"
    less = tried.all_after - tried.all_before
    if not less:
        return f"，合计 {yuan(tried.all_after)} 元，不变"
    word = "多收" if less >= 0 else "少收"
    return f"，合计 {yuan(tried.all_before)} → {yuan(tried.all_after)} 元，每期{word} {yuan(abs(less))} 元"
