"""收据 as a list: who paid what for which house, how, to whom, and whether it still stands."""

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
from app.services.purse import METHODS
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Payment, Receipt
from db.models.people import Person
from db.models.security import User
from db.queries import list_figures as figures
from db.work import Work

STATES = (
    State("normal", "正常", "ok", "check"),
    State("reversal", "红冲收据", "warn", "undo"),
    State("reversed", "已红冲", "neutral", "undo"),
    State("void", "已作废", "neutral", "stop", counted=False),
)
"""How a receipt stands. A void has no receipt of its own that would take the money off again; a reversal has."""

SEVERAL = "多种"
"""The way of a receipt that was paid in several ways."""

_OPPOSITE = figures.Opposite
_STATE = case(
    (Payment.reverses.is_not(None), "reversal"),
    (_OPPOSITE.kind == "void", "void"),
    (_OPPOSITE.kind == "reversal", "reversed"),
    else_="normal",
)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt in the list; `again` is how often it was printed beyond the first time."""

    number: str
    at: str
    house: str
    amount: int
    method: str
    payer: str | None
    cashier: str | None
    state: str
    again: int | None


def _again(prints: int) -> int | None:
    return prints - 1 if prints > 1 else None


RECEIPTS = Listing(
    name="receipts",
    title="收据",
    unit="张",
    row=ReceiptRow,
    key=Receipt.id,
    source=Receipt.__table__.join(Payment, Payment.id == Receipt.payment_id)
    .join(House, House.id == Payment.house_id)
    .outerjoin(User, User.id == Payment.user_id)
    .outerjoin(_OPPOSITE, _OPPOSITE.reverses == Payment.id),
    columns=(
        Column("number", "票号", Receipt.number, Kind.NUMBER, 17, find=True),
        Column("at", "时间", Receipt.entered_at, Kind.MOMENT, 16),
        Column("house", "房号", House.number, Kind.NUMBER, 11, order=House.sort_key,
               find=lambda word: list_search.house(House.number, House.number_key, word)),
        Column("amount", "金额（元）", figures.RECEIPT_AMOUNT, Kind.MONEY, 11, total=True),
        Column("method", "方式", figures.RECEIPT_METHOD, width=7, read=lambda method: METHODS.get(method, SEVERAL)),
        Column("payer", "付款人", figures.payer_name(Payment.payer_id), width=12,
               find=lambda word: Payment.payer_id.in_(figures.payers(list_search.contains(Person.name, word)))),
        Column("cashier", "收款人", User.name, width=9, find=True),
        Column("state", "状态", _STATE, Kind.STATE, 10, states=STATES),
        Column("again", "补打", figures.RECEIPT_PRINTS, Kind.COUNT, 6, read=_again),
    ),
    default=(Sort("number", True),),
    reads=frozenset({"ledger", "house", "resident"}),
    filters=(
        Flag("today", "今天", Payment.on == figures.TODAY),
        Choice("method", "方式", options=tuple(
            (code, title, figures.paid_by(code)) for code, title in METHODS.items())),
        Flag("undone", "作废与红冲", (Payment.reverses.is_not(None)) | (_OPPOSITE.id.is_not(None))),
    ),
    personal=True,
)  # fmt: skip


@use_case(Permission.SEE_MONEY)
def keys(work: Work, query: Query) -> array[int]:
    """The receipts that match, in order."""
    return RECEIPTS.keys(work, query)


@use_case(Permission.SEE_MONEY)
def rows(work: Work, keys: Sequence[int]) -> dict[int, ReceiptRow]:
    """The receipts of these keys."""
    return RECEIPTS.rows(work, keys)


@use_case(Permission.SEE_MONEY)
def totals(work: Work, query: Query) -> dict[str, int]:
    """Sums of all receipts that match."""
    return RECEIPTS.totals(work, query)


@use_case(Permission.SEE_MONEY)
def counts(work: Work, query: Query) -> Counts:
    """How many receipts match, by filter."""
    return RECEIPTS.counts(work, query)


@use_case(Permission.SEE_MONEY, audit="list.exported")
def export(work: Work, query: Query, target: Path, columns: Sequence[str] = ()) -> Exported:
    """Write the receipts that match to a workbook."""
    return list_export.write(work, RECEIPTS, query, target, columns)
