"""The guests of an event, by house."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from db.models.estate import House
from db.models.people import EventGuest, Person


def guests_of(event_id: int) -> Any:
    """The guests of an event in the order of their houses, as a query."""
    return (
        select(
            EventGuest.person_id, Person.name, Person.phone, House.number.label("house"), EventGuest.reply,
            EventGuest.heads, EventGuest.came,
        )
        .join(Person, Person.id == EventGuest.person_id)
        .outerjoin(House, House.id == EventGuest.house_id)
        .where(EventGuest.event_id == event_id)
        .order_by(House.sort_key, Person.name, EventGuest.person_id)
    )  # fmt: skip
