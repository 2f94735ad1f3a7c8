"""Staff: names and roles. Keys and passwords stand in office.keys, never here."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master
from db.types import Id


class User(Master, Base):
    """A member of staff, or the built-in `system` (no slot, no role, rights fixed in code)."""

    __tablename__ = "app_user"
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    enabled: Mapped[bool]
    slot: Mapped[str | None]


class UserRole(Base):
    """A role a user holds."""

    __tablename__ = "user_role"
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("app_user.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
