"""An older database is migrated at opening, after a backup; a newer one is not opened."""

from __future__ import annotations

import pytest

from db import migrate
from tests.builders import Office


def test_a_backup_stands_before_a_migration(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.with_houses()
    office.close()
    monkeypatch.setattr(migrate, "HEAD", "0002")
    monkeypatch.setattr(migrate, "REVISIONS", ("0001", "0002"))
    status, said = office.command("verify")
    assert (status, said["ok"]) == (0, True)
    saved = office.folder / "backups" / "before-0002.anju"
    assert saved.is_file()
    assert office.command("backup", "verify", str(saved))[0] == 0


def test_a_newer_database_is_exit_4(office: Office) -> None:
    with office.manager.transaction(write=True) as work:
        work.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        work.audit("test", "office")
    office.close()
    status, said = office.command("settings", "list")
    assert (status, said["error"]["code"]) == (4, "newer_office")
    assert "请更新程序" in said["error"]["hint"]
