"""The register out to Excel and back: nothing changes unless a cell was changed, whatever the order of the rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.services import parking, register_export, vehicles
from app.services.refused import NotAllowed, Refused
from tests.builders import Office

REAL = Path(__file__).parent.parent / "files" / "real"


@pytest.fixture
def estate(office: Office) -> Office:
    """Houses from a workbook of the trade, and what only the office's own doors write."""
    assert office.command("import", "houses", str(REAL / "hc.xlsx"))[0] == 0
    office.with_houses(["97-1-0101", "97-1-0102"]).with_houses(["B1-15", "B2-16"], None).with_staff("钱客服", "李收费")
    with office.manager.transaction(write=True) as work:
        work.driver("UPDATE house SET rent = 123456, net_area = 725000, lift = 1, delivered_on = '2024-06-30' "
                    "WHERE number = '97-1-0101'")  # fmt: skip
        work.driver("UPDATE person SET phone = '13912340001', id_kind = 'resident_id', sex = 'male', "
                    "contact_by = 'wechat', id_number = '110101199003070011' WHERE name = '业主97-1-0101'")  # fmt: skip
        work.many("person", ("id", "kind", "name", "registered"), [(900, "person", "赵家人", True),
                                                                     (901, "person", "张三、李四", True)])  # fmt: skip
        (house,) = work.driver("SELECT id FROM house WHERE number = '97-1-0101'").one()
        columns = ("id", "house_id", "person_id", "relation", "position")
        work.many("resident", columns, [(900, house, 900, "family", 1), (901, house, 901, "tenant", 2),
                                        (902, house, 900, "emergency", 3)])  # fmt: skip
        work.many("house_people", ("house_id", "valid_from", "people"), [(house, "2026-01-01", 3)])
        work.audit("test.more", "house")
    parking.lease(office.manager, "B1-15", "leased", "97-1-101", date(2026, 7, 1))
    vehicles.add(office.manager, "B1-15", "京A12345")
    vehicles.add(office.manager, "B1-15", "京AD12345")
    return office


def _exported(office: Office, file: Path, user: str = "王经理") -> dict[str, Any]:
    status, said = office.command("export", "register", str(file), "--purpose", "核对资料", user=user)
    assert status == 0, [one["reason"] for one in said.get("rejected", ())]
    return said


def _imported(office: Office, file: Path, user: str = "王经理") -> dict[str, Any]:
    status, said = office.command("import", "houses", str(file), user=user)
    assert status == 0, [one["reason"] for one in said.get("rejected", ())]
    return said


def _counts(said: dict[str, Any]) -> tuple[int, int, int]:
    return said["added"], said["updated"], said["rejected_count"]


def _state(office: Office) -> list[Any]:
    tables = ("house", "person", "resident", "house_payer", "house_people", "vehicle", "party", "building")
    return [office.sql(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def _cell(sheet: Any, row_of: str, column: str) -> Any:
    titles = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if any(cell.value == row_of for cell in row[1:3]):
            return row[titles.index(column)]
    raise AssertionError(row_of)


def test_what_was_not_touched_changes_nothing(estate: Office, tmp_path: Path) -> None:
    file = tmp_path / "r.xlsx"
    said = _exported(estate, file)
    assert (said["houses"], said["spaces"], said["id_numbers"]) == (10, 3, True)
    assert said["warnings"] == ["有 1 人的姓名导入时认不准（同户同名，或像是两个人），没有导出；资料不受影响。"]
    before = _state(estate)
    assert _counts(_imported(estate, file)) == (0, 0, 0)
    assert _state(estate) == before
    # The same without document numbers, by who may not see them.
    assert _exported(estate, file, "钱客服")["id_numbers"] is False
    titles = [cell.value for cell in openpyxl.load_workbook(file)["房屋"][1]]
    assert "证件号码" not in titles
    assert _counts(_imported(estate, file, "钱客服")) == (0, 0, 0)
    assert _state(estate) == before


def test_a_changed_cell_changes_exactly_that_whatever_the_order(estate: Office, tmp_path: Path) -> None:
    file = tmp_path / "r.xlsx"
    _exported(estate, file)
    book = openpyxl.load_workbook(file)
    sheet = book["房屋"]
    assert _cell(sheet, "97-1-0101", "套内面积").value == 72.5
    assert _cell(sheet, "97-1-0101", "交房日期").value.date() == date(2024, 6, 30)
    assert _cell(sheet, "97-1-0101", "手机号").value == "13912340001"
    assert _cell(book["车位"], "B1-15", "车牌号").value == "京A12345、京AD12345"
    _cell(sheet, "97-1-0102", "朝向").value = "南"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for at, values in enumerate(reversed(rows), 2):
        for column, value in enumerate(values, 1):
            sheet.cell(at, column).value = value
    sheet.append([99, "97-1-0103", 1, *[None] * 20])
    book.save(file)
    before = dict(estate.sql("SELECT number, orientation FROM house"))
    said = _imported(estate, file)
    assert _counts(said) == (1, 1, 0)
    assert said["by_kind"]["house"]["updated"] == said["by_kind"]["house"]["added"] == 1
    after = dict(estate.sql("SELECT number, orientation FROM house"))
    assert after == {**before, "97-1-0102": "南", "97-1-0103": None}


def test_it_says_what_for_and_who_may(estate: Office, tmp_path: Path) -> None:
    with pytest.raises(Refused) as why:
        register_export.export(estate.manager, "")
    assert why.value.problem.code == "reason_needed"
    with pytest.raises(NotAllowed):
        register_export.export(estate.seat("李收费"), "看看")
    _exported(estate, tmp_path / "r.xlsx")
    query = "SELECT c.detail FROM audit a JOIN change c ON c.seq = a.id WHERE a.action = 'register.exported'"
    ((detail,),) = estate.sql(query)
    assert "核对资料" in detail
    assert "赵家人" not in detail
    assert estate.command("export", "register", "a.xlsx", "--out", "b.xlsx")[1]["error"]["code"] == "bad_choice"


@pytest.mark.parametrize(("kind", "door"), [("houses", "houses"), ("residents", "residents"), ("parking", "houses")])
def test_a_template_offers_lists_and_its_example_is_not_imported(
    office: Office, tmp_path: Path, kind: str, door: str
) -> None:
    office.with_houses(["3-1-0402"])
    file = tmp_path / f"{kind}.xlsx"
    assert office.command("template", kind, str(file)) == (0, {"kind": kind, "file": str(file)})
    book = openpyxl.load_workbook(file)
    sheet = book.active
    assert sheet is not None
    assert sheet["A2"].value == "示例（不导入）"
    assert sheet.data_validations.dataValidation
    assert any(cell.comment for cell in sheet[1])
    titles = [cell.value for cell in sheet[1]]
    said: dict[str, Any] = {"房号": "3-1-0402", "车位号": "B1-7", "姓名": "新住户", "手机号": "13712340002"}
    for title, value in said.items():
        if title in titles:
            sheet.cell(3, titles.index(title) + 1, value)
    book.save(file)
    status, done = office.command("import", door, str(file))
    assert (status, done["rows"], done["rejected_count"]) == (0, 1, 0), done
    assert office.sql("SELECT name FROM person WHERE name LIKE '%样例'") == []
    assert office.sql("SELECT phone FROM person WHERE name = '新住户'") == [("13712340002",)]
    assert office.command("template", "cars", "x.xlsx")[1]["error"]["code"] == "bad_choice"
    assert office.command("template", kind, str(tmp_path))[1]["error"]["code"] == "no_file"


def test_a_birth_date_comes_from_the_document_number(estate: Office, tmp_path: Path) -> None:
    file = tmp_path / "r.xlsx"
    _exported(estate, file)
    book = openpyxl.load_workbook(file)
    _cell(book["房屋"], "97-1-0102", "证件号码").value = "11010519491231002X"
    book.save(file)
    before = estate.sql("SELECT count(*) FROM person WHERE birth_on = '1949-12-31'")
    assert _counts(_imported(estate, file)) == (0, 1, 0)
    assert estate.sql("SELECT count(*) FROM person WHERE birth_on = '1949-12-31'") == [(before[0][0] + 1,)]


def test_how_somebody_wants_to_be_reached_goes_out_and_comes_back(estate: Office, tmp_path: Path) -> None:
    file = tmp_path / "r.xlsx"
    _exported(estate, file)
    book = openpyxl.load_workbook(file)
    sheet = book["房屋"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, heads["姓名"]).value == "业主97-1-0101")
    cell = sheet.cell(row, heads["希望怎样联系"])
    assert cell.value == "微信"
    cell.value = "上门"
    book.save(file)
    _imported(estate, file)
    asked = "SELECT contact_by FROM person WHERE name = '业主97-1-0101'"
    assert estate.sql(asked) == [("visit",)]
    cell.value = "鸽子"
    book.save(file)
    _imported(estate, file)
    assert estate.sql(asked) == [("visit",)]


def _a_family(office: Office) -> Office:
    """A house whose owner and wife have telephones, no document numbers."""
    office.with_houses(["3-1-0101", "3-1-0102"]).with_staff("钱客服")
    for name, relation, phone in (("王样例", "owner", "13800000001"), ("王太太", "family", "13800000009")):
        argv = ("resident", "add", "3-1-0102", name, "--relation", "co_owner" if relation == "owner" else relation)
        assert office.command(*argv, "--phone", phone)[0] == 0
    with office.manager.transaction(write=True) as work:
        work.driver("UPDATE person SET phone = '13800000005' WHERE name = '业主3-1-0101'")
        work.audit("test.more", "person")
    return office


def _edited(office: Office, file: Path, *cells: tuple[str, str, Any]) -> dict[str, Any]:
    """Export, change the cells (who, column, value), import."""
    _exported(office, file, "钱客服")
    book = openpyxl.load_workbook(file)
    sheet = book["房屋"]
    titles = [cell.value for cell in sheet[1]]
    for who, column, value in cells:
        (row,) = (row for row in sheet.iter_rows(min_row=2) if row[titles.index("姓名")].value == who)
        row[titles.index(column)].value = value
    book.save(file)
    return _imported(office, file, "钱客服")


@pytest.mark.parametrize("posted", [False, True])
@pytest.mark.parametrize("who", ["业主3-1-0101", "王太太", "王样例"])
def test_a_telephone_that_was_put_right_is_of_the_same_person(
    office: Office, tmp_path: Path, who: str, posted: bool
) -> None:
    _a_family(office)
    if posted:
        office.with_item().bill("2026-07")
    before = office.sql("SELECT id, name FROM person ORDER BY id")
    said = _edited(office, tmp_path / "r.xlsx", (who, "手机号", "13811111111"))
    assert (_counts(said), said["warnings"]) == ((0, 1, 0), [])
    assert office.sql(f"SELECT phone FROM person WHERE name = '{who}'") == [("13811111111",)]
    assert office.sql("SELECT id, name FROM person ORDER BY id") == before


def test_of_two_houses_one_row_with_another_telephone_is_enough(office: Office, tmp_path: Path) -> None:
    _a_family(office)
    argv = ("resident", "add", "3-1-0101", "王太太", "--relation", "tenant", "--same-as", "3-1-0102")
    assert office.command(*argv)[0] == 0
    file = tmp_path / "r.xlsx"
    for place, phone in ((0, "13811111111"), (-1, "13822222222")):
        _exported(office, file)
        book = openpyxl.load_workbook(file)
        titles = [cell.value for cell in book["房屋"][1]]
        rows = [row for row in book["房屋"].iter_rows(min_row=2) if row[titles.index("姓名")].value == "王太太"]
        assert len(rows) == 2
        rows[place][titles.index("手机号")].value = phone
        book.save(file)
        assert _counts(_imported(office, file)) == (0, 1, 0)
        assert office.sql("SELECT phone FROM person WHERE name = '王太太'") == [(phone,)]


def test_two_of_one_name_in_a_house_stay_two(office: Office, tmp_path: Path) -> None:
    office.with_houses(["3-1-0101"]).with_item()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["房号", "姓名", "手机号", "与业主关系"], ["3-1-101", "张伟", "13800000001", "租户"],
                ["3-1-101", "张伟", "13800000002", "租户"]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "r.xlsx")
    for added in (2, 0):
        status, said = office.command("import", "residents", str(tmp_path / "r.xlsx"))
        assert (status, said["by_kind"]["person"]["added"]) == (0, added)
    assert office.sql("SELECT count(*) FROM person WHERE name = '张伟'") == [(2,)]


def test_an_owner_who_is_not_taken_leaves_nobody_behind(office: Office, tmp_path: Path) -> None:
    _a_family(office).with_item().bill("2026-07")
    said = _edited(office, tmp_path / "r.xlsx", ("业主3-1-0101", "姓名", "赵新"), ("赵新", "手机号", "13800000077"))
    assert [one["code"] for one in said["warnings"]] == ["owner.other"]
    assert _counts(said) == (0, 0, 0)
    assert office.sql("SELECT count(*) FROM person WHERE name = '赵新'") == [(0,)]


def test_how_many_live_there_counts_as_a_change(office: Office, tmp_path: Path) -> None:
    _a_family(office)
    assert _counts(_edited(office, tmp_path / "r.xlsx", ("业主3-1-0101", "居住人数", 4))) == (0, 1, 0)
    assert office.sql("SELECT people FROM house_people") == [(4,)]
    assert _counts(_edited(office, tmp_path / "r.xlsx")) == (0, 0, 0)


def test_it_shows_cell_by_cell_what_would_change(office: Office, tmp_path: Path) -> None:
    _a_family(office).with_houses(["B1-15"], None).with_item().bill("2026-07")
    file = tmp_path / "r.xlsx"
    _exported(office, file, "钱客服")
    book = openpyxl.load_workbook(file)
    sheet = book["房屋"]
    for who, column, value in (
        ("3-1-0101", "户型", "三室两厅"), ("3-1-0101", "建筑面积", 90.1), ("3-1-0101", "房屋状态", "出租"),
        ("3-1-0101", "手机号", "13811111111"), ("3-1-0101", "居住人数", 4),
    ):  # fmt: skip
        _cell(sheet, who, column).value = value
    sheet.append([99, "3-1-0102", *[None] * 12, "新租客", "租户"])
    _cell(book["车位"], "B1-15", "业主房号").value = "3-1-0102"
    book.save(file)
    status, said = office.command("import", "houses", str(file), "--dry-run", user="钱客服")
    assert status == 0
    assert [(one["of"], one["field"], one["before"], one["after"]) for one in said["differences"]] == [
        ("业主3-1-0101（3-1-101）", "手机号", "138****0005", "138****1111"),
        ("3-1-0101", "户型", "", "三室两厅"),
        ("3-1-0101", "建筑面积", "89.2", "90.1"),
        ("3-1-0101", "入住状态", "已入住", "出租"),
        ("3-1-0101", "居住人数", "", "4"),
        ("3-1-0102", "住户", "", "新租客（租户）"),
        ("B1-15", "合并交费", "", "3-1-0102"),
    ]
    assert said["differences_count"] == 7
    assert [(one["code"], one["value"]) for one in said["warnings"]] == [("area.changed", "90.1")]
    done = _imported(office, file, "钱客服")
    assert (_counts(done), done["differences"]) == ((1, 4, 0), [])
    _exported(office, file, "钱客服")
    assert _counts(_imported(office, file, "钱客服")) == (0, 0, 0)


def test_a_space_made_by_hand_and_given_an_owner_comes_back_as_it_was(office: Office, tmp_path: Path) -> None:
    office.with_houses(["3-1-0101"]).with_staff("钱客服")
    for space in ("B1-15", "B1-16", "B1-17"):
        assert office.command("house", "add", space, "--kind", "parking")[0] == 0
    parking.lease(office.manager, "B1-15", "owned", "3-1-101", date(2026, 7, 1))
    parking.lease(office.manager, "B1-16", "leased", "3-1-101", date(2026, 7, 1), date(2026, 12, 31))
    parking.lease(office.manager, "B1-17", "public", "3-1-101", date(2026, 7, 1))
    _exported(office, tmp_path / "r.xlsx", "钱客服")
    before = _state(office)
    assert _counts(_imported(office, tmp_path / "r.xlsx", "钱客服")) == (0, 0, 0)
    assert _state(office) == before


def test_brackets_of_full_width_come_back_as_they_were(office: Office, tmp_path: Path) -> None:
    office.with_houses(["3-1-0101", "3-1-0102"]).with_staff("钱客服")
    firm = "样例（北京）有限公司"
    assert (
        office.command("house", "change", "3-1-101", "--layout", "一室（改）", "--remark", "钥匙（两把）：在物业")[0]
        == 0
    )
    argv = ("resident", "add", "3-1-0101", firm, "--relation", "tenant", "--phone", "4008123456")
    assert office.command(*argv)[0] == 0
    file = tmp_path / "r.xlsx"
    said = _exported(office, file, "钱客服")
    assert (said["people"], said["warnings"]) == (3, [])
    before = _state(office)
    assert _counts(_imported(office, file, "钱客服")) == (0, 0, 0)
    assert _state(office) == before
    assert _counts(_edited(office, file, (firm, "手机号", "4008123457"))) == (0, 1, 0)
    assert office.sql("SELECT name, phone FROM person WHERE name LIKE '样例%'") == [(firm, "4008123457")]


def test_another_relation_is_not_passed_over_in_silence(office: Office, tmp_path: Path) -> None:
    _a_family(office)
    said = _edited(office, tmp_path / "r.xlsx", ("王太太", "与业主关系", "租户"))
    assert _counts(said) == (0, 0, 0)
    assert [(one["code"], one["value"]) for one in said["warnings"]] == [("relation.other", "租户")]
    assert office.sql("SELECT r.relation FROM resident r JOIN person p ON p.id = person_id WHERE name = '王太太'") == [
        ("family",)
    ]
