"""Who is billed for a house: until it is handed over the developer of the settings, then its payers by their dates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from db.models.estate import House
from db.models.office import Setting
from db.models.people import HousePayer, Party, Person


def not_handed_over(day: Any) -> ColumnElement[bool]:
    """That a house is the developer's on a day: unsold, or not delivered yet (物业管理条例 art. 41, HANDBOOK §5.1)."""
    return or_(
        House.state == "unsold",
        and_(House.state == "undelivered", House.delivered_on.is_(None)),
        and_(House.delivered_on.is_not(None), House.delivered_on > day),
    )


def developer(day: Any) -> Any:
    """The party of the developer that the settings name on a day; NULL where they name none."""
    name = (
        select(Setting.value)
        .where(Setting.name == "developer", Setting.valid_from <= day)
        .order_by(Setting.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(Party.id)
        .join(Person, Person.id == Party.person_id)
        .where(Person.kind == "firm", Person.name == name)
        .limit(1)
        .scalar_subquery()
    )


def holds(day: Any) -> ColumnElement[bool]:
    """That a payer's dates include a day."""
    return and_(
        or_(HousePayer.valid_from.is_(None), HousePayer.valid_from <= day),
        or_(HousePayer.valid_to.is_(None), HousePayer.valid_to >= day),
    )


def registered(day: Any) -> Any:
    """The party that a house's payers name for a day."""
    return (
        select(HousePayer.party_id)
        .where(
            HousePayer.house_id == House.id,
            holds(day),
        )
        .order_by(HousePayer.valid_from.desc())
        .limit(1)
        .correlate(House)
        .scalar_subquery()
    )


def billed(day: Any, otherwise: Any) -> Any:
    """The party that is billed for a house on a day: the developer where it is his, `otherwise` the registered one."""
    return func.coalesce(case((not_handed_over(day), developer(day))), otherwise)
