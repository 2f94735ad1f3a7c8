"""A layout as data: bands of boxes, stacked from the top; millimetres from the top left, sizes in points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

T = TypeVar("T")

MM = 72 / 25.4
"""Points in a millimetre."""


class Align(Enum):
    """Where a text stands between the two sides of its box."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Flow:
    """How a paragraph runs: from baseline to baseline and the indent of its first line, both in sizes."""

    leading: float
    indent: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How a text is set, in points.

    A text too wide for its box shrinks down to `floor`, then goes on over up to `lines` lines; with `flow` it keeps
    its size and runs on as a paragraph, both edges straight. `spacing` is added after each character.
    """

    size: float
    bold: bool = False
    floor: float = 8.0
    lines: int = 1
    spacing: float = 0.0
    serif: bool = False
    flow: Flow | None = None


@dataclass(frozen=True, slots=True)
class Strong:
    """A part of a text that is set bold."""

    text: str


Text = str | tuple[str | Strong, ...]


@dataclass(frozen=True, eq=False)
class Box(Generic[T]):
    """A text in a band, `w` wide from `x`, in the middle of the band's height (moved down by `dy`).

    A `text` given as such is the same on every page; a function takes it from the document's values.
    """

    x: float
    w: float
    text: Text | Callable[[T], Text]
    style: Style
    align: Align = Align.LEFT
    dy: float = 0.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line in a band; `y1` and `y2` are parts of the band's height: 0 its top, 1 its bottom.

    `grey` is 0 for black up to 1 for white.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float
    grey: float = 0.0


@dataclass(frozen=True, eq=False)
class Band(Generic[T]):
    """A strip across the page. It grows where a text in it needs more lines than its height holds."""

    height: float
    boxes: tuple[Box[T], ...] = ()
    strokes: tuple[Stroke, ...] = ()


@dataclass(frozen=True, eq=False)
class Col(Generic[T]):
    """A column of a table, `w` wide from `x`; its text keeps the table's padding from both sides."""

    head: str
    x: float
    w: float
    text: Callable[[T], Text]
    style: Style
    align: Align = Align.LEFT


@dataclass(frozen=True, eq=False)
class Lines(Generic[T]):
    """A table: its columns, the style of its head, and the strokes of each row."""

    columns: tuple[Col[T], ...]
    head: Style
    head_strokes: tuple[Stroke, ...]
    strokes: tuple[Stroke, ...]
    padding: float = 1.0

    def head_band(self, height: float) -> Band[object]:
        """The head of the table, repeated on every page."""
        boxes = tuple(
            Box[object](col.x + self.padding, col.w - 2 * self.padding, col.head, self.head, col.align)
            for col in self.columns
        )
        return Band(height, boxes, self.head_strokes)

    def row_band(self, height: float) -> Band[T]:
        """One row of the table, at least this high."""
        return Band(height, self.cells(), self.strokes)

    def cells(self) -> tuple[Box[T], ...]:
        """The boxes of one row."""
        return tuple(
            Box(col.x + self.padding, col.w - 2 * self.padding, col.text, col.style, col.align) for col in self.columns
        )


def under(x1: float, x2: float, weight: float, grey: float = 0.0) -> tuple[Stroke, ...]:
    """A line along the bottom of a band."""
    return (Stroke(x1, 1, x2, 1, weight, grey),)


def frame(x1: float, x2: float, weight: float) -> tuple[Stroke, ...]:
    """Four lines around a band."""
    return (
        Stroke(x1, 0, x2, 0, weight),
        Stroke(x1, 1, x2, 1, weight),
        Stroke(x1, 0, x1, 1, weight),
        Stroke(x2, 0, x2, 1, weight),
    )
