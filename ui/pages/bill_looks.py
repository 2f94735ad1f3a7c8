"""需要看一眼: what a run cannot bill and where it is mended, and what it would bill but deserves a look."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.money import yuan
from app.services.billing_compare import Marked
from app.services.billing_review import ItemReview, Review
from ui.bell import drop_all
from ui.forms.badge import Badge
from ui.forms.hint_button import HintButton
from ui.forms.parts import Card, text
from ui.pages.bill_houses import change_cell

NAMED = 3
"""So many houses are named; more stand in the tooltip."""
MEND = {
    "no_tariff": ("设标准", "tariffs", "set_tariff"),
    "no_reading": ("补录读数", "readings", "enter_readings"),
    "no_area": ("补面积", "houses", "import_register"),
}
"""Where what is missing is mended, by reason, and the right it takes."""
LOUD = frozenset({"odd_usage", "doubled", "zero", "without"})
"""Marks that warn; the others only inform."""


class LookCard(Card):
    """Rows of what, how many, which, and a button that opens the place to mend it or shows the houses."""

    mending = Signal(str, object)
    """A page is wanted, with a house."""
    standing = Signal(object)
    """An item is to be looked at: its ItemReview."""
    digging = Signal(object)
    """The houses of a mark are to be looked at: its Marked."""

    def __init__(self, may: Callable[[str], bool]) -> None:
        self.missing = Badge("danger", "")
        self.missing.hide()
        super().__init__("需要看一眼", self.missing)
        self._may = may
        self.rows = QVBoxLayout()
        self.rows.setContentsMargins(14, 10, 14, 10)
        self.rows.setSpacing(8)
        self.body.addLayout(self.rows)

    def put(self, review: Review, marks: Sequence[Marked]) -> None:
        """What keeps lines back, what changed much, and what is marked (as far as it is known)."""
        drop_all(self.rows)
        lost = sum(row.count for row in review.kept_back if row.reason in MEND)
        self.missing.say("danger", f"{lost} 笔不能出")
        self.missing.setVisible(bool(lost))
        shown = QWidget()
        grid = QGridLayout(shown)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        self._kept(grid, review)
        self._moved(grid, review)
        for mark in marks:
            button = _button("查看", self.digging.emit, mark)
            level = "warn" if mark.mark in LOUD else "info"
            _row(grid, Badge(level, mark.title), f"{mark.count} {mark.unit}", mark.houses, mark.count, button)
        if grid.count():
            self.rows.addWidget(shown)
        for words, role in _said(review):
            self.rows.addWidget(text(words, role, wrap=True))
        if not self.rows.count():
            self.rows.addWidget(text("没有缺的数据。", "second"))

    def _kept(self, grid: QGridLayout, review: Review) -> None:
        for row in review.kept_back:
            words, page, right = MEND.get(row.reason, ("", "", ""))
            button = None
            if words and self._may(right):
                button = HintButton(words, small=True)
                button.clicked.connect(lambda *_, page=page, house=row.houses[0]: self.mending.emit(page, house))
            level = "danger" if row.reason in MEND else "warn"
            _row(grid, Badge(level, row.title), f"{row.count} 笔", row.houses, row.count, button)

    def _moved(self, grid: QGridLayout, review: Review) -> None:
        moved = [row for row in review.items if row.moved(review.big_change)] if review.lines else []
        if moved:
            names = [_how_much(row, review.big_change) for row in moved]
            button = _button("看明细", self.standing.emit, moved[0])
            _row(grid, Badge("warn", "变化过大"), f"{len(moved)} 项", names, len(moved), button)


def _how_much(row: ItemReview, big: int) -> str:
    return f"{row.name} {change_cell(row.fen, row.last_fen, big).word.split('　')[-1]}"


def _button(words: str, told: Callable[[object], None], about: object) -> HintButton:
    button = HintButton(words, small=True)
    button.clicked.connect(lambda: told(about))
    return button


def _row(grid: QGridLayout, badge: Badge, count: str, named: Sequence[str], of: int, button: HintButton | None) -> None:
    at = grid.rowCount()
    grid.addWidget(badge, at, 0)
    grid.addWidget(text(count, "strong"), at, 1, Qt.AlignmentFlag.AlignRight)
    label = text("、".join(named[:NAMED]) + (" 等" if of > NAMED else ""), "small", wrap=True)
    label.setToolTip("、".join(named))
    grid.addWidget(label, at, 2)
    if button is not None:
        grid.addWidget(button, at, 3)


def _said(review: Review) -> list[tuple[str, str]]:
    """Sentences below the rows, each with its role."""
    said = []
    if review.let_off:
        houses = "、".join(dict.fromkeys(each.house for each in review.let_off[:NAMED]))
        off = sum(each.amount_fen for each in review.let_off)
        more = " 等" if len(review.let_off) > NAMED else ""
        said.append((f"折扣 {len(review.let_off)} 笔，共少收 {yuan(off)} 元：{houses}{more}", "second"))
    return [*said, *((warning, "warned") for warning in review.warnings)]
