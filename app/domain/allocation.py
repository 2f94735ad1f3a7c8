"""Which debts a payment settles 核销 (民法典 art. 560, 561; HANDBOOK §4)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.money import ZERO, Fen
from app.domain.problem import problem
from app.domain.shared_cost import share


class DebtPart(StrEnum):
    """What a debt is made of."""

    COST = "cost"
    LATE_FEE = "late_fee"
    PRINCIPAL = "principal"


class Order(StrEnum):
    """By law, or the oldest first where that is agreed."""

    STATUTORY = "statutory"
    OLDEST_FIRST = "oldest_first"


STATUTORY_PARTS = (DebtPart.COST, DebtPart.LATE_FEE, DebtPart.PRINCIPAL)
"""Costs, late fee, principal (art. 561), unless agreed otherwise."""
PRINCIPAL_FIRST = (DebtPart.PRINCIPAL, DebtPart.LATE_FEE, DebtPart.COST)
"""Where the contract says so."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What is open of one charge: fen of each part, and its late-fee rate (any one scale) as its burden."""

    id: Hashable
    due: date
    principal: Fen
    late_fee: Fen = ZERO
    cost: Fen = ZERO
    secured: bool = False
    rate: int = 0

    def part(self, part: DebtPart) -> int:
        """What is open of one part; a credit is no debt."""
        return max(0, {"cost": self.cost, "late_fee": self.late_fee, "principal": self.principal}[part])

    @property
    def balance(self) -> int:
        """All that is open."""
        return sum(self.part(part) for part in DebtPart)


@dataclass(frozen=True, slots=True)
class Designation:
    """A debt the payer names, and how much of the payment shall go there (None: all it needs)."""

    id: Hashable
    limit: Fen | None = None


@dataclass(frozen=True, slots=True)
class Allocated:
    """What one part of one debt receives."""

    id: Hashable
    part: DebtPart
    amount: Fen


@dataclass(frozen=True, slots=True)
class Allocation:
    """How a payment is used; lines and prepaid balance add up to it."""

    lines: tuple[Allocated, ...]
    prepaid: Fen


def allocate(
    amount: Fen,
    on: date,
    debts: Iterable[Debt],
    designated: Sequence[Designation] = (),
    order: Order = Order.STATUTORY,
    within: Sequence[DebtPart] = STATUTORY_PARTS,
) -> Allocation:
    """Allocate a payment of that day.

    First what the payer names, in that order; then, by law, debts already due before others, the least secured, the
    heavier burden, the earlier due date; debts equal in all that share in proportion to their balances (largest
    remainder, ties in the order given). `oldest_first` looks at the due date alone. One debt is finished before the
    next. The rest is prepaid balance.

    Raises: `payment.negative`, `payment.unknown_debt`.
    """
    if amount < 0:
        raise problem("payment.negative", "收款金额不能是负数。")
    by_id = {debt.id: debt for debt in debts}
    taken: dict[tuple[Hashable, DebtPart], int] = {}
    left = int(amount)

    def give(debt: Debt, most: int) -> int:
        given = 0
        for part in within:
            open_ = debt.part(part) - taken.get((debt.id, part), 0)
            now = min(open_, most - given)
            if now > 0:
                taken[debt.id, part] = taken.get((debt.id, part), 0) + now
                given += now
        return given

    for wish in designated:
        if wish.id not in by_id:
            raise problem("payment.unknown_debt", "指定的欠费不存在或已经结清。")
        left -= give(by_id[wish.id], left if wish.limit is None else min(left, wish.limit))
    for group in _ranked(by_id.values(), on, order):
        opens = [debt.balance - sum(taken.get((debt.id, part), 0) for part in DebtPart) for debt in group]
        total = sum(opens)
        if left <= 0 or total == 0:
            continue
        gifts = opens if left >= total else share(Fen(left), opens)
        for debt, gift in zip(group, gifts, strict=True):
            left -= give(debt, gift)
    lines = tuple(Allocated(id_, part, Fen(fen)) for (id_, part), fen in taken.items())
    return Allocation(lines, Fen(left))


def _ranked(debts: Iterable[Debt], on: date, order: Order) -> list[list[Debt]]:
    """Debts in groups of equal rank, first to settle first."""
    groups: dict[tuple[object, ...], list[Debt]] = {}

    def rank(debt: Debt) -> tuple[bool, bool, int, date]:
        if order == Order.OLDEST_FIRST:
            return False, False, 0, debt.due
        return debt.due > on, debt.secured, -debt.rate, debt.due

    for debt in sorted(debts, key=rank):
        groups.setdefault(rank(debt), []).append(debt)
    return list(groups.values())
