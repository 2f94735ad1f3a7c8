"""What finance takes away as tables: charges, money, deposits and prepaid balances, as they stood on a day.

Everything is added up from entries with `on` ≤ the day, so that a table of a past day comes out the same for ever.
Statements of our own, as in `ageing.py`: there may be a hundred thousand rows.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from db.queries.ledger import deposit_items
from db.rows import fetch, literal


class ChargeLine(NamedTuple):
    """A charge posted in the span, with what adjusted and settled it up to its last day; fen, days as stored."""

    house: str
    payer_id: int
    code: str
    item: str
    part: str
    kind: str
    run_id: int | None
    first: Any
    last: Any
    on: Any
    due: Any
    bill: str
    amount: int
    adjusted: int
    settled: int


class MoneyLine(NamedTuple):
    """Money in or out in the span, in fen, signed; `fees` and `deposits` are what it settled when it was entered.

    `kind` is normal, void, reversal or refund. `number` is its receipt's, `other` the receipt it takes back.
    """

    on: Any
    number: str
    kind: str
    other: str
    house: str
    payer_id: int
    method: str
    reference: str
    amount: int
    fees: int
    deposits: int
    user: str


class DepositLine(NamedTuple):
    """A deposit that is held on a day: when and how much was taken, how much is left; fen."""

    house: str
    payer_id: int
    code: str
    item: str
    since: Any
    receipt: str
    taken: int
    held: int


class PrepaidLine(NamedTuple):
    """A prepaid balance on a day, fen."""

    house: str
    payer_id: int
    prepaid: int


def _near(building: int | None) -> str:
    return "" if building is None else f"AND h.building_id = {int(building)}"


def _deposits(connection: Connection) -> str:
    """The items that are deposits, for an IN; never empty."""
    return ", ".join(str(item) for item in sorted(deposit_items(connection))) or "0"


_CHARGES = """
    SELECT h.number, c.payer_id, i.code, i.name, c.part, c.kind, c.run_id, c.period_from, c.period_to, c."on",
           c.due_date, COALESCE(b.number, ''), c.amount,
           COALESCE((SELECT SUM(j.amount) FROM adjustment j WHERE j.charge_id = c.id AND j."on" <= {last}), 0),
           COALESCE((SELECT SUM(a.amount) FROM allocation a WHERE a.charge_id = c.id AND a."on" <= {last}), 0)
    FROM charge c JOIN house h ON h.id = c.house_id JOIN fee_item i ON i.id = c.item_id
    LEFT JOIN bill b ON b.id = c.bill_id
    WHERE c."on" BETWEEN {first} AND {last} AND c.item_id NOT IN ({deposits}) {near}
    ORDER BY h.sort_key, h.id, c.period_from, i.code, c.id
"""


def charges(connection: Connection, first: date, last: date, building: int | None = None) -> list[ChargeLine]:
    """Charges posted between two days, deposits left out, in the order of the houses."""
    given = {"first": literal(connection, first), "last": literal(connection, last)}
    query = _CHARGES.format(**given, deposits=_deposits(connection), near=_near(building))
    rows = fetch(connection, query)
    if connection.dialect.name == "sqlite":
        return list(map(ChargeLine._make, rows))
    return [ChargeLine._make((*row[:12], *map(int, row[12:]))) for row in rows]


# What a payment settled is read from the allocations of its own transaction: what was set off from it later, or put
# right, is no part of what it says. A payment taken back settles the opposite.
_APPLIED = """
    COALESCE((SELECT SUM(a.amount) FROM allocation a JOIN charge c ON c.id = a.charge_id
              WHERE a.payment_id = {payment} AND a.seq = {x}.seq AND a.kind = 'paid'
              AND c.item_id {which} IN ({deposits})), 0)
"""
_MONEY = """
    SELECT p."on", p.seq, p.id, COALESCE(r.number, o.number, ''), p.kind,
           CASE WHEN p.reverses IS NULL THEN '' ELSE COALESCE(o.number, '') END,
           h.number, p.payer_id, p.method, COALESCE(p.reference, ''), p.amount, {fees}, {held}, u.name
    FROM payment p JOIN house h ON h.id = p.house_id JOIN app_user u ON u.id = p.user_id
    LEFT JOIN receipt r ON r.payment_id = COALESCE(p.with_payment, p.id)
    LEFT JOIN payment q ON q.id = p.reverses LEFT JOIN receipt o ON o.payment_id = COALESCE(q.with_payment, q.id)
    WHERE p."on" BETWEEN {first} AND {last} AND p.method <> 'opening' {near}
    UNION ALL
    SELECT f."on", f.seq, f.id, COALESCE(r.number, ''), 'refund', '',
           h.number, COALESCE(p.payer_id, k.payer_id), f.method, '', -f.amount, {back_fees}, {back_held}, u.name
    FROM refund f LEFT JOIN payment p ON p.id = f.payment_id LEFT JOIN charge k ON k.id = f.credit_charge
    JOIN house h ON h.id = COALESCE(p.house_id, k.house_id)
    JOIN app_user u ON u.id = f.user_id LEFT JOIN receipt r ON r.payment_id = COALESCE(p.with_payment, p.id)
    WHERE f."on" BETWEEN {first} AND {last} {near}
    ORDER BY 1, 2, 3
"""


def money(connection: Connection, first: date, last: date, building: int | None = None) -> list[MoneyLine]:
    """Payments, what took them back, and refunds between two days, in the order in which they were entered."""
    deposits = _deposits(connection)
    taken, back = {"payment": "COALESCE(p.reverses, p.id)", "x": "p"}, {"payment": "f.payment_id", "x": "f"}
    query = _MONEY.format(
        first=literal(connection, first),
        last=literal(connection, last),
        near=_near(building),
        fees=_APPLIED.format(**taken, which="NOT", deposits=deposits),
        held=_APPLIED.format(**taken, which="", deposits=deposits),
        back_fees=_APPLIED.format(**back, which="NOT", deposits=deposits),
        back_held=_APPLIED.format(**back, which="", deposits=deposits),
    )
    return [MoneyLine._make((row[0], *row[3:10], *map(int, row[10:13]), row[13])) for row in fetch(connection, query)]


_HELD = """
    SELECT h.number, c.payer_id, i.code, i.name, c.period_from,
           COALESCE((SELECT r.number FROM receipt r WHERE r.payment_id =
                     (SELECT MIN(f.payment_id) FROM allocation f WHERE f.charge_id = c.id AND f.reverses IS NULL)), ''),
           SUM(CASE WHEN a.amount > 0 THEN a.amount ELSE 0 END), SUM(a.amount)
    FROM allocation a JOIN charge c ON c.id = a.charge_id JOIN house h ON h.id = c.house_id
    JOIN fee_item i ON i.id = c.item_id
    WHERE a."on" <= {day} AND c.item_id IN ({deposits}) {near}
    GROUP BY h.sort_key, h.number, c.id, c.payer_id, i.code, i.name, c.period_from
    HAVING SUM(a.amount) <> 0 ORDER BY h.sort_key, c.id
"""


def deposits(connection: Connection, as_of: date, building: int | None = None) -> list[DepositLine]:
    """The deposits that are held on a day, in the order of the houses."""
    query = _HELD.format(day=literal(connection, as_of), deposits=_deposits(connection), near=_near(building))
    return [DepositLine._make((*row[:6], int(row[6]), int(row[7]))) for row in fetch(connection, query)]


# Money that came, less what it settled and what was given back, and credits that went to the balance, less their use.
_PREPAID = """
    SELECT h.number, s.payer_id, SUM(s.fen) FROM (
        SELECT house_id, payer_id, SUM(amount) AS fen FROM payment WHERE "on" <= {day} GROUP BY house_id, payer_id
        UNION ALL
        SELECT p.house_id, p.payer_id, -SUM(a.amount) FROM allocation a JOIN payment p ON p.id = a.payment_id
        WHERE a."on" <= {day} GROUP BY p.house_id, p.payer_id
        UNION ALL
        SELECT p.house_id, p.payer_id, -SUM(f.amount) FROM refund f JOIN payment p ON p.id = f.payment_id
        WHERE f."on" <= {day} GROUP BY p.house_id, p.payer_id
        UNION ALL
        SELECT house_id, payer_id, -SUM(net) FROM (
            SELECT c.house_id, c.payer_id, c.amount + COALESCE(
                (SELECT SUM(j.amount) FROM adjustment j WHERE j.charge_id = c.id AND j."on" <= {day}), 0) AS net
            FROM charge c WHERE c."on" <= {day} AND (c.amount < 0 OR c.id IN (SELECT charge_id FROM adjustment))
        ) n WHERE net < 0 GROUP BY house_id, payer_id
        UNION ALL
        SELECT c.house_id, c.payer_id, -SUM(a.amount) FROM allocation a JOIN charge c ON c.id = a.credit_charge
        WHERE a."on" <= {day} GROUP BY c.house_id, c.payer_id
        UNION ALL
        SELECT c.house_id, c.payer_id, -SUM(f.amount) FROM refund f JOIN charge c ON c.id = f.credit_charge
        WHERE f."on" <= {day} GROUP BY c.house_id, c.payer_id
    ) s JOIN house h ON h.id = s.house_id WHERE 1 = 1 {near}
    GROUP BY h.sort_key, h.number, s.payer_id HAVING SUM(s.fen) <> 0 ORDER BY h.sort_key, s.payer_id
"""


def prepaid(connection: Connection, as_of: date, building: int | None = None) -> list[PrepaidLine]:
    """The prepaid balances of a day, in the order of the houses."""
    query = _PREPAID.format(day=literal(connection, as_of), near=_near(building))
    return [PrepaidLine(house, payer, int(fen)) for house, payer, fen in fetch(connection, query)]


def houses_of(connection: Connection, building: int) -> frozenset[str]:
    """The numbers of the houses of a building."""
    return frozenset(row[0] for row in fetch(connection, f"SELECT number FROM house WHERE building_id = {building}"))
