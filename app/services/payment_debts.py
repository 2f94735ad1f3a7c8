"""What a payment may settle and which charges its money goes to: one rule for the counter and for imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.allocation import Allocated, Debt, DebtPart
from app.domain.money import Fen
from db.queries import owed


@dataclass(frozen=True, slots=True)
class Debts:
    """What a payment may settle: principals with their posted late fees and costs, and the quote."""

    principals: Mapping[int, owed.Open]
    extras: Mapping[int, Sequence[owed.Open]]
    quotes: Mapping[int, int]
    debts: tuple[Debt, ...]

    def leading(self) -> dict[int, owed.Open]:
        """The charge that each debt is named by: its principal, else what is left of its late fees and costs."""
        leading = {base: self.principals.get(base) or more[0] for base, more in self.extras.items()}
        leading.update(self.principals)
        return leading


def gather(charges: Sequence[owed.Open], quotes: Mapping[int, int], rates: Mapping[int, int]) -> Debts:
    """The debts that open charges make, with the late fee quoted (fen) and the daily rate (1e-8) of each principal."""
    principals: dict[int, owed.Open] = {}
    extras: dict[int, list[owed.Open]] = {}
    for charge in charges:
        if charge.part == "principal":
            principals[charge.charge_id] = charge
        else:
            extras.setdefault(charge.base_charge or charge.charge_id, []).append(charge)
    debts = []
    for base_id in dict.fromkeys([*principals, *extras]):
        principal = principals.get(base_id)
        more = extras.get(base_id, [])
        due = principal.due_date if principal else min(charge.due_date for charge in more)
        late = sum(charge.open for charge in more if charge.part == "late_fee") + quotes.get(base_id, 0)
        cost = sum(charge.open for charge in more if charge.part == "cost")
        opened = Fen(principal.open if principal else 0)
        debts.append(Debt(base_id, due, opened, Fen(late), Fen(cost), rate=rates.get(base_id, 0)))
    return Debts(principals, extras, quotes, tuple(debts))


@dataclass(frozen=True, slots=True)
class Target:
    """A charge that receives so many fen; `posts` where it is a late fee of this principal that is yet to be posted."""

    charge: owed.Open
    fen: int
    posts: bool = False


def targets(found: Debts, base_id: int, part: DebtPart, amount: int) -> list[Target]:
    """The charges that one part's money goes to: what is posted first, then a late fee of exactly what is left."""
    if part is DebtPart.PRINCIPAL:
        return [Target(found.principals[base_id], amount)]
    settled: list[Target] = []
    left = amount
    for charge in found.extras.get(base_id, ()):
        if charge.part == part and left:
            now = min(left, charge.open)
            settled.append(Target(charge, now))
            left -= now
    if left:
        settled.append(Target(found.principals[base_id], left, posts=True))
    return settled


def left_behind(found: Debts, lines: Iterable[Allocated]) -> list[tuple[owed.Open, int]]:
    """The late fee (fen) of each principal that a payment pays off without reaching it, where that order is agreed.
    What is paid off is quoted no more: it is posted with the payment, and stays open.
    """
    given = {(int(str(line.id)), line.part): int(line.amount) for line in lines}
    behind = []
    for base_id, quoted in found.quotes.items():
        principal = found.principals[base_id]
        if given.get((base_id, DebtPart.PRINCIPAL), 0) < principal.open:
            continue
        fees = targets(found, base_id, DebtPart.LATE_FEE, given.get((base_id, DebtPart.LATE_FEE), 0))
        rest = quoted - sum(target.fen for target in fees if target.posts)
        if rest > 0:
            behind.append((principal, rest))
    return behind
