"""公摊 of a bill run: each cost of a period divided among the houses of its scope, to the fen (HANDBOOK §2.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Connection

from app.domain import shared_cost
from app.domain.charge import Share
from app.domain.kinds.shared import BY_WORDS, By, SharedParams, weight
from app.domain.money import Fen
from app.domain.problem import Problem
from app.domain.tariff import Scope, Version, valid_versions, version_on
from db.queries import billing as read

Span = tuple[int, date, date]
"""A payer with the first and the last day he is liable."""


@dataclass(frozen=True, slots=True)
class Divided:
    """The shares of each house; `lacking` are houses (by number) without what they are weighed by, with the reason."""

    shares: Mapping[int, tuple[Share, ...]]
    lacking: tuple[tuple[str, str], ...]


def divide(
    connection: Connection,
    versions: Sequence[Version],
    costs: Sequence[read.CostInput],
    houses: Sequence[read.HouseInput],
    span: tuple[date, date],
    window: timedelta,
) -> Divided:
    """Divide the costs of a period among the houses that have the item, in house order.

    By what is said by the version of the cost's own scope on the period's first day. Usage is that of the readings
    that close the period: dated in it or up to `window` after, less those that closed the one before.

    Raises: `no_tariff`; `nothing_to_allocate_by`.
    """
    found: dict[int, list[Share]] = {}
    lacking: dict[str, str] = {}
    usages: dict[str, Mapping[int, int]] = {}
    for cost in costs:
        building = cost.scope_ref if cost.scope == Scope.BUILDING else None
        params = cast(SharedParams, version_on(valid_versions(versions, building), span[0]).params)
        if params.by is By.USAGE and params.usage_of not in usages:
            usages[params.usage_of] = read.usages(
                connection, params.usage_of, span[0] - timedelta(days=1) + window, span[1] + window
            )
        mine, weights = [], []
        for house in houses:
            if building is not None and house.building != building:
                continue
            try:
                usage = usages.get(params.usage_of, {}).get(house.id, 0)
                weights.append(weight(params, house.area, house.floor, usage))
                mine.append(house)
            except Problem as why:
                lacking[house.number] = why.code
        total = sum(weights)
        for house, own, fen in zip(mine, weights, shared_cost.share(Fen(cost.amount), weights), strict=True):
            found.setdefault(house.id, []).append(Share(Fen(cost.amount), fen, own, total, BY_WORDS[params.by]))
    return Divided({house: tuple(shares) for house, shares in found.items()}, tuple(lacking.items()))


def split_by_days(spans: Sequence[Span], shares: tuple[Share, ...]) -> list[tuple[Span, tuple[Share, ...]]]:
    """A house's shares among those who were liable in turn, by days, to the fen; the parts add up to the share."""
    if len(spans) <= 1:
        return [(span, shares) for span in spans]
    days = [(last - first).days + 1 for _, first, last in spans]
    cut = [shared_cost.share(share.amount, days) for share in shares]
    return [
        (
            span,
            tuple(
                Share(share.cost, amounts[at], share.weight, share.total_weight, share.basis)
                for share, amounts in zip(shares, cut, strict=True)
            ),
        )
        for at, span in enumerate(spans)
    ]
