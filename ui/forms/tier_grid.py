"""阶梯 as a grid: each tier begins where the one before ends, so that they always join; the last has no bound."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.forms.edits import NumberEdit
from ui.forms.hint_button import HintButton
from ui.forms.parts import text
from ui.theme import look

_HEADS = ("阶梯", "大于", "至", "单价（元）")
_WIDTH = 110


class _Tier:
    """The widgets of one row."""

    def __init__(self, grid: TierGrid) -> None:
        self.name, self.above = text(""), text("")
        self.above.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bound, self.price = NumberEdit(), NumberEdit()
        self.drop = HintButton("", icon="close", small=True)
        self.drop.setAccessibleName("去掉这一级")
        self.drop.setToolTip("去掉这一级")
        self.drop.setFixedWidth(look().size("chip"))
        for edit in (self.bound, self.price):
            edit.setFixedWidth(look().px(_WIDTH))
            edit.textEdited.connect(grid.hands)
            edit.editingFinished.connect(grid.cell_left)
        self.drop.clicked.connect(lambda: grid.drop(self))

    def widgets(self) -> tuple[QWidget, ...]:
        """In the order of the columns."""
        return self.name, self.above, self.bound, self.price, self.drop

    def close(self) -> None:
        """Take the row off the grid."""
        for widget in self.widgets():
            widget.hide()
            widget.deleteLater()


class TierGrid(QWidget):
    """Rows of a bound and a price. Its text is what `price_words.read_tiers` reads: `180=3.50，以上=8.00`; empty while
    nothing stands in it.
    """

    changed = Signal()
    left = Signal()
    """A cell was left, and no other is empty: whether the tiers join can be said."""

    def __init__(self) -> None:
        super().__init__()
        self._tiers: list[_Tier] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look().size("gap"))
        self._grid.setVerticalSpacing(6)
        for at, head in enumerate(_HEADS):
            label = text(head, "small")
            if at:
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(label, 0, at)
        self._grid.setColumnStretch(len(_HEADS) + 2, 1)
        self.adding = HintButton("加一级", icon="plus", small=True)
        self.adding.clicked.connect(self._add_by_hand)
        self._grid.addWidget(self.adding, 0, len(_HEADS), 1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._grid)
        self.put("")

    @property
    def rows(self) -> list[tuple[NumberEdit, NumberEdit]]:
        """Bound and price of each tier."""
        return [(tier.bound, tier.price) for tier in self._tiers]

    def value(self) -> str:
        """The tiers as text."""
        if not any(edit.text().strip() for pair in self.rows for edit in pair):
            return ""
        last = len(self._tiers) - 1
        return "，".join(
            f"{'以上' if at == last else bound.text().strip() or '？'}={price.text().strip() or '？'}"
            for at, (bound, price) in enumerate(self.rows)
        )

    def put(self, words: str) -> None:
        """Show the tiers of a text; an empty one shows two empty tiers."""
        for tier in self._tiers:
            tier.close()
        self._tiers = []
        for part in words.split("，") if words else ("", ""):
            bound, _, price = part.partition("=")
            tier = self._add()
            tier.bound.setText("" if bound in ("以上", "？") else bound)
            tier.price.setText("" if price == "？" else price)
        self._number()

    def drop(self, tier: _Tier) -> None:
        """Take a tier out."""
        self._tiers.remove(tier)
        tier.close()
        self._number()
        self._tiers[-1].price.setFocus()
        self.changed.emit()

    def hands(self) -> None:
        """Something was typed."""
        self._number()
        self.changed.emit()

    def cell_left(self) -> None:
        """A cell was left."""
        words = self.value()
        if words and "？" not in words:
            self.left.emit()

    def _add(self) -> _Tier:
        tier = _Tier(self)
        self._tiers.append(tier)
        for column, widget in enumerate(tier.widgets()):
            self._grid.addWidget(widget, len(self._tiers) + 100, column)
        return tier

    def _add_by_hand(self) -> None:
        self._add()
        self._number()
        self._tiers[-2].bound.setFocus()
        self.changed.emit()

    def _number(self) -> None:
        """Names, where each begins, and the open end; the keyboard goes row by row."""
        before: QWidget | None = None
        above, last = "0", len(self._tiers) - 1
        for at, tier in enumerate(self._tiers):
            for column, widget in enumerate(tier.widgets()):
                self._grid.addWidget(widget, at + 1, column)
            tier.name.setText(f"第 {at + 1} 级")
            tier.above.setText(above)
            above = tier.bound.text().strip() or "—"
            tier.bound.setReadOnly(at == last)
            tier.bound.setPlaceholderText("不限" if at == last else "")
            tier.bound.setFocusPolicy(Qt.FocusPolicy.NoFocus if at == last else Qt.FocusPolicy.StrongFocus)
            if at == last:
                tier.bound.clear()
            tier.bound.setAccessibleName(f"第 {at + 1} 级到多少")
            tier.price.setAccessibleName(f"第 {at + 1} 级单价")
            tier.drop.setVisible(len(self._tiers) > 1)
            for widget in (tier.bound, tier.price, tier.drop):
                if before is not None:
                    QWidget.setTabOrder(before, widget)
                before = widget
        if before is not None:
            QWidget.setTabOrder(before, self.adding)
        self.setFocusProxy(self._tiers[0].bound if last else self._tiers[0].price)
