"""开票申请 as a list: which receipts want an invoice, over how much, and which have theirs."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import case

from app.security.permissions import Permission
from app.services import list_export, list_search
from app.services.list_export import Exported
from app.services.listing import Column, Counts, Flag, Kind, Listing, Query, Sort, State
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Payment, Receipt
from db.models.run import InvoiceRequest
from db.queries import list_figures as figures
from db.work import Work

STATES = (
    State("undone", "收据已作废或红冲", "danger", "triangle"),
    State("asked", "待开票", "warn", "clock"),
    State("issued", "已开票", "ok", "check"),
    State("dropped", "已撤回", "neutral", "stop", counted=False),
)
"""How a request stands; where the receipt was taken back after the request, somebody must look at the invoice."""

_BACK = figures.Opposite
_STATE = case((_BACK.id.is_not(None) & (InvoiceRequest.state != "dropped"), "undone"), else_=InvoiceRequest.state)


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """A request in the list; money in fen."""

    number: str
    on: date
    receipt: str
    house: str
    title: str
    tax_number: str
    net: int
    tax: int
    state: str
    invoice: str | None
    issued: date | None


INVOICES = Listing(
    name="invoices",
    title="开票申请",
    unit="份",
    row=InvoiceRow,
    key=InvoiceRequest.id,
    source=InvoiceRequest.__table__.join(Payment, Payment.id == InvoiceRequest.payment_id)
    .join(Receipt, Receipt.payment_id == Payment.id)
    .join(House, House.id == Payment.house_id)
    .outerjoin(_BACK, _BACK.reverses == Payment.id),
    columns=(
        Column("number", "申请号", InvoiceRequest.number, Kind.NUMBER, 14, find=True),
        Column("on", "日期", InvoiceRequest.on, Kind.DATE, 10, shown=False),
        Column("receipt", "收据", Receipt.number, Kind.NUMBER, 16, find=True),
        Column("house", "房号", House.number, Kind.NUMBER, 10, order=House.sort_key,
               find=lambda word: list_search.house(House.number, House.number_key, word)),
        Column("title", "抬头", InvoiceRequest.title, width=18, find=True),
        Column("tax_number", "税号", InvoiceRequest.tax_number, width=19, find=True, shown=False),
        Column("net", "不含税（元）", InvoiceRequest.net, Kind.MONEY, 11, total=True),
        Column("tax", "税额（元）", InvoiceRequest.tax, Kind.MONEY, 9, total=True),
        Column("state", "状态", _STATE, Kind.STATE, 10, states=STATES),
        Column("invoice", "发票号码", InvoiceRequest.invoice, width=18, find=True, shown=False),
        Column("issued", "开票日期", InvoiceRequest.issued_on, Kind.DATE, 10, shown=False),
    ),
    default=(Sort("number", True),),
    reads=frozenset({"ledger", "house"}),
    filters=(
        Flag("asked", "待开票", _STATE == "asked"),
        Flag("undone", "收据已作废或红冲", _STATE == "undone"),
    ),
    personal=True,
)  # fmt: skip


@use_case(Permission.SEE_MONEY)
def keys(work: Work, query: Query) -> array[int]:
    """The requests that match, in order."""
    return INVOICES.keys(work, query)


@use_case(Permission.SEE_MONEY)
def rows(work: Work, keys: Sequence[int]) -> dict[int, InvoiceRow]:
    """The requests of these keys."""
    return INVOICES.rows(work, keys)


@use_case(Permission.SEE_MONEY)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Sums of all requests that match."""
    return INVOICES.totals(work, query)


@use_case(Permission.SEE_MONEY)
def counts(work: Work, query: Query) -> Counts:
    """How many requests match, by filter."""
    return INVOICES.counts(work, query)


@use_case(Permission.SEE_MONEY, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the requests that match to a workbook."""
    return list_export.write(work, INVOICES, query, target, columns)
