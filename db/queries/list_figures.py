"""Figures of one row of a list, as correlated subqueries: computed only for the rows that are shown, or sorted by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from db.days import days_between
from db.models.document import Document, PrintLog
from db.models.dunning import DunStep
from db.models.estate import House
from db.models.ledger import Adjustment, Allocation, Charge, Payment, Receipt
from db.models.people import Party, Person, Resident
from db.models.projection import OpenCharge, PayerBalance
from db.models.run import Bill
from db.models.tariff import FeeItem, PaidUntil
from db.queries.payers import billed, registered
from db.types import Day

TODAY = bindparam("today", type_=Day)

# The index of a charge's line holds principals only, and a parameter would hide that from the planner.
_PRINCIPAL = Charge.part == literal_column("'principal'")

HOUSE_OWED: Any = (
    select(func.coalesce(func.sum(OpenCharge.open), 0))
    .where(OpenCharge.house_id == House.id)
    .correlate(House)
    .scalar_subquery()
)
"""What a house owes in fen: posted entries, no quoted late fee."""

HOUSE_PREPAID: Any = (
    select(func.coalesce(func.sum(PayerBalance.prepaid), 0))
    .where(PayerBalance.house_id == House.id)
    .correlate(House)
    .scalar_subquery()
)
"""Prepaid balances at a house in fen."""

OLDEST_DUE: Any = (
    select(func.min(OpenCharge.due_date))
    .where(OpenCharge.house_id == House.id, OpenCharge.due_date < TODAY)
    .correlate(House)
    .scalar_subquery()
)
"""The due day of a house's oldest charge that is past due."""

_AREA_ITEMS = select(FeeItem.id).where(FeeItem.kind == "area")

FIRST_UNPAID: Any = (
    select(func.min(Charge.period_from))
    .join(OpenCharge, OpenCharge.charge_id == Charge.id)
    .where(OpenCharge.house_id == House.id, OpenCharge.item_id.in_(_AREA_ITEMS), OpenCharge.part == "principal")
    .correlate(House)
    .scalar_subquery()
)
"""The first day of the oldest open charge of a house's items by area."""

LAST_BILLED: Any = (
    select(func.max(Charge.period_to))
    .where(Charge.house_id == House.id, Charge.item_id.in_(_AREA_ITEMS), _PRINCIPAL)
    .correlate(House)
    .scalar_subquery()
)
"""The last day that was billed for a house's items by area."""

OPENED_UNTIL: Any = (
    select(func.max(PaidUntil.day))
    .where(PaidUntil.house_id == House.id, PaidUntil.item_id.in_(_AREA_ITEMS))
    .correlate(House)
    .scalar_subquery()
)
"""The last day that the opening state calls settled for a house's items by area."""

_VALID = or_(Resident.valid_to.is_(None), Resident.valid_to >= TODAY)


def _owner(value: Any) -> Any:
    return (
        select(value)
        .join(Resident, Resident.person_id == Person.id)
        .where(Resident.house_id == House.id, Resident.relation == "owner", _VALID)
        .order_by(Resident.position, Resident.id)
        .limit(1)
        .correlate(House)
        .scalar_subquery()
    )


OWNER_NAME, OWNER_PHONE = _owner(Person.name), _owner(Person.phone)
"""Today's first owner of a house."""


def houses_of_people(condition: Any) -> Any:
    """The houses that people with this condition belong to today."""
    return select(Resident.house_id).join(Person, Person.id == Resident.person_id).where(and_(condition, _VALID))


def payers(condition: Any) -> Any:
    """The parties with this condition."""
    return select(Party.id).join(Person, Person.id == Party.person_id).where(condition)


_PAYER = select(Person.name).join(Party, Party.person_id == Person.id)


def payer_name(party_id: Any) -> Any:
    """The name of a party."""
    return _PAYER.where(Party.id == party_id).correlate(House, Bill, Payment).scalar_subquery()


_OPEN_PAYER = (
    select(OpenCharge.payer_id)
    .where(OpenCharge.house_id == House.id)
    .order_by(OpenCharge.due_date, OpenCharge.charge_id)
    .limit(1)
    .correlate(House)
    .scalar_subquery()
)
DEBTOR: Any = _PAYER.where(Party.id == _OPEN_PAYER).correlate(House).scalar_subquery()
"""Who owes the oldest open charge of a house."""

DEBTORS: Any = (
    select(func.count(OpenCharge.payer_id.distinct()))
    .where(OpenCharge.house_id == House.id)
    .correlate(House)
    .scalar_subquery()
)
"""How many owe something at a house."""

BILLED_PAYER: Any = _PAYER.where(Party.id == billed(TODAY, registered(TODAY))).correlate(House).scalar_subquery()
"""Who is billed for a house today."""


def _last_step(value: Any) -> Any:
    home = func.coalesce(House.bill_with, House.id)
    return (
        select(value)
        .where(DunStep.house_id == home)
        .order_by(DunStep.id.desc())
        .limit(1)
        .correlate(House)
        .scalar_subquery()
    )


LAST_STAGE, LAST_STAGE_ON = _last_step(DunStep.stage), _last_step(DunStep.on)
"""The last paper that a house was sent."""


def open_between(least: int, most: int | None) -> Any:
    """What a house owes on charges so many days past due, in fen; `most` None: and more."""
    days = days_between(TODAY, OpenCharge.due_date)
    rule = days >= least if most is None else days.between(least, most)
    return select(OpenCharge.charge_id).where(OpenCharge.house_id == House.id, rule).correlate(House).limit(1).exists()


_HOME = func.coalesce(House.bill_with, House.id)


def houses_owing(fen: int) -> Any:
    """The houses that owe more than so much, what is billed together with them included."""
    return (
        select(_HOME)
        .select_from(OpenCharge)
        .join(House, House.id == OpenCharge.house_id)
        .group_by(_HOME)
        .having(func.sum(OpenCharge.open) > fen)
        .correlate(None)
    )


def houses_late(days: int) -> Any:
    """The houses with principal more than so many days past due, what is billed together with them included."""
    return (
        select(_HOME)
        .select_from(OpenCharge)
        .join(House, House.id == OpenCharge.house_id)
        .where(OpenCharge.part == "principal", days_between(TODAY, OpenCharge.due_date) > days)
        .correlate(None)
    )


_OF_BILL = Charge.bill_id == Bill.id


def _of_bill(value: Any, joined: Any, on: Any) -> Any:
    return (
        select(func.coalesce(func.sum(value), 0))
        .select_from(Charge)
        .join(joined, on)
        .where(_OF_BILL)
        .correlate(Bill)
        .scalar_subquery()
    )


BILL_ADJUSTED: Any = _of_bill(Adjustment.amount, Adjustment, Adjustment.charge_id == Charge.id)
BILL_PAID: Any = _of_bill(Allocation.amount, Allocation, Allocation.charge_id == Charge.id)
BILL_OPEN: Any = _of_bill(OpenCharge.open, OpenCharge, OpenCharge.charge_id == Charge.id)
"""Of a bill in fen: what was adjusted, what was paid or set off, what is open."""

Opposite = aliased(Payment, name="opposite")
"""The payment that takes a receipt's payment back."""

_part = aliased(Payment, name="part")


def _parts(value: Any) -> Any:
    return select(value).where(_part.with_payment == Payment.id).correlate(Payment)


RECEIPT_AMOUNT: Any = Payment.amount + func.coalesce(_parts(func.sum(_part.amount)).scalar_subquery(), 0)
"""The whole amount of a receipt in fen, of all its payments."""

RECEIPT_METHOD: Any = case(
    (_parts(_part.id).where(_part.method != Payment.method).exists(), "several"), else_=Payment.method
)
"""How a receipt was paid; `several` where it was in more than one way."""


def paid_by(method: str) -> Any:
    """Whether some of a receipt's money came in this way."""
    return (Payment.method == method) | _parts(_part.id).where(_part.method == method).exists()


RECEIPT_PRINTS: Any = (
    select(func.coalesce(func.max(PrintLog.copy), 0))
    .join(Document, Document.id == PrintLog.document_id)
    .where(Document.kind == "receipt", Document.number == Receipt.number)
    .correlate(Receipt)
    .scalar_subquery()
)
"""How often a receipt was printed."""
