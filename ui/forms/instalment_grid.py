"""各期 as a grid: a day and an amount each; the sum stands below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.money import parse_yuan, yuan
from app.domain.problem import Problem
from ui.forms.edits import DayEdit, NumberEdit
from ui.forms.hint_button import HintButton
from ui.forms.parts import text
from ui.theme import look

_HEADS = ("期次", "应付日", "金额（元）")
_WIDTHS = (60, 130, 120)


class _Row:
    """The widgets of one instalment."""

    def __init__(self, grid: InstalmentGrid) -> None:
        self.name, self.due, self.amount = text(""), DayEdit(grid.today), NumberEdit()
        self.drop = HintButton("", icon="close", small=True)
        self.drop.setAccessibleName("去掉这一期")
        self.drop.setToolTip("去掉这一期")
        self.drop.setFixedWidth(look().size("chip"))
        self.due.setFixedWidth(look().px(_WIDTHS[1]))
        self.amount.setFixedWidth(look().px(_WIDTHS[2]))
        for edit in (self.due, self.amount):
            edit.textEdited.connect(grid.hands)
        self.drop.clicked.connect(lambda: grid.drop(self))

    def widgets(self) -> tuple[QWidget, ...]:
        """In the order of the columns."""
        return self.name, self.due, self.amount, self.drop

    def close(self) -> None:
        """Take the row off the grid."""
        for widget in self.widgets():
            widget.hide()
            widget.deleteLater()


class InstalmentGrid(QWidget):
    """Rows of a day and an amount. Its text is `2026-07-31=500.00，2026-08-31=462.10`; empty while nothing stands
    in it.
    """

    changed = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.today = today
        self._rows: list[_Row] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look().size("gap"))
        self._grid.setVerticalSpacing(6)
        for at, head in enumerate(_HEADS):
            label = text(head, "small")
            if at == 2:
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(label, 0, at)
        self._grid.setColumnMinimumWidth(0, look().px(_WIDTHS[0]))
        self._grid.setColumnStretch(len(_HEADS) + 2, 1)
        self.adding = HintButton("加一期", icon="plus", small=True)
        self.adding.clicked.connect(self._add_by_hand)
        self._grid.addWidget(self.adding, 0, len(_HEADS), 1, 2)
        self.sum = text("", "second")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._grid)
        column.addWidget(self.sum)
        self.put("")

    @property
    def rows(self) -> list[tuple[DayEdit, NumberEdit]]:
        """Day and amount of each instalment."""
        return [(row.due, row.amount) for row in self._rows]

    def value(self) -> str:
        """The instalments as text; what is missing is a `？`."""
        if not any(edit.text().strip() for pair in self.rows for edit in pair):
            return ""
        return "，".join(f"{due.text().strip() or '？'}={amount.text().strip() or '？'}" for due, amount in self.rows)

    def put(self, words: str) -> None:
        """Show the instalments of a text; an empty one shows one empty row."""
        for row in self._rows:
            row.close()
        self._rows = []
        for part in words.split("，") if words else ("",):
            due, _, amount = part.partition("=")
            row = self._add()
            row.due.setText("" if due == "？" else due)
            row.amount.setText("" if amount == "？" else amount)
        self._number()

    def drop(self, row: _Row) -> None:
        """Take an instalment out."""
        self._rows.remove(row)
        row.close()
        self._number()
        self._rows[-1].amount.setFocus()
        self.changed.emit()

    def hands(self) -> None:
        """Something was typed."""
        self._add_up()
        self.changed.emit()

    def _add(self) -> _Row:
        row = _Row(self)
        self._rows.append(row)
        return row

    def _add_by_hand(self) -> None:
        self._add()
        self._number()
        self._rows[-1].due.setFocus()
        self.changed.emit()

    def _add_up(self) -> None:
        total = 0
        for _, amount in self.rows:
            try:
                total += int(parse_yuan(amount.text())) if amount.text().strip() else 0
            except Problem:
                continue
        self.sum.setText(f"{len(self._rows)} 期，合计 {yuan(total)} 元")

    def _number(self) -> None:
        """Names; the keyboard goes row by row."""
        before: QWidget | None = None
        for at, row in enumerate(self._rows):
            for column, widget in enumerate(row.widgets()):
                self._grid.addWidget(widget, at + 1, column)
            row.name.setText(f"第 {at + 1} 期")
            row.due.setAccessibleName(f"第 {at + 1} 期应付日")
            row.amount.setAccessibleName(f"第 {at + 1} 期金额")
            row.drop.setVisible(len(self._rows) > 1)
            for widget in (row.due, row.amount, row.drop):
                if before is not None:
                    QWidget.setTabOrder(before, widget)
                before = widget
        if before is not None:
            QWidget.setTabOrder(before, self.adding)
        self.setFocusProxy(self._rows[0].due)
        self._add_up()
