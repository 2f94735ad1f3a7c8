"""银行流水 as a list: what came in on which day from whom, and how it stands."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, case, literal, select
from sqlalchemy.orm import aliased

from app.security.permissions import Permission
from app.services import list_export
from app.services.list_export import Exported
from app.services.listing import Choice, Column, Counts, Kind, Listing, Query, Sort, State
from app.services.use_case import use_case
from db.models.bank import BankLine
from db.models.estate import House
from db.models.ledger import Payment, Receipt
from db.work import Work

STATES = (
    State("open", "未核对", "warn", "clock"),
    State("matched", "已核对", "ok", "check"),
    State("booked", "已登记", "ok", "receipt"),
    State("ignored", "已忽略", "neutral", "stop"),
)
"""How a line stands."""

_BACK = aliased(Payment)
_UNDONE = select(_BACK.id).where(_BACK.reverses == BankLine.payment_id).exists()
_STATE = case((_UNDONE, "open"), else_=BankLine.state)
"""A line whose payment was taken back is open again."""


def _of(state: str) -> ColumnElement[bool]:
    return literal(state) == _STATE


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line in the list."""

    number: str
    day: date
    amount: int
    counterparty: str | None
    remark: str | None
    state: str
    receipt: str | None
    house: str | None
    reference: str | None


LINES = Listing(
    name="bank_lines",
    title="银行流水",
    unit="笔",
    row=LineRow,
    key=BankLine.id,
    source=BankLine.__table__.outerjoin(Receipt, Receipt.payment_id == BankLine.payment_id)
    .outerjoin(Payment, Payment.id == BankLine.payment_id)
    .outerjoin(House, House.id == Payment.house_id),
    columns=(
        Column("number", "流水编号", BankLine.number, Kind.NUMBER, 14, find=True),
        Column("day", "日期", BankLine.day, Kind.DATE, 11),
        Column("amount", "金额（元）", BankLine.amount, Kind.MONEY, 11, total=True),
        Column("counterparty", "对方户名", BankLine.counterparty, width=14, find=True),
        Column("remark", "摘要和附言", BankLine.remark, width=18, find=True),
        Column("state", "状态", _STATE, Kind.STATE, 10, states=STATES),
        Column("receipt", "收据", Receipt.number, Kind.NUMBER, 17, find=True),
        Column("house", "房号", House.number, Kind.NUMBER, 11, order=House.sort_key),
        Column("reference", "银行单号", BankLine.reference, Kind.NUMBER, 20, find=True, shown=False),
    ),
    default=(Sort("day", True), Sort("number", True)),
    reads=frozenset({"bank", "ledger"}),
    filters=(
        Choice("state", "状态", options=tuple(
            (state.code, state.word, _of(state.code)) for state in STATES)),
    ),
    personal=True,
)  # fmt: skip


@use_case(Permission.SEE_MONEY)
def keys(work: Work, query: Query) -> array[int]:
    """The lines that match, in order."""
    return LINES.keys(work, query)


@use_case(Permission.SEE_MONEY)
def rows(work: Work, keys: Sequence[int]) -> dict[int, LineRow]:
    """The lines of these keys."""
    return LINES.rows(work, keys)


@use_case(Permission.SEE_MONEY)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Sums of all lines that match."""
    return LINES.totals(work, query)


@use_case(Permission.SEE_MONEY)
def counts(work: Work, query: Query) -> Counts:
    """How many lines match, by filter."""
    return LINES.counts(work, query)


@use_case(Permission.SEE_MONEY, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the lines that match to a workbook."""
    return list_export.write(work, LINES, query, target, columns)
