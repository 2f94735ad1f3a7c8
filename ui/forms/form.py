"""A form: keeps what was typed apart from values and problems. A save that fails clears nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.refused import Refused
from ui.forms.confirm import Overlay
from ui.forms.field import Field, FieldBox, Kind, check
from ui.forms.hint_button import HintButton, Weight
from ui.forms.message_bar import MessageBar
from ui.forms.parts import action, text
from ui.theme import look


class Form(QWidget):
    """Fields in one column or two, a message bar above, a foot with 保存 (Ctrl+S, or other `keys`).

    `save` carries the values once all are right; the owner then calls `saved` or `refused`. With `apart` the owner
    puts the foot, `bottom`, where it stays in sight; without a `verb` the owner has the button that submits.
    """

    says_unsaved = True

    save = Signal(object)
    dirty_changed = Signal(bool)

    def __init__(
        self,
        fields: Sequence[Field],
        today: Callable[[], date],
        *,
        columns: int = 1,
        verb: str = "保存",
        keys: str = "Ctrl+S",
        danger: bool = False,
        apart: bool = False,
    ) -> None:
        super().__init__()
        self._weight = Weight.DANGER if danger else Weight.PRIMARY
        self.fields = tuple(fields)
        self.message = MessageBar()
        self.boxes = {field.key: FieldBox(field, today) for field in self.fields}
        self._base = {field.key: "" for field in self.fields}
        self._after: Callable[[], None] | None = None
        grid = QGridLayout()
        grid.setHorizontalSpacing(look().size("gap"))
        grid.setVerticalSpacing(look().size("field_gap"))
        for column in range(columns):
            # A message below a field takes no width from the others.
            grid.setColumnStretch(column, 1)
        at = 0
        for box in self.boxes.values():
            span = columns if box.field.kind in (Kind.TIERS, Kind.INSTALMENTS, Kind.SEVERAL) else 1
            at += -at % columns if span > 1 else 0
            grid.addWidget(box, at // columns, at % columns, 1, span, Qt.AlignmentFlag.AlignTop)
            at += span
            box.typed.connect(self._typed)
            box.left.connect(self._count)
        self._foot = text("", "error")
        self._state = text("", "small")
        self.saving = action(self, verb, keys if verb else "", self.submit)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(look().size("gap"))
        rows.addWidget(self.message)
        rows.addLayout(grid)
        self.bottom = self._bottom()
        if apart:
            self.bottom.addAction(self.saving)
        else:
            rows.addWidget(self.bottom)
        self._order()

    def _bottom(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for words in (self._foot, self._state):
            # An empty one would leave the gap before the other.
            row.addWidget(words)
            words.hide()
        row.addStretch(1)
        if self.saving.text():
            row.addWidget(HintButton("", self.saving, self._weight))
        self._buttons = row
        return foot

    def beside(self, button: QWidget) -> None:
        """Put another button to the left of the saving one."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def _order(self) -> None:
        edits = [box.edit for box in self.boxes.values()]
        for one, following in pairwise(edits):
            QWidget.setTabOrder(one, following)

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields, as typed."""
        return {key: box.text() for key, box in self.boxes.items()}

    @property
    def dirty(self) -> bool:
        """Whether hands changed something that is not saved."""
        return self.typed != self._base

    @property
    def foot(self) -> str:
        """What the foot says about problems."""
        return self._foot.text()

    def fill(self, typed: Mapping[str, str]) -> None:
        """Show a record: what it says is the base against which changes count."""
        for key, box in self.boxes.items():
            box.put(typed.get(key, ""))
        self.saved()

    def saved(self) -> None:
        """What stands here is saved."""
        self._base = self.typed
        self.message.clear()
        self._typed()
        self._count()
        after, self._after = self._after, None
        if after is not None:
            after()

    def meet(self, theirs: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """Somebody else changed the record meanwhile: his words stand where nothing was typed, what was typed stays.
        Gives what he changed: the field's label, what stood there and what stands there now.
        """
        changed = []
        for key, words in theirs.items():
            before, box = self._base[key], self.boxes[key]
            if words == before:
                continue
            changed.append((box.field.label, _said(box.field, before), _said(box.field, words)))
            if box.text() == before:
                box.put(words)
            self._base[key] = words
        self._typed()
        return changed

    def refused(self, error: Exception) -> None:
        """A service refused: at its field where it names one, else above. Nothing typed is lost."""
        self._after = None
        box = self.boxes.get(error.field or "") if isinstance(error, Refused) else None
        if box is None or not isinstance(error, Refused):
            self.message.tell(error)
            return
        box.show_problem(error.problem)
        box.setFocus()
        self._count()

    def submit(self) -> None:
        """Judge all fields; the caret goes to the first wrong one, or the values go out."""
        values, problems = check(self.fields, self.typed)
        for key, box in self.boxes.items():
            box.show_problem(problems.get(key))
        self._count()
        # What was refused before was said of other values.
        self.message.clear()
        if problems:
            self._after = None
            first = next(box for key, box in self.boxes.items() if key in problems)
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.save.emit(values)

    def leave(self, area: QWidget, then: Callable[[], None]) -> None:
        """Go on with `then`; with unsaved changes ask first: 保存, 不保存, 继续编辑."""
        if not self.dirty:
            then()
            return
        asked = _Leaving(area)
        asked.chosen.connect(lambda word: self._left(word, then))

    def _left(self, word: str, then: Callable[[], None]) -> None:
        if word == "save":
            self._after = then
            self.submit()
        elif word == "drop":
            self.fill(self._base)
            then()

    def _typed(self) -> None:
        self._state.setText("未保存" if self.dirty and self.says_unsaved else "")
        self._state.setVisible(bool(self._state.text()))
        self.dirty_changed.emit(self.dirty)
        self._count()

    def _count(self) -> None:
        wrong = sum(box.problem is not None for box in self.boxes.values())
        self._foot.setText(f"{wrong} 处需要修改" if wrong else "")
        self._foot.setVisible(bool(wrong))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field; it never submits."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            self.focusWidget(), QLineEdit | QComboBox
        ):
            self.focusNextChild()
            return
        super().keyPressEvent(event)


def _said(field: Field, typed: str) -> str:
    """A field's text as people read it: of a choice the word."""
    words = dict(field.choices)
    return "、".join(words.get(part, part) for part in typed.split(",")) if words else typed


class _Leaving(Overlay):
    chosen = Signal(str)

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self.setObjectName("leaving")
        self.body.addWidget(text("保存刚才的修改吗？", "title"))
        self.body.addWidget(text("不保存，这次输入的内容就没有了。", "second", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        stay = action(self, "继续编辑", "Esc", lambda: self._choose("stay"))
        for word, verb, weight in (("drop", "不保存", Weight.SECONDARY), ("save", "保存", Weight.PRIMARY)):
            button = HintButton(verb, weight=weight, parent=self.card)
            button.clicked.connect(lambda *_, word=word: self._choose(word))
            row.addWidget(button)
        self.stay = HintButton("", stay, parent=self.card)
        row.insertWidget(1, self.stay)
        self.foot.addLayout(row)
        self.show()
        self.raise_()
        self.stay.setFocus()

    def _choose(self, word: str) -> None:
        self.finish()
        self.chosen.emit(word)
