"""导入往期费用: the books before the program stand behind the opening, in statement, ages and explanation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from beancount import loader

from tests.builders import Office
from tests.reports.excel.making import a_workbook

HEAD = ["房号", "收费项目", "账期起", "账期止", "应收", "减免", "已收", "未收", "收款日期", "收据号", "到期日"]
ROWS: list[list[Any]] = [
    ["3-1-0101", "物业费", "2024-01-01", "2024-12-31", 1200, "", 1200, 0, "2024-03-05", "No.0123", "2024-03-31"],
    ["3-1-0101", "物业费", "2025-01-01", "2025-12-31", 1200, 100, 500, "", "2025.4.1", "No.0456", "2025-03-31"],
    ["3-1-0102", "WY", "2026-01-01", "2026-12-31", 1200, "", "", 1200, "", "", "2026-03-31"],
]


@pytest.fixture
def ready(office: Office) -> Office:
    office.with_houses().with_item(name="物业费", late_rate=50_000)
    return office.set(go_live="2026-07-01")


def _come(office: Office, rows: list[list[Any]], *options: str, head: list[str] = HEAD) -> tuple[int, dict[str, Any]]:
    folder = office.folder.parent
    path = a_workbook(folder, {"费用台账": [head, *rows]}, name=f"{len(list(folder.iterdir()))}.xlsx")
    return office.command("import", "history", str(path), *options)


def test_years_before_the_program_are_there(ready: Office) -> None:
    status, said = _come(ready, ROWS)
    assert (status, said["added"]) == (0, 3), said
    assert said["sums"] == {"charged_fen": 120_000 + 110_000 + 120_000, "paid_fen": 170_000}
    assert ready.command("verify")[1]["ok"] is True
    owed = ready.command("arrears")[1]
    assert {row["house"]: (row["owed_fen"], row["oldest_due"]) for row in owed["houses"]} == {
        "3-1-0101": (60_000, "2025-03-31"), "3-1-0102": (120_000, "2026-03-31")}  # fmt: skip
    # Nothing is late for days before go-live.
    assert ready.command("arrears", "--as-of", "2026-06-30")[1]["late_fee_fen"] == 0
    entries = ready.command("statement", "3-1-0101")[1]["entries"]
    assert [(e["kind"], e["number"], e["from"], e["amount_fen"]) for e in entries] == [
        ("history", None, "2024-01-01", 120_000),
        ("history", None, "2025-01-01", 110_000),
        ("opening_history", "No.0123", None, -120_000),
        ("opening_history", "No.0456", None, -50_000),
    ]
    sentences = ready.command("explain", "3-1-0101", "--period", "2025-06")[1]["charges"][0]["sentences"]
    assert "原账：应收 1200.00 元，减免 100.00 元，2025-04-01 已收 500.00 元，原收据 No.0456" in sentences
    # The same file again changes nothing; what was billed ahead is not billed again; a receipt is given as ever.
    assert _come(ready, ROWS)[1]["unchanged"] == 3
    assert ready.sql("SELECT h.number, day FROM paid_until JOIN house h ON h.id = house_id") == [
        ("3-1-0102", "2026-12-31")
    ]
    run = ready.command("bill", "run", "--period", "2026-07")[1]
    assert run["lines"] == 1
    assert ready.command("pay", "3-1-0101", "600")[1]["receipt"] == "S2026-00000001"
    ledger = ready.folder / "账.beancount"
    assert ready.command("ledger", "export", str(ledger))[0] == 0
    assert loader.load_file(str(ledger))[1] == []
    assert ready.command("verify")[1]["ok"] is True
    assert _come(ready, ROWS)[1]["error"]["code"] == "opening_fixed"


def test_it_goes_with_the_opening(ready: Office) -> None:
    _come(ready, ROWS)
    folder = ready.folder.parent
    path = a_workbook(folder, {"预存": [["房号", "预存金额"], ["3-1-0101", 50]]}, name="期初.xlsx")
    assert ready.command("import", "opening", str(path), "--replace")[0] == 0
    assert ready.command("arrears")[1]["total_fen"] == 0
    assert _come(ready, ROWS)[1]["added"] == 3
    assert ready.command("arrears")[1]["total_fen"] == 180_000
    assert ready.command("verify")[1]["ok"] is True


def test_each_refusal_names_its_place(ready: Office) -> None:
    ready.with_item("YJ", "deposit", "2000", name="押金")
    rows: list[list[Any]] = [
        ["9-9-0909", "WY", "2025-01-01", "2025-12-31", 1, "", "", "", "", "", ""],
        ["3-1-0101", "车位费", "2025-01-01", "2025-12-31", 1, "", "", "", "", "", ""],
        ["3-1-0101", "押金", "2025-01-01", "2025-12-31", 1, "", "", "", "", "", ""],
        ["3-1-0101", "WY", "2026-07-01", "2026-12-31", 1, "", "", "", "", "", ""],
        ["3-1-0101", "WY", "2024-01-01", "2024-01-31", 10, 20, "", "", "", "", ""],
        ["3-1-0101", "WY", "2024-02-01", "2024-02-28", 10, "", 20, "", "", "", ""],
        ["3-1-0101", "WY", "2024-03-01", "2024-03-31", 10, "", 5, 6, "", "", ""],
        ["3-1-0101", "WY", "2024-04-01", "2024-04-30", 10, "", 5, 5, "2026-07-03", "", ""],
        ["3-1-0101", "WY", "2024-05-01", "2024-05-31", 10, 10, "", "", "", "", ""],
        ["3-1-0101", "WY", "", "", 10, "", "", "", "", "", ""],
    ]
    status, said = _come(ready, rows)
    assert status == 3
    assert sorted((r["row"], r["column"], r["code"]) for r in said["rejected"]) == [
        (2, "房号", "unknown_house"),
        (3, "收费项目", "unknown_item"),
        (4, "收费项目", "not_a_fee"),
        (5, "账期", "after_go_live"),
        (6, "减免", "waived_over"),
        (7, "已收", "paid_over"),
        (8, "未收", "sums_differ"),
        (9, "收款日期", "after_go_live"),
        (11, "账期起", "arrear.span"),
    ]
    assert [(w["row"], w["code"]) for w in said["warnings"]] == [(10, "history_zero")]
    assert ready.sql("SELECT count(*) FROM charge") == [(0,)]


def test_without_go_live_nobody_knows_where_it_stands(office: Office, tmp_path: Path) -> None:
    office.with_houses().with_item(name="物业费")
    assert _come(office, ROWS)[1]["error"]["code"] == "no_go_live"
