"""The foot of a list: how many rows, how many are selected, and the sums of all that match."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from app.services.list_face import ColumnFace, Face, Kind, not_counted
from ui.forms.parts import Elided, text
from ui.models.cell_text import shown
from ui.theme import look


def sums_text(columns: tuple[ColumnFace, ...], sums: Mapping[str, int]) -> str:
    """Sums in words: 欠费 5,191.43　建筑面积 1,234.00 m²; behind them what they do not count."""
    said = []
    for column in columns:
        if column.key in sums:
            name, _, unit = column.title.partition("（")
            unit = "" if column.kind is Kind.MONEY else " " + unit.rstrip("）")
            said.append(f"{name} {shown(column, sums[column.key])}{unit.rstrip()}")
    return "　".join(said) + (not_counted(columns) if said else "")


class ListFoot(QFrame):
    """Counts at the left, sums at the right."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face
        self._chosen = 0
        self._all: Mapping[str, int] = {}
        self.counted, self.chosen, self.sums = Elided("", "small"), text("", "small"), Elided("", "strong")
        self.setProperty("role", "foot")
        self.setAutoFillBackground(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(16)
        row.addWidget(self.counted, 1)
        self.sums.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row.addWidget(self.chosen)
        row.addWidget(self.sums)
        self._dress()
        look().changed.connect(self._dress)

    def _dress(self) -> None:
        self.setFixedHeight(look().size("foot"))
        palette = self.palette()
        palette.setColor(self.backgroundRole(), look().colour("header"))
        self.setPalette(palette)

    def count(self, found: int, loaded: int) -> None:
        """How many match, and how many of them are here."""
        self.counted.say(f"共 {found:,} {self._face.unit}，已载入 {loaded:,}")

    def choose(self, n: int, unloaded: bool, sums: Mapping[str, int] | None) -> None:
        """How many are selected; from two on their sums, where they are known, stand in the place of all sums."""
        self._chosen = n
        self.chosen.setText(f"已选 {n:,} {self._face.unit}" + ("（含未载入）" if unloaded else "") if n > 1 else "")
        self._put((sums or {}) if n > 1 else self._all)

    def total(self, sums: Mapping[str, int]) -> None:
        """The sums of all that match."""
        self._all = sums
        if self._chosen < 2:
            self._put(sums)

    def _put(self, sums: Mapping[str, int]) -> None:
        words = sums_text(self._face.columns, sums)
        self.sums.say(f"选中 {words}" if words and self._chosen > 1 else words)
        self.sums.updateGeometry()
