"""The whole ledger up to a day in one statement, in the order in which it was written; and the sums it must agree with.

Statements of our own on the driver's cursor, as in `ageing.py`: there may be a million entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from db.queries.ageing import open_rows
from db.rows import literal, stream


class LedgerLine(NamedTuple):
    """One entry in the words that people know it by; amounts in fen with the entry's own sign.

    `what` is charge, adjustment, payment, allocation or refund; `kind` and `method` are the entry's. Lines with the
    same `act` belong together: the charges of a bill, a payment with what it settled. `house` is where the bill went
    or the money came from; `number` and `other` are its bill's or its receipts' numbers ('' where it has none).
    The rest says which charge the entry concerns (`charge_id` 0: none); it is for adding up, never shown.
    """

    act: tuple[Any, ...]
    what: str
    kind: str
    method: str
    fen: int
    house: str
    number: str
    other: str
    charge_id: int
    item_id: int
    charge_house: str
    first: Any
    last: Any
    issue: int
    part: str
    origin: str
    due: Any

    @property
    def on(self) -> Any:
        """Its business day, as the database gives it."""
        return self.act[0]


# Where one receipt has several methods, its payments are one act, that of the first (`with_payment`).
# Every branch has the same columns; what an entry lacks is '' or 0 or its own day, since PostgreSQL gives a NULL of a
# union no type.
_CHARGED = "c.id, c.item_id, h.number, c.period_from, c.period_to, c.issue, c.part, c.kind, c.due_date"
_NO_CHARGE = "0, 0, '', {x}.\"on\", {x}.\"on\", 0, '', '', {x}.\"on\""
_BILLED = """
    JOIN house h ON h.id = c.house_id LEFT JOIN bill b ON b.id = c.bill_id LEFT JOIN house d ON d.id = b.house_id
"""
_LINES = f"""
    SELECT c."on", c.seq, 0, COALESCE(c.bill_id, -c.house_id), 0, c.id, 'charge', c.kind, '', c.amount,
           COALESCE(d.number, h.number), COALESCE(b.number, ''), '', {_CHARGED}
    FROM charge c {_BILLED} WHERE c."on" <= {{day}}
    UNION ALL
    SELECT a."on", a.seq, 1, COALESCE(c.bill_id, -c.house_id), 0, a.id, 'adjustment', a.kind, '', a.amount,
           COALESCE(d.number, h.number), COALESCE(b.number, ''), '', {_CHARGED}
    FROM adjustment a JOIN charge c ON c.id = a.charge_id {_BILLED} WHERE a."on" <= {{day}}
    UNION ALL
    SELECT p."on", p.seq, 2, COALESCE(q.with_payment, q.id, p.with_payment, p.id), 0, p.id,
           'payment', p.kind, p.method, p.amount, g.number, COALESCE(r.number, o.number, ''),
           CASE WHEN r.number IS NULL THEN '' ELSE COALESCE(o.number, '') END,
           {_NO_CHARGE.format(x="p")}
    FROM payment p JOIN house g ON g.id = p.house_id
    LEFT JOIN receipt r ON r.payment_id = COALESCE(p.with_payment, p.id)
    LEFT JOIN payment q ON q.id = p.reverses LEFT JOIN receipt o ON o.payment_id = COALESCE(q.with_payment, q.id)
    WHERE p."on" <= {{day}}
    UNION ALL
    SELECT a."on", a.seq, 2, COALESCE(p.with_payment, p.id, -a.credit_charge), 1, a.id,
           'allocation', a.kind, '', a.amount, COALESCE(g.number, s.number), COALESCE(r.number, ''), '', {_CHARGED}
    FROM allocation a JOIN charge c ON c.id = a.charge_id JOIN house h ON h.id = c.house_id
    LEFT JOIN payment p ON p.id = a.payment_id LEFT JOIN house g ON g.id = p.house_id
    LEFT JOIN receipt r ON r.payment_id = COALESCE(p.with_payment, p.id)
    LEFT JOIN charge k ON k.id = a.credit_charge LEFT JOIN house s ON s.id = k.house_id
    WHERE a."on" <= {{day}}
    UNION ALL
    SELECT f."on", f.seq, 2, COALESCE(p.with_payment, p.id, -f.credit_charge), 2, f.id,
           'refund', '', f.method, f.amount, g.number, COALESCE(r.number, ''), '', {_NO_CHARGE.format(x="f")}
    FROM refund f LEFT JOIN payment p ON p.id = f.payment_id LEFT JOIN charge k ON k.id = f.credit_charge
    JOIN house g ON g.id = COALESCE(p.house_id, k.house_id)
    LEFT JOIN receipt r ON r.payment_id = COALESCE(p.with_payment, p.id)
    WHERE f."on" <= {{day}}
    ORDER BY 1, 2, 3, 4, 5, 6
"""

_SUMS = """
    SELECT "on", 'charged', '', SUM(amount) FROM charge WHERE "on" <= {day} GROUP BY "on"
    UNION ALL SELECT "on", 'adjusted', '', SUM(amount) FROM adjustment WHERE "on" <= {day} GROUP BY "on"
    UNION ALL SELECT "on", 'paid', method, SUM(amount) FROM payment WHERE "on" <= {day} GROUP BY "on", method
    UNION ALL SELECT "on", 'refunded', method, SUM(amount) FROM refund WHERE "on" <= {day} GROUP BY "on", method
    ORDER BY 1
"""

# What is a deposit: an item of that kind, or one under which the opening brought deposits in.
_DEPOSIT_ITEMS = """
    SELECT id FROM fee_item WHERE kind = 'deposit'
    UNION SELECT c.item_id FROM allocation a
    JOIN payment p ON p.id = a.payment_id AND p.kind = 'opening_deposit' JOIN charge c ON c.id = a.charge_id
"""
_HELD = f"""
    SELECT COALESCE(SUM(a.amount), 0) FROM allocation a JOIN charge c ON c.id = a.charge_id
    WHERE a."on" <= {{day}} AND c.item_id IN ({_DEPOSIT_ITEMS})
"""


class DaySum(NamedTuple):
    """What a day's entries add up to, in fen: charged, adjusted, paid or refunded; the latter two by method."""

    on: Any
    what: str
    method: str
    fen: int


def lines(connection: Connection, until: date) -> Iterator[LedgerLine]:
    """Every entry up to a day by day, act and entry; charges before adjustments before money."""
    for row in stream(connection, _LINES.format(day=literal(connection, until))):
        yield LedgerLine(row[:4], *row[6:])


def day_sums(connection: Connection, until: date) -> list[DaySum]:
    """The sums of each day up to a day, oldest first."""
    rows = stream(connection, _SUMS.format(day=literal(connection, until)))
    return [DaySum(on, what, method, int(fen)) for on, what, method, fen in rows]


def open_by_item(connection: Connection, as_of: date, today: date) -> dict[int, int]:
    """What is owed of each item on a day, in fen, as the arrears of that day say."""
    found: dict[int, int] = {}
    for row in open_rows(connection, as_of, today):
        found[row[2]] = found.get(row[2], 0) + int(row[6])
    return found


def deposit_items(connection: Connection) -> frozenset[int]:
    """The items whose money is held for the payer (押金), not earned."""
    return frozenset(row[0] for row in stream(connection, _DEPOSIT_ITEMS))


def deposits_held(connection: Connection, as_of: date) -> int:
    """Deposits held on a day, in fen: what was paid on items of that kind."""
    return int(next(stream(connection, _HELD.format(day=literal(connection, as_of))))[0])
