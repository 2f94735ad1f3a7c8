"""恢复密钥: shown once, printed, two groups typed back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.forms.hint_button import HintButton, Weight
from ui.forms.parts import Icon, action, restyle, text
from ui.printers import OTHER, Printers
from ui.theme import look

ASKED = 2
"""So many groups are typed back."""
IN_A_ROW = 4
A4 = (210.0, 297.0)


def ask_printer(parent: QWidget) -> QPrinter | None:
    """The printer that the person chooses; None where none was chosen."""
    return Printers().ask(parent, OTHER, A4, "恢复密钥单")


def groups_to_ask(n: int) -> tuple[int, ...]:
    """Which groups are typed back (from 0), in order."""
    return tuple(sorted(secrets.SystemRandom().sample(range(n), ASKED)))


class RecoveryStep(QWidget):
    """`typed` carries the whole key with the typed groups in their places; `printing` asks for the sheet on paper."""

    typed = Signal(str)
    printing = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.choose_printer: Callable[[QWidget], QPrinter | None] = ask_printer
        self._groups: list[str] = []
        self.asked: tuple[int, ...] = ()
        self.edits: list[QLineEdit] = []
        self.shown = QFrame()
        self.shown.setProperty("role", "well")
        self._grid = QGridLayout(self.shown)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(8)
        self.wrong, self.printed = text("", "error", wrap=True), text("", "small")
        self._wrong_icon = Icon("triangle", "danger", 14)
        self.print_out = action(self, "打印两份", "Ctrl+P", self._print)
        self.next = action(self, "核对，下一步", "Return", self._check)
        self._back = QHBoxLayout()
        self._back.setSpacing(12)
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().size("gap"))
        said = "密码都忘了、管理员离开时，只有它能打开这个办公室。它只显示这一次，不存在电脑里：打印两份，分开保存。"
        column.addWidget(text(said, "second", wrap=True))
        column.addWidget(self.shown)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(HintButton("", self.print_out, icon="print"))
        row.addWidget(self.printed, 1)
        column.addLayout(row)
        column.addWidget(text("对照打印的单子（没有打印机就抄在纸上），输入下面两组：", "small"))
        column.addLayout(self._back)
        wrong = QHBoxLayout()
        wrong.setSpacing(4)
        wrong.addWidget(self._wrong_icon)
        wrong.addWidget(self.wrong, 1)
        column.addLayout(wrong)
        self._wrong_icon.hide()
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(HintButton("", self.next, Weight.PRIMARY))
        column.addLayout(foot)

    def show_key(self, key: str, asked: Sequence[int] = ()) -> None:
        """Show the groups and ask for some of them."""
        self._groups = key.split("-")
        self.asked = tuple(asked) or groups_to_ask(len(self._groups))
        for place, group in enumerate(self._groups):
            cell = QHBoxLayout()
            cell.setSpacing(6)
            cell.addWidget(text(str(place + 1), "third"))
            shown = text(group, "key")
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            cell.addWidget(shown)
            cell.addStretch(1)
            self._grid.addLayout(cell, place // IN_A_ROW, place % IN_A_ROW)
        for place in self.asked:
            edit = QLineEdit()
            edit.setAccessibleName(f"第 {place + 1} 组")
            edit.setPlaceholderText(f"第 {place + 1} 组")
            edit.setMaxLength(12)
            edit.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
            edit.textEdited.connect(lambda _: self.say_wrong(""))
            self.edits.append(edit)
            self._back.addWidget(edit)
            # A widget that joins a visible layout is shown later on; until then it takes no focus.
            edit.show()
        self._back.addStretch(1)
        self.edits[0].setFocus()

    def _check(self) -> None:
        empty = next((edit for edit in self.edits if not edit.text().strip()), None)
        if empty is not None and not empty.hasFocus():
            empty.setFocus()
            return
        if empty is not None:
            self.say_wrong(f"还没有输入{empty.accessibleName()}。")
            return
        groups = list(self._groups)
        for place, edit in zip(self.asked, self.edits, strict=True):
            groups[place] = edit.text().strip()
        self.typed.emit("-".join(groups))

    def say_wrong(self, words: str) -> None:
        """What is wrong with what was typed, and the groups that differ; empty: nothing."""
        self.wrong.setText(words)
        self._wrong_icon.setVisible(bool(words))
        differing = []
        for place, edit in zip(self.asked, self.edits, strict=True):
            differs = bool(words) and edit.text().strip().upper() != self._groups[place]
            restyle(edit, "wrong", differs)
            differing += [edit] if differs else []
        if differing:
            differing[0].setFocus()
            differing[0].selectAll()

    def _print(self) -> None:
        printer = self.choose_printer(self)
        if printer is not None:
            self.printed.setText("正在打印…")
            self.printing.emit(printer)

    def say_printed(self, words: str) -> None:
        """How printing went."""
        self.printed.setText(words)
