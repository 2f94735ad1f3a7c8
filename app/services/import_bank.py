"""Lines of a bank statement: known ones stay, new ones get a number; what is without doubt is matched at once."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select

from app.domain import bank_match
from app.services.bank_payments import free_payments
from app.services.import_changes import Changes
from app.services.numbers import draw_many
from db.models.bank import BankLine
from db.types import canonical_json
from db.work import Work
from reports.excel.records import BankLine as Row
from reports.excel.records import Book


def identity(row: Row, twin: int) -> str:
    """What makes a line known when it comes again; `twin` counts lines that are all alike."""
    day = row.day.isoformat() if row.day else ""
    return sha256(
        canonical_json([day, row.fen, row.counterparty, row.reference, row.remark, twin]).encode()
    ).hexdigest()


class BankPlan:
    """Tells new lines from known ones, and finds the payments of the new ones."""

    def __init__(self, work: Work, book: Book, changes: Changes) -> None:
        self.work, self.book, self.changes = work, book, changes
        self._new: list[tuple[Row, str]] = []

    def plan(self) -> None:
        """Look at every record; put the writes in their order."""
        known = set(self.work.execute(select(BankLine.identity)).scalars())
        twins: dict[Row, int] = {}
        count, out = self.changes.count("bank_line"), self.changes.count("bank_out")
        for row in self.book.bank:
            if not row.fen:
                out.unchanged += 1
                continue
            if row.day is not None and row.day > self.work.today:
                self.changes.reject(row, "交易日期", row.day, "交易日期在将来。", "future_day")
                continue
            alike = Row("", 0, row.day, row.fen, row.counterparty, row.reference, row.remark)
            twins[alike] = twins.get(alike, 0) + 1
            mark = identity(row, twins[alike])
            if mark in known:
                count.unchanged += 1
                continue
            self.changes.add("bank_fen", row.fen)
            self._new.append((row, mark))
        self._matched = self._match()
        self.changes.count("bank_matched").added = len(self._matched)
        count.added = len(self._new) - len(self._matched)
        self.changes.writes.append(self._write)

    def _match(self) -> dict[int, int]:
        lines = [
            bank_match.Line(place, row.day, row.fen, row.reference or "")
            for place, (row, _mark) in enumerate(self._new)
            if row.day is not None
        ]
        return bank_match.match(lines, free_payments(self.work)) if lines else {}

    def _write(self, work: Work) -> None:
        if not self._new:
            return
        year = work.today.year
        numbers = draw_many(work, f"bank:{year}", len(self._new))
        work.insert(
            BankLine,
            ("number", "identity", "day", "amount", "counterparty", "reference", "remark", "state", "payment_id",
             "seq"),
            [
                (
                    f"Y{year}-{number:06}", mark, row.day.isoformat() if row.day else "", row.fen, row.counterparty,
                    row.reference, row.remark, "matched" if place in self._matched else "open",
                    self._matched.get(place), work.seq,
                )
                for place, (number, (row, mark)) in enumerate(zip(numbers, self._new, strict=True))
            ],
        )  # fmt: skip
