"""Payment plans (分期) in bulk: their instalments, the charges they cover, and what was paid of these since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Connection, select

from db.models.dunning import PaymentPlan, PlanCharge, PlanInstalment
from db.models.ledger import Adjustment, Allocation
from db.queries.dunning import Pair
from db.queries.owed import CHUNK


@dataclass(slots=True)
class PlanRow:
    """A plan with its instalments (day, fen), the charges it covers, and what reduced these since, by day."""

    id: int
    number: str
    pair: Pair
    signed_on: date
    amount: int
    ended_on: date | None
    end_reason: str | None
    document_id: int | None
    version: int
    seq: int
    instalments: list[tuple[date, int]] = field(default_factory=list)
    charges: list[int] = field(default_factory=list)
    paid: list[tuple[date, int]] = field(default_factory=list)


def plans(connection: Connection, *conditions: ColumnElement[bool]) -> list[PlanRow]:
    """The plans that meet the conditions, oldest first."""
    found = {
        row.id: PlanRow(
            row.id, row.number, (row.house_id, row.payer_id), row.signed_on, row.amount, row.ended_on, row.end_reason,
            row.document_id, row.version, row.seq,
        )
        for row in connection.execute(select(PaymentPlan).where(*conditions).order_by(PaymentPlan.id))
    }  # fmt: skip
    ids = sorted(found)
    of_charge: dict[int, list[PlanRow]] = {}
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        for plan_id, due, amount in connection.execute(
            select(PlanInstalment.plan_id, PlanInstalment.due, PlanInstalment.amount)
            .where(PlanInstalment.plan_id.in_(some))
            .order_by(PlanInstalment.plan_id, PlanInstalment.n)
        ):
            found[plan_id].instalments.append((due, amount))
        for plan_id, charge_id in connection.execute(
            select(PlanCharge.plan_id, PlanCharge.charge_id).where(PlanCharge.plan_id.in_(some))
        ):
            found[plan_id].charges.append(charge_id)
            of_charge.setdefault(charge_id, []).append(found[plan_id])
    _read_paid(connection, sorted(of_charge), of_charge)
    return list(found.values())


def _read_paid(connection: Connection, charges: Sequence[int], of_charge: dict[int, list[PlanRow]]) -> None:
    """What reduced the charges after each plan was written: money, set-off, adjustments; taken back it is negative."""
    for start in range(0, len(charges), CHUNK):
        some = charges[start : start + CHUNK]
        entries = [
            *connection.execute(
                select(Allocation.charge_id, Allocation.on, Allocation.amount, Allocation.seq).where(
                    Allocation.charge_id.in_(some)
                )
            ),
            *(
                (charge_id, on, -amount, seq)
                for charge_id, on, amount, seq in connection.execute(
                    select(Adjustment.charge_id, Adjustment.on, Adjustment.amount, Adjustment.seq).where(
                        Adjustment.charge_id.in_(some)
                    )
                )
            ),
        ]
        for charge_id, on, amount, seq in entries:
            for plan in of_charge[charge_id]:
                if seq > plan.seq:
                    plan.paid.append((on, amount))
