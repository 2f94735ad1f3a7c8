"""The charges that are open on any day, as plain tuples: today from the projection, any other day from the entries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from db.queries.owed import CHUNK
from db.rows import fetch, literal

OpenRow = tuple[int, int, int, str, Any, Any, int, int]
"""Charge, house, item, part, due date, the day after which it is late, open fen, whether anything touched it."""

_TODAY = """
    SELECT charge_id, house_id, item_id, part, due_date, late_from, open, touched FROM open_charge ORDER BY house_id
"""

# Today's rows taken back by what was entered `on` later days: charges that money came for later, those it did not, and
# those adjusted later, computed from their entries since an adjustment may turn what was owed into a credit. A charge
# that anything reversed, adjusted or bore on is called touched: its late fee is computed from its entries.
_PAST = """
    WITH adjusted(id) AS MATERIALIZED (SELECT DISTINCT charge_id FROM adjustment WHERE "on" > {day}),
    special(id) AS MATERIALIZED (
        SELECT charge_id FROM allocation WHERE reverses IS NOT NULL
        UNION SELECT base_charge FROM charge WHERE base_charge IS NOT NULL
        UNION SELECT charge_id FROM adjustment
    ),
    found(id, open) AS (
        SELECT charge_id, later + COALESCE((SELECT o.open FROM open_charge o WHERE o.charge_id = a.charge_id), 0)
        FROM (SELECT charge_id, SUM(amount) AS later FROM allocation WHERE "on" > {day} GROUP BY charge_id) a
        WHERE charge_id NOT IN (SELECT id FROM adjusted)
        UNION ALL
        SELECT charge_id, open FROM open_charge o
        WHERE charge_id NOT IN (SELECT id FROM adjusted)
          AND NOT EXISTS (SELECT 1 FROM allocation a WHERE a.charge_id = o.charge_id AND a."on" > {day})
        UNION ALL
        SELECT c.id, c.amount
               + COALESCE((SELECT SUM(j.amount) FROM adjustment j WHERE j.charge_id = c.id AND j."on" <= {day}), 0)
               - COALESCE((SELECT SUM(a.amount) FROM allocation a WHERE a.charge_id = c.id AND a."on" <= {day}), 0)
        FROM charge c WHERE c.id IN (SELECT id FROM adjusted)
    )
    SELECT c.id, c.house_id, c.item_id, c.part, c.due_date,
           CASE WHEN c.kind IN ('opening', 'assumed') AND c."on" > c.due_date THEN c."on" ELSE c.due_date END, f.open,
           CASE WHEN f.open <> c.amount OR c.id IN (SELECT id FROM special) THEN 1 ELSE 0 END
    FROM found f JOIN charge c ON c.id = f.id
    WHERE f.open > 0 AND c."on" <= {day}
"""


def open_rows(connection: Connection, as_of: date, today: date) -> list[OpenRow]:
    """Every charge that is open on a day. Days as the database gives them (`db.rows.as_day`): ISO text or dates."""
    if as_of >= today:
        return fetch(connection, _TODAY)
    return fetch(connection, _PAST.format(day=literal(connection, as_of)))


class OpenLine(NamedTuple):
    """An open charge with the words it is shown with; days as the database gives them."""

    house: str
    payer_id: int
    item: str
    part: str
    first: Any
    last: Any
    due: Any
    open: int


def open_lines(connection: Connection, as_of: date, today: date) -> list[OpenLine]:
    """Every charge that is open on a day, in the order of the houses, oldest due first."""
    opened = {row[0]: row[6] for row in open_rows(connection, as_of, today)}
    rows: list[Any] = []
    ids = sorted(opened)
    for start in range(0, len(ids), CHUNK):
        wanted = ", ".join(str(charge) for charge in ids[start : start + CHUNK])
        rows += fetch(connection, _LINES.format(ids=wanted))
    rows.sort(key=lambda row: (row[0], row[2], str(row[8]), row[1]))
    return [OpenLine._make((*row[2:], opened[row[1]])) for row in rows]


_LINES = """
    SELECT h.sort_key, c.id, h.number, c.payer_id, i.name, c.part, c.period_from, c.period_to, c.due_date
    FROM charge c JOIN house h ON h.id = c.house_id JOIN fee_item i ON i.id = c.item_id WHERE c.id IN ({ids})
"""

FEW = 5_000
"""Up to so many houses are looked up one by one; more are read with all others."""


def house_numbers(connection: Connection, wanted: Mapping[int, object]) -> list[tuple[int, str]]:
    """Id and number of these houses, in the order of the houses."""
    query = "SELECT id, number FROM house {} ORDER BY sort_key, id"
    if len(wanted) <= FEW:
        ids = ", ".join(str(int(house_id)) for house_id in wanted)
        return fetch(connection, query.format(f"WHERE id IN ({ids})")) if ids else []
    return [row for row in fetch(connection, query.format("")) if row[0] in wanted]
