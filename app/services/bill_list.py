"""账单 as a list: what each bill asks for, what came, what is open, whether it was printed."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import case

from app.security.permissions import Permission
from app.services import list_export, list_search
from app.services.list_export import Exported
from app.services.listing import Choice, Column, Counts, Flag, Kind, Listing, Query, Sort, State
from app.services.use_case import use_case
from db.models.estate import House
from db.models.people import Person
from db.models.run import Bill, BillRun
from db.queries import list_figures as figures
from db.work import Work

STATES = (
    State("open", "未收", "warn", "clock"),
    State("part", "部分已收", "info", "clock"),
    State("settled", "已清", "ok", "check"),
    State("void", "已作废", "neutral", "stop"),
)
"""How a bill stands."""

_VOID = BillRun.state == "void"
_STATE = case(
    (_VOID, "void"),
    (figures.BILL_OPEN == 0, "settled"),
    (figures.BILL_PAID != 0, "part"),
    else_="open",
)


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill in the list; money in fen. `charged` is net of adjustments."""

    number: str
    house: str
    payer: str | None
    period: str
    charged: int
    paid: int
    open: int
    state: str
    printed: bool


BILLS = Listing(
    name="bills",
    title="账单",
    unit="张",
    row=BillRow,
    key=Bill.id,
    source=Bill.__table__.join(BillRun, BillRun.id == Bill.run_id).join(House, House.id == Bill.house_id),
    columns=(
        Column("number", "账单号", Bill.number, Kind.NUMBER, 17, find=True),
        Column("house", "房号", House.number, Kind.NUMBER, 11, order=House.sort_key,
               find=lambda word: list_search.house(House.number, House.number_key, word)),
        Column("payer", "付款人", figures.payer_name(Bill.payer_id), width=14,
               find=lambda word: Bill.payer_id.in_(figures.payers(list_search.contains(Person.name, word)))),
        Column("period", "账期", BillRun.month, Kind.PERIOD, 9, find=True),
        Column("charged", "应收（元）", Bill.amount + figures.BILL_ADJUSTED, Kind.MONEY, 11, total=True),
        Column("paid", "已收（元）", figures.BILL_PAID, Kind.MONEY, 11, total=True),
        Column("open", "未收（元）", figures.BILL_OPEN, Kind.MONEY, 11, total=True, alarming=True),
        Column("state", "状态", _STATE, Kind.STATE, 10, states=STATES),
        Column("printed", "已打印", Bill.document_id.is_not(None), Kind.CHECK, 7),
    ),
    default=(Sort("period", True), Sort("house")),
    reads=frozenset({"ledger", "house", "resident"}),
    filters=(
        Flag("unpaid", "未收清", figures.BILL_OPEN > 0),
        Flag("unprinted", "未打印", Bill.document_id.is_(None) & (BillRun.state == "posted")),
        Flag("void", "已作废", _VOID),
        Choice("period", "账期", BillRun.month, chip=False),
    ),
    personal=True,
)  # fmt: skip


@use_case(Permission.SEE_MONEY)
def keys(work: Work, query: Query) -> array[int]:
    """The bills that match, in order."""
    return BILLS.keys(work, query)


@use_case(Permission.SEE_MONEY)
def rows(work: Work, keys: Sequence[int]) -> dict[int, BillRow]:
    """The bills of these keys."""
    return BILLS.rows(work, keys)


@use_case(Permission.SEE_MONEY)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Sums of all bills that match."""
    return BILLS.totals(work, query)


@use_case(Permission.SEE_MONEY)
def counts(work: Work, query: Query) -> Counts:
    """How many bills match, by filter."""
    return BILLS.counts(work, query)


@use_case(Permission.SEE_MONEY, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the bills that match to a workbook."""
    return list_export.write(work, BILLS, query, target, columns)
