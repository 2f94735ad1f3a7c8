"""A field of a form: what it is (`Field`, plain), what was typed into it (`check`), and its box on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.problem import Problem, problem
from ui.forms.edits import DayEdit, NumberEdit
from ui.forms.instalment_grid import InstalmentGrid
from ui.forms.parts import Icon, restyle, text
from ui.forms.password_edit import PasswordEdit
from ui.forms.segments import chip
from ui.forms.tier_grid import TierGrid
from ui.theme import look


class Kind(StrEnum):
    """What hands type into a field."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    PASSWORD = "password"
    SEVERAL = "several"
    """Any number of the choices; the text is their values with commas between."""
    TIERS = "tiers"
    """A grid of bounds and prices, across the form; the text is `180=3.50，以上=8.00`."""
    INSTALMENTS = "instalments"
    """A grid of days and amounts, across the form; the text is `2026-07-31=500.00，2026-08-31=462.10`."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: key, label, and `parse`, which gives the value of a typed text or raises Problem.

    `choices` are (value, word) pairs: fewer than five stand as chips, more in a list. Chips take `room` pixels a row.
    """

    key: str
    label: str
    parse: Callable[[str], Any] = str.strip
    optional: bool = False
    kind: Kind = Kind.TEXT
    unit: str = ""
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    room: int = 600


def whole(low: int, high: int) -> Callable[[str], int]:
    """The `parse` of a whole number between two bounds."""

    def parse(typed: str) -> int:
        text = typed.strip()
        if not text.isdecimal() or not low <= int(text) <= high:
            raise problem("field.whole", "应为 {low} 到 {high} 的整数。", low=low, high=high)
        return int(text)

    return parse


def several(typed: str) -> tuple[str, ...]:
    """The `parse` of several choices, or of words with commas between."""
    parts = typed.replace("，", ",").replace("、", ",").split(",")
    return tuple(part.strip() for part in parts if part.strip())


def judge(field: Field, typed: str) -> Any:
    """The value of a typed text; None for an empty optional one. Raises Problem."""
    if not typed.strip():
        if field.optional:
            return None
        raise problem("field.empty", "{label}还没有填。", label=field.label)
    return field.parse(typed)


def check(fields: Sequence[Field], typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Problem]]:
    """The values of all fields that are right, and the problems of the others."""
    values: dict[str, Any] = {}
    problems: dict[str, Problem] = {}
    for field in fields:
        try:
            values[field.key] = judge(field, typed.get(field.key, ""))
        except Problem as why:
            problems[field.key] = why
    return values, problems


BETWEEN_CHIPS = 6


class _Chips(QWidget):
    """A few choices, side by side, as many in a row as have room; one of them, or `several`."""

    changed = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]], room: int, *, several: bool = False) -> None:
        super().__init__()
        self._several = several
        self._group = QButtonGroup(self)
        self._group.setExclusive(not several)
        self._values = [value for value, _ in choices]
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 2, 0, 2)
        rows.setSpacing(BETWEEN_CHIPS)
        row, left = QHBoxLayout(), 0
        for at, (_, word) in enumerate(choices):
            made = chip(word)
            made.ensurePolished()
            self._group.addButton(made, at)
            self.setFocusProxy(made) if at == 0 else None
            if row.count() == 0 or left < made.sizeHint().width():
                row, left = self._row(rows), look().px(room)
            row.insertWidget(row.count() - 1, made)
            left -= made.sizeHint().width() + BETWEEN_CHIPS
        self._group.idClicked.connect(lambda _: self.changed.emit())

    @staticmethod
    def _row(rows: QVBoxLayout) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(BETWEEN_CHIPS)
        row.addStretch(1)
        rows.addLayout(row)
        return row

    def value(self) -> str:
        """The value that is chosen, several with commas between; empty for none."""
        return ",".join(value for at, value in enumerate(self._values) if self._group.button(at).isChecked())

    def put(self, value: str) -> None:
        """Choose a value, or several; an unknown one chooses none."""
        wanted = value.split(",") if self._several else [value]
        self._group.setExclusive(False)
        for at, known in enumerate(self._values):
            self._group.button(at).setChecked(known in wanted)
        self._group.setExclusive(not self._several)


LONG = 20
"""A text of more characters, which may be wider than its field, shows its beginning."""


class FieldBox(QWidget):
    """Label above, edit, hint or problem below. `typed` whenever hands changed it, `left` when the focus went on."""

    typed = Signal()
    left = Signal()

    def __init__(self, field: Field, today: Callable[[], date]) -> None:
        super().__init__()
        self.field = field
        self.problem: Problem | None = None
        self.edit = self._make(today)
        self.edit.setAccessibleName(field.label)
        self._below = text(field.hint, "third", wrap=True)
        self._warning = Icon("triangle", "danger", 14)
        self._warning.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._head())
        column.addWidget(self.edit)
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self._warning, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._below, 1)
        column.addLayout(below)
        self._below.setVisible(bool(field.hint))
        self.setFocusProxy(self.edit)
        self._listen()

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(2)
        label = text(self.field.label, "small")
        label.setBuddy(self.edit)
        head.addWidget(label)
        if not self.field.optional:
            head.addWidget(text("*", "required"))
        head.addStretch(1)
        return head

    def _make(self, today: Callable[[], date]) -> QWidget:
        if self.field.kind is Kind.SEVERAL:
            return _Chips(self.field.choices, self.field.room, several=True)
        if self.field.choices:
            return _Chips(self.field.choices, self.field.room) if len(self.field.choices) < 5 else self._combo()
        if self.field.kind is Kind.DAY:
            return DayEdit(today)
        if self.field.kind is Kind.TIERS:
            return TierGrid()
        if self.field.kind is Kind.INSTALMENTS:
            return InstalmentGrid(today)
        made = {Kind.NUMBER: NumberEdit, Kind.PASSWORD: PasswordEdit}.get(self.field.kind, QLineEdit)()
        if self.field.unit:
            self._put_unit(made)
        return made

    def _put_unit(self, edit: QLineEdit) -> None:
        unit = QLabel(self.field.unit, edit)
        unit.setProperty("role", "third")
        row = QHBoxLayout(edit)
        row.setContentsMargins(0, 0, 10, 0)
        row.addStretch(1)
        row.addWidget(unit)
        edit.setTextMargins(0, 0, unit.sizeHint().width() + look().px(6), 0)

    def _combo(self) -> QComboBox:
        combo = QComboBox()
        if not any(value == "" for value, _ in self.field.choices):
            combo.addItem("", "")
        for value, word in self.field.choices:
            combo.addItem(word, value)
        return combo

    def _listen(self) -> None:
        if isinstance(self.edit, QLineEdit):
            self.edit.textEdited.connect(lambda _: self._changed())
            self.edit.installEventFilter(self)
        elif isinstance(self.edit, QComboBox):
            self.edit.activated.connect(lambda _: self._changed())
            self.edit.installEventFilter(self)
        elif isinstance(self.edit, _Chips | TierGrid | InstalmentGrid):
            self.edit.changed.connect(self._changed)
        if isinstance(self.edit, TierGrid):
            self.edit.left.connect(self._left)

    def _left(self) -> None:
        self.judge()
        self.left.emit()

    def _changed(self) -> None:
        if self.problem is not None:
            self.judge()
        self.typed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Judge when the field is left."""
        if event.type() == QEvent.Type.FocusOut and self.text():
            self._left()
        return False

    def text(self) -> str:
        """What was typed."""
        if isinstance(self.edit, QLineEdit):
            return self.edit.text()
        if isinstance(self.edit, QComboBox):
            return str(self.edit.currentData() or "")
        return self.edit.value() if isinstance(self.edit, _Chips | TierGrid | InstalmentGrid) else ""

    def put(self, words: str) -> None:
        """Show another text, as if nobody had typed it."""
        if isinstance(self.edit, QLineEdit):
            self.edit.setText(words)
            if len(words) > LONG:
                self.edit.home(False)
        elif isinstance(self.edit, QComboBox):
            self.edit.setCurrentIndex(max(0, self.edit.findData(words)))
        elif isinstance(self.edit, _Chips | TierGrid | InstalmentGrid):
            self.edit.put(words)
        self.show_problem(None)

    def judge(self) -> bool:
        """Look at what was typed; whether it is right."""
        try:
            judge(self.field, self.text())
        except Problem as why:
            self.show_problem(why)
            return False
        self.show_problem(None)
        return True

    def show_problem(self, why: Problem | None) -> None:
        """Show what is wrong below the field; None: nothing is."""
        self.problem = why
        restyle(self.edit, "wrong", why is not None)
        restyle(self._below, "role", "third" if why is None else "error")
        self._below.setText(self.field.hint if why is None else why.text + (why.hint or ""))
        self._below.setVisible(bool(self._below.text()))
        self._warning.setVisible(why is not None)
        self.edit.setAccessibleDescription("" if why is None else why.text)
