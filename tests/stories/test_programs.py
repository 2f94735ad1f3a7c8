"""Several programs on one office, a full disk, a kill: every success has its own number, nothing is half done."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import PASSWORD, Office, command
from tools import damage, kill

ROOT = Path(__file__).parents[2]

PAYER = """
import json, sys
from pathlib import Path
from tests.builders import command
for n in range(int(sys.argv[3])):
    status, said = command(Path(sys.argv[1]), "pay", "3-1-101", "1", "--key", f"{sys.argv[2]}-{n}")
    print(json.dumps([status, said.get("receipt"), said.get("error")], ensure_ascii=False))
"""


@pytest.mark.parametrize(("programs", "each"), [(2, 20), (8, 5)])
def test_programs_that_pay_at_once(office: Office, programs: int, each: int) -> None:
    office.with_houses()
    office.close()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PAYER, str(office.folder), str(program), str(each)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for program in range(programs)
    ]  # fmt: skip
    answers = [json.loads(line) for process in running for line in process.communicate()[0].splitlines()]
    assert len(answers) == programs * each
    taken = sorted(receipt for status, receipt, _ in answers if status == 0)
    refused = [error["code"] for status, _, error in answers if status != 0]
    assert set(refused) <= {"locked"}
    assert taken == [f"S2026-{n:08}" for n in range(1, len(taken) + 1)]
    status, said = office.command("verify")
    assert (status, said["ok"], said["totals"]["receipts"]) == (0, True, len(taken))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, bool]]:
    """A folder on a disk of 32 MiB where we may mount one; else files may not grow."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = os.name != "nt" and os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(place)], capture_output=True, check=False
    ).returncode  # fmt: skip
    yield place, bool(mounted)
    if mounted:
        subprocess.run(["umount", "-l", str(place)], check=True)


LIMITED = """
import json, resource, sys
from pathlib import Path
from tests.builders import command
limit = int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
status, said = command(Path(sys.argv[1]), *sys.argv[3:], ANJU_NEW_PASSWORD="another password 1")
print(json.dumps([status, said], ensure_ascii=False))
"""

COMMANDS = [
    ("bill", "run", "--period", "2026-07"),
    ("pay", "3-1-101", "300"),
    ("user", "add", "新人", "--role", "cashier"),
    ("backup", "create", "BACKUP"),
    ("import", "houses", "BOOK"),
]


@pytest.mark.parametrize("argv", COMMANDS, ids=lambda argv: " ".join(argv[:2]))
def test_a_full_disk_is_exit_3_and_clean_afterwards(
    office: Office, small_disk: tuple[Path, bool], tmp_path: Path, argv: tuple[str, ...]
) -> None:
    place, mounted = small_disk
    office.with_houses([f"3-1-{floor:02}{door:02}" for floor in range(1, 26) for door in (1, 2)]).with_item()
    office.close()
    folder = place / "office"
    shutil.copytree(office.folder, folder)
    kill.houses_book(tmp_path / "houses.xlsx")
    words = [
        word.replace("BACKUP", str(folder / "b.anju")).replace("BOOK", str(tmp_path / "houses.xlsx")) for word in argv
    ]
    limit, filler = 0, place / "filler"
    if mounted:
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    else:
        limit = 8192
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder), str(limit), *words],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    status, said = json.loads(done.stdout)
    assert status == 3, said
    assert said["error"]["code"] == "disk_full", said
    filler.unlink(missing_ok=True)
    status, said = command(folder, "verify")
    assert (status, said["ok"]) == (0, True)
    assert said["totals"] == {
        "houses": 50, "charged_fen": 0, "adjusted_fen": 0, "paid_fen": 0, "prepaid_fen": 0, "owed_fen": 0,
        "receipts": 0}  # fmt: skip
    status, said = command(folder, *words, ANJU_NEW_PASSWORD="another password 1")
    assert status == 0, said


def test_killed_at_some_moments(tmp_path: Path) -> None:
    """The short form of tools/kill.py."""
    kill.prepare(tmp_path)
    rng = random.Random(7)
    for case in kill.cases(tmp_path):
        whole = kill.duration(tmp_path / "made", case)
        expected = kill.ends(tmp_path / "made", case)
        for _ in range(3):
            after = rng.uniform(0, whole)
            assert kill.attempt(tmp_path / "made", case, after, expected) == "", (case.name, after)


def test_damaged_copies(tmp_path: Path) -> None:
    """The short form of tools/damage.py."""
    live = damage.prepare(tmp_path)
    expected = damage.figures_of_a_copy(live)
    for name in damage.FILES:
        rng = random.Random(11)
        for _ in range(15):
            assert damage.attempt(live, name, expected, rng) == ""


def test_no_secret_stands_in_plain_form(office: Office) -> None:
    """No name, phone or password anywhere in the data folder but under out/."""
    office.with_houses().with_staff("李收费").with_item()
    office.pay("3-1-101", 500)
    office.close()
    for path in office.folder.rglob("*"):
        if path.is_file() and "out" not in path.relative_to(office.folder).parts:
            data = path.read_bytes()
            for secret in ("业主3-1-0101", PASSWORD, "样例花园"):
                assert secret.encode() not in data, path
            assert path.stat().st_mode & 0o077 == 0, path
