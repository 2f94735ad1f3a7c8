"""The foot of 抄表: the current meter's history, a bar a month, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.meter import UNCOUNTED
from app.domain.quantity import Quantity
from app.services.reading_sheet import Before, SheetLine
from ui.forms.hint_button import HintButton
from ui.forms.parts import Elided
from ui.pages.readings_grid import bar_height
from ui.theme import look

SHOWN, LEAST_WORDS = 6, 220
KINDS = {"start": "起始", "true": "抄表", "estimate": "估抄", "change": "换表"}


class UsageBars(QWidget):
    """The last usages, oldest at the left: figure, bar, month."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Before, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)

    def show_rows(self, rows: Sequence[Before]) -> None:
        """Other readings, oldest first."""
        self._rows = tuple(rows[-SHOWN:])
        said = "，".join(f"{row.on.year} 年 {row.on.month} 月 {Quantity(row.usage).show()}" for row in self._rows)
        self.setAccessibleName(f"近几期用量：{said or '还没有'}")
        self.setToolTip("\n".join(_told(row) for row in reversed(self._rows)))
        self.update()

    def sizeHint(self) -> QSize:
        """Six bars with their words."""
        return QSize(look().px(SHOWN * 52), look().px(56))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Figure above, bar, month below."""
        painter, seen = QPainter(self), look()
        painter.setFont(seen.font("micro"))
        if not self._rows:
            painter.setPen(seen.colour("third"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "还没有用量")
        width, line = min(seen.px(52), self.width() // SHOWN), seen.px(16)
        most = max((row.usage for row in self._rows), default=0)
        high = self.height() - 2 * line
        for place, row in enumerate(self._rows):
            left = place * width
            tall = bar_height(row.usage, most, high)
            bar = QRectF(left + width * 0.2, line + high - tall, width * 0.6, tall)
            painter.fillRect(bar, seen.colour("accent_border"))
            centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
            painter.setPen(seen.colour("text"))
            painter.drawText(QRectF(left, bar.top() - line, width, line), centre, Quantity(row.usage).show())
            painter.setPen(seen.colour("second"))
            painter.drawText(QRectF(left, self.height() - line, width, line), centre, f"{row.on.month}月")
        painter.end()


def _told(row: Before) -> str:
    counted = "" if row.kind in UNCOUNTED else f"，用量 {Quantity(row.usage).show()}"
    return f"{row.on.isoformat()} {KINDS.get(row.kind, row.kind)} {Quantity(row.value).show()}{counted}"


class MeterFoot(QFrame):
    """Which meter it is, its last reading, its bars; at the right what can be done while it is not read this month, or
    once it is.
    """

    def __init__(self, unread: Sequence[QAction], read: Sequence[QAction]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.title, self.last = Elided("", "strong"), Elided("", "small")
        self.bars = UsageBars()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.last)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(12)
        row.addLayout(words, 3)
        row.addWidget(self.bars, 3)
        self._unread = [HintButton("", each, small=True) for each in unread]
        self._read = [HintButton("", each, small=True) for each in read]
        for button in (*self._unread, *self._read):
            row.addWidget(button)
        self.show_line(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bars give way where the words would be cut."""
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        shown = [button.sizeHint().width() for button in (*self._unread, *self._read) if not button.isHidden()]
        taken = sum(shown) + look().px(12) * len(shown)
        self.bars.setVisible(self.width() - taken >= look().px(LEAST_WORDS) + self.bars.sizeHint().width())

    def show_line(self, line: SheetLine | None) -> None:
        """Another meter, or none."""
        for button in self._unread:
            button.setVisible(line is not None and line.this is None)
        for button in self._read:
            button.setVisible(line is not None and line.this is not None)
        self._give_way()
        if line is None:
            self.title.say("")
            self.last.say("选一户，看它的表。")
            self.bars.show_rows(())
            return
        self.title.say(" ".join(part for part in (line.house, line.owner or "", line.meter) if part))
        last = line.last
        kind = f"，{KINDS[last.kind]}" if last is not None and last.kind in KINDS else ""
        said = f"上期 {Quantity(last.value).show()}（{last.on.isoformat()}{kind}）" if last else "还没有读数"
        if line.carried is not None:
            said += f"；本月换表，旧表用量 {Quantity(line.carried).show()}"
        self.last.say(said)
        rows = (*line.before, *((line.this,) if line.this is not None else ()))
        self.bars.show_rows([row for row in rows if row.kind not in UNCOUNTED])
