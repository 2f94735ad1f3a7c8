"""The type of the papers, named once; sizes in points (UI §9)."""

from __future__ import annotations

from reports.sheet import Style

TITLE = Style(16, bold=True, spacing=4.5)
LETTERHEAD = Style(10, lines=8)
SIDE = Style(9, floor=6)
FACT = Style(9.5, lines=20)
FACT_STRONG = Style(9.5, bold=True, lines=20)
HEAD = Style(8.5, bold=True)
CELL = Style(9, lines=20)
# A figure is never broken over two lines: rather than that it goes on shrinking.
FIGURE = Style(9, floor=5)
FIGURE_STRONG = Style(9, bold=True, floor=5)
LABEL = Style(9)
LABEL_STRONG = Style(9, bold=True)
NOTE = Style(8, lines=60)
CAPITALS = Style(10, lines=6)
TOTAL_LABEL = Style(10.5)
TOTAL = Style(15, bold=True, floor=6)
FOOT = Style(8.5, lines=20)
PAGE = Style(8.5)
STUB_TITLE = Style(9.5, bold=True)
STUB_LABEL = Style(8.5)
STUB_NUMBER = Style(9, bold=True, floor=6)
STUB_NAME = Style(9, bold=True, lines=20)
STUB_TOTAL = Style(12, bold=True, floor=6)
