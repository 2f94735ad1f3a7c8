"""An older database is migrated at opening, after a backup; a newer one is not opened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from db import migrate
from tests.builders import Office

OLDER = Path(__file__).parents[1] / "files" / "older"
BILLED = {"houses": 3, "charged_fen": 189555, "adjusted_fen": -367}
TOTALS = {
    "0001": {**BILLED, "paid_fen": 30100, "prepaid_fen": 0, "owed_fen": 159088, "receipts": 3},
    # Prepaid money was given back there, in a table that is written anew since.
    "0013": {**BILLED, "paid_fen": 230100, "prepaid_fen": 161684, "owed_fen": 125772, "receipts": 4},
}


@pytest.mark.parametrize("version", sorted(path.name for path in OLDER.iterdir()))
def test_an_office_of_an_earlier_release_is_migrated_after_a_backup(version: str, tmp_path: Path) -> None:
    shutil.copytree(OLDER / version, tmp_path / "office")
    office = Office(tmp_path / "office")
    before = office.folder.joinpath("office.db").stat().st_size
    status, said = office.command("verify")
    assert (status, said["ok"], before > 0) == (0, True, True)
    assert said["totals"] == TOTALS[version]
    saved = office.folder / "backups" / f"before-{migrate.HEAD}.anju"
    assert office.command("backup", "verify", str(saved))[0] == 0
    assert office.command("pay", "3-1-101", "100")[0] == 0
    status, said = office.command("verify")
    assert (status, said["ok"]) == (0, True)


def test_a_newer_database_is_exit_4(office: Office) -> None:
    with office.manager.transaction(write=True) as work:
        work.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        work.audit("test", "office")
    office.close()
    status, said = office.command("settings", "list")
    assert (status, said["error"]["code"]) == (4, "newer_office")
    assert "请更新程序" in said["error"]["hint"]
