"""The books as somebody else's program adds them up: an exported ledger loaded by Beancount."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core.data import Open, Transaction

from app.services import arrears, ledger_file, verification
from app.services.seat import Seat
from app.services.statements import Totals


def _fen(number: Decimal) -> int:
    fen = number * 100
    assert fen == int(fen)
    return int(fen)


@dataclass
class Outside:
    """A ledger file that Beancount found no fault with."""

    entries: list[Any]
    items: dict[str, str]
    """The account of each item's receivable and the item's code."""

    @classmethod
    def load(cls, file: Path) -> Outside:
        entries, errors, _options = loader.load_file(str(file))
        assert errors == [], errors[:5]
        items = {e.account: e.meta["code"] for e in entries if isinstance(e, Open) and "code" in e.meta}
        return cls(entries, items)

    def postings(self, until: date) -> list[tuple[str, int, str]]:
        """Account, fen and house of every posting up to a day."""
        return [
            (posting.account, _fen(posting.units.number), posting.meta.get("house", entry.meta["house"]))
            for entry in self.entries
            if isinstance(entry, Transaction) and entry.date <= until
            for posting in entry.postings
        ]

    def sums(self, until: date) -> dict[str, int]:
        """What stands on each account at the end of a day, in fen."""
        found: dict[str, int] = defaultdict(int)
        for account, fen, _house in self.postings(until):
            found[account] += fen
        return dict(found)

    def owed_by_house(self, until: date) -> dict[str, int]:
        """What each house owes, without those that owe nothing."""
        found: dict[str, int] = defaultdict(int)
        for account, fen, house in self.postings(until):
            if account in self.items:
                found[house] += fen
        return {house: fen for house, fen in found.items() if fen}


def _of(sums: dict[str, int], *words: str) -> int:
    return sum(fen for account, fen in sums.items() if any(word in account for word in words))


def agrees(seat: Seat, file: Path, *days: date) -> Outside:
    """Export the ledger to a file, have it checked, and compare it with our own doors: today and on these days."""
    done = ledger_file.export(seat, file)
    outside = Outside.load(file)
    assert done.transactions == sum(isinstance(entry, Transaction) for entry in outside.entries)
    totals = verification.verify(seat).totals
    assert isinstance(totals, Totals)
    sums = outside.sums(done.as_of)
    assert (-_of(sums, ":Charged:"), -_of(sums, ":Adjusted:")) == (totals.charged_fen, totals.adjusted_fen)
    refunded = 0
    with seat.transaction(write=False) as work:
        refunded = int(work.driver("SELECT COALESCE(SUM(amount), 0) FROM refund").scalar_one())
    money = {"Assets:Cash", "Assets:WeChat", "Assets:Alipay", "Assets:Pos", "Assets:Bank", "Equity:Opening:Paid"}
    assert sum(sums.get(account, 0) for account in money) == totals.paid_fen - refunded
    assert -sums.get("Liabilities:Prepaid", 0) == totals.prepaid_fen == done.prepaid_fen
    assert sum(sums.get(account, 0) for account in outside.items) == totals.owed_fen == done.owed_fen
    for day in (*days, done.as_of):
        found, then = arrears.arrears(seat, day), outside.sums(day)
        owed = {code: then[account] for account, code in outside.items.items() if then.get(account)}
        assert owed == {item.item: item.owed_fen for item in found.items}, day
        assert outside.owed_by_house(day) == {house.house: house.owed_fen for house in found.houses}, day
    return outside
