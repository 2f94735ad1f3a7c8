"""A large office that has lived a year: every house has three items a month, all but 2 % of the charges are paid.

It is written through the ledger's own door, so that it can be verified, but without the bill run and the counter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from app.domain.period import Period
from app.security.keyslots import FLOOR
from app.services import entrance
from app.services.documents import keep
from app.services.projections import insert_open
from app.services.seat import Seat
from benchmarks.office import PASSWORD, make
from db.models.dunning import DunStep
from db.models.ledger import Allocation, Charge, ChargePart, Payment
from db.models.tariff import FeeRule
from db.work import Work

MONTHS = 12
FIRST = Period("2025-08")
TODAY = date(2026, 8, 20)
DEBTOR_EVERY = 25
"""One house in so many leaves every other charge unpaid: debts gather, as in real life."""

Row = tuple[object, ...]


def clock() -> datetime:
    """The last day of the year that the office has lived."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, 1, 0, tzinfo=UTC)


def enter(folder: Path) -> Seat:
    """A seat on that day."""
    return entrance.open_office(folder, "admin", PASSWORD, clock=clock, cost=FLOOR)


def is_open(house: int, month: int, item: int) -> bool:
    """Whether this charge is one of the few that are not paid."""
    return house % DEBTOR_EVERY == 0 and (house // DEBTOR_EVERY + month + item) % 2 == 0


def _amount(house: int, item: int) -> int:
    return 1000 + (house * 37 + item * 811) % 30_000


def _lines(houses: int) -> Iterator[tuple[int, int]]:
    return ((place // 3 + 1, place % 3 + 1) for place in range(houses * 3))


def _month(work: Work, houses: int, month: int) -> None:
    period = FIRST.plus(month)
    first, last, paid_on = period.first.isoformat(), period.last.isoformat(), period.first + timedelta(days=14)
    nulls: Row = (None,) * 3
    charges = work.append(
        Charge,
        period.first,
        [
            (house, item, house, first, last, 1, "principal", "normal", _amount(house, item), last, str(period), *nulls)
            for house, item in _lines(houses)
        ],
    )
    rest: Row = (None,) * 5
    work.append(
        ChargePart,
        period.first,
        [
            (charge, item, first, last, 10_000, _amount(house, item) * 10_000, 0, "1", 1_000_000, _amount(house, item),
             *rest)
            for charge, (house, item) in zip(charges, _lines(houses), strict=True)
        ],
    )  # fmt: skip
    paid: list[Row] = []
    for house in range(1, houses + 1):
        fen = sum(_amount(house, item) for item in (1, 2, 3) if not is_open(house, month, item))
        paid.append((house, house, fen, "wechat", "normal", 2, None))
    payments = work.append(Payment, paid_on, paid)
    settled: list[Row] = []
    opened: list[Row] = []
    for charge, (house, item) in zip(charges, _lines(houses), strict=True):
        fen = _amount(house, item)
        if is_open(house, month, item):
            opened.append((charge, house, house, item, "principal", last, fen, last, False))
        else:
            settled.append((charge, "paid", fen, payments[house - 1], None, None))
    work.append(Allocation, paid_on, settled)
    insert_open(work, opened)
    work.audit("benchmark", "office", month)


def make_large(folder: Path, houses: int) -> None:
    """Write the office; it takes minutes for 100,000 houses."""
    make(folder, houses)
    seat = enter(folder)
    with seat.transaction(write=True) as work:
        work.execute(update(FeeRule).values(late_rate=50_000, late_cap=1_000_000))
        work.audit("benchmark", "fee_item")
    for month in range(MONTHS):
        with seat.transaction(write=True) as work:
            _month(work, houses, month)
    _reminded(seat, houses)
    seat.close()


def _reminded(seat: Seat, houses: int) -> None:
    """Every other debtor has had his reminder."""
    with seat.transaction(write=True) as work:
        (document,) = keep(work, "dunning", [("D2025-000001", {})])
        debtors = range(DEBTOR_EVERY, houses + 1, 2 * DEBTOR_EVERY)
        columns = (
            "number",
            "stage",
            "ladder",
            "house_id",
            "payer_id",
            "on",
            "principal",
            "late_fee",
            "document_id",
            "seq",
        )
        rows = [
            (f"D2025-{n:06}", "reminder", 1, house, house, "2025-12-01", 0, 0, document, work.seq)
            for n, house in enumerate(debtors, 1)
        ]
        work.insert(DunStep, columns, rows)
        work.audit("benchmark", "dun_step")
