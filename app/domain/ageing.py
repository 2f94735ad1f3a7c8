"""Ageing of arrears 账龄 (HANDBOOK §9.4): days = as_of − stored due date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.domain.money import Fen

_UPPER = (0, 30, 90, 180, 365, 730, 1095)
BUCKETS = ("not_due", "d1_30", "d31_90", "d91_180", "d181_365", "y1_2", "y2_3", "y3_plus")
"""The buckets from young to old."""
BUCKET_TITLES = dict(
    zip(
        BUCKETS,
        ("未到期", "1–30 天", "31–90 天", "91–180 天", "181–365 天", "1–2 年", "2–3 年", "3 年以上"),
        strict=True,
    )
)


def bucket(days: int) -> str:
    """The bucket of so many days past due; the upper ends (30, 90, …) belong to the lower one, 0 is not due."""
    for name, upper in zip(BUCKETS, _UPPER, strict=False):
        if days <= upper:
            return name
    return BUCKETS[-1]


def age(as_of: date, items: Iterable[tuple[date, Fen]]) -> dict[str, Fen]:
    """Open balances (due date, fen) by bucket; every bucket is there, their sum is the sum of the items."""
    sums = dict.fromkeys(BUCKETS, 0)
    for due, outstanding in items:
        sums[bucket((as_of - due).days)] += outstanding
    return {name: Fen(total) for name, total in sums.items()}
