"""账本文件: the whole ledger for a program that is not ours, which adds it up again (reports/beancount.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from sqlalchemy import select

from app.domain.period import Period
from app.security.permissions import Permission
from app.services import settings
from app.services.arrears import day_of
from app.services.paper_file import put_file
from app.services.use_case import use_case
from db.models.estate import Estate
from db.models.projection import PayerBalance
from db.models.tariff import FeeItem
from db.queries import ledger
from db.queries.ledger import LedgerLine
from db.queries.sums import total
from db.rows import as_day
from db.work import Work
from reports import beancount
from reports.beancount import Balance, Facts, Posting, Transaction

_WORDS: Mapping[tuple[str, str], str] = {
    ("charge", "principal"): "出账",
    ("charge", "late_fee"): "违约金",
    ("charge", "cost"): "费用",
    ("adjustment", "reversal"): "冲回",
    ("adjustment", "waiver"): "减免",
    ("adjustment", "small_change"): "抹零",
    ("adjustment", "write_off"): "核销坏账",
    ("adjustment", "recovery"): "坏账收回",
    ("adjustment", "deposit_return"): "退押金",
    ("adjustment", "correction"): "调整",
    ("adjustment", "prepay_gift"): "预交赠送",
    ("adjustment", "assumed"): "转由接手人承担",
    ("payment", "normal"): "收款",
    ("payment", "void"): "作废",
    ("payment", "reversal"): "红冲",
    ("payment", "opening"): "期初预存",
    ("payment", "opening_deposit"): "期初押金",
    ("payment", "opening_history"): "启用前已收",
    ("allocation", "paid"): "核销",
    ("allocation", "set_off"): "抵扣",
    ("refund", ""): "退款",
}


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A ledger that was written: how many transactions, and what its balances say on its last day, in fen."""

    file: Path
    as_of: date
    transactions: int
    owed_fen: int
    prepaid_fen: int
    deposits_fen: int


@use_case(Permission.SEE_MONEY, audit="ledger.exported")
def export(work: Work, target: Path, as_of: date | None = None) -> LedgerFile:
    """Write all entries up to a day (default today) as a Beancount file, with assertions at each month's end that our
    own arrears, prepaid balances and takings hold. Audited. Raises Refused `future_day`.
    """
    day = day_of(work, as_of)
    book = _Book(work, day)
    title = settings.value(work, "office_name") or work.execute(select(Estate.name).limit(1)).scalar_one()
    put_file(work, target, lambda path: _write(path, beancount.lines(title, book.entries(), book.about)))
    owed, prepaid = sum(book.owed.values()), book.prepaid
    detail = {"as_of": day.isoformat(), "transactions": book.transactions}
    work.audit("ledger.exported", "office", 1, detail=detail)
    held = ledger.deposits_held(work.connection, day)
    return LedgerFile(target, day, book.transactions, owed, prepaid, held)


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


class _Book:
    """The entries up to a day as transactions, and after each month what our own queries say of that day."""

    def __init__(self, work: Work, until: date) -> None:
        self.work, self.until = work, until
        items = work.execute(select(FeeItem.id, FeeItem.code, FeeItem.name)).all()
        component = beancount.components([item.code for item in items])
        self._item = {item.id: component[item.code] for item in items}
        self.about: Mapping[str, Facts] = {
            beancount.receivable(component[item.code]): (("code", item.code), ("name", item.name)) for item in items
        }
        """What stands under the accounts of the items."""
        self._deposits = ledger.deposit_items(work.connection)
        self._sums = ledger.day_sums(work.connection, until)
        self._left: dict[int, int] = defaultdict(int)
        """What each charge's entries add up to so far: net less allocated."""
        self._charged: set[int] = set()
        self._over: dict[int, int] = {}
        """How far below 0 that lay at the end of the last day that touched it: it is prepaid, not owed."""
        self.transactions = 0
        self.owed: Mapping[int, int] = {}
        self.prepaid = 0

    def entries(self) -> Iterator[Transaction | Balance]:
        """Transactions by day, with the balances at each month's end and on the last day."""
        month: Period | None = None
        for on, lines in groupby(ledger.lines(self.work.connection, self.until), lambda line: line.on):
            day = as_day(on)
            month = month or Period.of(day)
            while month.last < day:
                yield from self._balances(month.last)
                month = month.plus(1)
            for entry in self._day(day, lines):
                self.transactions += 1
                yield entry
        while month is not None and month.last < self.until:
            yield from self._balances(month.last)
            month = month.plus(1)
        yield from self._balances(self.until)

    def _day(self, day: date, lines: Iterator[LedgerLine]) -> Iterator[Transaction]:
        touched: dict[int, LedgerLine] = {}
        for _act, some in groupby(lines, lambda line: line.act):
            act = list(some)
            for line in act:
                if line.charge_id:
                    touched[line.charge_id] = line
                    self._charged.add(line.item_id)
                    self._left[line.charge_id] += _debit(line)
            yield self._transaction(day, act)
        yield from self._to_prepaid(day, touched)

    def _transaction(self, day: date, act: list[LedgerLine]) -> Transaction:
        lead = act[0]
        postings: list[Posting] = []
        against: dict[str, int] = {}
        for line in act:
            fen, other = _debit(line), self._against(line)
            if line.charge_id:
                postings.append(Posting(self._receivable(line), fen, _charge_facts(line, lead.house)))
            else:
                postings.append(Posting(beancount.method_account(line.method), fen))
            against[other] = against.get(other, 0) - fen
        postings += [Posting(account, fen) for account, fen in against.items() if fen or account != beancount.PREPAID]
        links = tuple(number for number in (lead.number, lead.other) if number)
        return Transaction(day, _words(lead), tuple(postings), links, (("house", lead.house),))

    def _receivable(self, line: LedgerLine) -> str:
        return beancount.receivable(self._item[line.item_id])

    def _against(self, line: LedgerLine) -> str:
        """Where the other side stands: money passes through prepaid, an adjustment goes where its charge came from."""
        if line.what not in ("charge", "adjustment"):
            return beancount.PREPAID
        root = beancount.INCOME if line.origin != "opening" else beancount.OPENING
        if line.item_id in self._deposits:
            root = beancount.DEPOSITS
        item = self._item[line.item_id]
        if line.what == "charge":
            return beancount.charged(root, item, line.part)
        return beancount.adjusted(root, item, line.kind)

    def _to_prepaid(self, day: date, touched: Mapping[int, LedgerLine]) -> Iterator[Transaction]:
        """A charge below 0 at the end of a day (a credit, or one that was paid and then adjusted) is no negative debt:
        that much is the payer's prepaid balance, until later entries take it back.
        """
        for charge_id, line in touched.items():
            over = min(0, self._left[charge_id])
            moved = self._over.get(charge_id, 0) - over
            if moved:
                self._over[charge_id] = over
                owed = Posting(self._receivable(line), moved, _charge_facts(line, line.charge_house))
                pair = (owed, Posting(beancount.PREPAID, -moved))
                yield Transaction(
                    day, "转入预存" if moved > 0 else "预存转回", pair, (), (("house", line.charge_house),)
                )

    def _balances(self, day: date) -> Iterator[Balance]:
        connection, today = self.work.connection, self.work.today
        self.owed = ledger.open_by_item(connection, day, today)
        sums: dict[str, int] = defaultdict(int)
        money: dict[str, int] = defaultdict(int)
        for row in self._sums:
            if as_day(row.on) <= day:
                sums[row.what] += row.fen
                if row.method:
                    money[row.method] += row.fen if row.what == "paid" else -row.fen
        net = sums["charged"] + sums["adjusted"]
        self.prepaid = sum(self.owed.values()) - net + sums["paid"] - sums["refunded"]
        if day >= today:
            self.prepaid = total(connection, PayerBalance.prepaid)
        for item_id in sorted(self._charged | self.owed.keys(), key=lambda item: self._item[item]):
            yield Balance(day, beancount.receivable(self._item[item_id]), self.owed.get(item_id, 0))
        for method in sorted(money):
            yield Balance(day, beancount.method_account(method), money[method])
        yield Balance(day, beancount.PREPAID, -self.prepaid)


def _debit(line: LedgerLine) -> int:
    """What an entry adds to the receivable or the money that it concerns, in fen."""
    return -line.fen if line.what in ("allocation", "refund") else line.fen


def _words(lead: LedgerLine) -> str:
    """What an act is called, by its first entry."""
    if lead.what == "charge":
        return "期初应收" if lead.origin == "opening" else _WORDS.get(("charge", lead.part), lead.part)
    if lead.what == "allocation" and lead.fen < 0:
        return "撤销" + _WORDS[lead.what, lead.kind]
    return _WORDS.get((lead.what, lead.kind), lead.kind)


def _charge_facts(line: LedgerLine, house: str) -> Facts:
    """Which charge a posting concerns: its house, days, issue and part; the house by itself where it is another."""
    name = f"{line.charge_house}/{as_day(line.first)}/{as_day(line.last)}"
    if line.issue > 1:
        name += f"/{line.issue}"
    if line.part != "principal":
        name += f"/{line.part}"
    facts: list[tuple[str, str | date]] = [("charge", name)]
    if line.charge_house != house:
        facts.append(("house", line.charge_house))
    if line.what == "charge":
        facts.append(("due", as_day(line.due)))
    return tuple(facts)
