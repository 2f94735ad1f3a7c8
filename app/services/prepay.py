"""预交: months ahead are posted and paid at once, and some of them may be free (HANDBOOK §2.2, §2.9).

N + M months are charged from the first one that is not billed yet; money settles N of them, an adjustment M.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from app.domain.kinds import kind_of
from app.domain.money import Fen, yuan
from app.domain.period import Cycle, Period, When
from app.domain.prepay import free_of, within
from app.security.permissions import Permission
from app.services import look_up, settings
from app.services.adjustments import approvers
from app.services.billing_ahead import HouseRun
from app.services.billing_discounts import FOR_ALL
from app.services.billing_line import LineRow
from app.services.billing_review import REASONS
from app.services.charge_lines import put_lines
from app.services.entrance import Approver
from app.services.one_off import payer_of
from app.services.payments import receipt_number
from app.services.projections import lower_open
from app.services.purse import check_method, reference_of
from app.services.refused import refuse
from app.services.two_persons import Consent, consent, need_reason
from app.services.use_case import use_case
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Receipt
from db.queries import billing as read
from db.queries.taken_back import TAKEN_BACK
from db.work import Work

MOST_MONTHS = 36
GIFT = "prepay_gift"
"""The kind of the adjustment that lets the free months off."""


@dataclass(frozen=True, slots=True)
class AheadRow:
    """A period that is posted ahead, in fen; `free` where an adjustment lets it off."""

    period: str
    first: date
    last: date
    amount_fen: int
    free: bool


@dataclass(frozen=True, slots=True)
class Ahead:
    """What paying ahead comes to. `agreed`: nobody else need agree to the free months. `warning` is empty or says that
    it reaches further than the office allows.
    """

    house: str
    item: str
    item_name: str
    payer: str
    rows: tuple[AheadRow, ...]
    payable_fen: int
    waived_fen: int
    first: date
    last: date
    agreed: bool
    warning: str


@dataclass(frozen=True, slots=True)
class Prepaid:
    """A payment ahead that is booked: `amount_fen` was paid, `waived_fen` let off; `last` is the last day covered."""

    receipt: str
    house: str
    item: str
    item_name: str
    method: str
    amount_fen: int
    waived_fen: int
    first: date
    last: date
    periods: int
    warning: str


def _item(work: Work, code: str) -> Row[Any]:
    item = look_up.item(work, code)
    if item.kind not in FOR_ALL or When(item.bill_when) is not When.ADVANCE or not kind_of(item.kind).periodic:
        raise refuse("not_ahead", "{name} 不能预交。", "只有先收后用、按期的费用能预交。", name=item.name, field="item")
    return item


def _periods(item: Row[Any], months: int, free: int) -> tuple[int, int]:
    """How many billing periods are paid and free."""
    if not 1 <= months <= MOST_MONTHS or not 0 <= free <= months:
        raise refuse(
            "bad_months", "预交应为 1 到 {n} 个月，赠送不多于预交。", "请改正月数。", n=MOST_MONTHS, field="months"
        )
    length = Cycle(item.cycle).months
    if months % length or free % length:
        raise refuse(
            "not_whole_periods", "{name} 每 {n} 个月收一次，预交的月数要是它的整倍数。", "请改正月数。", name=item.name,
            n=length, field="months",
        )  # fmt: skip
    return months // length, free // length


def _first_month(work: Work, house_id: int, item_id: int) -> Period:
    """The billing month after the last posted one; today's where none was posted."""
    last = work.execute(
        select(func.max(Charge.period_to)).where(
            Charge.house_id == house_id,
            Charge.item_id == item_id,
            Charge.part == "principal",
            Charge.id.not_in(TAKEN_BACK),
        )
    ).scalar()
    if last is None:
        return Period.of(work.today)
    return Period.of(last).plus(1) if last == Period.of(last).last else Period.of(last)


def _lines(work: Work, house: Row[Any], item: Row[Any], payer: int, periods: int) -> list[tuple[LineRow, str]]:
    run, found = HouseRun(work, house.id, work.today), list[tuple[LineRow, str]]()
    month = _first_month(work, house.id, item.id)
    for _ in range(periods * Cycle(item.cycle).months + 12):
        planned = run.month(month, run.items(month, item.code))
        if planned.exceptions:
            why = planned.exceptions[0].reason
            raise refuse(
                "cannot_bill_ahead", "{house} {month} 的{item}算不出来：{why}。", "请先补齐，再预交。",
                house=house.number, month=month, item=item.name, why=REASONS.get(why, why), field="item",
            )  # fmt: skip
        if any(line.payer_id != payer for line in planned.lines):
            raise refuse(
                "payer_changes", "{house} 的付款人在 {month} 会变，不能预交到那时。", "请少预交几个月。",
                house=house.number, month=month, field="months",
            )  # fmt: skip
        found += [(line, planned.month) for line in planned.lines]
        if len(found) >= periods:
            return found[:periods]
        month = month.plus(1)
    raise refuse("no_item", "{house} 没有{item}要收。", "请核对收费项目。", house=house.number, item=item.name,
                 field="item")  # fmt: skip


def _look(
    work: Work, number: str, code: str, months: int, free: int
) -> tuple[Row[Any], Row[Any], int, Ahead, list[Any]]:
    house, item = look_up.house(work, number), _item(work, code)
    paid, gift = _periods(item, months, free)
    payer = payer_of(work, house)
    lines = _lines(work, house, item, payer, paid + gift)
    rows = tuple(
        AheadRow(str(Period.of(line.first)), line.first, line.last, line.amount, at >= paid)
        for at, (line, _) in enumerate(lines)
    )
    payable = sum(row.amount_fen for row in rows if not row.free)
    waived = sum(row.amount_fen for row in rows if row.free)
    said = settings.values(work)
    longest = int(said["prepay_months"])
    warning = ""
    if not within(months, longest):
        warning = f"预交 {months} 个月，超过 {longest} 个月。"
    agreed = not waived or free <= free_of(said["prepay_offers"], months) or waived <= int(said["waiver_limit_fen"])
    name = look_up.party_name(work, payer)
    ahead = Ahead(
        house.number, item.code, item.name, name, rows, payable, waived, rows[0].first, rows[-1].last, agreed, warning
    )
    return house, item, payer, ahead, lines


@use_case(Permission.TAKE_PAYMENT)
def rehearse(work: Work, number: str, code: str, months: int, free: int = 0) -> Ahead:
    """What paying so many months ahead comes to, period by period. Writes nothing.

    Raises Refused `not_ahead`, `bad_months`, `not_whole_periods`, `cannot_bill_ahead`, `payer_changes`, `no_payer`.
    """
    return _look(work, number, code, months, free)[3]


def _consent(work: Work, ahead: Ahead, reason: str | None, second: Approver | None) -> Consent:
    """Who agreed to the free months: nobody need where the office offers them to everybody."""
    if ahead.agreed:
        return Consent(False, None)
    given = consent(work, "charge.adjust", second, approvers=approvers(work))
    if given is None:
        raise refuse(
            "second_needed", "送 {fen} 元不在办公室的优惠里，要经理当场批准。",
            "请批准人输入用户名和密码，或由经理在设置里登记优惠。", fen=yuan(ahead.waived_fen), field="second",
        )  # fmt: skip
    need_reason(reason)
    return given


@use_case(Permission.TAKE_PAYMENT, audit="payment.prepaid", touches=frozenset({"ledger"}))
def take(
    work: Work,
    number: str,
    code: str,
    months: int,
    free: int = 0,
    method: str = "cash",
    reason: str | None = None,
    reference: str | None = None,
    *,
    second: Approver | None = None,
) -> Prepaid:
    """Post so many months ahead with the free ones after them, take the money for the paid ones, in one act with one
    receipt. Free months that are no offer of the office (setting `prepay_offers`) take a second person at once.
    `reference` is the channel's own number.

    Raises Refused as `rehearse`; `second_needed`, `reason_needed`, `prepay_too_long`, `nothing_to_pay`,
    `unknown_method`, `not_approver`, `reference_used`.
    """
    check_method(work, method)
    channel = reference_of(work, reference)
    house, item, payer, ahead, lines = _look(work, number, code, months, free)
    if ahead.warning and settings.value(work, "prepay_over") == "stop":
        raise refuse("prepay_too_long", ahead.warning, "请少预交几个月，或由经理改设置。", field="months")
    if ahead.payable_fen <= 0:
        raise refuse("nothing_to_pay", "这几个月没有要交的钱。", "请核对收费标准和折扣。", field="months")
    given = _consent(work, ahead, reason, second)
    day = work.today
    charges = put_lines(work, day.isoformat(), [(line, month, None, None) for line, month in lines])
    row = (house.id, payer, ahead.payable_fen, method, "normal", work.user_id, None, channel)
    (payment_id,) = work.append(Payment, day, [row])
    receipt = receipt_number(work)
    work.append(Receipt, day, [(receipt, payment_id, "normal")])
    paid = [
        (charge, r.amount_fen) for charge, r in zip(charges, ahead.rows, strict=True) if not r.free and r.amount_fen
    ]
    gifts = [(charge, r.amount_fen) for charge, r in zip(charges, ahead.rows, strict=True) if r.free and r.amount_fen]
    work.append(Allocation, day, [(charge, "paid", fen, payment_id, None, None) for charge, fen in paid])
    work.append(Adjustment, day, [(charge, -fen, GIFT, work.user_id) for charge, fen in gifts])
    lower_open(work, dict([*paid, *gifts]))
    detail: Mapping[str, object] = {
        "receipt": receipt, "house": house.number, "item": item.code, "method": method, "months": months, "free": free,
        "from": ahead.first.isoformat(), "to": ahead.last.isoformat(), "amount_fen": ahead.payable_fen,
        "waived_fen": ahead.waived_fen, "reason": (reason or "").strip(),
    }  # fmt: skip
    work.audit("payment.prepaid", "payment", payment_id, detail=detail, sole=given.sole, approver_id=given.approver_id)
    return Prepaid(
        receipt, house.number, item.code, item.name, method, ahead.payable_fen, Fen(ahead.waived_fen), ahead.first,
        ahead.last, len(ahead.rows), ahead.warning,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offered:
    """An item that a house can pay ahead, and its first month that is not billed."""

    item: str
    name: str
    months: int
    """Length of its period."""
    first: str


@use_case(Permission.TAKE_PAYMENT)
def offered(work: Work, number: str) -> tuple[tuple[Offered, ...], str]:
    """The items that a house may pay ahead, the fee by area first, and the office's offers as they stand."""
    house = look_up.house(work, number)
    held = read.held_items(work.connection)
    rows, kinds = list[Offered](), dict[str, str]()
    for item in read.items(work.connection):
        has = house.id in held.get(item.id, {}) or (item.houses != "listed" and house.kind in item.houses.split(","))
        if has and item.kind in FOR_ALL and When(item.bill_when) is When.ADVANCE:
            first = _first_month(work, house.id, item.id)
            kinds[item.code] = item.kind
            rows.append(Offered(item.code, item.name, Cycle(item.cycle).months, str(first)))
    rows.sort(key=lambda row: kinds[row.item] != "area")
    return tuple(rows), settings.value(work, "prepay_offers")
