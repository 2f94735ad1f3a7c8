"""What stands around every page: whose estate, who sits here, when the last backup was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import select

from app.security.permissions import ROLE_TITLES, Permission
from app.services import backup_places, estates, settings
from app.services.use_case import use_case
from db.models.security import User
from db.work import Work


@dataclass(frozen=True, slots=True)
class Frame:
    """The estate that new houses go to, all of them, the user's name and what the roles are called, the minutes until
    the window locks itself, and when the last good backup was made (the office's wall clock).
    """

    estate: str
    estates: tuple[str, ...]
    name: str
    roles: tuple[str, ...]
    idle_lock_min: int
    last_backup: datetime | None


@use_case(Permission.LOG_IN)
def frame(work: Work) -> Frame:
    """The frame of this seat's window."""
    made, names = backup_places.last_made(work), list(estates.names(work).values())
    zone = timezone(timedelta(minutes=int(settings.value(work, "utc_offset"))))
    return Frame(
        work.estate or names[0],
        tuple(names),
        work.execute(select(User.name).where(User.id == work.user_id)).scalar_one(),
        tuple(title for role, title in ROLE_TITLES.items() if role in work.roles),
        int(settings.value(work, "idle_lock_min")),
        None if made is None else made.astimezone(zone),
    )
