"""Puts the parts together: hardens the process, then runs the command; without one it opens the window.

A packaged program starts itself to read a workbook (`reports/excel/child.py`): then nothing else is imported.
"""

import sys

from reports.excel import child


def main() -> int:
    """Run the program; gives the exit status."""
    if sys.argv[1:] == [child.FROZEN_WORD]:
        return child.main()
    from app.security.process import harden

    harden()
    if len(sys.argv) == 1:
        from ui import app

        return app.run()
    from app.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
