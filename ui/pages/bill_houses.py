"""逐户变化: the houses of an item or of what deserves a look, beside their last period, and how a line arises."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from app.domain.money import yuan
from app.services.billing_compare import MOST, Compared
from ui.forms.parts import Card, rule, text
from ui.pages.plain_table import Cell, Head, PlainTable, Tinted

LOW = 120
"""The table gives way to what stands above it in a low window."""
MANY = 10
"""A change of so many percent is coloured."""


def change_cell(now: int, before: int, big: int = MANY) -> Tinted:
    """The change in yuan and percent with an arrow; one of `big` percent and more is coloured."""
    if not before:
        return Tinted("—" if not now else "新", "third")
    moved = now - before
    if not moved:
        return Tinted("—", "third")
    percent = (abs(moved) * 1000 + abs(before) // 2) // abs(before)
    sign, arrow = ("+", "▲") if moved > 0 else ("", "▼")
    token = "warn" if percent >= big * 10 else "second"
    return Tinted(f"{sign}{yuan(moved)}　{arrow} {percent // 10}.{percent % 10}%", token)


class HouseCard(Card):
    """A table of houses; below it the line of the one that is stood on, in words."""

    def __init__(self) -> None:
        self.which = text("", "small")
        super().__init__("逐户变化", self.which)
        self._rows: tuple[Compared, ...] = ()
        self.table = PlainTable(
            "逐户变化",
            (Head("房号", strong=True), Head("本期（元）", 84, right=True), Head("上期（元）", 84, right=True),
             Head("变化（元）", 152, right=True)), "要出的账才有逐户变化；已出的在“账单与收款”里看。",
        )  # fmt: skip
        self.table.high = LOW
        self.table.stood.connect(self._explain)
        self.how, self.why = text("", wrap=True), text("", "second", wrap=True)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(rule())
        said = QVBoxLayout()
        said.setContentsMargins(14, 8, 14, 8)
        said.setSpacing(2)
        said.addWidget(self.how)
        said.addWidget(self.why)
        self.body.addLayout(said)

    def put(self, which: str, rows: tuple[Compared, ...]) -> None:
        """Show these houses; `which` says what they are."""
        self._rows = rows
        self.which.setText(which + (f"，列出前 {len(rows)}" if len(rows) == MOST else ""))
        self.how.setText("")
        self.why.setText("")
        self.table.put(
            [(row.house, _fen(row.fen), _fen(row.last_fen), change_cell(row.fen or 0, row.last_fen or 0))
             for row in rows]
        )  # fmt: skip
        if rows:
            self.table.selectRow(0)

    def _explain(self, place: int) -> None:
        if not 0 <= place < len(self._rows):
            return
        row = self._rows[place]
        self.how.setText("　".join(part for part in (row.house, row.item, row.how) if part))
        same = "和上期算法相同。" if row.fen == row.last_fen else ""
        self.why.setText(f"变化原因：{row.why}。" if row.why else same)


def _fen(fen: int | None) -> Cell:
    return Tinted("—", "third") if fen is None else yuan(fen)
