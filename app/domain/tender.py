"""One receipt, several ways to pay, several houses: which way's money went to which house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.money import Fen
from app.domain.problem import problem


@dataclass(frozen=True, slots=True)
class Use:
    """Fen of one tender that settle the line at a place."""

    line: int
    amount: Fen


@dataclass(frozen=True, slots=True)
class Share:
    """What one house gets of one tender (by its place), in fen: what it is used for, and all of it."""

    house: int
    tender: int
    amount: Fen
    uses: tuple[Use, ...]


def spread(lines: Sequence[tuple[int, int]], tenders: Sequence[int], home: int) -> tuple[Share, ...]:
    """Spread tenders (fen, in the order they were given) over lines of (house, fen); the rest stays with `home`.

    Each tender is used up before the next. The share that comes first is the home's where it has one: the receipt is
    its. Shares of a tender add up to it, uses of a line to what the tenders can pay. Raises Problem for a tender that
    is not above 0.
    """
    if any(fen <= 0 for fen in tenders):
        raise problem("tender.not_positive", "每一种方式的金额都应大于 0。", "请改正金额。")
    uses: dict[tuple[int, int], list[Use]] = {}
    at, left = 0, list(tenders)
    for place, (house, fen) in enumerate(lines):
        need = fen
        while need and at < len(left):
            now = min(need, left[at])
            if now:
                uses.setdefault((house, at), []).append(Use(place, Fen(now)))
            need -= now
            left[at] -= now
            if not left[at]:
                at += 1
    rest = {(home, tender): fen for tender, fen in enumerate(left) if fen}
    keys = sorted({*uses, *rest}, key=lambda key: (key[0] != home, key))
    return tuple(
        Share(
            house,
            tender,
            Fen(sum(use.amount for use in uses.get((house, tender), ())) + rest.get((house, tender), 0)),
            tuple(uses.get((house, tender), ())),
        )
        for house, tender in keys
    )
