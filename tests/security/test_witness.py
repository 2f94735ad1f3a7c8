"""The witness: a database that lost records, or was put back, is noticed before any figure is shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.security import witness
from app.security.lock import OfficeLock
from app.services.entrance import Purpose
from app.services.refused import CannotOpen
from tests.builders import Office

KEY = bytes(32)
ID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def test_it_never_goes_back(tmp_path: Path) -> None:
    lock, path = OfficeLock(tmp_path / "lock"), tmp_path / "head"
    for seq in (1, 2, 5, 3, 4):
        witness.advance(path, lock, ID, KEY, seq, f"{seq:064x}", 0)
    seen = witness.read(path, ID, KEY)
    assert seen == witness.Seen(5, f"{5:064x}")
    lock.close()


def test_another_key_or_office_reads_nothing(tmp_path: Path) -> None:
    lock, path = OfficeLock(tmp_path / "lock"), tmp_path / "head"
    witness.advance(path, lock, ID, KEY, 1, "a" * 64, 0)
    assert witness.read(path, ID, b"x" * 32) is None
    assert witness.read(path, ID.replace("3f", "4f"), KEY) is None
    lock.close()


@given(st.binary(max_size=600))
def test_any_bytes_are_no_witness(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "head"
        path.write_bytes(data)
        assert witness.read(path, ID, KEY) is None


def _older_put_back(office: Office) -> None:
    office.close()
    older = office.folder.with_name("older.db")
    shutil.copy(office.folder / "office.db", older)
    office.with_houses().with_item()
    office.bill("2026-07")
    office.close()
    shutil.copy(older, office.folder / "office.db")


def test_an_older_file_put_back_opens_no_door(office: Office) -> None:
    _older_put_back(office)
    for argv in (("settings", "list"), ("statement", "3-1-101"), ("pay", "3-1-101", "5")):
        status, said = office.command(*argv)
        assert (status, said["error"]["code"]) == (4, "behind_witness")
        assert set(said) == {"error"}
    status, said = office.command("verify")
    assert (status, said["ok"]) == (4, False)
    assert "4 条" in said["checks"][0]["detail"]
    status, said = office.command("backup", "create", str(office.folder / "b.anju"))
    assert status == 0, said


def test_an_unreadable_witness_is_renewed(office: Office) -> None:
    office.with_houses()
    office.close()
    (office.folder / "office.head").write_bytes(b"rubbish")
    office.manager  # noqa: B018
    store = office.manager.store
    assert witness.read(store.paths.head, store.place.office, store.place.key) is not None
    office.close()


def test_a_cut_off_tail_is_noticed(office: Office) -> None:
    office.with_houses().with_item()
    connection_key = office.manager.store.place.key
    office.close()
    from db.engine import connect

    connection = connect(office.folder / "office.db", connection_key, writer=True)
    connection.execute("DROP TRIGGER audit_no_delete")
    connection.execute("DELETE FROM change WHERE seq = (SELECT max(id) FROM audit)")
    connection.execute("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    connection.close()
    with pytest.raises(CannotOpen) as closed:
        office.seat()
    assert closed.value.problem.code == "behind_witness"
    assert office.seat(purpose=Purpose.VERIFY).store.missing == 1
