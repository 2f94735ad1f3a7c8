"""收费项目: what is charged, by which rules, and which house has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.fee_rule import SetOff, check_due, check_rates
from app.domain.kinds import kind_of
from app.domain.late_fee import rate_warnings
from app.domain.period import Cycle, When
from app.domain.problem import problem
from app.domain.proration import Method, StartRule
from app.domain.quantity import FACTOR_SCALE, Factor, Rate
from app.domain.rounding import Rule, Unit
from app.domain.tariff import Policy
from app.security.permissions import Permission
from app.services import look_up
from app.services.refused import refuse
from app.services.use_case import use_case
from db.models.tariff import FeeItem, FeeRule, HouseItem
from db.work import Work

HOUSE_KINDS = ("house", "shop", "parking", "storage")
FROM_THE_BEGINNING = date(1970, 1, 1)
_CODE = re.compile(r"[A-Za-z0-9._\u4e00-\u9fff-]{1,32}")


@dataclass(frozen=True, slots=True)
class NewItem:
    """A fee item as typed. Due day and offset (months) None: as the office's settings say. Late rate 1e-8 a day (None:
    the contract has no late fee), cap 1e-6 of the principal; VAT that its prices include, 1e-8 (None: none); whether
    prepaid balance settles it.
    """

    code: str
    name: str
    kind: str
    cycle: Cycle = Cycle.MONTH
    when: When | None = None
    anchor: int = 1
    houses: str = "house,shop"
    unit: Unit = Unit.FEN
    rule: Rule = Rule.HALF_UP
    start_rule: StartRule = StartRule.NEXT_MONTH
    part_month: Method = Method.ACTUAL_DAYS
    tariff_change: Policy = Policy.SPLIT_BY_DAY
    due_day: int | None = None
    due_offset: int | None = None
    late_rate: int | None = None
    late_cap: int | None = FACTOR_SCALE
    grace: int = 0
    vat_rate: int | None = None
    set_off: SetOff = SetOff.ALLOWED


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """The code of the item that was written; `warnings` are sentences."""

    item: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A fee item with today's rules, for lists."""

    item: str
    name: str
    kind: str
    kind_title: str
    cycle: str
    when: str
    anchor: int
    houses: str
    unit: str
    rule: str
    start_rule: str
    due_day: int | None
    due_offset: int | None
    late_rate: str | None
    grace: int
    vat_rate: str | None
    part_month: str = Method.ACTUAL_DAYS
    tariff_change: str = Policy.SPLIT_BY_DAY
    set_off: str = SetOff.ALLOWED


@dataclass(frozen=True, slots=True)
class AssignAnswer:
    """Which house has which item, from when to when."""

    item: str
    house: str


def _houses(text: str) -> str:
    if text == "listed":
        return text
    kinds = [kind.strip() for kind in text.split(",") if kind.strip()]
    if not kinds or any(kind not in HOUSE_KINDS for kind in kinds):
        raise problem(
            "fee.houses", "适用范围应为 listed，或 house、shop、parking、storage 用逗号连接。", "请改正适用范围。"
        )
    return ",".join(dict.fromkeys(kinds))


def _check(item: NewItem) -> None:
    if not _CODE.fullmatch(item.code):
        raise problem("fee.code", "项目代码应为 1 到 32 个字母、数字或汉字。", "请换一个代码。")
    if not 0 < len(item.name.strip()) <= 40:
        raise problem("fee.name", "项目名称应为 1 到 40 个字。", "请改短。")
    if not 1 <= item.anchor <= 12:
        raise problem("fee.anchor", "起算月应为 1 到 12。", "请改正起算月。")
    check_due(item.due_day, item.due_offset)
    check_rates(item.late_rate, item.late_cap, item.grace, item.vat_rate, liability=kind_of(item.kind).liability)


def put_item(work: Work, item: NewItem) -> int:
    """Write a new item with its first rules; for bodies of use cases. Raises Problem or Refused `item_exists`."""
    kind = kind_of(item.kind)
    _check(item)
    if work.execute(select(FeeItem.id).where(FeeItem.code == item.code)).first():
        raise refuse("item_exists", "已经有收费项目 {code}。", "请换一个代码。", code=item.code, field="code")
    when = item.when or kind.when
    columns = ("code", "name", "kind", "cycle", "bill_when", "anchor", "houses")
    row = (item.code, item.name.strip(), kind.code, str(item.cycle), str(when), item.anchor, _houses(item.houses))
    (item_id,) = work.insert(FeeItem, columns, [row])
    ruled = ("item_id", "valid_from", "unit", "rule", "start_rule", "part_month", "tariff_change", "due_day",
               "due_offset", "late_rate", "late_cap", "grace_days", "vat_rate", "set_off")  # fmt: skip
    rules = (item_id, FROM_THE_BEGINNING.isoformat(), str(item.unit), str(item.rule), str(item.start_rule),
             str(item.part_month), str(item.tariff_change), item.due_day, item.due_offset, item.late_rate,
             item.late_cap, item.grace, item.vat_rate, str(item.set_off))  # fmt: skip
    work.many("fee_rule", ruled, [rules])
    return item_id


@use_case(Permission.SET_TARIFF, audit="fee.added", touches=frozenset({"tariff"}))
def add(work: Work, item: NewItem) -> ItemAnswer:
    """Write a new fee item."""
    item_id = put_item(work, item)
    work.audit("fee.added", "fee_item", item_id, detail={"code": item.code, "kind": item.kind})
    return ItemAnswer(item.code, rate_warnings(item.late_rate))


@use_case(Permission.SEE_TARIFFS)
def listing(work: Work) -> tuple[ItemRow, ...]:
    """All fee items with the rules that hold today."""
    newest: dict[int, FeeRule] = {}
    for rule in work.execute(select(FeeRule).where(FeeRule.valid_from <= work.today).order_by(FeeRule.valid_from)):
        newest[rule.item_id] = rule
    rows = []
    for item in work.execute(select(FeeItem).order_by(FeeItem.code)):
        rule = newest[item.id]
        rows.append(
            ItemRow(
                item.code,
                item.name,
                item.kind,
                kind_of(item.kind).title,
                item.cycle,
                item.bill_when,
                item.anchor,
                item.houses,
                rule.unit,
                rule.rule,
                rule.start_rule,
                rule.due_day,
                rule.due_offset,
                None if rule.late_rate is None else Rate(rule.late_rate).show(),
                rule.grace_days,
                None if rule.vat_rate is None else Rate(rule.vat_rate).show(),
                rule.part_month,
                rule.tariff_change,
                rule.set_off,
            )
        )
    return tuple(rows)


@use_case(Permission.SET_TARIFF, audit="fee.assigned", touches=frozenset({"house_item"}))
def assign(
    work: Work,
    code: str,
    number: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    count: int = 1,
    factor: int = FACTOR_SCALE,
) -> AssignAnswer:
    """Give a house an item between two days, with a count and a factor (1e-6)."""
    item, house = look_up.item(work, code), look_up.house(work, number)
    if valid_from and valid_to and valid_to < valid_from:
        raise refuse("dates_swapped", "止日早于起日。", "请改正起止日期。", field="to")
    if not 1 <= count <= 9999:
        raise refuse("bad_count", "份数应为 1 到 9999。", "请改正份数。", field="count")
    if not 0 <= factor <= 10 * FACTOR_SCALE:
        raise refuse("bad_factor", "系数应在 0 到 10 之间。", "请改正系数。", field="factor")
    _no_overlap(work, house.id, item.id, valid_from, valid_to)
    stored_from = valid_from.isoformat() if valid_from else None
    stored_to = valid_to.isoformat() if valid_to else None
    (row_id,) = work.insert(
        HouseItem,
        ("house_id", "item_id", "valid_from", "valid_to", "count", "factor"),
        [(house.id, item.id, stored_from, stored_to, count, factor)],
    )
    detail = {"item": code, "from": stored_from, "to": stored_to, "count": count, "factor": Factor(factor).show()}
    work.audit("fee.assigned", "house_item", row_id, detail=detail)
    return AssignAnswer(item.code, house.number)


def _no_overlap(work: Work, house_id: int, item_id: int, first: date | None, last: date | None) -> None:
    rows = work.execute(
        select(HouseItem.valid_from, HouseItem.valid_to).where(
            HouseItem.house_id == house_id, HouseItem.item_id == item_id
        )
    )
    for start, end in rows:
        if (first is None or end is None or first <= end) and (last is None or start is None or start <= last):
            raise refuse(
                "item_overlaps",
                "这户在这段时间已经有这个项目（{start} 至 {end}）。",
                "请换一个起止日期。",
                start=start or "最初",
                end=end or "长期",
                field="from",
            )
