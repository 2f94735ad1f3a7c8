"""Two versions of a paper's words: what somebody else saved meanwhile, beside what was typed here."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.forms.confirm import Overlay
from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import action, text
from ui.theme import look

WIDTH, HIGH = 920, 270


class TwoVersions(Overlay):
    """`chosen`: whether his is taken; Esc goes on with what was typed, which loses nothing."""

    chosen = Signal(bool)

    def __init__(self, area: QWidget, title: str, theirs: str, mine: str) -> None:
        super().__init__(area, WIDTH)
        self.theirs, self.mine = _words("别人刚保存的文字", theirs), _words("这里写的文字", mine)
        self.body.addWidget(text(f"{title}刚被别人改过", "title", wrap=True))
        said = "两种写法都在下面。可以用他的，也可以继续改；再保存时换掉的是他的这一版。"
        self.body.addWidget(text(said, "second", wrap=True))
        both = QWidget()
        both.setMinimumHeight(look().px(HIGH))
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for edit in (self.theirs, self.mine):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(text(edit.accessibleName(), "small"))
            column.addWidget(edit)
            row.addLayout(column, 1)
        self.body.addWidget(both)
        self.go_on = HintButton("", action(self, "继续改我的", "Esc", lambda: self._answer(False)), parent=self.card)
        self.take = HintButton("用他的", weight=Weight.DANGER, parent=self.card)
        self.take.clicked.connect(lambda: self._answer(True))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.take)
        buttons.addWidget(self.go_on)
        self.foot.addLayout(buttons)
        self.setAccessibleName(f"{title}的两种写法")
        self.show()
        self.raise_()
        self.go_on.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key reaches the page below."""
        event.accept()

    def _answer(self, theirs: bool) -> None:
        self.finish()
        self.chosen.emit(theirs)


def _words(name: str, words: str) -> QPlainTextEdit:
    edit = QPlainTextEdit(words)
    edit.setReadOnly(True)
    edit.setTabChangesFocus(True)
    edit.setAccessibleName(name)
    return edit
