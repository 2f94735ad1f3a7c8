"""What floats at the bottom right for a while: progress with 取消, a result, an act that can be taken back (8 s)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.services.progress import Progress
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Icon, IconButton, Wide, action, text
from ui.theme import look

UNDO_SECONDS = 8
SHOWN_SECONDS = 5
_WIDTH = 420


class Toast(Wide):
    """One of them. `gone` when it is over."""

    gone = Signal()

    def __init__(self, parent: QWidget, icon: str, token: str, words: str) -> None:
        super().__init__(_WIDTH, "float", parent)
        self.words, self.aside = text(words, wrap=True), text("", "small")
        self.row = QHBoxLayout()
        self.row.setSpacing(8)
        self.row.addWidget(Icon(icon, token))
        self.row.addWidget(self.words, 1)
        self.row.addWidget(self.aside)
        self.outer = QVBoxLayout(self)
        self.outer.setContentsMargins(14, 8, 8, 8)
        self.outer.addLayout(self.row)
        self._left = 0
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)

    def end(self) -> None:
        """It is over."""
        self._clock.stop()
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def last(self, seconds: int, *, counted: bool = False) -> None:
        """Stay so long; `counted` shows the seconds."""
        self._left = seconds
        self.aside.setText(f"{seconds} 秒" if counted else "")
        self._clock.start()

    def _tick(self) -> None:
        self._left -= 1
        if self.aside.text():
            self.aside.setText(f"{self._left} 秒")
        if self._left <= 0:
            self.end()


class Toasts(QObject):
    """All toasts of a window, stacked from the bottom right corner of `area`."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._area = area
        self.shown: list[Toast] = []
        area.installEventFilter(self)

    def say(self, words: str, level: str = "ok", verb: str = "", do: Callable[[], object] | None = None) -> Toast:
        """A result: it goes by itself. With a verb it stays until that is pressed or it is closed."""
        toast = Toast(self._area, "check" if level == "ok" else "triangle", level, words)
        if verb and do is not None:
            self._button(toast, verb, do)
            close = IconButton("close", "关闭")
            close.clicked.connect(toast.end)
            toast.row.addWidget(close)
        else:
            toast.last(SHOWN_SECONDS)
        return self._show(toast)

    def undo(self, words: str, take_back: Callable[[], object]) -> Toast:
        """An act that can be taken back for 8 s, by the button or Ctrl+Z."""
        toast = Toast(self._area, "check", "ok", words)

        def back() -> None:
            take_back()
            toast.end()

        made = action(toast, "撤销", "Ctrl+Z", back)
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        toast.row.insertWidget(2, HintButton("", made, Weight.LINK, small=True))
        toast.last(UNDO_SECONDS, counted=True)
        return self._show(toast)

    def progress(self, progress: Progress) -> Toast:
        """Work that runs; `follow` shows how far it is, 取消 asks for its end."""
        toast = _Running(self._area, progress)
        self._show(toast)
        return toast

    def _button(self, toast: Toast, verb: str, do: Callable[[], object]) -> None:
        button = HintButton(verb, weight=Weight.LINK, small=True)
        button.clicked.connect(lambda: do())
        button.clicked.connect(toast.end)
        toast.row.addWidget(button)

    def _show(self, toast: Toast) -> Toast:
        self.shown.append(toast)
        toast.gone.connect(lambda: self._drop(toast))
        toast.show()
        self._place()
        return toast

    def _drop(self, toast: Toast) -> None:
        if toast in self.shown:
            self.shown.remove(toast)
        self._place()

    def _place(self) -> None:
        bottom = self._area.height() - look().px(36)
        for toast in reversed(self.shown):
            toast.adjustSize()
            bottom -= toast.height()
            toast.move(self._area.width() - toast.width() - look().px(16), bottom)
            toast.raise_()
            bottom -= look().px(8)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep them in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False


class _Running(Toast):
    def __init__(self, parent: QWidget, progress: Progress) -> None:
        super().__init__(parent, "clock", "accent", progress.what)
        self._progress = progress
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(progress.what)
        self.outer.addWidget(self._bar)
        cancel = HintButton("取消", weight=Weight.LINK, small=True)
        cancel.clicked.connect(progress.cancel)
        self.row.addWidget(cancel)
        self._look = QTimer(self)
        self._look.setInterval(200)
        self._look.timeout.connect(self._follow)
        self._look.start()
        self._follow()

    def _follow(self) -> None:
        said = self._progress
        self.words.setText("正在取消" if said.cancelled else said.what)
        self._bar.setRange(0, said.of)
        self._bar.setValue(said.n)
        self.aside.setText(f"{said.n:,} / {said.of:,}" if said.of else "")
