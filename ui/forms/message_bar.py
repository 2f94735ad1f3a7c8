"""A message in the page: what is wrong, what to do, and buttons that do it. It stays until it is closed or replaced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout

from app.services import error_log
from app.services.refused import CannotOpen, Refused
from ui.forms.hint_button import HintButton
from ui.forms.parts import Icon, IconButton, restyle, text
from ui.theme import look
from ui.workers.runner import Unexpected, sentence

Choice = tuple[str, Callable[[], object]]
"""A button of a message: its verb and what it does."""

SHORT = 30
"""So many characters leave room for buttons beside them."""


class MessageBar(QFrame):
    """Hidden while there is nothing to say. Levels: info, ok, warn, danger."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self._icon = Icon("info", "accent")
        self.said, self.hint = text("", "said", wrap=True), text("", "", wrap=True)
        self._buttons, self._beside = QHBoxLayout(), QHBoxLayout()
        for buttons in (self._buttons, self._beside):
            buttons.setSpacing(8)
        self._buttons.addStretch(1)
        words = self._words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.said)
        words.addWidget(self.hint)
        words.addLayout(self._buttons)
        self._close = IconButton("close", "关闭这条消息")
        self._close.clicked.connect(self.clear)
        sign = self._sign = QVBoxLayout()
        sign.addWidget(self._icon)
        sign.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.setSpacing(8)
        row.addLayout(sign)
        row.addLayout(words, 1)
        row.addLayout(self._beside)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._space()
        look().changed.connect(self._space)
        self.hide()

    def _space(self) -> None:
        """The first line is as high as the closing cross, with the icon in its middle."""
        self._words.setContentsMargins(0, look().px(4), 0, look().px(4))
        self._sign.setContentsMargins(0, look().px(6), 0, 0)

    def say(
        self, level: str, said: str, hint: str = "", choices: Sequence[Choice] = (), *, closable: bool = True
    ) -> None:
        """Show a message in place of what was shown."""
        restyle(self, "level", level)
        for part in (self.said, self.hint):
            part.style().unpolish(part)
            part.style().polish(part)
        name = "triangle" if level in ("warn", "danger") else "check" if level == "ok" else "info"
        self._icon.show_icon(name, "accent" if level == "info" else level)
        self.said.setText(said)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._close.setVisible(closable)
        self.setAccessibleName(f"{said}{hint}")
        self._offer(choices, beside=not hint and len(said) <= SHORT)
        self.show()

    def tell(self, error: Exception) -> None:
        """Show what an error from the runner says."""
        if isinstance(error, Refused | CannotOpen):
            self.say("danger", error.problem.text, error.problem.hint or "")
        elif isinstance(error, Unexpected) and error.folder is not None:
            self.say(
                "danger",
                sentence(error),
                "",
                (("保存问题报告…", partial(self._save_report, error.folder, error.number)),),
            )
        else:
            self.say("danger", sentence(error))

    def _save_report(self, folder: Path, number: str) -> None:
        picked, _ = QFileDialog.getSaveFileName(
            self, "保存问题报告", str(Path.home() / f"问题报告-{number}.txt"), "文本 (*.txt)"
        )
        if picked:
            self.write_report(folder, number, Path(picked))

    def write_report(self, folder: Path, number: str, target: Path) -> None:
        """Write what helps to find a mistake of ours into a file."""
        try:
            target.write_text(error_log.report(folder, number), "utf-8")
        except OSError:
            self.say("danger", f"写不了文件 {target.name}。", "请换一个位置。")
            return
        self.say("ok", f"问题报告已写到 {target.name}，可以发给支持人员。", "里面没有住户资料和密码。")

    def clear(self) -> None:
        """Nothing to say."""
        self.hide()

    def _offer(self, choices: Sequence[Choice], *, beside: bool) -> None:
        """Buttons stand beside a short message, below a longer one."""
        for layout, kept in ((self._buttons, 1), (self._beside, 0)):
            while layout.count() > kept:
                item = layout.takeAt(0)
                if item is not None and (old := item.widget()) is not None:
                    old.hide()
                    old.deleteLater()
        for place, (words, do) in enumerate(choices):
            button = HintButton(words, small=True)
            button.clicked.connect(lambda *_, do=do: do())
            (self._beside if beside else self._buttons).insertWidget(place, button)
        self._buttons.setContentsMargins(0, 4 if choices and not beside else 0, 0, 0)
