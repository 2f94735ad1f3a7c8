"""分期: what is past due paid by instalments, and whether the agreement is kept (HANDBOOK §5.3).

One instalment that is missed by seven days ends the pause of dunning; that follows from what was paid by when.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.money import Fen, yuan
from app.domain.period import add_months
from app.domain.problem import problem
from app.domain.shared_cost import share

GRACE_DAYS = 7
"""How late an instalment may be. [R]"""
MOST = 60
"""The most instalments of a plan."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """So much (fen) until a day."""

    due: date
    amount: Fen


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands on a day: paid and left (fen), the next instalment that is not covered and what is missing of
    it, and the day from which it no longer holds dunning back (None while it is kept).
    """

    paid: Fen
    left: Fen
    next_due: date | None
    next_missing: Fen
    broken_on: date | None

    @property
    def kept(self) -> bool:
        """Whether it holds dunning back, or is fulfilled."""
        return self.broken_on is None


def equal_parts(total: Fen, n: int, first: date) -> tuple[Instalment, ...]:
    """A proposal: n equal parts a month apart, to the fen; the missing fen go to the first ones.

    Raises: `plan.count` outside 1 to 60 or where a part would be nothing.
    """
    if not 1 <= n <= MOST or total < n:
        raise problem("plan.count", "期数应为 1 到 {n}，每期至少一分。", "请改正期数。", n=MOST)
    return tuple(Instalment(add_months(first, at), part) for at, part in enumerate(share(total, [1] * n)))


def check(instalments: Sequence[Instalment], owed: Fen, signed: date) -> None:
    """Refuse what is no plan for what is owed.

    Raises: `plan.count`, `plan.amount`, `plan.order` (days must grow, none before the signature), `plan.sum`.
    """
    if not 1 <= len(instalments) <= MOST:
        raise problem("plan.count", "期数应为 1 到 {n}。", "请改正期数。", n=MOST)
    if any(each.amount <= 0 for each in instalments):
        raise problem("plan.amount", "每期的金额应大于 0。", "请改正金额。")
    days = [each.due for each in instalments]
    if days != sorted(set(days)) or days[0] < signed:
        raise problem("plan.order", "各期的日期要一期比一期晚，不早于签订日 {day}。", "请改正日期。", day=signed)
    total = sum(each.amount for each in instalments)
    if total != owed:
        raise problem(
            "plan.sum",
            "各期合计 {total} 元，与逾期本金 {owed} 元不相等。",
            "请改正各期金额。",
            total=yuan(total),
            owed=yuan(owed),
        )


def standing(instalments: Sequence[Instalment], paid: Iterable[tuple[date, int]], as_of: date) -> Standing:
    """How a plan stands on a day. `paid` are days with what reduced the debt then; taken back, it comes negative.

    An instalment is missed when, seven days after its day, less is paid than all instalments up to it.
    """
    entries = sorted((day, fen) for day, fen in paid if day <= as_of)
    whole = sum(each.amount for each in instalments)
    so_far = Fen(sum(fen for _, fen in entries))
    broken: date | None = None
    due_by, next_due, missing = 0, None, Fen(0)
    for each in instalments:
        due_by += each.amount
        last = each.due + timedelta(days=GRACE_DAYS)
        if broken is None and as_of > last and sum(fen for day, fen in entries if day <= last) < due_by:
            broken = last + timedelta(days=1)
        if next_due is None and so_far < due_by:
            next_due, missing = each.due, Fen(min(each.amount, due_by - so_far))
    return Standing(so_far, Fen(max(0, whole - so_far)), next_due, missing, broken)
