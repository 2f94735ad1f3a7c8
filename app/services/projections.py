"""Keeping the projections in step with the entries, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import bindparam, select

from db.models.ledger import Charge
from db.models.projection import OpenCharge, PayerBalance
from db.queries.owed import CHUNK
from db.work import Work

OPEN_COLUMNS = ("charge_id", "house_id", "payer_id", "item_id", "part", "due_date", "open", "late_from", "touched")


def insert_open(work: Work, rows: Sequence[tuple[object, ...]]) -> None:
    """New open charges; values in stored form, in the order of OPEN_COLUMNS."""
    work.many("open_charge", OPEN_COLUMNS, rows)


_OPEN = select(OpenCharge.charge_id, OpenCharge.open).where(
    OpenCharge.charge_id.in_(bindparam("charges", expanding=True))
)


def lower_open(work: Work, taken: Mapping[int, int]) -> None:
    """Take fen off open charges; what reaches 0 is no longer open. A negative figure opens a charge again."""
    current: dict[int, int] = {}
    ids = sorted(taken)
    for start in range(0, len(ids), CHUNK):
        rows = work.execute(_OPEN, {"charges": ids[start : start + CHUNK]})
        current.update((charge, amount) for charge, amount in rows)
    after = {charge: current.get(charge, 0) - amount for charge, amount in taken.items() if amount}
    if any(amount < 0 for amount in after.values()):
        raise AssertionError("allocated more than is open")
    work.delete_many("open_charge", "charge_id", (c for c, amount in after.items() if not amount and c in current))
    work.change_many(
        "open_charge",
        ("charge_id",),
        ("open", "touched"),
        [(a, True, c) for c, a in after.items() if a and c in current],
    )
    again = [charge for charge, amount in after.items() if amount and charge not in current]
    for start in range(0, len(again), CHUNK):
        rows = work.execute(
            select(
                Charge.id, Charge.house_id, Charge.payer_id, Charge.item_id, Charge.part, Charge.due_date, Charge.kind,
                Charge.on,
            ).where(Charge.id.in_(again[start : start + CHUNK]))
        ).all()  # fmt: skip
        insert_open(
            work,
            [
                (*row[:5], row.due_date.isoformat(), after[row.id], late_from(row.due_date, row.kind, row.on), True)
                for row in rows
            ],
        )


def late_from(due: date, kind: str, on: date) -> str:
    """The day after which a charge is late, as stored: its due date; an opening entry bears nothing for days before
    go-live (HANDBOOK §9.7), one that a follower took over nothing for days before he did."""
    return (max(due, on) if kind in ("opening", "assumed") else due).isoformat()


def touch_open(work: Work, charges: Iterable[int]) -> None:
    """Say of open charges that something besides their posting concerned them."""
    work.change_many("open_charge", ("charge_id",), ("touched",), [(True, charge) for charge in charges])


_PREPAID = "SELECT prepaid FROM payer_balance WHERE house_id = ? AND payer_id = ?"
_PREPAID_OF = select(PayerBalance.house_id, PayerBalance.payer_id, PayerBalance.prepaid).where(
    PayerBalance.house_id.in_(bindparam("houses", expanding=True))
)


def _balances(work: Work, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The balances that stand of these houses and payers; what a single payment asks is asked the short way."""
    if len(pairs) == 1:
        before = work.driver(_PREPAID, pairs[0]).scalar()
        return {} if before is None else {pairs[0]: int(before)}
    houses = sorted({house_id for house_id, _payer in pairs})
    found: dict[tuple[int, int], int] = {}
    for start in range(0, len(houses), CHUNK):
        rows = work.execute(_PREPAID_OF, {"houses": houses[start : start + CHUNK]})
        found.update(((house_id, payer_id), prepaid) for house_id, payer_id, prepaid in rows)
    return found


def move_prepaid(work: Work, moved: Mapping[tuple[int, int], int]) -> None:
    """Add fen to prepaid balances by house and payer."""
    pairs = [pair for pair, amount in moved.items() if amount]
    if not pairs:
        return
    before = _balances(work, pairs)
    after = {pair: before.get(pair, 0) + moved[pair] for pair in pairs}
    if any(amount < 0 for amount in after.values()):
        raise AssertionError("prepaid balance below 0")
    fresh = [(*pair, amount) for pair, amount in after.items() if pair not in before]
    work.many("payer_balance", ("house_id", "payer_id", "prepaid"), fresh)
    changed = [(amount, *pair) for pair, amount in after.items() if pair in before]
    work.change_many("payer_balance", ("house_id", "payer_id"), ("prepaid",), changed)
