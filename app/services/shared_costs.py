"""公摊费用: the invoices that are divided among the houses of a period, entered once and shown in the public sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from app.domain.kinds import shared
from app.domain.money import Fen
from app.domain.period import Cycle, Period, period_containing
from app.domain.quantity import Price, Quantity
from app.domain.tariff import Scope
from app.security.permissions import Permission
from app.services import look_up
from app.services.refused import refuse
from app.services.tariffs import scope_ref
from app.services.use_case import use_case
from db.models.ledger import Charge
from db.models.tariff import FeeItem, SharedCost
from db.queries.taken_back import TAKEN_BACK
from db.work import Work

MOST_FEN = 10**11


@dataclass(frozen=True, slots=True)
class NewCost:
    """An invoice as typed: the item's code, a month of the period it is for, fen; quantity 1e-4, unit price 1e-6 yuan.

    An empty `building` divides it among all houses that have the item.
    """

    item: str
    period: str
    amount: Fen
    building: str = ""
    supplier: str = ""
    invoice: str = ""
    quantity: int | None = None
    unit_price: int | None = None


@dataclass(frozen=True, slots=True)
class CostRow:
    """An invoice to be divided; `cost` is its place among the item's costs of the period (1, 2 …)."""

    cost: int
    item: str
    item_name: str
    first: date
    last: date
    building: str
    amount_fen: int
    supplier: str
    invoice: str
    quantity: str | None
    unit_price: str | None
    billed: bool


def shared_item(work: Work, code: str) -> Row[Any]:
    """The item, which must divide costs. Raises Refused `not_shared`. For bodies of use cases."""
    item = look_up.item(work, code)
    if item.kind != shared.KIND.code:
        raise refuse("not_shared", "{code} 不是公摊的项目。", "请选公摊项目。", code=code, field="item")
    return item


def _billed(work: Work, item_id: int, first: date, last: date) -> bool:
    return (
        work.execute(
            select(Charge.id)
            .where(
                Charge.item_id == item_id, Charge.period_from >= first, Charge.period_to <= last,
                Charge.part == "principal", Charge.id.not_in(TAKEN_BACK),
            )
            .limit(1)
        ).first()
        is not None
    )  # fmt: skip


@use_case(Permission.RUN_BILLS, audit="cost.added", touches=frozenset({"tariff"}))
def add(work: Work, new: NewCost) -> CostRow:
    """Enter a cost of a period; it is divided by the next run of that period.

    Raises Refused `not_shared`, `cost_amount`, `cost_billed` where the period was posted already, `cost_twice` for an
    invoice number that is there.
    """
    item = shared_item(work, new.item)
    month = Period.parse(new.period)
    first, last = period_containing(Cycle(item.cycle), item.anchor, month.first)
    if not 0 < abs(new.amount) <= MOST_FEN:
        raise refuse("cost_amount", "公摊费用不能是 0，也不能这样大。", "请核对金额。", field="amount")
    if _billed(work, item.id, first, last):
        raise refuse(
            "cost_billed", "{item} 在 {first} 至 {last} 已经出过账。", "请先作废那次出账，或记到下一期。",
            item=item.name, first=first, last=last, field="period",
        )  # fmt: skip
    invoice, supplier = new.invoice.strip()[:60], new.supplier.strip()[:60]
    same = select(SharedCost.id).where(
        SharedCost.item_id == item.id, SharedCost.invoice == invoice, SharedCost.state == "entered"
    )
    if invoice and work.execute(same).first():
        raise refuse("cost_twice", "发票 {invoice} 已经录过。", "请核对发票号。", invoice=invoice, field="invoice")
    scope = Scope.BUILDING if new.building.strip() else Scope.ESTATE
    ref = scope_ref(work, scope, new.building)
    (cost_id,) = work.insert(
        SharedCost,
        ("item_id", "scope", "scope_ref", "period_from", "period_to", "amount", "supplier", "invoice", "quantity",
         "unit_price", "state", "entered_by", "seq"),
        [(item.id, str(scope), ref, first.isoformat(), last.isoformat(), new.amount, supplier, invoice, new.quantity,
          new.unit_price, "entered", work.user_id, work.seq)],
    )  # fmt: skip
    detail = {"item": item.code, "from": first.isoformat(), "amount_fen": new.amount, "invoice": invoice}
    work.audit("cost.added", "shared_cost", cost_id, detail=detail)
    return next(row for row_id, row in _rows(work, item.code) if row_id == cost_id)


@use_case(Permission.RUN_BILLS, audit="cost.dropped", touches=frozenset({"tariff"}))
def drop(work: Work, code: str, period: str, cost: int) -> CostRow:
    """Take back a cost that is not billed yet; `cost` is its place in the period.

    Raises Refused `unknown_cost`, `cost_billed`.
    """
    item = shared_item(work, code)
    first, last = period_containing(Cycle(item.cycle), item.anchor, Period.parse(period).first)
    found = [pair for pair in _rows(work, item.code) if pair[1].first == first and pair[1].cost == cost]
    if not found:
        raise refuse("unknown_cost", "{period} 没有第 {cost} 笔公摊费用。", "请核对序号。", period=period, cost=cost)
    if _billed(work, item.id, first, last):
        raise refuse("cost_billed", "{item} 在 {first} 至 {last} 已经出过账。", "请先作废那次出账。", item=item.name,
                     first=first, last=last)  # fmt: skip
    ((cost_id, dropped),) = found
    work.execute(
        update(SharedCost).where(SharedCost.id == cost_id).values(state="dropped", version=SharedCost.version + 1)
    )
    detail = {"item": item.code, "from": first.isoformat(), "amount_fen": dropped.amount_fen}
    work.audit("cost.dropped", "shared_cost", cost_id, detail=detail)
    return dropped


@use_case(Permission.SEE_MONEY)
def listing(work: Work, code: str | None = None) -> tuple[CostRow, ...]:
    """The costs of an item, or of all, oldest period first."""
    return tuple(row for _, row in _rows(work, code))


def _rows(work: Work, code: str | None) -> list[tuple[int, CostRow]]:
    """Id and row of each cost, oldest period first."""
    query = (
        select(SharedCost, FeeItem.code, FeeItem.name)
        .join(FeeItem, FeeItem.id == SharedCost.item_id)
        .where(SharedCost.state == "entered")
        .order_by(SharedCost.period_from, FeeItem.code, SharedCost.id)
    )
    if code is not None:
        query = query.where(FeeItem.code == code)
    found: list[tuple[int, CostRow]] = []
    places: dict[tuple[int, date], int] = {}
    billed: dict[tuple[int, date], bool] = {}
    for row in work.execute(query):
        key = (row.item_id, row.period_from)
        places[key] = places.get(key, 0) + 1
        if key not in billed:
            billed[key] = _billed(work, row.item_id, row.period_from, row.period_to)
        shown = CostRow(
            places[key], row.code, row.name, row.period_from, row.period_to, row.scope_ref, row.amount, row.supplier,
            row.invoice, None if row.quantity is None else Quantity(row.quantity).show(),
            None if row.unit_price is None else Price(row.unit_price).show(), billed[key],
        )  # fmt: skip
        found.append((row.id, shown))
    return found
