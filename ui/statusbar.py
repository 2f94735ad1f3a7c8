"""The status bar: left what just happened or the running job, right the last backup, 离线运行, the page's keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.services.progress import Progress
from ui.forms.hint_button import HintButton, Weight
from ui.forms.key_hint import KeyHint
from ui.forms.parts import Elided, Icon, text
from ui.moments import moment_text
from ui.theme import look

_SHOWN = 4
_ROOM = 1200
"""Below this width the keys of the page give way."""


class StatusBar(QFrame):
    """24 px at the foot of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "statusbar")
        self._icon, self.message = Icon("check", "second", 14), Elided("数据已保存")
        self.message.setProperty("role", "small")
        self._cancel = HintButton("取消", weight=Weight.LINK, small=True)
        self._cancel.clicked.connect(self._stop)
        self._cancel.hide()
        self.backup, self._keys = text(), QHBoxLayout()
        self._keys.setSpacing(12)
        self._hints: list[KeyHint] = []
        self._all_keys = KeyHint("F1", "快捷键")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self.message, 1)
        row.addWidget(self._cancel)
        row.addSpacing(16)
        for widget in (self.backup, text("离线运行")):
            row.addWidget(widget)
            row.addSpacing(12)
        row.addLayout(self._keys)
        row.addSpacing(6)
        row.addWidget(self._all_keys)
        self._running: list[Progress] = []
        self._clock = QTimer(self)
        self._clock.setInterval(200)
        self._clock.timeout.connect(self._follow)
        self._size()
        look().changed.connect(self._size)

    def say(self, words: str) -> None:
        """What just happened."""
        self._icon.show_icon("check", "second")
        self.message.say(words)

    def show_backup(self, made: datetime | None, today: date) -> None:
        """When the last good backup was made."""
        self.backup.setText("还没有备份" if made is None else f"上次备份 {moment_text(made, today)}")

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """The keys of the page in front."""
        if [(hint.keys, hint.words) for hint in self._hints] == list(keys[:_SHOWN]):
            return
        for hint in self._hints:
            self._keys.removeWidget(hint)
            hint.hide()
            hint.deleteLater()
        self._hints = [KeyHint(*one) for one in keys[:_SHOWN]]
        for hint in self._hints:
            self._keys.addWidget(hint)
        self._fit()

    @property
    def running(self) -> tuple[Progress, ...]:
        """The named work that is going on."""
        return tuple(self._running)

    def begin(self, progress: Progress) -> None:
        """Work begins that has a name."""
        self._running.append(progress)
        self._clock.start()
        self._follow()

    def end(self, progress: Progress) -> None:
        """It ended."""
        if progress in self._running:
            self._running.remove(progress)
        if not self._running:
            self._clock.stop()
            self._cancel.hide()
            well = not progress.failed and not progress.cancelled
            self._icon.show_icon("check" if well else "info", "second")
            how = "已取消" if progress.cancelled else "没有完成" if progress.failed else "已结束"
            self.message.say(f"{progress.what}：{how}")

    def _follow(self) -> None:
        if not self._running:
            return
        now = self._running[-1]
        count = f" {now.n:,} / {now.of:,}" if now.of else ""
        more = f"，另有 {len(self._running) - 1} 件在做" if len(self._running) > 1 else ""
        self._icon.show_icon("clock", "accent")
        self.message.say(f"正在取消：{now.what}" if now.cancelled else f"{now.what}{count}{more}")
        self._cancel.setVisible(not now.cancelled)

    def _stop(self) -> None:
        if self._running:
            self._running[-1].cancel()
            self._follow()

    def _size(self) -> None:
        self.setFixedHeight(look().size("status_bar"))
        self._cancel.setFixedHeight(look().size("status_bar") - 2)
        self._fit()

    def _fit(self) -> None:
        for hint in (*self._hints, self._all_keys):
            hint.setVisible(self.window().width() >= look().px(_ROOM))

    def resizeEvent(self, event: object) -> None:
        """Keys give way first."""
        self._fit()
