"""The command demo."""

from __future__ import annotations

from app.cli.parser import Commands


def add(commands: Commands) -> None:
    """Declare this command."""
