"""Fee sheets of a workbook: items that only listed houses have, their prices, and which house pays them from when."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from app.domain.period import Cycle, When
from app.domain.proration import StartRule
from app.domain.quantity import FACTOR_SCALE, Price
from app.domain.tariff import Scope
from app.security.permissions import Permission
from app.services.fees import NewItem, put_item
from app.services.import_changes import Changes
from app.services.import_register import RegisterPlan
from db.models.ledger import Charge
from db.models.tariff import FeeItem, HouseItem, Tariff
from db.types import canonical_json
from db.work import Work
from reports.excel.records import Fee

NAMES = ("name", "kind", "cycle", "bill_when", "anchor")


def plan(work: Work, register: RegisterPlan, changes: Changes) -> None:
    """Look at the fee sheets; without the right to money they are left out, with a warning each."""
    book = register.book
    if not book.fees and not book.house_fees:
        return
    if Permission.IMPORT_MONEY not in work.permissions:
        left_out = book.fees or book.house_fees
        for sheet in dict.fromkeys(record.sheet for record in left_out):
            place = next(record for record in left_out if record.sheet == sheet)
            changes.warn(place, "", "", "收费设置没有导入：您的角色没有这项权限。", "fee.no_right")
        return
    items = {row.code: row for row in work.execute(select(FeeItem))}
    prices = {row.item_id: row for row in work.execute(select(Tariff).where(Tariff.scope == "estate"))}
    posted = set(work.execute(select(Charge.item_id).distinct()).scalars())
    for fee in book.fees:
        _fee(fee, items, prices, posted, changes)
    _links(work, register, items, changes)


def _values(fee: Fee) -> dict[str, Any]:
    return {"name": fee.name, "kind": fee.kind, "cycle": fee.cycle, "bill_when": fee.when, "anchor": fee.anchor}


def _params(fee: Fee) -> dict[str, object]:
    params: dict[str, object] = {"price": Price(fee.price).show()}
    if fee.fixed:
        params["fixed"] = Price(fee.fixed).show()
    return params


def _fee(fee: Fee, items: dict[str, Any], prices: dict[int, Any], posted: set[int], changes: Changes) -> None:
    known, count = items.get(fee.code), changes.count("fee_item")
    if known is None:
        count.added += 1
        changes.writes.append(lambda work: _add(work, fee))
        return
    price = prices.get(known.id)
    same = all(getattr(known, name) == value for name, value in _values(fee).items())
    same_price = price is not None and (price.valid_from, price.valid_to, price.params) == (
        fee.valid_from, fee.valid_to, _params(fee))  # fmt: skip
    if same and same_price:
        count.unchanged += 1
    elif known.id in posted:
        changes.reject(fee, "费用编号", fee.code, "这个编号已经出过账，内容却不同；请用另一个编号。", "fee.posted")
    else:
        count.updated += 1
        changes.writes.append(lambda work: _change(work, known.id, fee))


def _add(work: Work, fee: Fee) -> None:
    item = NewItem(
        fee.code,
        fee.name,
        fee.kind,
        Cycle(fee.cycle),
        When(fee.when),
        fee.anchor,
        "listed",
        start_rule=StartRule.DELIVERY_DAY,
    )
    _price(work, put_item(work, item), fee)


def _price(work: Work, item_id: int, fee: Fee) -> None:
    columns = ("item_id", "scope", "scope_ref", "valid_from", "valid_to", "params")
    valid_to = fee.valid_to.isoformat() if fee.valid_to else None
    row = (item_id, str(Scope.ESTATE), "", fee.valid_from.isoformat(), valid_to, canonical_json(_params(fee)))
    work.insert(Tariff, columns, [row])


def _change(work: Work, item_id: int, fee: Fee) -> None:
    work.execute(update(FeeItem).where(FeeItem.id == item_id).values(**_values(fee), version=FeeItem.version + 1))
    work.execute(delete(Tariff).where(Tariff.item_id == item_id, Tariff.scope == "estate"))
    _price(work, item_id, fee)


def _links(work: Work, register: RegisterPlan, items: dict[str, Any], changes: Changes) -> None:
    held: dict[tuple[int, int], tuple[int, date | None]] = {
        (house, item): (row_id, start)
        for row_id, house, item, start in work.execute(
            select(HouseItem.id, HouseItem.house_id, HouseItem.item_id, HouseItem.valid_from)
        )
    }
    listed = {fee.code for fee in register.book.fees}
    new: list[tuple[str, str, date | None]] = []
    moved: list[tuple[str | None, int]] = []
    count = changes.count("house_item")
    for link in register.book.house_fees:
        house_id = register.ids.get(link.house_key)
        item = items.get(link.fee)
        if house_id is None or (item is None and link.fee not in listed):
            changes.warn(link, "房屋费用", link.fee, "没有这个费用编号，这户没有加上。", "fee.unknown")
            continue
        known = held.get((house_id, item.id)) if item is not None else None
        if known is None:
            count.added += 1
            new.append((link.house_key, link.fee, link.start))
        elif known[1] == link.start:
            count.unchanged += 1
        elif house_id in register.known.posted:
            changes.warn(link, "费用开始时间", link.start, "已经出过账，开始时间没有改。", "fee.start_kept")
            count.unchanged += 1
        else:
            count.updated += 1
            moved.append((link.start.isoformat() if link.start else None, known[0]))

    def write(work: Work) -> None:
        ids = dict(work.execute(select(FeeItem.code, FeeItem.id)).all())
        columns = ("house_id", "item_id", "valid_from", "count", "factor")
        rows = [
            (register.ids[key], ids[code], start.isoformat() if start else None, 1, FACTOR_SCALE)
            for key, code, start in new
        ]
        work.insert(HouseItem, columns, rows)
        work.change_many("house_item", ("id",), ("valid_from",), moved)

    changes.writes.append(write)
