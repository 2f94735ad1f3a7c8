"""F1: every key of the window and of the page in front, searchable; Enter does what the row says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.forms.confirm import Overlay
from ui.forms.hint_button import HintButton
from ui.forms.parts import action, keys_text, text
from ui.pages.plain_table import Head, PlainTable
from ui.theme import look

_WIDTH, _HEIGHT = 560, 420
_AROUND, _LEAST = 180, 160
"""What stands around the table, and how low it may get on a small screen."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An action with its keys and where it holds."""

    action: QAction
    keys: str
    words: str
    where: str


def rows_of(title: str, actions: Sequence[QAction]) -> list[KeyRow]:
    """The actions that have keys, in the order they were made; the same keys and words count once."""
    found: dict[tuple[str, str], KeyRow] = {}
    for one in actions:
        keys = keys_text(one.shortcut())
        if keys and one.text():
            found.setdefault((keys, one.text()), KeyRow(one, keys, one.text(), title))
    return list(found.values())


class KeyList(Overlay):
    """`pages` are titles with their actions, the page in front first."""

    def __init__(self, area: QWidget, pages: Sequence[tuple[str, Sequence[QAction]]]) -> None:
        super().__init__(area, _WIDTH)
        self.rows = [row for title, actions in pages for row in rows_of(title, actions)]
        self._shown = self.rows
        self.search = QLineEdit()
        self.search.setPlaceholderText("找一个操作或按键")
        self.search.setAccessibleName("找一个操作或按键")
        self.search.textChanged.connect(self._find)
        self.table = PlainTable("按键", (Head("按键", 130, strong=True), Head("做什么"), Head("在哪里", 130)))
        around = look().px(_AROUND)
        self.table.setFixedHeight(max(look().px(_LEAST), min(look().px(_HEIGHT), area.height() - around)))
        self.table.doubleClicked.connect(lambda _: self._do())
        self.body.addWidget(text("按键", "title"))
        self.body.addWidget(self.search)
        self.body.addWidget(self.table)
        closing = action(self, "关闭", "Esc", self.finish)
        self.foot.addWidget(HintButton("", closing, parent=self.card), 0, Qt.AlignmentFlag.AlignRight)
        self.setAccessibleName("按键")
        self._find("")
        self.show()
        self.raise_()
        self.search.setFocus()

    def _find(self, typed: str) -> None:
        plain = typed.strip().lower()
        self._shown = [row for row in self.rows if plain in f"{row.keys} {row.words} {row.where}".lower()]
        self.table.put([(row.keys, row.words, row.where) for row in self._shown])
        if self._shown:
            self.table.selectRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move through the rows while one types; Enter does what the row says."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            at = self.table.currentIndex().row() + step
            if 0 <= at < len(self._shown):
                self.table.selectRow(at)
        event.accept()

    def _do(self) -> None:
        at = self.table.currentIndex().row()
        if 0 <= at < len(self._shown):
            wanted = self._shown[at].action
            self.finish()
            wanted.trigger()
