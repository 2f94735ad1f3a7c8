"""Cash by denomination 券别: notes and coins of the renminbi in use, in fen."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.money import Fen, yuan
from app.domain.problem import problem

DENOMINATIONS: tuple[int, ...] = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)
"""100, 50, 20, 10, 5 and 1 yuan, 5 and 1 jiao; the small coins below are no longer counted out."""
MOST = 100_000

Pieces = tuple[int, int]
"""A denomination in fen and how many of it."""


def title(fen: int) -> str:
    """`100 元`, `5 角`."""
    return f"{fen // 100} 元" if fen >= 100 else f"{fen // 10} 角"


def counted(pieces: Iterable[Pieces]) -> tuple[tuple[Pieces, ...], Fen]:
    """The pieces that there are, largest first, and what they come to.

    Raises: `cash.denomination`, `cash.count`.
    """
    found: dict[int, int] = {}
    for fen, count in pieces:
        if fen not in DENOMINATIONS:
            raise problem("cash.denomination", "没有 {yuan} 元的券别。", "请核对券别。", yuan=yuan(fen))
        if not 0 <= count <= MOST:
            raise problem(
                "cash.count", "{title} 的张数应在 0 到 {most} 之间。", "请核对。", title=title(fen), most=MOST
            )
        found[fen] = found.get(fen, 0) + count
    kept = tuple((fen, found[fen]) for fen in DENOMINATIONS if found.get(fen))
    return kept, Fen(sum(fen * count for fen, count in kept))
