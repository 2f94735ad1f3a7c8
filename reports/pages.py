"""Blocks by pages: what must stay together stays together, a table's head comes again where its rows go on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.problem import problem
from reports.paint import Painter, Placed, height_of
from reports.sheet import Align, Band, Box, Style


@dataclass(frozen=True, slots=True)
class Block:
    """Bands that stay together, and what comes before them again where they begin a page."""

    bands: Sequence[Placed]
    again: Sequence[Placed] = ()


def table_blocks(
    before: Sequence[Placed], head: Placed, rows: Sequence[Placed], tail: Sequence[Placed], again: Sequence[Placed] = ()
) -> list[Block]:
    """A table as blocks: its heading and head with the first row, its tail with the last."""
    blocks = []
    for place, row in enumerate(rows):
        first = [*before, head] if place == 0 else []
        last = tail if place == len(rows) - 1 else ()
        blocks.append(Block([*first, row, *last], () if place == 0 else [*again, head]))
    return blocks or [Block([*before, head, *tail])]


def paged(blocks: Iterable[Block], first: float, rest: float) -> list[list[Placed]]:
    """The blocks by pages: `first` and `rest` are the room of the first and of every further page, in mm.

    Raises: `paper.too_long` for a block that no page holds.
    """
    pages: list[list[Placed]] = [[]]
    room = first
    for block in blocks:
        if pages[-1] and height_of(pages[-1], block.bands) > room:
            pages.append(list(block.again))
            room = rest
        if height_of(pages[-1], block.bands) > room:
            raise problem("paper.too_long", "文字太长，一页纸上印不下。", "请把信的文字、姓名或项目改短。")
        pages[-1] += block.bands
    return pages


def numbered(style: Style, left: float, right: float) -> Band[tuple[str, int, int]]:
    """The foot of a page of several: the paper's number, which page of how many."""
    wide = right - left
    return Band(
        4.0,
        (
            Box(left, wide / 2, lambda n: n[0], style),
            Box(left + wide / 2, wide / 2, lambda n: f"第 {n[1]} 页 / 共 {n[2]} 页", style, Align.RIGHT),
        ),
    )


def paint_pages(
    painter: Painter,
    pages: Sequence[Sequence[Placed]],
    number: str,
    top: float,
    foot: tuple[Band[tuple[str, int, int]], float],
) -> None:
    """Paint pages of `number` from `top` mm down, numbered where there are several, the next not yet begun.

    `foot` is the band with the page's number and where it stands.
    """
    band, at = foot
    for place, bands in enumerate(pages, 1):
        painter.paint(bands, top)
        if len(pages) > 1:
            painter.paint([painter.place(band, (number, place, len(pages)))], at)
        painter.turn()
