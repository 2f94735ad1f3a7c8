"""A sheet as a grid of cells, all rows of one length, with its merged ranges."""

from __future__ import annotations

from dataclasses import dataclass

from reports.excel.cells import Cell

Range = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column, from 0."""


@dataclass(slots=True)
class Sheet:
    """A sheet's cells; an empty one is `""`. Row 0 is the sheet's row 1."""

    name: str
    rows: list[list[Cell]]
    merged: list[Range]

    def spread(self, row: int) -> list[Cell]:
        """A row in which a cell merged over columns stands in each of them."""
        cells = list(self.rows[row])
        for top, left, bottom, right in self.merged:
            if top <= row <= bottom and right > left:
                cells[left : right + 1] = [self.rows[top][left]] * (min(right, len(cells) - 1) - left + 1)
        return cells
