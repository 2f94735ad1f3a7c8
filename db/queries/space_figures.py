"""Figures of a parking space in a list, as correlated subqueries: who holds it today, its cars, what it is charged."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, or_, select

from db.models.estate import House, Lease, Vehicle
from db.models.people import Person, Resident
from db.models.tariff import FeeItem, HouseItem
from db.queries.list_figures import OWNER_NAME, OWNER_PHONE, TODAY

_RUNNING = (
    Lease.space_id == House.id,
    Lease.valid_from <= TODAY,
    or_(Lease.valid_to.is_(None), Lease.valid_to >= TODAY),
)


def _of_lease(value: Any, *, joined: bool = False) -> Any:
    query = select(value).select_from(Lease)
    if joined:
        query = query.join(Person, Person.id == Lease.person_id)
    return query.where(*_RUNNING).order_by(Lease.valid_from, Lease.id).limit(1).correlate(House).scalar_subquery()


_KIND: Any = _of_lease(Lease.kind)
STATE: Any = func.coalesce(
    _KIND,
    case((House.state == "let", "leased"), (OWNER_NAME.is_not(None), "owned"), else_="free"),
)
"""owned, leased, public or free: by the lease that runs today, else by the register."""

HOLDER: Any = func.coalesce(_of_lease(Person.name, joined=True), OWNER_NAME)
HOLDER_PHONE: Any = func.coalesce(_of_lease(Person.phone, joined=True), OWNER_PHONE)
"""Who has the space today: by its first lease, else its owner."""

HOLDERS: Any = select(func.count(Lease.id)).where(*_RUNNING).correlate(House).scalar_subquery()
"""How many leases run today."""

UNTIL: Any = _of_lease(Lease.valid_to)
"""The last day of the lease that runs today."""

_CARS = (Vehicle.house_id == House.id, or_(Vehicle.valid_to.is_(None), Vehicle.valid_to >= TODAY))
PLATES: Any = (
    select(func.aggregate_strings(Vehicle.plate, " ")).where(*_CARS).correlate(House).scalar_subquery()
)  # fmt: skip
"""The plates of the cars that are there today."""

_GIVEN = (
    select(func.min(FeeItem.name))
    .join(HouseItem, HouseItem.item_id == FeeItem.id)
    .where(
        HouseItem.house_id == House.id,
        or_(HouseItem.valid_from.is_(None), HouseItem.valid_from <= TODAY),
        or_(HouseItem.valid_to.is_(None), HouseItem.valid_to >= TODAY),
    )
    .correlate(House)
    .scalar_subquery()
)
_EVERY = select(func.min(FeeItem.name)).where(FeeItem.houses.contains("parking")).scalar_subquery()
FEE: Any = func.coalesce(_GIVEN, _EVERY)
"""The item that the space is charged today: its own, else the one of all spaces."""


def spaces_of_people(condition: Any) -> Any:
    """The spaces that people with this condition hold today, by a lease or as who belongs there."""
    leased = (
        select(Lease.space_id)
        .join(Person, Person.id == Lease.person_id)
        .where(condition, Lease.valid_from <= TODAY, or_(Lease.valid_to.is_(None), Lease.valid_to >= TODAY))
    )
    belonging = (
        select(Resident.house_id)
        .join(Person, Person.id == Resident.person_id)
        .where(condition, or_(Resident.valid_to.is_(None), Resident.valid_to >= TODAY))
    )
    return leased.union(belonging)
