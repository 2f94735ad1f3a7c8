"""Computing the projections anew from the entries: to compare them, or to write them anew."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import delete, func, select

from app.services.projections import insert_open, late_from
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Receipt, Refund
from db.models.projection import NumberSeries, OpenCharge, PayerBalance
from db.queries.sums import owed_by_entries, owed_by_projection
from db.work import Work

_Open = tuple[int, int, int, int, str, str, int, str, bool]


def _computed_open(work: Work) -> dict[int, _Open]:
    adjusted = select(Adjustment.charge_id, func.sum(Adjustment.amount).label("a")).group_by(Adjustment.charge_id)
    allocated = select(Allocation.charge_id, func.sum(Allocation.amount).label("b")).group_by(Allocation.charge_id)
    more, paid = adjusted.subquery(), allocated.subquery()
    left = Charge.amount + func.coalesce(more.c.a, 0) - func.coalesce(paid.c.b, 0)
    fees = select(Charge.base_charge).where(Charge.base_charge.is_not(None), Charge.kind != "opening")
    based = set(work.execute(fees).scalars())
    rows = work.execute(
        select(
            Charge.id, Charge.house_id, Charge.payer_id, Charge.item_id, Charge.part, Charge.due_date, left,
            Charge.kind, Charge.on, more.c.a.is_not(None) | paid.c.b.is_not(None),
        )
        .outerjoin(more, more.c.charge_id == Charge.id)
        .outerjoin(paid, paid.c.charge_id == Charge.id)
        .where(left > 0)
    )  # fmt: skip
    return {
        row[0]: (
            *row[:5],
            row[5].isoformat(),
            int(row[6]),
            late_from(row[5], row[7], row[8]),
            bool(row[9]) or row[0] in based,
        )
        for row in rows
    }


def _stored_open(work: Work) -> dict[int, _Open]:
    rows = work.execute(
        select(
            OpenCharge.charge_id, OpenCharge.house_id, OpenCharge.payer_id, OpenCharge.item_id, OpenCharge.part,
            OpenCharge.due_date, OpenCharge.open, OpenCharge.late_from, OpenCharge.touched,
        )
    )  # fmt: skip
    return {row[0]: (*row[:5], row[5].isoformat(), row[6], row[7].isoformat(), bool(row[8])) for row in rows}


def _computed_prepaid(work: Work) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}

    def add(rows: Sequence[tuple[int, int, int]], sign: int) -> None:
        for house_id, payer_id, amount in rows:
            key = (house_id, payer_id)
            found[key] = found.get(key, 0) + sign * int(amount)

    who = (Payment.house_id, Payment.payer_id)
    add(work.execute(select(*who, func.sum(Payment.amount)).group_by(*who)).all(), 1)
    of_payment = select(*who, func.sum(Allocation.amount)).join(Payment, Payment.id == Allocation.payment_id)
    add(work.execute(of_payment.group_by(*who)).all(), -1)
    refunded = select(*who, func.sum(Refund.amount)).join(Payment, Payment.id == Refund.payment_id)
    add(work.execute(refunded.group_by(*who)).all(), -1)
    adjusted = select(Adjustment.charge_id, func.sum(Adjustment.amount).label("a")).group_by(Adjustment.charge_id)
    more = adjusted.subquery()
    owner = (Charge.house_id, Charge.payer_id)
    net = Charge.amount + func.coalesce(more.c.a, 0)
    credit = select(*owner, func.sum(net)).outerjoin(more, more.c.charge_id == Charge.id).where(net < 0)
    add(work.execute(credit.group_by(*owner)).all(), -1)
    used = select(*owner, func.sum(Allocation.amount)).join(Charge, Charge.id == Allocation.credit_charge)
    add(work.execute(used.group_by(*owner)).all(), -1)
    paid_out = select(*owner, func.sum(Refund.amount)).join(Charge, Charge.id == Refund.credit_charge)
    add(work.execute(paid_out.group_by(*owner)).all(), -1)
    return {key: amount for key, amount in found.items() if amount}


def _stored_prepaid(work: Work) -> dict[tuple[int, int], int]:
    rows = work.execute(
        select(PayerBalance.house_id, PayerBalance.payer_id, PayerBalance.prepaid).where(PayerBalance.prepaid != 0)
    )
    return {(house, payer): amount for house, payer, amount in rows}


def _differing(computed: dict[int, _Open], stored: dict[int, _Open]) -> set[int]:
    """Charges whose rows differ. One that is called touched without need is only computed the longer way."""
    return {
        charge
        for charge in computed.keys() | stored.keys()
        if charge not in computed
        or charge not in stored
        or computed[charge][:-1] != stored[charge][:-1]
        or computed[charge][-1] > stored[charge][-1]
    }


def open_charges(work: Work) -> Sequence[str]:
    """Where open charges differ from the entries."""
    computed, stored = _computed_open(work), _stored_open(work)
    wrong = _differing(computed, stored)
    return [f"{len(wrong)} 笔未交款与账目不符（可由经理或管理员重建）"] if wrong else ()


def prepaid(work: Work) -> Sequence[str]:
    """Where prepaid balances differ from the entries, or are below 0."""
    computed, stored = _computed_prepaid(work), _stored_prepaid(work)
    wrong = {key for key in computed.keys() | stored.keys() if computed.get(key) != stored.get(key)}
    negative = [key for key, amount in computed.items() if amount < 0]
    found = [f"{len(wrong)} 户预存余额与账目不符（可由经理或管理员重建）"] if wrong else []
    if negative:
        found.append(f"{len(negative)} 户预存余额小于 0")
    return found


def sums(work: Work) -> Sequence[str]:
    """Owed = charged + adjusted − paid + prepaid + refunded."""
    left, owed = owed_by_entries(work.connection), owed_by_projection(work.connection)
    return () if left == owed else [f"未交合计 {owed} 分，与账目算出的 {left} 分不符"]


def receipt_numbers(work: Work) -> Sequence[str]:
    """Holes and doubles in the receipts' numbers."""
    by_year: dict[str, list[int]] = {}
    for number in work.execute(select(Receipt.number)).scalars():
        match = re.fullmatch(r"[A-Z]{1,4}(\d{4})-(\d{8})", number)
        if match is None:
            return [f"收据号 {number} 不合格式"]
        by_year.setdefault(match[1], []).append(int(match[2]))
    found = []
    for row in work.execute(select(NumberSeries).where(NumberSeries.series.like("receipt:%"))):
        used = sorted(by_year.pop(row.series.removeprefix("receipt:"), []))
        if used != list(range(row.first, row.next)):
            found.append(f"{row.series.removeprefix('receipt:')} 年的收据号不连续")
    found.extend(f"{year} 年的收据没有号序" for year in by_year)
    return found


def rebuild(work: Work) -> dict[str, object]:
    """Write the projections anew; gives how many rows differed."""
    computed, stored = _computed_open(work), _stored_open(work)
    balances, before = _computed_prepaid(work), _stored_prepaid(work)
    work.execute(delete(OpenCharge))
    insert_open(work, list(computed.values()))
    work.execute(delete(PayerBalance))
    work.many(
        "payer_balance", ("house_id", "payer_id", "prepaid"), [(*key, amount) for key, amount in balances.items()]
    )
    return {
        "open_charges": len(_differing(computed, stored)),
        "prepaid": sum(1 for key in balances.keys() | before.keys() if balances.get(key) != before.get(key)),
    }
