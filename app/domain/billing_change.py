"""Why a line differs from the item's last period: what each figure was and is (HANDBOOK §2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.meter import unusual
from app.domain.quantity import Factor, Price, Quantity

TWICE = 2
"""A line of at least so many times the last one is worth a look."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a line was computed with. `versions` are the ids of its prices; `prices` (1e-6 yuan) and `factors` (1e-6)
    those of its parts, each once; `quantity` (1e-4) is usage added up where it is `metered`, else that of the last
    part; `cost` and `weight` are those of a divided cost, as it was kept.
    """

    fen: int
    versions: frozenset[int | None]
    prices: tuple[int, ...]
    quantity: int
    months: Fraction
    factors: tuple[int, ...]
    metered: bool = False
    cost: str = ""
    weight: str = ""


def reasons(last: Drawn | None, now: Drawn, unit: str) -> list[str]:
    """In few words what changed; empty where nothing of the computation did. `unit` is the item's (m², t)."""
    if last is None:
        return ["上期没有"]
    said = []
    if last.versions != now.versions:
        said.append(_moved("标准", _prices(last), _prices(now)) or "标准换了一版")
    if last.cost != now.cost:
        said.append(f"总额 {last.cost or '—'} → {now.cost or '—'}")
    if last.weight != now.weight:
        said.append(f"总权重 {last.weight or '—'} → {now.weight or '—'}")
    what = "用量" if now.metered else "数量"
    said.append(_moved(what, Quantity(last.quantity).show(), Quantity(now.quantity).show(), unit))
    said.append(_moved("月数", str(last.months), str(now.months)))
    said.append(_moved("系数", _factors(last), _factors(now)))
    return [words for words in said if words]


def _prices(side: Drawn) -> str:
    return "、".join(Price(price).show(2) for price in side.prices)


def _factors(side: Drawn) -> str:
    return "、".join(Factor(factor).show() for factor in side.factors)


def _moved(what: str, before: str, now: str, unit: str = "") -> str:
    return f"{what} {before} → {now}{' ' + unit if unit else ''}" if before != now else ""


def doubled(last: int | None, now: int) -> bool:
    """Whether an amount is at least twice what it was."""
    return last is not None and 0 < TWICE * last <= now


def odd_usage(used: int, recent: Sequence[int], *, lived_in: bool) -> bool:
    """Whether a usage is worth a look: below 0, none where somebody lives, or far over the recent ones (§2.3)."""
    return used < 0 or (lived_in and not used) or unusual(used, recent)
