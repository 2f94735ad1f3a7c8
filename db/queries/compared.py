"""What an item's last billed period was, for a run that is compared with it; statements of our own, rows in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection

from db.rows import fetch

_POSTED = "JOIN bill_run r ON r.id = c.run_id AND r.state = 'posted'"
# What was paid ahead or settled when a house changed hands was posted by no run.
_STANDING = "LEFT JOIN bill_run r ON r.id = c.run_id"
_NORMAL = "c.part = 'principal' AND c.kind = 'normal' AND (c.run_id IS NULL OR r.state = 'posted')"
_LAST_MONTHS = f"""
    SELECT c.item_id, MAX(c.billing_month) FROM charge c {_POSTED}
    WHERE c.part = 'principal' AND c.billing_month < '{{month}}' GROUP BY c.item_id
"""
_PARTS = f"""
    SELECT c.house_id, c.id, c.amount + COALESCE((SELECT SUM(a.amount) FROM adjustment a WHERE a.charge_id = c.id), 0),
           p.tariff_id, p.quantity, p.price, p.months, p.factor, p.inputs, p.meter_id
    FROM charge c {_STANDING} JOIN charge_part p ON p.charge_id = c.id
    WHERE c.item_id = {{item}} AND c.billing_month = '{{month}}' AND {_NORMAL}
    ORDER BY c.house_id, c.id, p.id
"""
_USAGES = f"""
    SELECT p.meter_id, c.billing_month, SUM(p.quantity) FROM charge c {_POSTED}
    JOIN charge_part p ON p.charge_id = c.id
    WHERE c.item_id IN ({{items}}) AND c.part = 'principal' AND p.meter_id IS NOT NULL
      AND c.billing_month >= '{{since}}' AND c.billing_month < '{{month}}'
    GROUP BY p.meter_id, c.billing_month ORDER BY p.meter_id, c.billing_month
"""
_CHARGED = f"""
    SELECT DISTINCT c.house_id, c.item_id FROM charge c {_STANDING}
    WHERE c.billing_month = '{{month}}' AND {_NORMAL}
"""


class PostedPart(NamedTuple):
    """A part of a charge, with the charge's net amount in fen; figures as stored."""

    house_id: int
    charge_id: int
    fen: int
    tariff_id: int | None
    quantity: int
    price: int
    months: str
    factor: int
    inputs: str | None
    meter_id: int | None


def last_months(connection: Connection, month: str) -> dict[int, str]:
    """The newest billing month before this one in which each item was posted."""
    return dict(fetch(connection, _LAST_MONTHS.format(month=month)))


def parts(connection: Connection, item_id: int, month: str) -> list[PostedPart]:
    """The parts of what a billing month posted of an item, by house and charge; what was taken back nets to 0."""
    return [PostedPart._make(row) for row in fetch(connection, _PARTS.format(item=int(item_id), month=month))]


def usages(connection: Connection, items: Iterable[int], since: str, month: str) -> dict[int, list[int]]:
    """What each meter of these items was billed (1e-4) in the months from one to before another, oldest first."""
    found: dict[int, list[int]] = {}
    ids = ", ".join(str(int(item)) for item in items)
    rows: list[Any] = fetch(connection, _USAGES.format(items=ids, since=since, month=month)) if ids else []
    for meter_id, _month, quantity in rows:
        found.setdefault(meter_id, []).append(int(quantity))
    return found


def charged(connection: Connection, month: str) -> set[tuple[int, int]]:
    """House and item of what is posted of a billing month, by a run or without."""
    return {(house_id, item_id) for house_id, item_id in fetch(connection, _CHARGED.format(month=month))}
