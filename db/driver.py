"""What differs between the drivers in statements that are handed to them as text."""

from __future__ import annotations

from sqlalchemy import Connection


def mark(connection: Connection) -> str:
    """What stands for a value in such a statement."""
    return "?" if connection.dialect.name == "sqlite" else "%s"
