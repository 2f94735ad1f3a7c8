"""What is owed: today from the projections, any day from the entries. The only module that knows both.

As of day D: entries with `on` ≤ D; a reversal is an entry like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from db.models.estate import House
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Refund
from db.models.projection import OpenCharge, PayerBalance
from db.models.tariff import FeeItem, FeeRule

# SQLite takes at most 32,766 parameters a statement.
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Open:
    """A charge that is not settled; `open` in fen, always above 0. `late_from` is the day after which it is late."""

    charge_id: int
    house_id: int
    payer_id: int
    item_id: int
    item: str
    item_name: str
    part: str
    period_from: date
    period_to: date
    due_date: date
    on: date
    amount: int
    open: int
    base_charge: int | None
    bill_id: int | None
    late_from: date


def open_charges(connection: Connection, houses: Iterable[int], payer_id: int | None = None) -> list[Open]:
    """Open charges of these houses today, oldest due first."""
    query = _OPEN if payer_id is None else _OPEN_OF_PAYER
    wanted = sorted(set(houses))
    found: list[Open] = []
    for start in range(0, len(wanted), CHUNK):
        given = {"houses": wanted[start : start + CHUNK], "payer": payer_id}
        found.extend(Open(*tuple(row)) for row in connection.execute(query, given))
    return found


_OPEN = (
    select(
        Charge.id, Charge.house_id, Charge.payer_id, Charge.item_id, FeeItem.code, FeeItem.name, Charge.part,
        Charge.period_from, Charge.period_to, Charge.due_date, Charge.on, Charge.amount, OpenCharge.open,
        Charge.base_charge, Charge.bill_id, OpenCharge.late_from,
    )
    .join(OpenCharge, OpenCharge.charge_id == Charge.id)
    .join(FeeItem, FeeItem.id == Charge.item_id)
    .where(OpenCharge.house_id.in_(bindparam("houses", expanding=True)))
    .order_by(Charge.due_date, Charge.id)
)  # fmt: skip
_OPEN_OF_PAYER = _OPEN.where(OpenCharge.payer_id == bindparam("payer"))


def open_on(connection: Connection, houses: Sequence[int], day: date) -> dict[int, int]:
    """What each charge of these houses owed on a day, in fen; settled ones are left out."""
    mine = select(Charge.id).where(Charge.house_id.in_(houses), Charge.on <= day)
    left: dict[int, int] = dict(
        connection.execute(select(Charge.id, Charge.amount).where(Charge.house_id.in_(houses), Charge.on <= day)).all()
    )
    for charge_id, amount in connection.execute(
        select(Adjustment.charge_id, Adjustment.amount).where(Adjustment.charge_id.in_(mine), Adjustment.on <= day)
    ):
        left[charge_id] += amount
    for charge_id, amount in connection.execute(
        select(Allocation.charge_id, Allocation.amount).where(Allocation.charge_id.in_(mine), Allocation.on <= day)
    ):
        left[charge_id] -= amount
    return {charge_id: amount for charge_id, amount in left.items() if amount > 0}


@dataclass(frozen=True, slots=True)
class LateRule:
    """An item's late fee from a day on: rate 1e-8 a day, cap 1e-6 of the principal, grace in days."""

    valid_from: date
    rate: int | None
    cap: int | None
    grace: int


_RULES = select(FeeRule.item_id, FeeRule.valid_from, FeeRule.late_rate, FeeRule.late_cap, FeeRule.grace_days).order_by(
    FeeRule.valid_from
)


def late_rules(connection: Connection) -> Mapping[int, list[LateRule]]:
    """Late-fee rules of each item, oldest first."""
    found: dict[int, list[LateRule]] = {}
    for item_id, day, rate, cap, grace in connection.execute(_RULES):
        found.setdefault(item_id, []).append(LateRule(day, rate, cap, grace))
    return found


def reductions(connection: Connection, charges: Sequence[int]) -> Mapping[int, list[tuple[date, int]]]:
    """What reduced each charge, by day: allocations, and adjustments with their sign turned."""
    found: dict[int, list[tuple[date, int]]] = {}
    for start in range(0, len(charges), CHUNK):
        some = charges[start : start + CHUNK]
        for charge_id, day, amount in connection.execute(
            select(Allocation.charge_id, Allocation.on, Allocation.amount).where(Allocation.charge_id.in_(some))
        ):
            found.setdefault(charge_id, []).append((day, amount))
        for charge_id, day, amount in connection.execute(
            select(Adjustment.charge_id, Adjustment.on, Adjustment.amount).where(Adjustment.charge_id.in_(some))
        ):
            found.setdefault(charge_id, []).append((day, -amount))
    return found


def principals(connection: Connection, charges: Sequence[int]) -> list[tuple[int, int, int, date, date]]:
    """Id, item, amount in fen, due date of these charges and the day after which each is late."""
    found: list[tuple[int, int, int, date, date]] = []
    for start in range(0, len(charges), CHUNK):
        rows = connection.execute(
            select(Charge.id, Charge.item_id, Charge.amount, Charge.due_date, Charge.kind, Charge.on).where(
                Charge.id.in_(charges[start : start + CHUNK])
            )
        )
        for charge_id, item_id, amount, due, kind, on in rows:
            found.append((charge_id, item_id, amount, due, max(due, on) if kind in ("opening", "assumed") else due))
    return found


def posted_late_fees(connection: Connection, charges: Sequence[int], until: date | None = None) -> Mapping[int, int]:
    """Late fee posted for each base charge (up to a day), in fen, less what was reversed. What was waived counts as
    posted, or it would be quoted again; what the opening brought in is for days before go-live, which no quote counts.
    """
    found: dict[int, int] = {}
    last = until or date.max
    for start in range(0, len(charges), CHUNK):
        some = charges[start : start + CHUNK]
        base = select(Charge.base_charge, Charge.id, Charge.amount).where(
            Charge.base_charge.in_(some), Charge.part == "late_fee", Charge.kind != "opening", Charge.on <= last
        )
        of: dict[int, int] = {}
        for base_id, charge_id, amount in connection.execute(base):
            if base_id is None:
                continue
            found[base_id] = found.get(base_id, 0) + amount
            of[charge_id] = base_id
        for charge_id, amount in connection.execute(
            select(Adjustment.charge_id, Adjustment.amount).where(
                Adjustment.charge_id.in_(list(of)), Adjustment.on <= last, Adjustment.kind == "reversal"
            )
        ):
            found[of[charge_id]] += amount
    return found


def last_taken_back(connection: Connection, charges: Sequence[int]) -> date | None:
    """The last day on which an allocation of one of these charges was taken back; None where none was."""
    return connection.execute(
        select(func.max(Allocation.on)).where(Allocation.charge_id.in_(charges), Allocation.reverses.is_not(None))
    ).scalar_one()


def prepaid(connection: Connection, houses: Iterable[int], payer_id: int | None = None) -> dict[tuple[int, int], int]:
    """Prepaid balances above 0 of these houses, by house and payer, in fen."""
    query = select(PayerBalance.house_id, PayerBalance.payer_id, PayerBalance.prepaid).where(
        PayerBalance.prepaid > 0, PayerBalance.house_id.in_(sorted(set(houses)))
    )
    if payer_id is not None:
        query = query.where(PayerBalance.payer_id == payer_id)
    return {(house, payer): amount for house, payer, amount in connection.execute(query)}


def group(connection: Connection, house_id: int) -> list[int]:
    """The house and the spaces that are billed and paid with it."""
    return [house_id, *connection.execute(_SPACES, {"house": house_id}).scalars()]


_SPACES = select(House.id).where(House.bill_with == bindparam("house")).order_by(House.sort_key)


@dataclass(frozen=True, slots=True)
class Source:
    """Money that may be set off or given back: a payment or a credit charge with what is left of it, in fen."""

    payment_id: int | None
    credit_charge: int | None
    on: date
    left: int


def sources(connection: Connection, house_id: int, payer_id: int) -> list[Source]:
    """What the payer's prepaid balance at a house consists of, oldest first."""
    used = _sums(connection, select(Allocation.payment_id, func.sum(Allocation.amount)).group_by(Allocation.payment_id)
                 .join(Payment, Payment.id == Allocation.payment_id)
                 .where(Payment.house_id == house_id, Payment.payer_id == payer_id))  # fmt: skip
    refunded = _sums(connection, select(Refund.payment_id, func.sum(Refund.amount)).group_by(Refund.payment_id)
                     .join(Payment, Payment.id == Refund.payment_id)
                     .where(Payment.house_id == house_id, Payment.payer_id == payer_id))  # fmt: skip
    reversed_ids = select(Payment.reverses).where(Payment.reverses.is_not(None))
    found = [
        Source(payment_id, None, on, amount - used.get(payment_id, 0) - refunded.get(payment_id, 0))
        for payment_id, on, amount in connection.execute(
            select(Payment.id, Payment.on, Payment.amount).where(
                Payment.house_id == house_id,
                Payment.payer_id == payer_id,
                Payment.reverses.is_(None),
                Payment.id.not_in(reversed_ids),
            )
        )
    ]
    found.extend(credits(connection, Charge.house_id == house_id, Charge.payer_id == payer_id))
    return sorted((source for source in found if source.left > 0), key=lambda source: source.on)


def credits(connection: Connection, *those: ColumnElement[bool]) -> list[Source]:
    """Charges of negative net, whose amount went to the prepaid balance, with what is left of each; those only."""

    def summed(column: InstrumentedAttribute[int], of: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(select(func.sum(column)).where(of).correlate(Charge).scalar_subquery(), 0)

    net = Charge.amount + summed(Adjustment.amount, Adjustment.charge_id == Charge.id)
    taken = summed(Allocation.amount, Allocation.credit_charge == Charge.id)
    given = summed(Refund.amount, Refund.credit_charge == Charge.id)
    rows = connection.execute(select(Charge.id, Charge.on, -net - taken - given).where(Charge.amount < 0, *those))
    return [Source(None, charge, on, int(left)) for charge, on, left in rows]


def _sums(connection: Connection, query: Select[*tuple[object, ...]]) -> dict[int, int]:
    return {int(str(key)): int(str(total)) for key, total in connection.execute(query)}
