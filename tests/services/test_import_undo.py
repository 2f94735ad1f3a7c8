"""The last import of the register is taken back whole, until something builds on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from app.services import import_undo, residents
from app.services.person_form import PersonForm
from app.services.refused import Refused
from tests.builders import Office
from tests.reports.excel.making import REAL, a_workbook

HOUSES = ["楼栋", "单元", "房号", "建筑面积", "业主姓名", "手机号"]
PEOPLE = ["房号", "姓名", "手机号", "与业主关系"]
OURS = frozenset({"counter", "revision", "import_journal", "audit", "change", "once_key", "record_digest"})
"""What moves on with every act."""


def _rows(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database that is not of the acts themselves; versions left out."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with office.manager.store.engines.reader.connect() as connection:
        for table in inspect(connection).get_table_names():
            if table not in OURS:
                columns = [c["name"] for c in inspect(connection).get_columns(table) if c["name"] != "version"]
                names = ", ".join(f'"{name}"' for name in columns)
                rows = connection.exec_driver_sql(f'SELECT {names} FROM "{table}"')
                found[table] = sorted((tuple(row) for row in rows), key=repr)
    return found


def _bring(office: Office, folder: Path, kind: str, name: str = "b.xlsx", **sheets: list[list[Any]]) -> dict[str, Any]:
    status, said = office.command("import", kind, str(a_workbook(folder, sheets, name=name)))
    assert status == 0, said
    return said


def _refusal(office: Office) -> str:
    found = import_undo.last(office.manager)
    assert found is not None
    return found.refusal


@pytest.mark.parametrize("name", ["hc.xlsx", "importRoom.xlsx"])
def test_a_real_file_goes_as_it_came(office: Office, name: str) -> None:
    before = _rows(office)
    office.command("import", "houses", str(REAL / name))
    assert _rows(office) != before
    status, said = office.command("import-undo", "--dry-run")
    assert (status, said["import"]["file"], said["import"]["refusal"]) == (0, name, None)
    assert said["import"]["came"]["房屋"] > 0
    status, said = office.command("import-undo")
    assert (status, said["file"]) == (0, name)
    assert _rows(office) == before
    status, said = office.command("import-undo")
    assert (status, said["error"]["code"]) == (3, "no_import")
    assert office.command("verify")[1]["ok"] is True
    again = office.command("import", "houses", str(REAL / name))[1]
    assert again["updated"] == 0


def test_what_was_changed_is_as_it_was(office: Office, tmp_path: Path) -> None:
    _bring(office, tmp_path, "houses", 房屋=[HOUSES, ["5", "1", "0101", 80, "王小一", "13900000001"],
                                           ["5", "1", "0102", 90, "李小二", "13900000002"]])  # fmt: skip
    first = _rows(office)
    _bring(office, tmp_path, "houses", "c.xlsx", 房屋=[HOUSES, ["5", "1", "0101", 81.5, "王小一", "13900000001"],
                                                     ["5", "1", "0103", 70, "赵小三", "13900000003"]])  # fmt: skip
    found = import_undo.last(office.manager)
    assert found is not None
    assert (dict(found.came), found.changed["房屋"], found.refusal) == (
        {"住户": 1, "房屋": 1, "住户关系": 1}, 1, "")  # fmt: skip
    import_undo.undo(office.manager)
    assert _rows(office) == first
    # Who has the house open sees that it moved on.
    assert office.sql("SELECT version > 1 FROM house WHERE number = '5-1-0101'") == [(1,)]


def test_people_go_and_the_house_stays(office: Office, tmp_path: Path) -> None:
    office.with_houses(("3-1-0101",))
    before = _rows(office)
    _bring(office, tmp_path, "residents", 住户=[PEOPLE, ["3-1-0101", "孙租户", "13900000005", "租户"]])
    import_undo.undo(office.manager)
    assert _rows(office) == before


def test_it_stays_once_something_builds_on_it(office: Office, tmp_path: Path) -> None:
    sheet = [HOUSES, ["5", "1", "0101", 80, "王小一", "13900000001"]]
    _bring(office, tmp_path, "houses", 房屋=sheet)
    residents.register(office.manager, "5-1-101", "family", PersonForm("王小二", "13900000007"))
    assert "又有别的资料用到了它" in _refusal(office)
    with pytest.raises(Refused) as why:
        import_undo.undo(office.manager)
    assert why.value.problem.code == "import_built_on"
    _bring(office, tmp_path, "houses", "c.xlsx", 房屋=[HOUSES, ["5", "1", "0101", 85, "王小一", "13900000001"]])
    assert _refusal(office) == ""
    office.with_item().bill("2026-07")
    assert "这些房屋已经有新的账" in _refusal(office)
    _bring(office, tmp_path, "houses", "d.xlsx", 房屋=[HOUSES, ["5", "1", "0102", 85, "王小三", "13900000003"]])
    ((key, version),) = office.sql("SELECT id, version FROM person WHERE name = '王小三'")
    residents.change(office.manager, key, version, PersonForm("王小三", "13900000008"))
    assert "住户又改过" in _refusal(office)
