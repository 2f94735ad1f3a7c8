"""Keeping the projections in step with the entries, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from db.models.ledger import Charge
from db.models.projection import OpenCharge, PayerBalance
from db.queries.owed import CHUNK
from db.work import Work

OPEN_COLUMNS = ("charge_id", "house_id", "payer_id", "item_id", "part", "due_date", "open")


def insert_open(work: Work, rows: Sequence[tuple[object, ...]]) -> None:
    """New open charges; values in stored form, in the order of OPEN_COLUMNS."""
    work.many("open_charge", OPEN_COLUMNS, rows)


def lower_open(work: Work, taken: Mapping[int, int]) -> None:
    """Take fen off open charges; what reaches 0 is no longer open. A negative figure opens a charge again."""
    current: dict[int, int] = {}
    ids = sorted(taken)
    for start in range(0, len(ids), CHUNK):
        query = select(OpenCharge.charge_id, OpenCharge.open).where(
            OpenCharge.charge_id.in_(ids[start : start + CHUNK])
        )
        current.update((charge, amount) for charge, amount in work.execute(query))
    after = {charge: current.get(charge, 0) - amount for charge, amount in taken.items() if amount}
    if any(amount < 0 for amount in after.values()):
        raise AssertionError("allocated more than is open")
    work.delete_many("open_charge", "charge_id", (c for c, amount in after.items() if not amount and c in current))
    work.change_many("open_charge", ("charge_id",), ("open",), [(a, c) for c, a in after.items() if a and c in current])
    again = [charge for charge, amount in after.items() if amount and charge not in current]
    for start in range(0, len(again), CHUNK):
        rows = work.execute(
            select(Charge.id, Charge.house_id, Charge.payer_id, Charge.item_id, Charge.part, Charge.due_date).where(
                Charge.id.in_(again[start : start + CHUNK])
            )
        )
        insert_open(work, [(*row[:5], row[5].isoformat(), after[row[0]]) for row in rows])


def move_prepaid(work: Work, moved: Mapping[tuple[int, int], int]) -> None:
    """Add fen to prepaid balances by house and payer."""
    for (house_id, payer_id), amount in moved.items():
        if not amount:
            continue
        where = (PayerBalance.house_id == house_id, PayerBalance.payer_id == payer_id)
        before = work.execute(select(PayerBalance.prepaid).where(*where)).scalar()
        if (before or 0) + amount < 0:
            raise AssertionError("prepaid balance below 0")
        if before is None:
            work.many("payer_balance", ("house_id", "payer_id", "prepaid"), [(house_id, payer_id, amount)])
        else:
            row = (before + amount, house_id, payer_id)
            work.change_many("payer_balance", ("house_id", "payer_id"), ("prepaid",), [row])
