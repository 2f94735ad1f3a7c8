"""The schema's version and its migrations, only forward, one history for both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

HEAD = "0015"
"""The newest migration; importing alembic costs a quarter of a second, so opening compares this constant."""

REVISIONS = (
    "0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013", "0014",
    "0015",
)  # fmt: skip
"""All migrations, oldest first."""


def stored(connection: Connection) -> str | None:
    """The schema version of this database; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def is_newer(version: str | None) -> bool:
    """Whether a program newer than this one wrote the database."""
    return version is not None and version not in REVISIONS


def upgrade(connection: Connection) -> None:
    """Bring the schema to HEAD inside the open transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
