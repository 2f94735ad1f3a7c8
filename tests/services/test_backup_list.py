"""The backups that stand in the destinations, and the destinations themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services import backup_list, backup_places, backups
from app.services.backup_list import AUTO, EMPTY, FRESH, MANUAL, MISSING, OLD
from app.services.refused import Refused
from tests.builders import Office


def test_a_fresh_office_has_its_own_folder_and_nothing_in_it(office: Office) -> None:
    found = backup_list.standing(office.with_houses().manager)
    (own,) = found.destinations
    assert (own.folder, own.own, own.state, found.files, found.houses) == (
        office.folder / "backups", True, EMPTY, (), 2)  # fmt: skip


def test_backups_are_listed_with_age_and_trial(office: Office) -> None:
    folder = office.folder / "backups"
    done = backups.create(office.manager, folder)
    (file,) = backup_list.standing(office.manager).files
    assert (file.file, file.kind, file.at.isoformat(), file.bytes) == (
        done.file, MANUAL, "2026-07-06T09:00:00", done.bytes)  # fmt: skip
    assert (file.opened, file.verified) == (True, None)
    backups.keep_verified(office.manager, backups.verify(office.manager, done.file))
    (own,) = backup_list.standing(office.manager).destinations
    assert (own.state, own.verified.isoformat() if own.verified else "") == (FRESH, "2026-07-06T09:00:00")
    office.clock.move(days=3)
    assert backup_list.standing(office.manager).destinations[0].state == OLD


def test_files_with_other_names_are_dated_by_their_writing(office: Office) -> None:
    folder = office.folder / "backups"
    folder.mkdir()
    for name in ("auto-20260705-123000.anju", "年终.anju", "anju-20269999-123000.anju", "x.txt"):
        (folder / name).write_bytes(b"x")
    files = backup_list.standing(office.manager).files
    assert not any(file.opened for file in files)
    kinds = {file.file.name: file.kind for file in files}
    assert kinds == {"auto-20260705-123000.anju": AUTO, "年终.anju": MANUAL, "anju-20269999-123000.anju": MANUAL}


def test_destinations_come_and_go(office: Office, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    with pytest.raises(Refused, match="不在"):
        backup_places.add(office.manager, stick)
    stick.mkdir()
    backup_places.add(office.manager, stick)
    with pytest.raises(Refused, match="已经备份到"):
        backup_places.add(office.manager, stick)
    own, other = backup_list.standing(office.manager).destinations
    assert (own.own, own.state, other.folder, other.state) == (True, EMPTY, stick, EMPTY)
    stick.rmdir()
    assert backup_list.standing(office.manager).destinations[1].state == MISSING
    backup_places.remove(office.manager, stick)
    with pytest.raises(Refused, match="没有备份到"):
        backup_places.remove(office.manager, stick)
    with pytest.raises(Refused, match="唯一"):
        backup_places.remove(office.manager, own.folder)
    assert office.sql("SELECT value FROM setting WHERE name = 'backup_places'")[-1] == ("",)
