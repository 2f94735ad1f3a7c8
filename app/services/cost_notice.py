"""公摊公示: a divided cost for the wall, house by house, with nobody's name (HANDBOOK §2.5, §9.6).

Once it is billed the shares are read from the charges; before that they are what the run would post.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from app.domain.charge import Share
from app.domain.kinds import kind_of
from app.domain.kinds.shared import BY_WORDS, By
from app.domain.money import Fen, parse_yuan, yuan
from app.domain.period import Cycle, Period, period_containing
from app.domain.quantity import Price, Quantity
from app.security.permissions import Permission
from app.services import estates, settings
from app.services.billing_items import version_of
from app.services.billing_shares import divide
from app.services.documents import keep, log_prints
from app.services.paper_file import put_file
from app.services.refused import refuse
from app.services.shared_costs import shared_item
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Charge, ChargePart
from db.models.tariff import SharedCost
from db.queries import billing as read
from db.queries.taken_back import TAKEN_BACK
from db.work import Work
from reports.papers import NoticeCost, NoticePaper, NoticeShare

DAYS = 7
"""How long a notice hangs where nobody says otherwise. [R]"""
_UNITS: Mapping[str, str] = {
    BY_WORDS[By.AREA]: "建筑面积 m²", BY_WORDS[By.HOUSE]: "户", BY_WORDS[By.USAGE]: "本户用量",
    BY_WORDS[By.FLOOR]: "折算面积 m²",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published:
    """A notice: the item, its period, what was divided (fen) among how many houses, whether it is billed already."""

    item: str
    item_name: str
    first: date
    last: date
    amount_fen: int
    costs: int
    houses: int
    billed: bool
    pages: int
    file: Path


@dataclass(frozen=True, slots=True)
class _Group:
    """A cost (or several alike) with the shares of its houses, in house order."""

    cost: int
    total_weight: int
    by: str
    shares: tuple[tuple[str, int, int], ...]
    """House, weight, fen."""


def _planned(work: Work, item: Row[Any], first: date, last: date) -> list[_Group]:
    """The shares as the run would post them."""
    connection, kind = work.connection, kind_of(item.kind)
    versions = tuple(version_of(row, kind) for row in read.tariffs(connection).get(item.id, ()))
    held = read.held_items(connection).get(item.id, {})
    houses = [
        house for house in read.houses(connection)
        if held.get(house.id) or (item.houses != "listed" and house.kind in item.houses.split(","))
    ]  # fmt: skip
    window = timedelta(days=int(settings.value(work, "reading_window")))
    costs = read.shared_costs(connection, item.id, first, last)
    divided = divide(connection, versions, costs, houses, (first, last), window)
    if divided.lacking:
        raise refuse(
            "shares_lacking", "有 {n} 户缺少分摊的依据，如 {house}。", "请补齐以后再公示。", n=len(divided.lacking),
            house=divided.lacking[0][0], field="code",
        )  # fmt: skip
    found: dict[tuple[int, int, str], list[tuple[str, int, int]]] = {}
    for house in houses:
        for share in divided.shares.get(house.id, ()):
            _put(found, house.number, share)
    return _groups(found)


def _put(found: dict[tuple[int, int, str], list[tuple[str, int, int]]], house: str, share: Share) -> None:
    rows = found.setdefault((int(share.cost), share.total_weight, share.basis), [])
    if rows and rows[-1][0] == house:
        before = rows.pop()
        rows.append((house, before[1], before[2] + int(share.amount)))
    else:
        rows.append((house, share.weight, int(share.amount)))


def _groups(found: Mapping[tuple[int, int, str], Sequence[tuple[str, int, int]]]) -> list[_Group]:
    return [_Group(cost, total, by, tuple(rows)) for (cost, total, by), rows in found.items()]


def _billed(work: Work, item_id: int, first: date, last: date) -> list[_Group]:
    """The shares as they were posted; what was taken back is left out, who paid in turn for a house is added up."""
    rows = work.execute(
        select(House.number, ChargePart.quantity, ChargePart.shown, ChargePart.inputs)
        .select_from(ChargePart)
        .join(Charge, Charge.id == ChargePart.charge_id)
        .join(House, House.id == Charge.house_id)
        .where(
            Charge.item_id == item_id, Charge.period_from >= first, Charge.period_to <= last,
            Charge.part == "principal", Charge.id.not_in(TAKEN_BACK), ChargePart.inputs.is_not(None),
        )
        .order_by(House.sort_key, Charge.id, ChargePart.id)
    )  # fmt: skip
    found: dict[tuple[int, int, str], list[tuple[str, int, int]]] = {}
    for number, weight, fen, inputs in rows:
        said = json.loads(inputs)
        if "cost" not in said:
            continue
        total = Quantity.parse(said["total_weight"]).units
        _put(found, number, Share(Fen(parse_yuan(said["cost"])), Fen(fen), weight, total, said["by"]))
    return _groups(found)


@use_case(Permission.SEE_MONEY, audit="cost.published")
def publish(
    work: Work,
    code: str,
    period: str,
    target: Path | None = None,
    shown_from: date | None = None,
    shown_to: date | None = None,
) -> Published:
    """Print the notice of an item's period (any month of it): each cost with its invoice's quantity and price, each
    house's share with its weight. It names houses, nobody who lives there.

    Raises Refused `not_shared`, `no_cost`, `shares_lacking`, `bad_span`; Problem as the division does.
    """
    item = shared_item(work, code)
    first, last = period_containing(Cycle(item.cycle), item.anchor, Period.parse(period).first)
    begin = shown_from or work.today
    end = shown_to or begin + timedelta(days=DAYS - 1)
    if end < begin:
        raise refuse("bad_span", "公示的止日早于起日。", "请改正日期。", field="to")
    costs = work.execute(
        select(SharedCost)
        .where(SharedCost.item_id == item.id, SharedCost.period_from == first, SharedCost.period_to == last,
               SharedCost.state == "entered")
        .order_by(SharedCost.id)
    ).all()  # fmt: skip
    if not costs:
        raise refuse("no_cost", "{item} 在 {first} 至 {last} 没有录入费用。", "请先录入这一期的费用。", item=item.name,
                     first=first, last=last, field="period")  # fmt: skip
    groups = _billed(work, item.id, first, last)
    billed = bool(groups)
    groups = groups or _planned(work, item, first, last)
    said = settings.values(work)
    estate = estates.first_name(work)
    paper = NoticePaper(
        item.name, f"{first.isoformat()} 至 {last.isoformat()}", begin.isoformat(), end.isoformat(), estate,
        said["letterhead"], said["office_name"], said["telephone"], billed,
        tuple(_cost(group, [cost for cost in costs if cost.amount == group.cost]) for group in groups),
    )  # fmt: skip
    file = target or work.place.folder / "out" / f"公摊公示-{item.code}-{first:%Y-%m}.pdf"
    (document,) = keep(work, "cost_notice", [(f"{item.code}-{first:%Y-%m}", paper)])
    log_prints(work, [document])
    from reports import cost_notice

    made = put_file(work, file, lambda path: cost_notice.write(path, paper))
    total = sum(cost.amount for cost in paper.costs)
    detail = {"item": item.code, "from": first.isoformat(), "document": document, "amount_fen": total}
    work.audit("cost.published", "fee_item", item.id, detail=detail)
    houses = len({share.house for cost in paper.costs for share in cost.shares})
    return Published(
        item.code, item.name, first, last, total, len(paper.costs), houses, billed, made.pages, file
    )  # fmt: skip


def _weight(group: _Group, weight: int) -> str:
    """Areas with two places, so that they stand below one another."""
    areas = group.by in (BY_WORDS[By.AREA], BY_WORDS[By.FLOOR])
    return Quantity(weight).show(2 if areas else 0)


def _cost(group: _Group, rows: Sequence[Any]) -> NoticeCost:
    """A cost with what its invoice says; costs alike stand together."""
    amount = sum(fen for _, _, fen in group.shares)
    facts: list[tuple[str, str]] = [("费用总额", f"{yuan(amount)} 元")]
    for cost in rows:
        if cost.quantity is not None:
            facts.append(("总用量", Quantity(cost.quantity).show()))
        if cost.unit_price is not None:
            facts.append(("单价", f"{Price(cost.unit_price).show(2)} 元"))
        if cost.supplier:
            facts.append(("供应单位", cost.supplier))
        if cost.invoice:
            facts.append(("发票号", cost.invoice))
    whole = f"{_weight(group, group.total_weight)}（{_UNITS.get(group.by, '')}）"
    facts += [("分摊办法", group.by), ("全部合计", whole), ("户数", f"{len(group.shares)} 户")]
    scope = next((f"{cost.scope_ref} 号楼" for cost in rows if cost.scope == "building"), "全小区")
    shares = tuple(NoticeShare(house, _weight(group, weight), fen) for house, weight, fen in group.shares)
    return NoticeCost(scope, tuple(facts), _UNITS.get(group.by, "依据"), amount, shares)
