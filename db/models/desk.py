"""The desk: what is written without an audit record, since it says nothing about residents, money or rights."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.types import Id


class JobRun(Base):
    """When a background job last ran and last succeeded (UTC text), and how often it failed since.

    `message` is the sentence of its last failure.
    """

    __tablename__ = "job_run"
    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[str]
    last_good: Mapped[str | None]
    failures: Mapped[int] = mapped_column(Id)
    message: Mapped[str | None]


class AlertSeen(Base):
    """Which alert a user has looked at, in which state (`version`)."""

    __tablename__ = "alert_seen"
    user_id: Mapped[int] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Id)


class ViewState(Base):
    """How a user left a page: widths and order of columns, sort, filters, panel (canonical JSON)."""

    __tablename__ = "view_state"
    user_id: Mapped[int] = mapped_column(Id, primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]


TABLES = frozenset({JobRun.__tablename__, AlertSeen.__tablename__, ViewState.__tablename__})
"""The only tables that a desk write may change."""
