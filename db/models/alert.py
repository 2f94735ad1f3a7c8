"""提醒: what somebody should look at. One alert an occurrence: `key` names it, an open one is updated, not repeated."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Master, strict
from db.types import Day, Id


class Alert(Master, Base):
    """An alert: what is the matter, what to do, for which roles (joined by commas); level info, warn or danger.

    `object` is a number that people know (equipment, house, billing month); `due` the day it is about. It is open
    until `closed_at`.
    """

    __tablename__ = "alert"
    __table_args__ = strict(Index("ix_alert_open", "closed_at"))
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    level: Mapped[str]
    title: Mapped[str]
    todo: Mapped[str]
    roles: Mapped[str]
    object: Mapped[str | None]
    due: Mapped[date | None] = mapped_column(Day)
    raised_at: Mapped[str]
    changed_at: Mapped[str]
    closed_at: Mapped[str | None]
    seq: Mapped[int] = mapped_column(Id)
