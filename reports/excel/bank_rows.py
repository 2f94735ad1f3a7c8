"""Lines of a bank statement: money that came in; what went out is counted, not taken."""

from __future__ import annotations

from app.domain.problem import problem
from reports.excel.collected import Collected, Rows

KEYS = ("day", "fen", "out", "side", "counterparty", "reference", "summary", "remark")


def take(rows: Rows, collected: Collected) -> None:
    """Take the rows of a statement. A line without an amount in is one that went out."""
    columns = zip(*(rows.column(key) for key in KEYS), strict=True)
    for place, (day, fen, out, side, counterparty, reference, summary, remark) in enumerate(columns):
        if place in rows.bad:
            continue
        if fen is None and out is None:
            rows.reject(place, "fen", problem("cell.missing", "不能为空。"))
            continue
        came = (fen or 0) > 0 and side is not False
        if came and day is None:
            rows.reject(place, "day", problem("cell.missing", "不能为空。"))
            continue
        said = " ".join(dict.fromkeys(text for text in (summary, remark) if text)) or None
        amount = fen if came else 0
        collected.add("bank", rows.sheet, rows.number(place), day, amount, counterparty, reference, said)
