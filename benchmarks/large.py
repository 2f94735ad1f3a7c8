"""A large office that has lived a year: every house has three items a month, all but a few charges are paid.

The rows are written as the services would write them, without their digests and audit records: it is an office to
read figures from, not one to verify.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.domain.period import Period
from app.security.keyslots import FLOOR
from app.services import entrance
from app.services.seat import Seat
from benchmarks.office import PASSWORD, make
from db.canonical import ENTRY_COLUMNS

MONTHS = 12
FIRST = Period("2025-08")
TODAY = date(2026, 8, 20)
DEBTOR_EVERY = 25
"""One house in so many leaves every other charge unpaid: 2 % of all charges, where debts gather as in real life."""


def clock() -> datetime:
    """The last day of the year that the office has lived."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, 1, 0, tzinfo=UTC)


def enter(folder: Path) -> Seat:
    """A seat on that day."""
    return entrance.open_office(folder, "admin", PASSWORD, clock=clock, cost=FLOOR)


def is_open(house: int, month: int, item: int) -> bool:
    """Whether this charge is one of the few that are not paid."""
    return house % DEBTOR_EVERY == 0 and (house // DEBTOR_EVERY + month + item) % 2 == 0


Row = tuple[object, ...]


def _rows(houses: int, month: int) -> Iterator[tuple[Row, Row, Row | None, Row | None]]:
    """A month's charges, parts, open charges and allocations."""
    period = FIRST.plus(month)
    first, last = period.first.isoformat(), period.last.isoformat()
    at, paid_on = f"{first}T01:00:00.000", (period.first + timedelta(days=14)).isoformat()
    base = month * houses * 3
    for place in range(houses * 3):
        house, item = place // 3 + 1, place % 3 + 1
        charge_id, amount = base + place + 1, 1000 + (house * 37 + item * 811) % 30_000
        head: Row = (charge_id, 1, first, at)
        charge = (*head, house, item, house, first, last, 1, "principal", "normal", amount, last, str(period),
                  None, None, None)  # fmt: skip
        part = (*head, charge_id, item, first, last, 10_000, amount * 10_000, 0, "1", 1_000_000, amount, *[None] * 5)
        if is_open(house, month, item):
            yield charge, part, (charge_id, house, house, item, "principal", last, amount, last, 0), None
        else:
            payment = month * houses + house
            allocation = (charge_id, 1, paid_on, at, charge_id, "paid", amount, payment, None, None)
            yield charge, part, None, allocation


def _payments(houses: int, month: int) -> Iterator[Row]:
    on = (FIRST.plus(month).first + timedelta(days=14)).isoformat()
    for house in range(1, houses + 1):
        amount = sum(1000 + (house * 37 + item * 811) % 30_000 for item in (1, 2, 3) if not is_open(house, month, item))
        yield (month * houses + house, 1, on, f"{on}T01:00:00.000", house, house, amount, "wechat", "normal", 2, None)


def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'


def make_large(folder: Path, houses: int) -> None:
    """Write the office; it takes some minutes for 100,000 houses."""
    make(folder, houses)
    seat = enter(folder)
    open_columns = ("charge_id", "house_id", "payer_id", "item_id", "part", "due_date", "open", "late_from", "touched")
    with seat.store.engines.writer.begin() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("UPDATE fee_rule SET late_rate = 50000, late_cap = 1000000")
        for month in range(MONTHS):
            raw.executemany(_insert("payment", ENTRY_COLUMNS["payment"]), _payments(houses, month))
            charges, parts, opened, paid = zip(*_rows(houses, month), strict=True)
            raw.executemany(_insert("charge", ENTRY_COLUMNS["charge"]), charges)
            raw.executemany(_insert("charge_part", ENTRY_COLUMNS["charge_part"]), parts)
            raw.executemany(_insert("open_charge", open_columns), [row for row in opened if row])
            raw.executemany(_insert("allocation", ENTRY_COLUMNS["allocation"]), [row for row in paid if row])
        for table, n in (("charge", 3), ("charge_part", 3), ("allocation", 3), ("payment", 1)):
            raw.execute("INSERT OR REPLACE INTO counter VALUES (?, ?)", (table, MONTHS * houses * n + 1))
    seat.close()
