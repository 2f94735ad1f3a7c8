"""Puts the parts together: hardens the process, then runs the command."""

import sys

from app.services.entrance import harden


def main() -> int:
    """Run the program; gives the exit status."""
    harden()
    from app.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
