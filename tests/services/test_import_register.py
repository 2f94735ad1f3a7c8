"""Importing through the command: all or nothing, told by sheet, row and column; the same file twice changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.builders import Office

REAL = Path(__file__).parents[1] / "files" / "real"
HEAD = ["楼栋", "单元", "房号", "建筑面积", "业主姓名", "手机号"]


def book(path: Path, **sheets: list[list[Any]]) -> str:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return str(path)


def test_import_room_as_it_is(office: Office) -> None:
    status, said = office.command("import", "houses", str(REAL / "importRoom.xlsx"))
    assert (status, said["rows"], said["added"], said["rejected_count"]) == (0, 1, 2, 0)
    assert [w["column"] for w in said["warnings"]] == ["身份证号"]
    assert office.sql("SELECT number, gross_area, state, house_type FROM house") == [
        ("1-1-1001", 945600, "owner", "住宅")
    ]
    status, again = office.command("import", "houses", str(REAL / "importRoom.xlsx"))
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 2)


def test_hc_as_it_is_and_bills_from_go_live(office: Office) -> None:
    office.set(go_live="2026-07-01")
    status, said = office.command("import", "houses", str(REAL / "hc.xlsx"))
    assert (status, said["rows"]) == (0, 42)
    assert said["by_kind"]["house"]["added"] == 8
    assert office.sql("SELECT count(*) FROM person WHERE NOT registered") == [(4,)]
    status, said = office.command("import", "houses", str(REAL / "hc.xlsx"))
    assert (said["added"], said["updated"]) == (0, 0)
    run = office.bill("2026-07")
    # (94.56 × 1.3 + 20) × 6 = 857.568 and (94.56 × 1 + 20) × 3 = 343.68 yuan.
    each = {"1": 85_757, "2": 34_368}
    assert run.exceptions == ()
    assert {item: fen for item, _, fen in run.items} == {"1": 4 * each["1"], "2": 7 * each["2"]}
    assert office.command("verify")[1]["ok"] is True


def test_a_rejected_row_says_where_and_nothing_is_written(office: Office, tmp_path: Path) -> None:
    rows = [HEAD, ["5", "1", "0101", "-80", "王小一", ""], ["5", "1", "0102", "80", "王小二", ""],
            ["5", "1", "0102", "81", "王小三", ""]]  # fmt: skip
    path = book(tmp_path / "a.xlsx", 房屋=rows)
    status, said = office.command("import", "houses", path)
    assert (status, said["error"]["code"], said["rejected_count"]) == (3, "import.rejected", 2)
    assert [(r["sheet"], r["row"]) for r in said["rejected"]] == [("房屋", 2), ("房屋", 4)]
    assert "面积" in said["rejected"][0]["column"]
    assert said["rejected"][0]["value"] == "-80"
    assert office.sql("SELECT count(*) FROM house") == [(0,)]
    rejects = tmp_path / "改.xlsx"
    status, said = office.command("import", "houses", path, "--skip-bad", "--rejects", str(rejects))
    assert (status, said["by_kind"]["house"]["added"]) == (0, 1)
    copy = openpyxl.load_workbook(rejects)
    sheet = copy["房屋"]
    assert "原因" in [cell.value for cell in sheet[1]]
    sheet["D2"] = "80"
    sheet["C3"] = "0103"
    copy.save(rejects)
    status, said = office.command("import", "houses", str(rejects))
    assert (status, said["by_kind"]["house"]["added"]) == (0, 2)


def test_a_dry_run_writes_nothing(office: Office, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", 房屋=[HEAD, ["5", "1", "0101", "80", "王小一", ""]])
    status, said = office.command("import", "houses", path, "--dry-run")
    assert (status, said["added"]) == (0, 2)
    assert office.sql("SELECT count(*) FROM house") == [(0,)]


def test_an_owner_is_named_replaced_and_then_kept(office: Office, tmp_path: Path) -> None:
    def come(name: str, file: str) -> dict[str, Any]:
        path = book(tmp_path / file, 房屋=[HEAD, ["5", "1", "0101", "80", name, ""]])
        status, said = office.command("import", "houses", path)
        assert status == 0, said
        return said

    owner = (
        "SELECT person.name, party.id FROM house_payer "
        "JOIN party ON party.id = party_id JOIN person ON person.id = person_id"
    )
    come("", "1.xlsx")
    ((name, party),) = office.sql(owner)
    assert name == "业主（未登记）5-1-0101"
    come("王小一", "2.xlsx")
    assert office.sql(owner) == [("王小一", party)]
    come("李小二", "3.xlsx")
    assert office.sql(owner)[0][0] == "李小二"
    office.with_item()
    office.bill("2026-07")
    said = come("赵小三", "4.xlsx")
    assert [w["code"] for w in said["warnings"]] == ["owner.other"]
    assert office.sql(owner)[0][0] == "李小二"


def test_without_the_right_to_money_fee_sheets_are_left_out(office: Office) -> None:
    office.with_staff("钱客服", "孙工程")
    status, said = office.command("import", "houses", str(REAL / "hc.xlsx"), user="钱客服")
    assert status == 0
    assert "fee.no_right" in {w["code"] for w in said["warnings"]}
    assert office.sql("SELECT count(*) FROM fee_item") == [(0,)]
    status, said = office.command("import", "houses", str(REAL / "hc.xlsx"), user="孙工程")
    assert (status, said["error"]["code"]) == (3, "no_permission")


@pytest.fixture
def begun(office: Office, tmp_path: Path) -> tuple[Office, str]:
    """An office whose opening was imported."""
    office.with_houses().with_item(late_rate=50_000).with_item("SF", "meter", "3.5", name="水费")
    path = book(
        tmp_path / "期初.xlsx",
        欠费=[["房号", "收费项目", "账期起", "账期止", "到期日", "欠费金额"],
              ["3-1-101", "费WY", "2025-01-01", "2025-01-31", "2025-01-31", "123.40"]],
        预存=[["房号", "预存金额"], ["3-1-102", "500"]],
        押金=[["房号", "项目", "押金金额", "收据号"], ["3-1-102", "装修押金", "2000", "旧001"],
              ["3-1-102", "门禁卡押金", "100", "旧002"]],
        已交至=[["房号", "收费项目", "已交至"], ["3-1-102", "费WY", "2026-07-31"]],
        表底=[["房号", "表号", "收费项目", "表底", "日期"], ["3-1-101", "水", "水费", "120", "2026-06-30"]],
        办公室=[["项目", "内容"], ["启用日", "2026-07-01"], ["下一票号", "S2026-00000088"]],
    )  # fmt: skip
    status, said = office.command("import", "opening", path)
    assert status == 0, said
    assert (said["sums"]["arrears_fen"], said["sums"]["prepaid_fen"], said["sums"]["deposit_fen"]) == (
        12340,
        50000,
        210000,
    )
    return office, path


def test_the_opening_state(begun: tuple[Office, str]) -> None:
    office, path = begun
    totals = office.command("verify")[1]["totals"]
    assert (totals["owed_fen"], totals["prepaid_fen"], totals["paid_fen"]) == (12340, 50000, 260000)
    assert office.sql('SELECT DISTINCT "on" FROM charge') == [("2026-06-30",)]
    status, said = office.command("import", "opening", path)
    assert (status, said["added"], said["updated"]) == (0, 0, 0)
    run = office.bill("2026-07")
    assert run.lines == 1
    assert office.pay("3-1-101", 100).receipt == "S2026-00000088"
    report = office.command("verify")[1]
    assert report["ok"] is True, report


def test_the_opening_is_replaced_until_a_run_is_posted(begun: tuple[Office, str]) -> None:
    office, path = begun
    status, said = office.command("import", "opening", path, "--replace")
    assert status == 0, said
    report = office.command("verify")[1]
    assert report["ok"] is True, report
    assert report["totals"]["owed_fen"] == 12340
    assert report["totals"]["prepaid_fen"] == 50000
    office.bill("2026-07")
    status, said = office.command("import", "opening", path, "--replace")
    assert (status, said["error"]["code"]) == (3, "opening_fixed")


def test_meters_and_readings(office: Office, tmp_path: Path) -> None:
    office.with_houses().with_item("SF", "meter", "3.5", name="水费")
    head = ["房号", "表号", "收费项目", "起始读数", "日期"]
    meters = book(tmp_path / "m.xlsx", 水表=[head, ["3-1-101", "水", "水费", "10", "2026-05-31"]])
    assert office.command("import", "meters", meters)[1]["by_kind"]["meter"]["added"] == 1
    assert office.command("import", "meters", meters)[1]["added"] == 0
    head = ["房号", "表号", "读数", "抄表日期"]
    good = book(tmp_path / "r.xlsx", 读数=[head, ["3-1-101", "水", "28", "2026-06-30"]])
    assert office.command("import", "readings", good)[1]["added"] == 1
    assert office.command("import", "readings", good)[1]["unchanged"] == 1
    bad = book(
        tmp_path / "b.xlsx", 读数=[head, ["3-1-101", "水", "20", "2026-07-01"], ["9-9-909", "水", "1", "2026-07-01"]]
    )
    status, said = office.command("import", "readings", bad)
    assert (status, [r["code"] for r in said["rejected"]]) == (3, ["reading_decreased", "unknown_house"])
    assert office.bill("2026-07").amount_fen == 18 * 350
