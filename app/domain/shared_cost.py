"""Shared cost 公摊: a cost divided by weights, to the fen (HANDBOOK §2.5; 民法典 art. 283)."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.money import Fen
from app.domain.problem import problem


def share(cost: Fen, weights: Sequence[int]) -> tuple[Fen, ...]:
    """Divide a cost in proportion to weights (areas, usages in one scale; 1 each for a share a house).

    Largest remainder: every exact share is floored, the missing fen go one by one to the largest fractions, ties in
    the order given. The shares always add up to the cost; a negative cost mirrors the positive one.

    Raises: `negative_weight`; `nothing_to_allocate_by` when there is no house or no weight.
    """
    if any(weight < 0 for weight in weights):
        raise problem("negative_weight", "分摊权重不能是负数。")
    total = sum(weights)
    if total == 0:
        raise problem("nothing_to_allocate_by", "没有可以分摊的房屋，或面积、用量全是 0。")
    size = abs(cost)
    shares, rests = [], []
    for weight in weights:
        floor, rest = divmod(size * weight, total)
        shares.append(floor)
        rests.append(rest)
    by_rest = sorted(range(len(weights)), key=lambda index: -rests[index])
    for index in by_rest[: size - sum(shares)]:
        shares[index] += 1
    return tuple(Fen(-part if cost < 0 else part) for part in shares)
