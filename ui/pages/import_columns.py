"""列对应: what each column of a sheet was taken for, and a choice to say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.services.import_mappings import MOST_NAME, Learned
from app.services.imports import SheetGuess, SheetMapping
from ui.forms.parts import Elided, text
from ui.theme import look

WIDEST = 240
OMITTED = "不导入"


class ImportColumns(QWidget):
    """The sheets of a workbook. `changed` after a person chose otherwise."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._guesses: tuple[SheetGuess, ...] = ()
        self._chosen: dict[str, SheetMapping | None] = {}
        self.learned: Mapping[str, Learned] = {}
        self.name, self._named = QLineEdit(), QWidget()
        self.name.setAccessibleName("这种列对应的名称")
        self.name.setPlaceholderText("如 老系统的住户表")
        self.name.setMaxLength(MOST_NAME)
        self._read_as = Elided("", "third")
        self.sheets, self.table = QComboBox(), QComboBox()
        for box in (self.sheets, self.table):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMaximumWidth(look().px(WIDEST))
        self.sheets.setAccessibleName("工作表")
        self.table.setAccessibleName("这个工作表是")
        self.sheets.currentIndexChanged.connect(lambda _: self._show_sheet())
        self.table.activated.connect(lambda _: self._as_table())
        self.columns: list[QComboBox] = []
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(text("工作表", "small"))
        row.addWidget(self.sheets)
        row.addSpacing(8)
        row.addWidget(text("内容是", "small"))
        row.addWidget(self.table)
        row.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName("列对应")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._read_as)
        named = QHBoxLayout(self._named)
        named.setContentsMargins(0, 0, 0, 0)
        named.setSpacing(8)
        named.addWidget(text("导入后记住，叫", "small"))
        named.addWidget(self.name, 1)
        column.addWidget(self._named)
        self._named.hide()

    @property
    def mappings(self) -> Mapping[str, SheetMapping | None]:
        """What a person chose; a sheet that stands as it was recognised is not named."""
        return self._chosen

    def called(self, otherwise: str) -> str:
        """The name for what a person put right; `otherwise` where none was typed."""
        return (self.name.text().strip() or otherwise)[:MOST_NAME]

    def put(self, guesses: tuple[SheetGuess, ...], learned: Mapping[str, Learned] | None = None) -> None:
        """Another workbook; `learned` is how sheets like it were read before."""
        self._guesses, self.learned = guesses, dict(learned or {})
        self._chosen = {sheet: one.mapping for sheet, one in self.learned.items()}
        names = list(dict.fromkeys(one.name for one in self.learned.values()))
        self.name.setText(names[0] if names else "")
        self._read_as.say(f"按记住的“{'、'.join(names)}”读的" if names else "")
        self._read_as.setVisible(bool(names))
        self._named.hide()
        self.sheets.blockSignals(True)
        self.sheets.clear()
        for guess in guesses:
            self.sheets.addItem(guess.sheet if guess.known else f"{guess.sheet}（没有认出）")
        self.sheets.blockSignals(False)
        self._show_sheet()

    @property
    def titles(self) -> Mapping[str, tuple[str, ...]]:
        """The titles of each sheet's columns."""
        return {guess.sheet: guess.titles for guess in self._guesses}

    def _guess(self) -> SheetGuess | None:
        at = self.sheets.currentIndex()
        return self._guesses[at] if 0 <= at < len(self._guesses) else None

    def _mapping(self, guess: SheetGuess) -> SheetMapping | None:
        """How the sheet is read now: what was not recognised is left out until somebody says what it is."""
        return self._chosen.get(guess.sheet, guess.mapping if guess.known else None)

    def _show_sheet(self) -> None:
        self.table.clear()
        self.columns = []
        guess = self._guess()
        body = QWidget()
        if guess is not None:
            self.table.addItem(OMITTED, "")
            for name, title, _ in guess.tables:
                self.table.addItem(title, name)
            mapping = self._mapping(guess)
            self.table.setCurrentIndex(0 if mapping is None else max(0, self.table.findData(mapping.table)))
            if mapping is not None:
                self._fill(body, guess, mapping)
        self._scroll.setWidget(body)

    def _fill(self, body: QWidget, guess: SheetGuess, mapping: SheetMapping) -> None:
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for at, words in enumerate(("表里的列", "前几行", "对应")):
            grid.addWidget(text(words, "third"), 0, at)
        fields = next(fields for name, _, fields in guess.tables if name == mapping.table)
        for index, title in enumerate(guess.titles):
            if not title and not guess.samples[index]:
                continue
            combo = self._choice(index, title, fields, mapping.columns.get(index, ""))
            row = grid.rowCount()
            grid.addWidget(text(title or f"第 {index + 1} 列", "strong"), row, 0)
            grid.addWidget(Elided(guess.samples[index], "second"), row, 1)
            grid.addWidget(combo, row, 2)
        grid.setRowStretch(grid.rowCount(), 1)

    def _choice(self, index: int, title: str, fields: tuple[tuple[str, str], ...], now: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(f"{title or index + 1} 对应")
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.setMinimumWidth(look().px(150))
        combo.addItem(OMITTED, "")
        for key, said in fields:
            combo.addItem(said, key)
        combo.setCurrentIndex(max(0, combo.findData(now)))
        combo.activated.connect(lambda _: self._as_field(index, combo.currentData()))
        self.columns.append(combo)
        return combo

    def _as_table(self) -> None:
        guess = self._guess()
        if guess is None:
            return
        name = self.table.currentData()
        same = name == guess.mapping.table
        columns = guess.mapping.columns if same else {}
        self._chosen[guess.sheet] = replace(guess.mapping, table=name, columns=columns) if name else None
        self._show_sheet()
        self._named.show()
        self.changed.emit()

    def _as_field(self, index: int, key: str) -> None:
        guess = self._guess()
        mapping = None if guess is None else self._mapping(guess)
        if guess is None or mapping is None:
            return
        columns = {at: field for at, field in mapping.columns.items() if at != index and field != key}
        if key:
            columns[index] = key
        self._chosen[guess.sheet] = replace(mapping, columns=columns)
        self._show_sheet()
        self._named.show()
        self.changed.emit()
