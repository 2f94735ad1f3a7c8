"""A backup is a backup only after it was opened; a restore overwrites nothing and leaves its record."""

from __future__ import annotations

import os
import random
import zipfile
from pathlib import Path

import pytest

from app.services import restore_marker
from tests.builders import PASSWORD, Office, command


@pytest.fixture
def saved(office: Office) -> Path:
    """A backup of an office with one payment; afterwards another payment was taken."""
    office.with_houses()
    office.pay("3-1-101", 500)
    target = office.folder.with_name("saved") / "一号.anju"
    status, said = office.command("backup", "create", str(target))
    assert (status, said["file"]) == (0, str(target))
    office.pay("3-1-101", 700)
    office.close()
    return target


def _paid(folder: Path) -> int:
    status, said = command(folder, "verify")
    assert (status, said["ok"]) == (0, True), said
    return int(said["totals"]["paid_fen"])


def test_a_folder_gets_a_dated_file(office: Office) -> None:
    status, said = office.command("backup", "create", str(office.folder / "backups"))
    assert status == 0
    assert Path(said["file"]).name == "anju-20260706-090000.anju"
    assert office.command("backup", "verify", said["file"])[0] == 0
    assert not list(office.folder.glob("work-*"))


def test_what_a_killed_backup_left_is_no_obstacle(office: Office) -> None:
    target = office.folder.with_name("b.anju")
    target.with_name("b.anju.new").write_bytes(b"half")
    assert office.command("backup", "create", str(target))[0] == 0
    assert not target.with_name("b.anju.new").exists()


def test_restore_into_the_living_office(office: Office, saved: Path) -> None:
    assert _paid(office.folder) == 1200
    status, said = office.command("backup", "restore", str(saved), "--reason", "演练", "--key", "r1")
    assert status == 0, said
    assert _paid(office.folder) == 500
    (replaced,) = office.folder.glob("replaced-*")
    assert (replaced / "office.db").is_file()
    (before,) = (office.folder / "backups").glob("before-restore-*.anju")
    assert before.stat().st_size > 0
    assert office.sql("SELECT action, sole FROM audit ORDER BY id DESC LIMIT 1") == [("backup.restored", 1)]
    office.close()
    assert office.command("backup", "restore", str(saved), "--reason", "演练", "--key", "r1")[1] == said
    assert len(list(office.folder.glob("replaced-*"))) == 1


def test_restore_on_a_bare_machine(saved: Path, tmp_path: Path) -> None:
    status, said = command(tmp_path / "bare", "backup", "restore", str(saved), "--reason", "换电脑")
    assert status == 0, said
    assert _paid(tmp_path / "bare") == 500


def test_restore_needs_a_second_person_where_there_is_one(office: Office) -> None:
    office.with_staff("周经理", "赵财务").with_houses()
    target = office.folder.with_name("b.anju")
    assert office.command("backup", "create", str(target))[0] == 0
    office.close()
    status, said = office.command("backup", "restore", str(target), "--reason", "演练")
    assert (status, said["error"]["code"]) == (3, "second_needed")
    status, said = office.command("backup", "restore", str(target), "--second", "赵财务", ANJU_SECOND_PASSWORD=PASSWORD)
    assert (status, said["error"]["code"]) == (3, "not_approver")
    status, said = office.command("backup", "restore", str(target), user="赵财务")
    assert (status, said["error"]["code"]) == (3, "no_permission")
    status, said = office.command("backup", "restore", str(target), "--second", "周经理", ANJU_SECOND_PASSWORD=PASSWORD)
    assert status == 0, said
    assert office.sql("SELECT sole FROM audit ORDER BY id DESC LIMIT 1") == [(0,)]


def test_a_damaged_backup_changes_nothing(office: Office, saved: Path) -> None:
    whole, rng = saved.read_bytes(), random.Random(1)
    before = {path.name for path in office.folder.iterdir()}
    for _ in range(40):
        place = rng.randrange(len(whole))
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        status, said = office.command("backup", "restore", str(saved), "--reason", "演练")
        if status == 0:
            # A byte of the zip's own filling, which no reader looks at.
            assert said["audit_head"]
            break
        assert (status, said["error"]["code"]) in ((4, "backup_damaged"), (4, "keys_damaged"), (4, "database_damaged"))
    else:
        assert {path.name for path in office.folder.iterdir()} == before
        assert _paid(office.folder) == 1200


def test_a_foreign_zip_is_no_backup(office: Office, tmp_path: Path) -> None:
    for name, content in (("manifest.json", b"{}"), ("../../etc/passwd", b"x")):
        with zipfile.ZipFile(tmp_path / "x.anju", "w") as archive:
            archive.writestr(name, content)
        status, said = office.command("backup", "verify", str(tmp_path / "x.anju"))
        assert (status, said["error"]["code"]) == (4, "backup_damaged")
    (tmp_path / "x.anju").write_bytes(b"PK\x03\x04 nothing")
    assert office.command("backup", "restore", str(tmp_path / "x.anju"), "--reason", "x")[0] == 4


@pytest.mark.parametrize("stop", range(1, 9))
def test_a_restore_cut_off_between_files_is_finished_at_the_next_opening(
    office: Office, saved: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    moved, real = 0, os.replace

    def replace(source: Path, target: Path) -> None:
        nonlocal moved
        if restore_marker.stands(office.folder):
            moved += 1
            if moved == stop:
                raise KeyboardInterrupt
        real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        command(office.folder, "backup", "restore", str(saved), "--reason", "演练")
    assert _paid(office.folder) == 500
    assert not restore_marker.stands(office.folder)
