"""折扣: a house pays only so much of an item, or of all by the month, between two days; by two persons as a waiver
(HANDBOOK §2.1, §2.9). What is posted already stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.domain.quantity import FACTOR_SCALE, Factor
from app.security.permissions import Permission
from app.services import look_up
from app.services.adjustments import approvers
from app.services.billing_discounts import FOR_ALL, FOR_ONE, KINDS
from app.services.entrance import Approver
from app.services.refused import refuse
from app.services.two_persons import PERFORM, Consent, Waiting, need_reason, perform_or_ask
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Charge
from db.models.tariff import Discount, FeeItem, HouseItem
from db.queries.taken_back import TAKEN_BACK
from db.work import Work

TOUCHES = frozenset({"house_item"})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DiscountRow:
    """A discount: for an item or for all (`item` None), its factor, first and last day. State coming, now or over."""

    house: str
    item: str | None
    item_name: str | None
    kind: str
    factor: str
    first: date
    last: date
    reason: str
    state: str


@dataclass(frozen=True, slots=True)
class Given:
    """A discount that is granted. `posted` charges of its days were posted before, and stay as they are."""

    house: str
    item: str | None
    kind: str
    factor: str
    first: date
    last: date
    posted: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A discount whose last day is now earlier; `last` before `first`: it never holds."""

    house: str
    item: str | None
    kind: str
    first: date
    last: date


def _item_id(work: Work, code: str | None) -> int | None:
    if code is None:
        return None
    item = look_up.item(work, code)
    if item.kind not in FOR_ONE:
        raise refuse(
            "discount_kind", "{name} 不能打折。", "公摊要分完，押金要退，一次性的费用请用减免。", name=item.name,
            field="item",
        )  # fmt: skip
    return int(item.id)


def _factor(typed: str) -> int:
    units = Factor.parse(typed).units
    if not 0 <= units < FACTOR_SCALE:
        raise refuse("bad_factor", "折扣应在 0 与 1 之间：{factor}。", "七折写 0.7。", factor=typed, field="factor")
    return units


def _check(work: Work, house: Any, item_id: int | None, factor: int, first: date, last: date) -> None:
    if last < first:
        raise refuse("bad_span", "止日早于起日。", "请改正日期。", field="to")
    same = Discount.item_id.is_(None) if item_id is None else Discount.item_id == item_id
    taken = work.execute(
        select(Discount.valid_from, Discount.valid_to).where(
            Discount.house_id == house.id, same, Discount.valid_to >= Discount.valid_from,
            Discount.valid_from <= last, Discount.valid_to >= first,
        )
    ).first()  # fmt: skip
    if taken is not None:
        raise refuse(
            "discount_overlaps", "{house} 在 {first} 至 {last} 已有折扣。", "请先结束原来的，或改日期。",
            house=house.number, first=taken.valid_from, last=taken.valid_to, field="from",
        )  # fmt: skip
    mine = select(HouseItem.factor).where(HouseItem.house_id == house.id)
    own = work.execute(mine if item_id is None else mine.where(HouseItem.item_id == item_id)).scalars()
    if any(each * factor % FACTOR_SCALE for each in own):
        raise refuse("factor_fine", "房屋自己的系数与折扣相乘超过六位小数。", "请减少折扣的小数位数。", field="factor")


@use_case(Permission.REQUEST_WAIVER, audit="discount.added", touches=TOUCHES)
def add(
    work: Work,
    number: str,
    kind: str,
    factor: str,
    first: date,
    last: date,
    reason: str | None,
    item: str | None = None,
    *,
    second: Approver | None = None,
) -> Given | Waiting:
    """Grant a house so much (`0.7`) of an item, or of all charged by the month, from a first to a last day; after it
    the full fee comes back by itself. Two for the same item may not overlap; an item's own beats one for all.

    Raises Refused `unknown_discount`, `bad_factor`, `bad_span`, `discount_kind`, `discount_overlaps`, `factor_fine`,
    `reason_needed`, `not_approver`.
    """
    if kind not in KINDS:
        raise refuse("unknown_discount", "没有这种折扣：{kind}。", "可用：" + "、".join(KINDS), kind=kind, field="kind")
    why, house, units = need_reason(reason), look_up.house(work, number), _factor(factor)
    _check(work, house, _item_id(work, item), units, first, last)
    arguments = {
        "house": house.number, "item": item, "kind": kind, "factor": units, "first": first.isoformat(),
        "last": last.isoformat(),
    }  # fmt: skip
    said = f"{house.number} {KINDS[kind]}折扣 {Factor(units).show()}（{item or '全部月费'}），{first} 至 {last}"
    return perform_or_ask(
        work, "discount.add", _perform, arguments, why, said, second, audit="discount.added",
        about=("house", house.id), approvers=approvers(work),
    )  # fmt: skip


def _posted(work: Work, house_id: int, item_id: int | None, first: date, last: date) -> int:
    """How many standing charges touch these days; they stay as they are."""
    which: ColumnElement[bool] = FeeItem.kind.in_(FOR_ALL) if item_id is None else FeeItem.id == item_id
    return int(
        work.execute(
            select(func.count())
            .select_from(Charge)
            .join(FeeItem, FeeItem.id == Charge.item_id)
            .where(
                Charge.house_id == house_id, which, Charge.part == "principal", Charge.period_from <= last,
                Charge.period_to >= first, Charge.id.not_in(TAKEN_BACK),
            )
        ).scalar_one()
    )  # fmt: skip


def _perform(work: Work, arguments: Mapping[str, Any], reason: str, given: Consent) -> Given:
    house, item, kind = look_up.house(work, str(arguments["house"])), arguments["item"], str(arguments["kind"])
    first, last = date.fromisoformat(str(arguments["first"])), date.fromisoformat(str(arguments["last"]))
    factor, item_id = int(arguments["factor"]), _item_id(work, item)
    _check(work, house, item_id, factor, first, last)
    columns = (
        "house_id", "item_id", "kind", "factor", "valid_from", "valid_to", "reason", "given_by", "approver_id", "seq",
    )  # fmt: skip
    row = (
        house.id, item_id, kind, factor, first.isoformat(), last.isoformat(), reason, work.user_id, given.approver_id,
        work.seq,
    )  # fmt: skip
    work.insert(Discount, columns, [row])
    detail = {**arguments, "factor": Factor(factor).show(), "reason": reason}
    work.audit("discount.added", "house", house.id, detail=detail, sole=given.sole, approver_id=given.approver_id)
    work.touched |= TOUCHES
    posted = _posted(work, house.id, item_id, first, last)
    return Given(house.number, item, kind, Factor(factor).show(), first, last, posted)


PERFORM["discount.add"] = _perform


@use_case(Permission.REQUEST_WAIVER, audit="discount.ended", touches=TOUCHES)
def end(work: Work, number: str, item: str | None, last: date | None, reason: str | None) -> Ended:
    """Let the running or coming discount of a house end early, on `last` (today): when somebody moved in, say. It takes
    a favour away, so one person does it, with a reason.

    Raises Refused `no_discount`, `reason_needed`.
    """
    why, house, until = need_reason(reason), look_up.house(work, number), last or work.today
    item_id = _item_id(work, item)
    row = work.execute(
        select(Discount)
        .where(
            Discount.house_id == house.id, Discount.valid_to > until, Discount.valid_to >= Discount.valid_from,
            Discount.item_id.is_(None) if item_id is None else Discount.item_id == item_id,
        )
        .order_by(Discount.valid_from)
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        raise refuse(
            "no_discount", "{house} 没有在 {day} 以后还有效的折扣。", "请核对项目和日期。", house=house.number,
            day=until, field="house",
        )  # fmt: skip
    until = max(until, row.valid_from - _DAY)
    work.change_many("discount", ("id",), ("valid_to", "version"), [(until.isoformat(), row.version + 1, row.id)])
    detail = {
        "house": house.number, "item": item, "kind": row.kind, "from": row.valid_from.isoformat(),
        "last": [row.valid_to.isoformat(), until.isoformat()], "reason": why,
    }  # fmt: skip
    work.audit("discount.ended", "house", house.id, detail=detail)
    return Ended(house.number, item, row.kind, row.valid_from, until)


@use_case(Permission.SEE_MONEY)
def listing(work: Work, number: str | None = None) -> tuple[DiscountRow, ...]:
    """The discounts of a house or of all, in the order of the houses, newest first; those that never held left out."""
    return rows_of(work, None if number is None else look_up.house(work, number).id)


def rows_of(work: Work, house_id: int | None) -> tuple[DiscountRow, ...]:
    """The same for bodies of use cases."""
    query = (
        select(House.number, FeeItem.code, FeeItem.name, Discount)
        .join(House, House.id == Discount.house_id)
        .outerjoin(FeeItem, FeeItem.id == Discount.item_id)
        .where(Discount.valid_to >= Discount.valid_from)
        .order_by(House.sort_key, Discount.valid_from.desc(), Discount.id)
    )
    rows = work.execute(query if house_id is None else query.where(Discount.house_id == house_id))
    return tuple(
        DiscountRow(
            row.number, row.code, row.name, row.kind, Factor(row.factor).show(), row.valid_from, row.valid_to,
            row.reason,
            "over" if row.valid_to < work.today else "coming" if row.valid_from > work.today else "now",
        )
        for row in rows
    )  # fmt: skip
