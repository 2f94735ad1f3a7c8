"""Start the packaged program where nothing of ours is: tools/package_check.py PROGRAM_FOLDER [PICTURE].

From a clean folder with a clean environment: an office by `init`, a sample estate with its bills as PDF by `demo`, then
the window on a display of its own: log-in and the first page, saved as a picture where one is named. Needs Xvfb and
xdotool, and for the picture ImageMagick's `import`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pypdfium2

from tools.display import PATIENCE, display, log_in, xdotool

PASSWORD = "correct horse battery"
ESTATE, LOGIN = "样例花园", "admin"


def command(program: Path, folder: Path, *words: str) -> dict[str, object]:
    """What the packaged command line says to these words."""
    environment = {"ANJU_PASSWORD": PASSWORD, "HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [str(program), *words, "--json"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{words[0]}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    said: dict[str, object] = json.loads(done.stdout)
    return said


def bills(program: Path, folder: Path) -> None:
    """A sample estate of one month, and its bills as PDF."""
    command(program, folder, "demo", "--data", "demo", "--households", "9", "--months", "1")
    for pdf in sorted((folder / "demo" / "out").glob("bills-*.pdf")):
        document = pypdfium2.PdfDocument(pdf)
        words = document[0].get_textpage().get_text_range()
        print(f"{pdf.name}: {len(document)} pages, 缴费通知单: {'缴费通知单' in words}")
        document.close()


def look(program: Path, folder: Path, picture: Path | None) -> None:
    """Log in on a display of its own, look at the first page, leave by Ctrl+Q."""
    command(program, folder, "init", "--data", "office", "--estate", ESTATE, "--admin", LOGIN)
    config = folder / "config" / "anju"
    config.mkdir(parents=True)
    recent = [{"folder": str(folder / "office"), "name": ESTATE}]
    (config / "recent.json").write_text(json.dumps(recent, ensure_ascii=False), "utf-8")
    with display(folder) as shown:
        running = subprocess.Popen([str(program)], cwd=folder, env=shown, stderr=subprocess.PIPE, text=True)
        try:
            log_in(shown, LOGIN, PASSWORD, ESTATE)
            print(f"log-in: the window's title names {ESTATE}")
            if picture is not None:
                subprocess.run(["import", "-window", "root", str(picture)], env=shown, check=True)
                print(f"page: {picture}")
            xdotool(shown, "key", "ctrl+q")
            _, said = running.communicate(timeout=PATIENCE)
            print(f"left by Ctrl+Q: exit {running.returncode}", said.strip())
        finally:
            running.kill()
            running.wait()


def main() -> None:
    """Check a built program."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit("usage: tools/package_check.py PROGRAM_FOLDER [PICTURE]")
    with tempfile.TemporaryDirectory(prefix="anju-package-") as base:
        folder = Path(base)
        shutil.copytree(Path(sys.argv[1]).resolve(), folder / "program", symlinks=True)
        program = folder / "program" / "anju"
        bills(program, folder)
        look(program, folder, Path(sys.argv[2]).resolve() if len(sys.argv) == 3 else None)


if __name__ == "__main__":
    main()
