"""What all tables share: strictness, names of constraints, identity and version columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.types import Id

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """A table of the office database; STRICT on SQLCipher."""

    metadata = metadata
    __table_args__: Any = {"sqlite_strict": True}


class Row:
    """A row with an id from the office's counters; the id is never shown outside."""

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)


class Master(Row):
    """A row that may change; `version` counts the changes, an update names the version it saw."""

    version: Mapped[int] = mapped_column(Id, default=1, server_default="1")


def strict(*constraints: Any) -> tuple[Any, ...]:
    """Table arguments: the constraints, and STRICT on SQLCipher."""
    return (*constraints, {"sqlite_strict": True})
