"""The ledger as a Beancount file (版本 3): accounts, transactions, balance assertions; text and nothing else.

Beancount is a book-keeping program of other people. What `bean-check` accepts was added up by somebody else than us:
each transaction sums to zero and each assertion holds to the fen (`tolerance_multiplier` 0). Accounts:

Assets:Receivable:<item>                    应收: what is owed of an item
Assets:Cash, WeChat, Alipay, Pos, Bank      money received, by method, less what was given back
Liabilities:Prepaid                         预存
Liabilities:Deposits:<item>:…               押金: charged, held or still owed
Income:<item>:…                             everything else that was charged
Equity:Opening:<item>:…, Equity:Opening:Paid   what the opening brought in

where … is Charged:Principal, Charged:LateFee, Charged:Cost or Adjusted:<kind>: charged is the negative sum of all
accounts with Charged, adjusted that of all with Adjusted. A house, a charge, a bill and a receipt are named by their
numbers; no person stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.money import plain_yuan

CURRENCY = "CNY"
PREPAID = "Liabilities:Prepaid"
OPENING_PAID = "Equity:Opening:Paid"
_METHODS = {
    "cash": "Assets:Cash",
    "wechat": "Assets:WeChat",
    "alipay": "Assets:Alipay",
    "pos": "Assets:Pos",
    "bank": "Assets:Bank",
    "opening": OPENING_PAID,
}
_DAY = timedelta(days=1)

Facts = tuple[tuple[str, str | date], ...]
"""What stands under an account, a transaction or a posting: lower-case names of at least two letters, and values."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount in fen on an account; positive is debit."""

    account: str
    fen: int
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Transaction:
    """Postings of one act that sum to zero. `links` are the numbers of bills and receipts."""

    on: date
    what: str
    postings: tuple[Posting, ...]
    links: tuple[str, ...] = ()
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account must hold at the end of a day, in fen."""

    day: date
    account: str
    fen: int


def receivable(item: str) -> str:
    """The account of what is owed of an item; `item` is a component of `components`."""
    return f"Assets:Receivable:{item}"


def charged(root: str, item: str, part: str) -> str:
    """The account against which a charge's part stands."""
    return f"{root}:{item}:Charged:{_capitals(part)}"


def adjusted(root: str, item: str, kind: str) -> str:
    """The account against which an adjustment of that kind stands."""
    return f"{root}:{item}:Adjusted:{_capitals(kind)}"


INCOME, DEPOSITS, OPENING = "Income", "Liabilities:Deposits", "Equity:Opening"
"""The roots for `charged` and `adjusted`."""


def method_account(method: str) -> str:
    """The account of the money that came by a method."""
    return _METHODS.get(method) or f"Assets:{_capitals(method)}"


def _capitals(word: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", word))


def components(codes: Iterable[str]) -> Mapping[str, str]:
    """An account's component for each item code, no two the same.

    A component begins with a capital letter or a digit and holds letters, digits and hyphens: `WY` stays, `wy` becomes
    `X-wy`, `物业` `X-物业`, `a.b` `X-a-b`.
    """
    found: dict[str, str] = {}
    # Codes that may stay as they are come first, so that no other takes their place.
    for code in sorted(codes, key=lambda code: (not re.fullmatch(r"[A-Z0-9][A-Za-z0-9-]*", code), code)):
        plain = "".join(char if char.isalnum() or char == "-" else "-" for char in code)
        name = plain if re.match(r"[A-Z0-9]", plain) else f"X-{plain}"
        taken, n = set(found.values()), 1
        unique = name
        while unique in taken:
            n += 1
            unique = f"{name}-{n}"
        found[code] = unique
    return found


def lines(title: str, entries: Iterable[Transaction | Balance], about: Mapping[str, Facts]) -> Iterator[str]:
    """The file, a line at a time without line ends. `entries` in the order of their days.

    An account is opened on the day of its first entry; `about` says what stands under it.
    """
    yield f'option "title" {_quoted(title)}'
    yield f'option "operating_currency" "{CURRENCY}"'
    # Beancount lets a balance differ by a cent unless told otherwise.
    yield 'option "tolerance_multiplier" "0"'
    yield ""
    opened: set[str] = set()
    for entry in entries:
        balance = isinstance(entry, Balance)
        accounts = [entry.account] if isinstance(entry, Balance) else [each.account for each in entry.postings]
        for account in accounts:
            if account not in opened:
                opened.add(account)
                yield f"{entry.day if isinstance(entry, Balance) else entry.on} open {account} {CURRENCY}"
                yield from _facts(about.get(account, ()), "  ")
        yield from _balance(entry) if isinstance(entry, Balance) else _transaction(entry)
        if not balance:
            yield ""


def _transaction(entry: Transaction) -> Iterator[str]:
    links = "".join(f" ^{re.sub(r'[^A-Za-z0-9._/-]', '-', number)}" for number in entry.links)
    yield f"{entry.on.isoformat()} * {_quoted(entry.what)}{links}"
    yield from _facts(entry.facts, "  ")
    for posting in entry.postings:
        yield f"  {posting.account}  {plain_yuan(posting.fen)} {CURRENCY}"
        yield from _facts(posting.facts, "    ")


def _balance(entry: Balance) -> Iterator[str]:
    # An assertion holds at the beginning of its day.
    yield f"{(entry.day + _DAY).isoformat()} balance {entry.account}  {plain_yuan(entry.fen)} {CURRENCY}"


def _facts(facts: Facts, indent: str) -> Iterator[str]:
    for name, value in facts:
        yield f"{indent}{name}: {value.isoformat() if isinstance(value, date) else _quoted(value)}"


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
