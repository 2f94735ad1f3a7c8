"""Tiered prices 阶梯 (HANDBOOK §2.4). Real prices are local; none is shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: upper bound of the cumulative quantity of the tier year, inclusive, in 1e-4 (None: no bound), and its
    price in 1e-6 yuan.
    """

    up_to: int | None
    price: int


@dataclass(frozen=True, slots=True)
class Slice:
    """What falls into one tier: `tier` counts from 1, `quantity` 1e-4, `price` 1e-6 yuan."""

    tier: int
    quantity: int
    price: int


def slices(
    tiers: Sequence[Tier],
    cumulative_before: int,
    usage: int,
    people: int = 0,
    base_people: int = 0,
    allowance: int = 0,
) -> tuple[Slice, ...]:
    """Cut a usage (1e-4) into tiers, counted from what was used before in the tier year (1e-4).

    Every finite bound moves up by the people beyond `base_people` × `allowance` (1e-4 each). A negative usage takes
    back the slices that lay on top: the exact opposite of having billed them.
    """
    if usage < 0:
        back = slices(tiers, cumulative_before + usage, -usage, people, base_people, allowance)
        return tuple(Slice(part.tier, -part.quantity, part.price) for part in back)
    shift = max(0, people - base_people) * allowance
    start, end = cumulative_before, cumulative_before + usage
    cut: list[Slice] = []
    for number, tier in enumerate(tiers, start=1):
        upper = end if tier.up_to is None else min(end, tier.up_to + shift)
        if upper > start:
            cut.append(Slice(number, upper - start, tier.price))
            start = upper
        if start >= end:
            break
    return tuple(cut)
