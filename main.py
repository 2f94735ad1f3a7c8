"""Puts the parts together: hardens the process, then runs the command; without one it opens the window."""

import sys

from app.services.entrance import harden


def main() -> int:
    """Run the program; gives the exit status."""
    harden()
    if len(sys.argv) == 1:
        from ui import app

        return app.run()
    from app.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
