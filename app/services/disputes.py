"""争议: an open charge that its payer contests. While it is flagged no late fee is quoted or posted for it (a setting)
and its payer is not dunned (HANDBOOK §3, §5.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.period import Period
from app.security.permissions import Permission
from app.services import look_up
from app.services.refused import refuse
from app.services.two_persons import need_reason
from app.services.use_case import use_case
from db.models.estate import House
from db.models.ledger import Charge
from db.models.projection import OpenCharge
from db.models.run import Dispute
from db.models.tariff import FeeItem
from db.queries import disputed as read
from db.queries import owed
from db.work import Work

TOUCHES = frozenset({"dunning", "ledger"})


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A contested charge: open fen today, since when, and why."""

    house: str
    item: str
    item_name: str
    period: str
    open_fen: int
    since: date
    reason: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """What was flagged, or is no longer: how many charges of an item and a first month served, fen open."""

    house: str
    item: str
    item_name: str
    period: str
    charges: int
    open_fen: int


def _charges(work: Work, number: str, code: str, period: str) -> tuple[str, int, list[owed.Open]]:
    """The open principals of an item and a first month, of a house or a space billed with it."""
    house, item, month = look_up.house(work, number), look_up.item(work, code), str(Period.parse(period))
    found = [
        charge
        for charge in owed.open_charges(work.connection, owed.group(work.connection, house.id))
        if charge.part == "principal" and charge.item_id == item.id and str(Period.of(charge.period_from)) == month
    ]
    if not found:
        raise refuse(
            "unknown_debt", "没有这笔未交的费用：{item} {period}。", "请核对项目代码和账期。", item=item.code,
            period=month, field="period",
        )  # fmt: skip
    return house.number, house.id, found


def _answer(house: str, found: Sequence[owed.Open]) -> Disputed:
    first = found[0]
    return Disputed(
        house, first.item, first.item_name, str(Period.of(first.period_from)), len(found),
        sum(charge.open for charge in found),
    )  # fmt: skip


@use_case(Permission.LOG_CONTACT, audit="dispute.added", touches=TOUCHES)
def add(work: Work, number: str, code: str, period: str, reason: str | None) -> Disputed:
    """Flag what is open of an item and a first month served (`2026-07`) as contested, from today.

    Raises Refused `unknown_debt`, `already_disputed`, `reason_needed`.
    """
    why = need_reason(reason)
    house, house_id, found = _charges(work, number, code, period)
    flagged = read.standing(work.connection)
    fresh = [charge for charge in found if charge.charge_id not in flagged]
    if not fresh:
        raise refuse("already_disputed", "这笔费用已经登记了争议。", "不用再登记。", field="period")
    columns = ("charge_id", "valid_from", "reason", "user_id", "seq")
    today = work.today.isoformat()
    work.insert(Dispute, columns, [(charge.charge_id, today, why, work.user_id, work.seq) for charge in fresh])
    answer = _answer(house, fresh)
    detail = {"item": answer.item, "period": answer.period, "reason": why, "open_fen": answer.open_fen}
    work.audit("dispute.added", "house", house_id, detail=detail)
    return answer


def carry(work: Work, anew: Mapping[int, int]) -> None:
    """What is contested stays so in the charge that now stands for it, or for a part of it (new: old). For bodies of
    use cases.
    """
    rows = work.execute(
        select(Dispute.charge_id, Dispute.valid_from, Dispute.reason, Dispute.user_id).where(
            Dispute.charge_id.in_(set(anew.values())), Dispute.valid_to.is_(None)
        )
    ).all()
    columns = ("charge_id", "valid_from", "reason", "user_id", "seq")
    work.insert(
        Dispute, columns,
        [(new, row.valid_from.isoformat(), row.reason, row.user_id, work.seq)
         for row in rows for new, old in anew.items() if old == row.charge_id],
    )  # fmt: skip


@use_case(Permission.LOG_CONTACT, audit="dispute.ended", touches=TOUCHES)
def end(work: Work, number: str, code: str, period: str, reason: str | None) -> Disputed:
    """The contest is over, with what came of it; dunning goes on from tomorrow, a late fee counts in full again: what
    was contested with reason is let off by an adjustment.

    Raises Refused `unknown_debt`, `not_disputed`, `reason_needed`.
    """
    why = need_reason(reason)
    house, house_id, found = _charges(work, number, code, period)
    rows = work.execute(
        select(Dispute.id, Dispute.version, Dispute.charge_id, Dispute.valid_from).where(
            Dispute.charge_id.in_([charge.charge_id for charge in found]), Dispute.valid_to.is_(None)
        )
    ).all()
    if not rows:
        raise refuse("not_disputed", "这笔费用没有登记争议。", "请核对项目代码和账期。", field="period")
    work.change_many(
        "dispute", ("id",), ("valid_to", "version"), [(work.today.isoformat(), row.version + 1, row.id) for row in rows]
    )
    ended = {row.charge_id for row in rows}
    answer = _answer(house, [charge for charge in found if charge.charge_id in ended])
    detail = {"item": answer.item, "period": answer.period, "reason": why}
    work.audit("dispute.ended", "house", house_id, detail=detail)
    return answer


@use_case(Permission.SEE_MONEY)
def listing(work: Work, number: str | None = None) -> tuple[DisputeRow, ...]:
    """The contested charges of a house or of all that are still open, in the order of the houses, oldest first."""
    query = (
        select(House.number, FeeItem.code, FeeItem.name, Charge.period_from, OpenCharge.open, Dispute)
        .join(Charge, Charge.id == Dispute.charge_id)
        .join(OpenCharge, OpenCharge.charge_id == Charge.id)
        .join(House, House.id == Charge.house_id)
        .join(FeeItem, FeeItem.id == Charge.item_id)
        .where(Dispute.valid_to.is_(None))
        .order_by(House.sort_key, Dispute.id)
    )
    if number is not None:
        query = query.where(Charge.house_id.in_(owed.group(work.connection, look_up.house(work, number).id)))
    return tuple(
        DisputeRow(
            row.number, row.code, row.name, str(Period.of(row.period_from)), row.open, row.valid_from,
            row.reason,
        )
        for row in work.execute(query)
    )  # fmt: skip
