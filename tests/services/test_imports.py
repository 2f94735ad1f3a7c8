"""Imports through the command, further: what each refusal names, and what a second or corrected file may change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders import Office
from tests.reports.excel.making import REAL, a_workbook

HOUSES = ["楼栋", "单元", "房号", "建筑面积", "业主姓名", "手机号"]
DEPOSITS = ["房号", "项目", "押金金额", "收据号"]
OWNERS = (
    "SELECT h.number, p.name, r.relation FROM resident r JOIN house h ON h.id = house_id "
    "JOIN person p ON p.id = person_id ORDER BY r.id"
)


def _ok(office: Office) -> None:
    report = office.command("verify")[1]
    assert report["ok"] is True, report


def _come(
    office: Office, folder: Path, kind: str, *options: str, user: str = "王经理", **sheets: list[list[Any]]
) -> tuple[int, dict[str, Any]]:
    path = a_workbook(folder, sheets, name=f"{len(list(folder.iterdir()))}.xlsx")
    return office.command("import", kind, str(path), *options, user=user)


def _places(said: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(r["sheet"], r["row"], r["column"], r["value"], r["code"]) for r in said["rejected"]]


@pytest.mark.parametrize("name", ["hc.xlsx", "importRoom.xlsx"])
def test_a_real_file_twice_is_unchanged(office: Office, name: str) -> None:
    first = office.command("import", "houses", str(REAL / name))[1]
    assert (first["updated"], first["unchanged"], first["rejected_count"]) == (0, 0, 0)
    again = office.command("import", "houses", str(REAL / name))[1]
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, first["added"])
    _ok(office)


def test_hc_lines_of_each_house(office: Office) -> None:
    office.command("import", "houses", str(REAL / "hc.xlsx"))
    assert office.command("settings", "set", "go_live", "2026-07-01")[0] == 0
    status, run = office.command("bill", "run", "--period", "2026-07")
    # (94.56 × 1.3 + 20) × 6 = 857.568, (94.56 × 1 + 20) × 3 = 343.68
    assert (status, run["lines"], run["amount_fen"]) == (0, 11, 4 * 85_757 + 7 * 34_368)
    lines = (
        "SELECT h.number, i.code, c.period_from, c.period_to, c.amount FROM charge c JOIN house h ON h.id = house_id "
    )
    lines += "JOIN fee_item i ON i.id = item_id WHERE h.number = '1-1-1011'"
    half, quarter = ("1", "2026-07-01", "2026-12-31", 85_757), ("2", "2026-07-01", "2026-09-30", 34_368)
    assert office.sql(lines) == [("1-1-1011", *half), ("1-1-1011", *quarter)]
    assert office.command("bill", "run", "--period", "2026-07")[1]["lines"] == 0
    _ok(office)


def test_hc_from_the_middle_of_its_periods(office: Office) -> None:
    """Periods that began before go_live are charged from it: part first periods."""
    office.command("import", "houses", str(REAL / "hc.xlsx"))
    office.set(go_live="2020-06-10")
    office.bill("2020-06", "2026-07-06")
    office.bill("2020-07", "2026-07-06")
    spans = office.sql("SELECT DISTINCT period_from, period_to, amount FROM charge ORDER BY 1, 2")
    assert ("2020-07-01", "2020-12-31", 85_757) in spans
    # From 10 July, 22 of 31 days and two months: 114.56 × (2 + 22/31) = 310.42.
    assert ("2020-07-10", "2020-09-30", 31_042) in spans
    _ok(office)


def test_each_refusal_names_its_place_and_nothing_is_written(office: Office, tmp_path: Path) -> None:
    head = ["楼栋", "单元", "房号", "建筑面积", "交房日期"]
    rows: list[list[Any]] = [head, [1, 1, 101, -80, ""], [1, 1, 102, 80, "2020-13-01"], [9, 1, 103, 80, ""]]
    rows += [[1, 1, 104, 80, ""], [1, 1, "0104", 80, ""]]
    sheets: dict[str, list[list[Any]]] = {"房屋": rows, "楼栋": [["楼栋号", "总层数"], [1, 18]]}
    status, said = _come(office, tmp_path, "houses", **sheets)
    assert (status, said["error"]["code"]) == (3, "import.rejected")
    assert _places(said) == [
        ("房屋", 2, "建筑面积", "-80", "cell.negative"),
        ("房屋", 3, "交房日期", "2020-13-01", "cell.date"),
        ("房屋", 4, "楼栋", "9", "house.unknown_building"),
        ("房屋", 6, "房号", "0104", "house.twice"),
    ]
    assert all(r["reason"] for r in said["rejected"])
    assert office.sql("SELECT (SELECT count(*) FROM house), (SELECT count(*) FROM building)") == [(0, 0)]
    status, said = _come(office, tmp_path, "houses", "--skip-bad", **sheets)
    assert (status, office.sql("SELECT number FROM house")) == (0, [("1-1-104",)])
    _ok(office)


def test_an_owner_replaced_before_posting_leaves_afterwards_stays(office: Office, tmp_path: Path) -> None:
    def owner(name: str, phone: str = "") -> dict[str, Any]:
        rows = [HOUSES, [5, 1, "0101", 80, name, phone]]
        return _come(office, tmp_path, "houses", 房屋=rows)[1]

    owner("王小一")
    owner("李小二", "13900000001")
    assert office.sql(OWNERS) == [("5-1-0101", "李小二", "owner")]
    office.with_item().bill("2026-07")
    assert [w["code"] for w in owner("赵小三")["warnings"]] == ["owner.other"]
    assert office.sql(OWNERS) == [("5-1-0101", "李小二", "owner")]
    _ok(office)


def test_a_co_owner_becomes_the_owner(office: Office, tmp_path: Path) -> None:
    for names in ("王小一、李小二", "李小二、王小一"):
        assert _come(office, tmp_path, "houses", 房屋=[HOUSES, [5, 1, "0101", 80, names, ""]])[0] == 0
    assert sorted(office.sql(OWNERS)) == [("5-1-0101", "李小二", "owner"), ("5-1-0101", "王小一", "co_owner")]
    _ok(office)


def test_naming_an_unregistered_owner_keeps_the_ledger(office: Office, tmp_path: Path) -> None:
    _come(office, tmp_path, "houses", 房屋=[HOUSES, [5, 1, "0101", 80, "", ""]])
    office.with_item().bill("2026-07")
    before = office.sql("SELECT id, payer_id, amount FROM charge")
    _come(office, tmp_path, "houses", 房屋=[HOUSES, [5, 1, "0101", 80, "王小一", ""]])
    assert office.sql("SELECT id, payer_id, amount FROM charge") == before
    named = "SELECT DISTINCT p.name FROM charge JOIN party ON party.id = payer_id JOIN person p ON p.id = person_id"
    assert office.sql(named) == [("王小一",)]
    _ok(office)


def test_residents_come_into_houses_that_are_there(office: Office, tmp_path: Path) -> None:
    _come(office, tmp_path, "houses", 房屋=[HOUSES, [5, 1, "0101", 80, "", ""], [5, 1, "0102", 80, "王小一", ""]])
    rows: list[list[Any]] = [["房号", "姓名", "手机号", "与业主关系"], ["5-1-101", "张三", "13900000001", "业主"]]
    rows += [["5-1-101", "李四", "", "家庭成员"], ["5-1-102", "王五", "", "租户"], ["5-1-102", "钱六", "", "业主"]]
    assert _come(office, tmp_path, "residents", 住户=rows)[1]["by_kind"]["resident"]["added"] == 4
    assert office.sql(OWNERS)[1:] == [
        ("5-1-0101", "张三", "owner"),
        ("5-1-0101", "李四", "family"),
        ("5-1-0102", "王五", "tenant"),
        ("5-1-0102", "钱六", "co_owner"),
    ]
    again = _come(office, tmp_path, "residents", 住户=rows)[1]
    assert (again["added"], again["updated"]) == (0, 0)
    status, said = _come(office, tmp_path, "residents", 住户=[rows[0], ["9-9-909", "孙七", "", "业主"]])
    assert (status, _places(said)) == (3, [("住户", 2, "房号", "9-9-909", "unknown_house")])
    _ok(office)


def _opening(deposit: int = 2000, start: int = 120, used: int = 88) -> dict[str, list[list[Any]]]:
    return {
        "欠费": [
            ["房号", "收费项目", "账期起", "账期止", "欠费金额", "违约金"],
            ["3-1-101", "费WY", "2025-01-01", "2025-01-31", "123.40", "1.20"],
        ],
        "押金": [DEPOSITS, ["3-1-102", "装修押金", deposit, "旧1"], ["3-1-102", "门禁押金", 100, "旧2"]],
        "表底": [["房号", "表号", "收费项目", "表底", "日期"], ["3-1-101", "水", "水费", start, "2026-06-30"]],
        "阶梯累计": [["房号", "表号", "已用量", "日期"], ["3-1-101", "水", used, "2026-06-30"]],
    }


@pytest.fixture
def begun(office: Office) -> Office:
    """An office with houses, a fee, a metered fee and its first day."""
    office.with_houses().with_item().with_item("SF", "meter", "3.5", name="水费")
    return office.set(go_live="2026-07-01")


def test_two_deposits_of_a_house_and_tiers_twice(begun: Office, tmp_path: Path) -> None:
    status, said = _come(begun, tmp_path, "opening", **_opening())
    assert (status, said["sums"]["deposit_fen"], said["sums"]["arrears_fen"]) == (0, 210_000, 12_340)
    again = _come(begun, tmp_path, "opening", **_opening())[1]
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 5)
    totals = begun.command("verify")[1]["totals"]
    assert (totals["owed_fen"], totals["paid_fen"]) == (12_340 + 120, 210_000)
    _ok(begun)


def test_a_multiplier_of_nothing_is_refused(begun: Office, tmp_path: Path) -> None:
    head = ["房号", "表号", "收费项目", "倍率", "起始读数", "日期"]
    status, said = _come(begun, tmp_path, "meters", 表计=[head, ["3-1-101", "水", "SF", 0, 5, "2026-06-30"]])
    assert (status, _places(said)) == (3, [("表计", 2, "倍率", "0", "meter_size")])


@pytest.mark.parametrize(("head", "cells", "column"), [
    (["账期"], ["随便"], "账期"), (["账期起", "账期止"], ["2025-02-01", "2025-01-31"], "账期起"),
])  # fmt: skip
def test_a_period_that_is_none_is_said_where_it_stands(
    begun: Office, tmp_path: Path, head: list[str], cells: list[str], column: str
) -> None:
    rows = [["房号", "收费项目", *head, "欠费金额"], ["3-1-101", "WY", *cells, 10]]
    status, said = _come(begun, tmp_path, "opening", 欠费=rows)
    assert (status, [place[:3] for place in _places(said)]) == (3, [("欠费", 2, column)])


def test_what_is_nothing_is_left_out_of_an_opening_and_what_is_no_deposit_refused(
    begun: Office, tmp_path: Path
) -> None:
    begun.with_item("ZX", "deposit", "2000", houses="listed")
    head = ["房号", "收费项目", "账期", "欠费金额", "违约金"]
    nothing = {
        "欠费": [head, ["3-1-101", "WY", "2025-01", 0, None], ["3-1-102", "WY", "2025-01", 0, "5"]],
        "押金": [DEPOSITS, ["3-1-102", "ZX", 0, "旧1"]],
    }
    status, said = _come(begun, tmp_path, "opening", **nothing)
    assert (status, said["sums"]["arrears_fen"], said["sums"]["late_fee_fen"]) == (0, 0, 500)
    assert [(w["sheet"], w["row"], w["code"]) for w in said["warnings"]] == [
        ("欠费", 2, "opening_zero"), ("押金", 2, "opening_zero"),
    ]  # fmt: skip
    assert begun.command("arrears")[1]["total_fen"] == 500
    _ok(begun)
    wrong = {
        "欠费": [head, ["3-1-101", "ZX", "2025-01", 10, None]],
        "押金": [["房号", "收费项目", "押金金额", "收取日期"], ["3-1-102", "WY", 10, "2025-01-01"],
               ["3-1-102", "ZX", 10, "2026-07-01"]],
    }  # fmt: skip
    status, said = _come(begun, tmp_path, "opening", **wrong)
    assert (status, _places(said)) == (3, [
        ("欠费", 2, "收费项目", "ZX", "not_a_fee"), ("押金", 2, "收费项目", "WY", "not_a_deposit"),
        ("押金", 3, "收取日期", "2026-07-01", "after_go_live"),
    ])  # fmt: skip


def test_an_opening_that_differs_is_refused_by_row(begun: Office, tmp_path: Path) -> None:
    _come(begun, tmp_path, "opening", **_opening())
    status, said = _come(begun, tmp_path, "opening", **_opening(2500, 130, 99))
    assert status == 3
    assert [(r["sheet"], r["row"], r["code"]) for r in said["rejected"]] == [
        ("押金", 2, "opening_differs"),
        ("表底", 2, "reading_exists"),
        ("阶梯累计", 2, "opening_differs"),
    ]
    _ok(begun)


def test_replace_takes_other_deposits_and_tiers(begun: Office, tmp_path: Path) -> None:
    _come(begun, tmp_path, "opening", **_opening())
    assert _come(begun, tmp_path, "opening", "--replace", **_opening(2500, used=99))[0] == 0
    assert begun.command("verify")[1]["totals"]["paid_fen"] == 260_000
    assert begun.sql("SELECT quantity FROM tier_usage") == [(990_000,)]
    _ok(begun)


def test_a_first_reading_never_comes_between_others(begun: Office, tmp_path: Path) -> None:
    begun.with_meter("3-1-0101")
    head = ["房号", "表号", "收费项目", "起始读数", "日期"]
    for day, code in (("2026-06-15", "reading_stands"), ("2026-05-31", "reading_exists")):
        status, said = _come(begun, tmp_path, "meters", 水表=[head, ["3-1-101", "水", "水费", 15, day]])
        assert (status, _places(said)) == (3, [("水表", 2, "起始读数", "15", code)])
    assert begun.sql('SELECT "on", value FROM reading') == [("2026-05-31", 0)]
    status, said = _come(begun, tmp_path, "meters", 水表=[head, ["3-1-102", "水", "水费", 999_999, "2026-06-01"]])
    assert (status, [r["code"] for r in said["rejected"]]) == (3, ["reading_out_of_register"])


def test_readings_of_other_days_and_values(begun: Office, tmp_path: Path) -> None:
    begun.with_meter("3-1-0101")
    head = ["房号", "表号", "读数", "抄表日期"]
    assert _come(begun, tmp_path, "readings", 读数=[head, ["3-1-101", "水", 28, "2026-06-30"]])[0] == 0
    rows = [head, ["3-1-101", "水", 29, "2026-06-30"], ["3-1-101", "水", 5, "2026-06-10"],
            ["3-1-101", "水", 40, "2026-09-30"]]  # fmt: skip
    status, said = _come(begun, tmp_path, "readings", 读数=rows)
    assert status == 3
    assert sorted((r["row"], r["code"]) for r in said["rejected"]) == [
        (2, "reading_exists"),
        (3, "reading_out_of_order"),
        (4, "future_day"),
    ]
    _ok(begun)
