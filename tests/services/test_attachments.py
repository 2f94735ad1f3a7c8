"""Photos and files: encrypted on the disk, whole in backup and restore, missed by verify when they are gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.security.keyslots import FLOOR
from app.services import attachments, backups, restore, verification
from app.services.refused import NotAllowed, Refused
from tests.builders import PASSWORD, Office

INSIDE = b"\x89PNG what only the house's people may see" * 50


@pytest.fixture
def kept(office: Office, tmp_path: Path) -> Office:
    office.with_houses()
    source = tmp_path / "验收.png"
    source.write_bytes(INSIDE)
    attachments.add(office.manager, "3-1-101", source)
    return office


def _file(office: Office) -> Path:
    (found,) = (office.folder / "files").iterdir()
    return found


def _check(office: Office) -> bool:
    return next(check.ok for check in verification.verify(office.manager).checks if check.name == "files")


def test_it_is_kept_encrypted_and_read_back(kept: Office, tmp_path: Path) -> None:
    (row,) = attachments.listing(kept.manager, "3-1-101")
    assert (row.name, row.size, row.added) == ("验收.png", len(INSIDE), "2026-07-06 09:00")
    assert attachments.show(kept.manager, "3-1-101", "验收.png").data == INSIDE
    path = _file(kept)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "验收" not in path.name
    assert INSIDE[:20] not in path.read_bytes()
    assert attachments.add(kept.manager, "3-1-101", tmp_path / "验收.png").name == "验收 (2).png"
    assert attachments.add(kept.manager, "3-1-102", tmp_path / "验收.png", r"..\C:\证.png").name == "证.png"
    target = tmp_path / "out.png"
    attachments.take_out(kept.manager, "3-1-101", "验收 (2).png", target)
    assert target.read_bytes() == INSIDE
    assert target.stat().st_mode & 0o777 == 0o600
    attachments.drop(kept.manager, "3-1-101", "验收 (2).png")
    assert [each.name for each in attachments.listing(kept.manager, "3-1-101")] == ["验收.png"]
    assert len(list((kept.folder / "files").iterdir())) == 2
    assert kept.sql("SELECT key FROM attachment WHERE dropped") == [("",)]
    assert _check(kept)


def test_verify_misses_what_is_gone_changed_or_swapped(kept: Office, tmp_path: Path) -> None:
    path = _file(kept)
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert not _check(kept)
    with pytest.raises(Refused, match="损坏"):
        attachments.show(kept.manager, "3-1-101", "验收.png")
    path.write_bytes(b"")
    assert not _check(kept)
    path.write_bytes(sealed)
    attachments.add(kept.manager, "3-1-102", tmp_path / "验收.png")
    (other,) = [each for each in (kept.folder / "files").iterdir() if each != path]
    path.write_bytes(other.read_bytes())
    assert not _check(kept)
    path.unlink()
    assert not _check(kept)
    path.write_bytes(sealed)
    assert _check(kept)
    # What a killed program left is swept away at the next one.
    (kept.folder / "files" / "left").write_bytes(b"x")
    attachments.add(kept.manager, "3-1-102", tmp_path / "验收.png")
    assert not (kept.folder / "files" / "left").exists()
    assert _check(kept)


def test_it_is_part_of_a_backup(kept: Office) -> None:
    archive = kept.folder.with_name("b.anju")
    backups.create(kept.manager, archive)
    assert INSIDE[:20] not in archive.read_bytes()
    attachments.drop(kept.manager, "3-1-101", "验收.png")
    kept.close()
    restore.restore(kept.folder, archive, ("王经理", PASSWORD), "误删", clock=kept.clock, cost=FLOOR)
    assert attachments.show(kept.manager, "3-1-101", "验收.png").data == INSIDE
    assert verification.verify(kept.manager).ok


def test_who_may_and_what_is_refused(kept: Office, tmp_path: Path) -> None:
    kept.with_staff("孙工程", "郑审计")
    with pytest.raises(NotAllowed):
        attachments.listing(kept.seat("孙工程"), "3-1-101")
    assert len(attachments.listing(kept.seat("郑审计"), "3-1-101")) == 1
    empty, large = tmp_path / "empty", tmp_path / "large"
    empty.touch()
    with large.open("wb") as file:
        file.truncate(attachments.MOST_BYTES + 1)
    for source, name, code in (
        (tmp_path / "none", None, "no_file"), (empty, None, "file_empty"), (large, None, "file_too_large"),
        (tmp_path / "验收.png", "长" * 101, "bad_name"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            attachments.add(kept.manager, "3-1-101", source, name)
        assert refused.value.problem.code == code
    with pytest.raises(Refused, match="没有文件"):
        attachments.drop(kept.manager, "3-1-102", "验收.png")
    assert len(list((kept.folder / "files").iterdir())) == 1


def test_the_commands(office: Office, tmp_path: Path) -> None:
    office.with_houses()
    (tmp_path / "a.txt").write_bytes(b"abc")
    status, said = office.command("file", "add", "3-1-101", str(tmp_path / "a.txt"))
    assert (status, said["name"], said["bytes"]) == (0, "a.txt", 3)
    assert office.command("file", "list", "3-1-101")[1]["files"][0]["name"] == "a.txt"
    said = office.command("file", "get", "3-1-101", "a.txt")[1]
    assert Path(said["file"]).read_bytes() == b"abc"
    assert office.command("file", "drop", "3-1-101", "a.txt")[0] == 0
    assert office.command("file", "get", "3-1-101", "a.txt")[1]["error"]["code"] == "unknown_file"
