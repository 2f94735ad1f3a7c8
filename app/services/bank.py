"""银行流水: lines of the bank beside the office's payments: matched, booked, or left aside with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from app.domain import bank_match
from app.domain.house_order import parse
from app.domain.problem import Problem
from app.security.permissions import Permission
from app.services.bank_payments import CHANNELS, free_payments
from app.services.payments import PaymentAnswer, book
from app.services.purse import WAYS
from app.services.receipts import find
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.bank import BankLine
from db.models.estate import House
from db.models.ledger import Payment, Receipt
from db.models.people import HousePayer, Party, Person, Resident
from db.work import Work

STATES: Mapping[str, str] = {"open": "未核对", "matched": "已核对", "booked": "已登记", "ignored": "已忽略"}
"""How a line stands; one whose payment was taken back is open again."""
MOST = 5
"""At most so many receipts are suggested for a line."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A payment that a line may be: its receipt, house, day and way; it has the line's amount."""

    receipt: str
    house: str
    on: date
    method: str


@dataclass(frozen=True, slots=True)
class BankRow:
    """A line with what it was found to be, or may be: `candidates` the likeliest first, else the `house` it may be
    for and why; amount in fen.
    """

    line: str
    day: date
    amount_fen: int
    counterparty: str
    reference: str
    remark: str
    state: str
    receipt: str
    reason: str
    candidates: tuple[Candidate, ...]
    house: str
    why: str


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """A line after an act: how it stands, and the receipt it belongs to."""

    line: str
    state: str
    receipt: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class LineBooked:
    """A line that was booked as a payment."""

    line: str
    payment: PaymentAnswer


def _lines(work: Work, *conditions: Any) -> Sequence[Row[Any]]:
    rows: Sequence[Row[Any]] = work.execute(
        select(BankLine, Receipt.number.label("receipt"))
        .outerjoin(Receipt, Receipt.payment_id == BankLine.payment_id)
        .where(*conditions)
        .order_by(BankLine.day.desc(), BankLine.id.desc())
    ).all()
    return rows


def _taken_back(work: Work, payments: Sequence[int]) -> frozenset[int]:
    return frozenset(work.execute(select(Payment.reverses).where(Payment.reverses.in_(payments))).scalars())


def _state(row: Row[Any], back: frozenset[int]) -> str:
    return "open" if row.payment_id in back else str(row.state)


def _find(work: Work, number: str) -> tuple[Row[Any], str]:
    """A line and how it stands. Raises Refused `unknown_line`."""
    rows = _lines(work, BankLine.number == number.strip().upper())
    if not rows:
        raise refuse(
            "unknown_line", "没有这笔流水：{line}。", "请核对流水编号，如 Y2026-000012。", line=number, field="line"
        )
    row = rows[0]
    return row, _state(row, _taken_back(work, [row.payment_id or 0]))


def _find_open(work: Work, number: str) -> Row[Any]:
    row, state = _find(work, number)
    if state != "open":
        raise refuse(
            "line_settled", "流水 {line} {state}，不能再办。", "要改的，先取消核对。", line=row.number,
            state=STATES[state], field="line",
        )  # fmt: skip
    return row


class _Guesses:
    """What lines may be, read once for all of them."""

    def __init__(self, work: Work) -> None:
        self._by_fen: dict[int, list[bank_match.Booked]] = {}
        for one in free_payments(work):
            self._by_fen.setdefault(one.fen, []).append(one)
        self.work = work
        self.numbers: dict[int, str] = dict(work.execute(select(House.id, House.number)).all())
        self.keys: dict[str, int] = {key: house for house, key in work.execute(select(House.id, House.number_key))}
        names: dict[str, set[int]] = {}
        for query in (
            select(Person.name, Resident.house_id).join(Resident, Resident.person_id == Person.id),
            select(Person.name, HousePayer.house_id)
            .join(Party, Party.person_id == Person.id)
            .join(HousePayer, HousePayer.party_id == Party.id),
        ):
            for name, house_id in work.execute(query):
                names.setdefault(name, set()).add(house_id)
        self._names = {name: frozenset(houses) for name, houses in names.items()}

    def candidates(self, row: Row[Any]) -> list[int]:
        """The payments that a line may be."""
        line = bank_match.Line(row.id, row.day, row.amount, row.reference or "")
        return [one.id for one in bank_match.candidates(line, self._by_fen.get(row.amount, ()))[:MOST]]

    def house(self, row: Row[Any]) -> tuple[str, str]:
        """The house that a line may be for, and why; empty where nothing points to one alone."""
        said = f"{row.remark or ''} {row.counterparty or ''}"
        for written in bank_match.numbers_in(said):
            try:
                house_id = self.keys.get(parse(written).normalized)
            except Problem:
                continue
            if house_id is not None:
                return self.numbers[house_id], f"写着 {written}"
        found = bank_match.named_in(said, self._names)
        if len(found) == 1:
            return self.numbers[next(iter(found))], "户名是这户的人"
        return "", ""


def _shown(work: Work, rows: Sequence[Row[Any]]) -> tuple[BankRow, ...]:
    back = _taken_back(work, [row.payment_id for row in rows if row.payment_id])
    guesses = _Guesses(work) if any(_state(row, back) == "open" for row in rows) else None
    near = {row.id: guesses.candidates(row) for row in rows if guesses is not None and _state(row, back) == "open"}
    known = _receipts(work, {payment for some in near.values() for payment in some})
    found = []
    for row in rows:
        state = _state(row, back)
        candidates = tuple(known[payment] for payment in near.get(row.id, ()) if payment in known)
        house, why = guesses.house(row) if guesses is not None and state == "open" and not candidates else ("", "")
        found.append(
            BankRow(
                row.number, row.day, row.amount, row.counterparty or "", row.reference or "", row.remark or "", state,
                (row.receipt or "") if state != "open" else "", row.reason or "", candidates, house, why,
            )
        )  # fmt: skip
    return tuple(found)


def _receipts(work: Work, payments: set[int]) -> dict[int, Candidate]:
    rows = work.execute(
        select(Payment.id, Receipt.number, House.number, Payment.on, Payment.method)
        .join(Receipt, Receipt.payment_id == Payment.id)
        .join(House, House.id == Payment.house_id)
        .where(Payment.id.in_(sorted(payments)))
    )
    return {row[0]: Candidate(row[1], row[2], row[3], WAYS[row[4]]) for row in rows}


@use_case(Permission.SEE_MONEY)
def listing(work: Work, state: str | None = None) -> tuple[BankRow, ...]:
    """The lines, newest first, of a state or all, with what they may be. Raises Refused `bad_choice`."""
    if state is not None and state not in STATES:
        raise refuse("bad_choice", "没有这种状态：{state}。", "可以是：" + "、".join(STATES) + "。", state=state,
                     field="state")  # fmt: skip
    return tuple(row for row in _shown(work, _lines(work)) if state in (None, row.state))


@use_case(Permission.SEE_MONEY)
def line(work: Work, number: str) -> BankRow:
    """One line with what it may be. Raises Refused `unknown_line`."""
    row, _state_now = _find(work, number)
    return _shown(work, [row])[0]


def _put(work: Work, row: Row[Any], state: str, payment: int | None, reason: str | None) -> None:
    work.execute(
        update(BankLine)
        .where(BankLine.id == row.id)
        .values(state=state, payment_id=payment, reason=reason, version=BankLine.version + 1)
    )


@use_case(Permission.IMPORT_MONEY, audit="bank.matched", touches=frozenset({"bank"}))
def match(work: Work, number: str, receipt: str) -> LineAnswer:
    """Say that a line is the money of a receipt.

    Raises Refused `unknown_line`, `line_settled`, `unknown_receipt`, `match_amount`, `match_method`, `match_taken`.
    """
    row = _find_open(work, number)
    taken = find(work, receipt.strip().upper())
    if taken.amount != row.amount:
        raise refuse("match_amount", "收据 {receipt} 的金额与流水不同。", "请核对；不是同一笔的，登记为收款或忽略。",
                     receipt=taken.number, field="receipt")  # fmt: skip
    if taken.method not in CHANNELS:
        raise refuse("match_method", "收据 {receipt} 是现金，不会在流水里。", "请核对收据号。", receipt=taken.number,
                     field="receipt")  # fmt: skip
    if taken.id not in {one.id for one in free_payments(work)}:
        raise refuse("match_taken", "收据 {receipt} 已作废、红冲，或已核对过另一笔流水。", "请核对收据号。",
                     receipt=taken.number, field="receipt")  # fmt: skip
    _put(work, row, "matched", taken.id, None)
    work.audit("bank.matched", "bank_line", row.id, detail={"line": row.number, "receipt": taken.number})
    return LineAnswer(row.number, "matched", taken.number, row.amount)


@use_case(Permission.IMPORT_MONEY, audit="bank.booked", touches=frozenset({"bank", "ledger"}))
def book_line(work: Work, number: str, house: str, on: date | None = None) -> LineBooked:
    """Book a line as a payment by transfer for a house, `on` the bank's day unless another one is said.

    Raises Refused `unknown_line`, `line_settled`, and what `payments.take` raises.
    """
    row = _find_open(work, number)
    payment_id, answer = book(work, house, row.amount, "bank", on or row.day, (), row.reference)
    _put(work, row, "booked", payment_id, None)
    work.audit("bank.booked", "payment", payment_id, detail={"line": row.number, "receipt": answer.receipt})
    return LineBooked(row.number, answer)


@use_case(Permission.IMPORT_MONEY, audit="bank.ignored", touches=frozenset({"bank"}))
def ignore(work: Work, number: str, reason: str) -> LineAnswer:
    """Leave a line aside that is no payment of a house.

    Raises Refused `unknown_line`, `line_settled`, `reason_needed`.
    """
    row = _find_open(work, number)
    why = _why(reason)
    _put(work, row, "ignored", None, why)
    work.audit("bank.ignored", "bank_line", row.id, detail={"line": row.number, "reason": why})
    return LineAnswer(row.number, "ignored", "", row.amount)


@use_case(Permission.IMPORT_MONEY, audit="bank.released", touches=frozenset({"bank"}))
def release(work: Work, number: str, reason: str) -> LineAnswer:
    """Take back that a line was matched or ignored. One that was booked is open again once its receipt is taken back.

    Raises Refused `unknown_line`, `line_open`, `line_booked`, `reason_needed`.
    """
    row, state = _find(work, number)
    why = _why(reason)
    if state == "open":
        raise refuse("line_open", "流水 {line} 还没有核对。", "不用取消。", line=row.number, field="line")
    if state == "booked":
        raise refuse(
            "line_booked", "流水 {line} 已登记为收据 {receipt}。", "请先作废或红冲那张收据，流水就变回未核对。",
            line=row.number, receipt=row.receipt, field="line",
        )  # fmt: skip
    _put(work, row, "open", None, None)
    work.audit("bank.released", "bank_line", row.id, detail={"line": row.number, "was": state, "reason": why})
    return LineAnswer(row.number, "open", "", row.amount)


def _why(reason: str) -> str:
    why = (reason or "").strip()
    if not why:
        raise refuse("reason_needed", "要写明原因。", "请写原因。", field="reason")
    return why[:200]
