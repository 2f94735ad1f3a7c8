"""The terminal: the same use cases as commands, with exit codes and JSON that are checked from outside (CLI.md)."""

from app.cli.run import run

__all__ = ["run"]
