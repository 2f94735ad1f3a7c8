"""Planned lines become charges with their parts, open at once; what is below 0 goes to the payer's prepaid balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from app.services.billing_line import LineRow
from app.services.projections import insert_open, move_prepaid
from db.models.ledger import Charge, ChargePart
from db.types import canonical_json
from db.work import Work

Planned = tuple[LineRow, str, int | None, int | None]
"""A line with the billing month, the run and the bill that it is posted under."""


def put_lines(work: Work, on: str, rows: Sequence[Planned], step: Callable[[int], None] = lambda _: None) -> range:
    """Post lines on a day (ISO text); gives the ids of their charges, in the same order. `step` hears 0, 1, 2."""
    days: dict[date, str] = {}

    def iso(day: date) -> str:
        found = days.get(day)
        if found is None:
            found = days[day] = day.isoformat()
        return found

    step(0)
    charges = work.append(
        Charge,
        on,
        [
            (
                line.house_id, line.item_id, line.payer_id, iso(line.first), iso(line.last), line.issue, "principal",
                "normal", line.amount, iso(line.due), month, run_id, bill_id, None,
            )
            for line, month, run_id, bill_id in rows
        ],
    )  # fmt: skip
    step(1)
    work.append(
        ChargePart,
        on,
        [
            (
                charge_id, part.version_id, iso(part.from_), iso(part.to), part.quantity, part.price, part.fixed,
                f"{part.months_num}/{part.months_den}" if part.months_den != 1 else str(part.months_num), part.factor,
                part.shown, part.tier, meter_id, reading_id, part.previous, part.current,
                None if part.inputs is None else canonical_json(part.inputs),
            )
            for charge_id, (line, *_) in zip(charges, rows, strict=True)
            for part, meter_id, reading_id in line.parts
        ],
    )  # fmt: skip
    step(2)
    insert_open(
        work,
        [
            (
                charge_id, line.house_id, line.payer_id, line.item_id, "principal", iso(line.due), line.amount,
                iso(line.due), False,
            )
            for charge_id, (line, *_) in zip(charges, rows, strict=True)
            if line.amount > 0
        ],
    )  # fmt: skip
    moved: dict[tuple[int, int], int] = {}
    for line, *_ in rows:
        if line.amount < 0:
            key = (line.house_id, line.payer_id)
            moved[key] = moved.get(key, 0) - line.amount
    move_prepaid(work, moved)
    return charges
