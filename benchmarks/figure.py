"""A figure: our time against its floor."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """`ours` and `floor` in `unit`; `n` pairs were measured, the medians stand here."""

    name: str
    ours: float
    floor: float
    unit: str
    n: int
    limit: float

    @property
    def ratio(self) -> float:
        return self.ours / self.floor

    def said(self) -> dict[str, object]:
        return {
            "name": self.name,
            "ratio": round(self.ratio, 3),
            "ours": round(self.ours, 4),
            "floor": round(self.floor, 4),
            "unit": self.unit,
            "n": self.n,
            "limit": self.limit,
            "peak_mib": peak_mib(),
        }


def peak_mib() -> int:
    """The most memory this process held so far, in MiB."""
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale // 2**20


def interleaved(name: str, ours: Callable[[], float], floor: Callable[[], float], n: int, limit: float) -> Figure:
    """Run both arms in turn n times; each gives its seconds."""
    pairs = [(ours(), floor()) for _ in range(n)]
    return Figure(name, median(p[0] for p in pairs), median(p[1] for p in pairs), "s", n, limit)
