"""凭证: the entries of a month as balanced vouchers for the bookkeeping program (HANDBOOK §9.3).

One voucher a day and kind of business, one for each bill run. The other side of money is what it settled, the rest is
prepaid. VAT is always that of a charge's net: an adjustment moves it by the difference, so no fen is lost on the way.
What the opening brought in is not booked: it is the opening balance of the books.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby

from app.domain.control_sums import MethodSum
from app.domain.money import Fen
from app.domain.vat import split

RECEIVABLE, INCOME, TAX, PREPAID, DEPOSITS = "receivable", "income", "tax", "prepaid", "deposits"
LATE_FEE, COST, WRITE_OFF = "late_fee", "cost", "write_off"
LOSSES = ("write_off", "recovery")
"""Adjustments that concern the loss of a debt (坏账), not what was earned."""


class Business(StrEnum):
    """What a voucher is about; in this order within a day."""

    BILL = "bill"
    ADJUST = "adjust"
    RECEIVE = "receive"
    REFUND = "refund"
    SET_OFF = "set_off"
    TRANSFER = "transfer"


TITLES: Mapping[Business, str] = {
    Business.BILL: "计费",
    Business.ADJUST: "减免、调整",
    Business.RECEIVE: "收款",
    Business.REFUND: "退款",
    Business.SET_OFF: "预存抵扣",
    Business.TRANSFER: "预存、押金结转",
}


@dataclass(frozen=True, slots=True)
class Account:
    """会计科目 in the office's chart."""

    code: str
    name: str


DEFAULTS: Mapping[str, Account] = {
    RECEIVABLE: Account("1122", "应收账款"),
    INCOME: Account("6001", "主营业务收入"),
    TAX: Account("222101", "应交税费-应交增值税"),
    "cash": Account("1001", "库存现金"),
    "wechat": Account("1002", "银行存款"),
    "alipay": Account("1002", "银行存款"),
    "pos": Account("1002", "银行存款"),
    "bank": Account("1002", "银行存款"),
    PREPAID: Account("2203", "预收账款"),
    DEPOSITS: Account("2241", "其他应付款"),
    LATE_FEE: Account("6301", "营业外收入"),
    COST: Account("6051", "其他业务收入"),
    WRITE_OFF: Account("1231", "坏账准备"),
}
"""Accounts by key, numbered as in the chart of 企业会计准则; `income:CODE` is a fee item's own, else `income` holds."""


def income_key(item: str) -> str:
    """The key of a fee item's income."""
    return f"{INCOME}:{item}"


def account_of(key: str, own: Mapping[str, Account]) -> Account:
    """The account of a key: the office's own, else the default."""
    if key in own:
        return own[key]
    general = INCOME if key.startswith(f"{INCOME}:") else key
    return own.get(general) or DEFAULTS[general]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger as vouchers need it; fen with its sign.

    `what` is charge, adjustment, payment, allocation or refund; `kind` and `method` are the entry's. `charge` is the
    charge it concerns (0: none) with its item's name, part, whether it is a deposit, and the VAT in its price (1e-8; 0:
    none). `run` and `month` are the bill run's. `settles`: an allocation made or undone together with its payment.
    `opening`: the opening's own entry, which only changes what is left of a charge.
    """

    on: date
    what: str
    kind: str
    fen: int
    method: str = ""
    charge: int = 0
    item: str = ""
    name: str = ""
    part: str = ""
    deposit: bool = False
    rate: int = 0
    run: int = 0
    month: str = ""
    settles: bool = False
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A charge before the month, in fen: what is left of it (below 0: prepaid), and its net as far as it was earned."""

    left: int
    earned: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row: debit or credit in fen, the other is 0; below 0 it is written in red (红字)."""

    summary: str
    key: str
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class Voucher:
    """A balanced voucher; `papers` receipts (or refunds, or a run's list) belong to it."""

    on: date
    business: Business
    papers: int
    lines: tuple[Line, ...]


@dataclass(slots=True)
class _Draft:
    """A voucher being added up by summary and account; debits come first, what is left for prepaid last."""

    debits: dict[tuple[str, str], int] = field(default_factory=dict)
    credits: dict[tuple[str, str], int] = field(default_factory=dict)
    papers: int = 0

    def debit(self, summary: str, key: str, fen: int) -> None:
        self.debits[summary, key] = self.debits.get((summary, key), 0) + fen

    def credit(self, summary: str, key: str, fen: int) -> None:
        self.credits[summary, key] = self.credits.get((summary, key), 0) + fen

    def lines(self) -> tuple[Line, ...]:
        debits = [Line(summary, key, fen, 0) for (summary, key), fen in self.debits.items() if fen]
        credits = [Line(summary, key, 0, fen) for (summary, key), fen in self.credits.items() if fen]
        return (*debits, *sorted(credits, key=lambda line: line.key == PREPAID))


def vouchers(entries: Iterable[Entry], before: Mapping[int, Standing]) -> list[Voucher]:
    """The vouchers of a month by day and kind of business.

    `entries` are all of the month by day, the charges of a day before what concerns them; `before` holds every charge
    that they touch and of which anything lies before the month.
    """
    book = _Book(before)
    return [voucher for on, some in groupby(entries, lambda entry: entry.on) for voucher in book.day(on, some)]


class _Book:
    """What is known of the charges while the days of a month go by."""

    def __init__(self, before: Mapping[int, Standing]) -> None:
        self._left = {charge: standing.left for charge, standing in before.items()}
        self._earned = {charge: standing.earned for charge, standing in before.items()}
        self._drafts: dict[tuple[Business, int], _Draft] = {}

    def day(self, on: date, entries: Iterable[Entry]) -> Iterator[Voucher]:
        """The vouchers of one day."""
        self._drafts = {}
        over: dict[int, int] = {}
        for entry in entries:
            if entry.charge and not entry.deposit:
                over.setdefault(entry.charge, min(0, self._left.get(entry.charge, 0)))
            self._enter(entry)
        self._carry(over)
        for business, run in sorted(self._drafts, key=lambda key: (list(Business).index(key[0]), key[1])):
            draft = self._drafts[business, run]
            if lines := draft.lines():
                yield Voucher(on, business, draft.papers, lines)

    def _draft(self, business: Business, run: int = 0) -> _Draft:
        return self._drafts.setdefault((business, run), _Draft())

    def _enter(self, entry: Entry) -> None:
        if entry.charge:
            moved = -entry.fen if entry.what == "allocation" else entry.fen
            self._left[entry.charge] = self._left.get(entry.charge, 0) + moved
        if entry.what == "payment":
            self._payment(entry)
        elif entry.what == "refund":
            self._refund(entry)
        elif entry.what == "allocation" and not entry.opening:
            self._allocation(entry)
        elif entry.what in ("charge", "adjustment") and not entry.deposit:
            self._earn(entry)

    def _payment(self, entry: Entry) -> None:
        draft = self._draft(Business.RECEIVE)
        draft.debit(TITLES[Business.RECEIVE], entry.method, entry.fen)
        draft.credit("预存", PREPAID, entry.fen)
        draft.papers += entry.kind in ("normal", "reversal")

    def _refund(self, entry: Entry) -> None:
        draft = self._draft(Business.REFUND)
        draft.debit(TITLES[Business.REFUND], PREPAID, entry.fen)
        draft.credit(TITLES[Business.REFUND], entry.method, entry.fen)
        draft.papers += 1

    def _allocation(self, entry: Entry) -> None:
        key = DEPOSITS if entry.deposit else RECEIVABLE
        if entry.settles:
            draft = self._draft(Business.RECEIVE)
            draft.credit("收押金" if entry.deposit else TITLES[Business.RECEIVE], key, entry.fen)
            draft.credit("预存", PREPAID, -entry.fen)
        elif entry.kind == "set_off":
            draft = self._draft(Business.SET_OFF)
            draft.debit(TITLES[Business.SET_OFF], PREPAID, entry.fen)
            draft.credit(TITLES[Business.SET_OFF], key, entry.fen)
        elif entry.deposit:
            # A deposit given back is the payer's money again, before it is refunded or kept for something else.
            draft = self._draft(Business.TRANSFER)
            draft.debit("押金转出", DEPOSITS, -entry.fen)
            draft.credit("押金转出", PREPAID, -entry.fen)
        else:
            draft = self._draft(Business.TRANSFER)
            draft.debit("押金抵扣", PREPAID, entry.fen)
            draft.credit("押金抵扣", RECEIVABLE, entry.fen)

    def _earn(self, entry: Entry) -> None:
        """What was earned, or less of it: the receivable against income and VAT. A debt lost is no less earned."""
        lost = entry.what == "adjustment" and entry.kind in LOSSES
        before = self._earned.get(entry.charge, 0)
        after = before if lost else before + entry.fen
        self._earned[entry.charge] = after
        if entry.opening:
            return
        if entry.what == "charge":
            draft = self._draft(Business.BILL, entry.run)
            head = f"{entry.month} 出账" if entry.run else _PARTS.get(entry.part, "一次性收费")
            draft.papers = 1 if entry.run else 0
        else:
            draft, head = self._draft(Business.ADJUST), _ADJUSTMENTS.get(entry.kind, "调整")
        if lost:
            draft.debit(head, WRITE_OFF, -entry.fen)
            draft.credit(head, RECEIVABLE, -entry.fen)
            return
        draft.debit(head, RECEIVABLE, entry.fen)
        if entry.part in (LATE_FEE, COST):
            said = _PARTS[entry.part]
            draft.credit(said if said == head else f"{head} {said}", entry.part, entry.fen)
            return
        tax = _tax(after, entry.rate) - _tax(before, entry.rate)
        draft.credit(f"{head} {entry.name}", income_key(entry.item), entry.fen - tax)
        draft.credit(f"{head} 增值税", TAX, tax)

    def _carry(self, over: Mapping[int, int]) -> None:
        """A charge below 0 at the end of a day is no negative debt: that much is the payer's prepaid balance."""
        for charge, was in over.items():
            moved = was - min(0, self._left[charge])
            if moved:
                draft = self._draft(Business.TRANSFER)
                draft.debit("更正转预存", RECEIVABLE, moved)
                draft.credit("更正转预存", PREPAID, moved)


_ADJUSTMENTS: Mapping[str, str] = {
    "waiver": "减免",
    "small_change": "抹零",
    "correction": "补收",
    "reversal": "冲回",
    "write_off": "核销坏账",
    "recovery": "坏账收回",
    "prepay_gift": "预交赠送",
    "assumed": "转由接手人承担",
}
_PARTS: Mapping[str, str] = {LATE_FEE: "违约金", COST: "费用"}


def _tax(gross: int, rate: int) -> int:
    return split(Fen(gross), rate)[1] if rate else 0


@dataclass(frozen=True, slots=True)
class VoucherSums:
    """What vouchers book, in fen, under the names of the control sums that it must agree with; ways that come to 0 are
    left out.
    """

    charged_fen: int
    adjusted_fen: int
    methods: tuple[MethodSum, ...]
    set_off_fen: int


def sums_of(made: Iterable[Voucher]) -> VoucherSums:
    """Add vouchers up for comparison with the month's control sums."""
    charged = adjusted = set_off = 0
    received: dict[str, int] = {}
    refunded: dict[str, int] = {}
    for voucher in made:
        for line in voucher.lines:
            if voucher.business is Business.RECEIVE and line.debit:
                received[line.key] = received.get(line.key, 0) + line.debit
            elif voucher.business is Business.REFUND and line.credit:
                refunded[line.key] = refunded.get(line.key, 0) + line.credit
            elif voucher.business is Business.SET_OFF:
                set_off += line.debit
            elif line.key == RECEIVABLE and voucher.business is Business.BILL:
                charged += line.debit
            elif line.key == RECEIVABLE and voucher.business is Business.ADJUST:
                adjusted += line.debit - line.credit
    each = (MethodSum(m, received.get(m, 0), refunded.get(m, 0)) for m in sorted(received.keys() | refunded.keys()))
    moved = tuple(one for one in each if one.received_fen or one.refunded_fen)
    return VoucherSums(charged, adjusted, moved, set_off)
