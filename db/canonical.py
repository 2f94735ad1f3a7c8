"""The canonical form of ledger rows and their digests (RELIABILITY §4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256

from db.models.base import metadata
from db.triggers import LEDGER

# One encoder for all rows: json.dumps would make one a call.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

COLUMNS: dict[str, tuple[str, ...]] = {
    "charge": (
        "id", "seq", "on", "entered_at", "house_id", "item_id", "payer_id", "period_from", "period_to", "issue",
        "part", "kind", "amount", "due_date", "billing_month", "run_id", "bill_id", "base_charge",
    ),
    "charge_part": (
        "id", "seq", "on", "entered_at", "charge_id", "tariff_id", "part_from", "part_to", "quantity", "price",
        "fixed", "months", "factor", "shown", "tier", "meter_id", "reading_id", "previous", "current",
        "inputs",
    ),
    "payment": (
        "id", "seq", "on", "entered_at", "house_id", "payer_id", "amount", "method", "kind", "user_id", "reverses",
        "reference", "with_payment",
    ),
    "allocation": (
        "id", "seq", "on", "entered_at", "charge_id", "kind", "amount", "payment_id", "credit_charge", "reverses",
    ),
    "adjustment": ("id", "seq", "on", "entered_at", "charge_id", "amount", "kind", "user_id"),
    "refund": ("id", "seq", "on", "entered_at", "payment_id", "amount", "method", "user_id", "credit_charge"),
    "receipt": ("id", "seq", "on", "entered_at", "number", "payment_id", "kind"),
    "audit": (
        "id", "at", "local", "user_id", "action", "object_kind", "object_id", "sole", "approver_id", "rows", "detail",
        "previous", "digest",
    ),
}  # fmt: skip
"""The frozen column order of each ledger table; new columns come nullable and last, so that old digests hold."""

ENTRY_COLUMNS = {table: columns for table, columns in COLUMNS.items() if table != "audit"}


def assert_frozen() -> None:
    """Raise AssertionError when a model's columns do not begin in the frozen order."""
    for table in LEDGER:
        names = [column.name for column in metadata.tables[table].columns]
        if sorted(names) != sorted(COLUMNS[table]):
            raise AssertionError(f"{table}: {names}")


def row_digest(table: str, values: Sequence[object]) -> bytes:
    """SHA-256 of the compact JSON array [table, values in the frozen order], trailing nulls cut."""
    end = len(values)
    while values[end - 1] is None:
        end -= 1
    return sha256(_encode([table, *values[:end]]).encode()).digest()


def rows_digest(digests: Iterable[tuple[str, int, bytes]]) -> str:
    """A transaction's digest: SHA-256 over its row digests, by table and id; hexadecimal."""
    whole = sha256()
    for _table, _id, digest in sorted(digests):
        whole.update(digest)
    return whole.hexdigest()


def text_digest(text: str) -> str:
    """SHA-256 of a text, hexadecimal."""
    return sha256(text.encode()).hexdigest()


def record_digest(values: Sequence[object]) -> str:
    """The digest of an audit record: over all its columns but `digest`, in the frozen order."""
    return sha256(_encode(["audit", *values]).encode()).hexdigest()
