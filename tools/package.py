"""The program as one folder that needs no Python: tools/package.py DIR builds DIR/anju with the pinned packages."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements-package.lock"


def build(target: Path) -> Path:
    """Build from the lock in an environment of its own beside the result; gives the program's folder."""
    work = target / "build"
    venv.create(work / "venv", with_pip=True)
    python = work / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip: list[str | Path] = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "--only-binary=:all:", "-r", LOCK], check=True)
    places: list[str | Path] = ["--distpath", target, "--workpath", work / "work"]
    subprocess.run(
        [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places, ROOT / "installer.spec"],
        cwd=ROOT,
        check=True,
    )
    return target / "anju"


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: tools/package.py DIR")
    print(build(Path(sys.argv[1]).resolve()))


if __name__ == "__main__":
    main()
