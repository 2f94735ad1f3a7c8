"""The hash chain: sealing a transaction with its record, and walking the chain."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, select

from db.canonical import COLUMNS, record_digest, row_digest, rows_digest, text_digest
from db.models.audit import Audit, Change
from db.rows import stream
from db.triggers import LEDGER
from db.types import canonical_json
from db.work import Record, Work

REDACTS = "person.anonymised"
"""The act whose record names earlier details that were changed by it, each with its new digest."""
RECORD_COLUMNS = COLUMNS["audit"][:-1]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain stands: number and digest of its last record."""

    seq: int
    digest: str


def local_text(now: str, offset_minutes: int) -> str:
    """The office's wall clock for a UTC instant, `2026-07-06T17:40:00+08:00`."""
    utc = datetime.fromisoformat(now)
    local = utc + timedelta(minutes=offset_minutes)
    sign = "-" if offset_minutes < 0 else "+"
    hours, minutes = divmod(abs(offset_minutes), 60)
    return f"{local.strftime('%Y-%m-%dT%H:%M:%S')}{sign}{hours:02}:{minutes:02}"


def seal(work: Work, offset_minutes: int) -> Head:
    """Append the record of this transaction: it covers all rows it wrote, its detail and the record before."""
    record = work.record
    if record is None:
        raise AssertionError("a transaction without a record")
    detail = canonical_json(record.detail)
    values: tuple[object, ...] = (
        work.seq,
        work.now,
        local_text(work.now, offset_minutes),
        work.user_id,
        record.action,
        record.object_kind,
        record.object_id,
        int(record.sole),
        record.approver_id,
        rows_digest(work.appended),
        text_digest(detail),
        work.previous,
    )
    digest = record_digest(values)
    work.many("audit", COLUMNS["audit"], [(*values[:7], record.sole, *values[8:], digest)])
    work.many("change", ("seq", "detail"), [(work.seq, detail)])
    return Head(work.seq, digest)


def head(connection: Connection) -> Head:
    """The last record of the chain; (0, "") where there is none."""
    last = connection.execute(select(Audit.id, Audit.digest).order_by(Audit.id.desc()).limit(1)).first()
    return Head(last.id, last.digest) if last else Head(0, "")


def new_record(work: Work, record: Record, offset_minutes: int) -> Head:
    """Seal a transaction that only records something (a refusal, a failed log-in)."""
    work.record = record
    return seal(work, offset_minutes)


TOLD_EVERY = 2_000
"""Records after which a look at the chain says how far it is."""


def _stored(connection: Connection, table: str) -> Iterator[tuple[object, ...]]:
    """The rows of a ledger table by id, values in stored form."""
    names = ", ".join(f'"{name}"' for name in COLUMNS[table])
    rows = stream(connection, f'SELECT {names} FROM "{table}" ORDER BY id')
    return rows if connection.dialect.name == "sqlite" else (tuple(map(_as_stored, row)) for row in rows)


def _as_stored(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else int(value) if isinstance(value, bool) else value


@dataclass(slots=True)
class _Entries:
    """The rows of a ledger table, taken record by record: numbers rise with the ids, since entries are only added."""

    table: str
    rows: Iterator[tuple[object, ...]]
    head: tuple[object, ...] | None = None

    def __post_init__(self) -> None:
        self.head = next(self.rows, None)

    def seq(self) -> int | None:
        """The record of the next row; None at the end."""
        return None if self.head is None else int(str(self.head[1]))

    def take(self) -> bytes:
        """The digest of the next row."""
        assert self.head is not None
        digest = row_digest(self.table, self.head)
        self.head = next(self.rows, None)
        return digest


def _strays(entries: Sequence[_Entries], before: int | None) -> Iterator[int]:
    """Records that rows name but that are not there (below `before`, or at the end all that are left)."""
    for table in entries:
        while (seq := table.seq()) is not None and (before is None or seq < before):
            table.take()
            yield seq


def _redacted(connection: Connection) -> dict[int, str]:
    """The digests that details have since a person was forgotten, as later records of that act say; the last holds."""
    found: dict[int, str] = {}
    rows = connection.execute(
        select(Change.seq, Change.detail)
        .join(Audit, Audit.id == Change.seq)
        .where(Audit.action == REDACTS)
        .order_by(Change.seq)
    )
    for seq, detail in rows:
        try:
            named = json.loads(detail).get("redacted", [])
            found.update((int(each), str(digest)) for each, digest in named if int(each) < seq)
        except (ValueError, TypeError, AttributeError):
            # What is no detail any more is told as damage where it stands.
            continue
    return found


def damage(connection: Connection, *, limit: int = 20, tell: Callable[[int], None] = lambda _: None) -> list[str]:
    """Every way in which the stored chain does not hold, as sentences; empty when it does.

    Each ledger table is read once, in the order in which it was written. `tell` hears which record it has come to; what
    it raises ends the look.
    """
    found: list[str] = []
    entries = [_Entries(table, _stored(connection, table)) for table in sorted(LEDGER) if table != "audit"]
    details = dict(connection.execute(select(Change.seq, Change.detail)).all())
    redacted = _redacted(connection)
    strays: set[int] = set()
    previous, expected = "", 1
    for values in _stored(connection, "audit"):
        seq = int(str(values[0]))
        if seq % TOLD_EVERY == 0:
            tell(seq)
        record = dict(zip(COLUMNS["audit"], values, strict=True))
        strays.update(_strays(entries, seq))
        if seq != expected:
            found.append(f"第 {expected} 条审计记录不在")
        if record["previous"] != previous:
            found.append(f"第 {seq} 条审计记录与前一条接不上")
        if record_digest(values[:-1]) != record["digest"]:
            found.append(f"第 {seq} 条审计记录被改动")
        whole = sha256()
        for table in entries:
            while table.seq() == seq:
                whole.update(table.take())
        if whole.hexdigest() != record["rows"]:
            found.append(f"第 {seq} 条审计记录所管的账目被改动")
        if text_digest(details.pop(seq, "")) not in (record["detail"], redacted.get(seq)):
            found.append(f"第 {seq} 条审计记录的明细被改动")
        previous, expected = str(record["digest"]), seq + 1
        if len(found) >= limit:
            return found
    strays.update(_strays(entries, None))
    found.extend(f"账目行指向不存在的审计记录 {seq}" for seq in sorted(strays))
    found.extend(f"明细指向不存在的审计记录 {seq}" for seq in sorted(details))
    return found[:limit]
