"""银行流水: lines come in once, find their payments, or become payments; what is not sure a person says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bank_match import DAYS, Booked, Line, candidates, match, numbers_in
from tests.builders import Office
from tests.reports.excel.making import a_workbook

HEAD = ["交易日期", "收入", "支出", "对方户名", "交易流水号", "附言"]
STATES = "SELECT number, state, payment_id FROM bank_line ORDER BY id"


@pytest.fixture(scope="module")
def billed(made_office: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank") / "office"
    shutil.copytree(made_office[0], folder)
    office = Office(folder).with_staff("赵财务", "李收费").with_houses(("3-1-0101", "3-1-0102", "3-1-0201", "3-1-0202"))
    office.with_item(name="物业费")
    office.bill("2026-06", "2026-06-01")
    office.pay("3-1-0101", 20_962, method="bank", on=date(2026, 7, 3))
    office.pay("3-1-0102", 5_000, method="wechat", on=date(2026, 7, 1))
    office.pay("3-1-0201", 5_000, method="wechat", on=date(2026, 7, 2))
    office.close()
    return folder


@pytest.fixture
def desk(billed: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(billed, tmp_path / "office")
    office = Office(tmp_path / "office")
    yield office
    office.close()


def _come(office: Office, rows: list[list[Any]], *options: str, head: list[str] = HEAD) -> tuple[int, dict[str, Any]]:
    folder = office.folder.parent
    path = a_workbook(folder, {"流水": [head, *rows]}, name=f"{len(list(folder.iterdir()))}.xlsx")
    return office.command("bank", "import", str(path), *options, user="赵财务")


ROWS: list[list[Any]] = [
    ["2026-07-04", 209.62, "", "张某", "B1", "物业费"],
    ["2026-07-02", 50, "", "业主3-1-0102", "", ""],
    ["2026-07-04", "", 300, "电力公司", "B2", "电费"],
    ["2026-07-05", 88.8, "", "李某", "B3", "3栋1单元202 物业费"],
    ["2026-07-05", 66, "", "业主3-1-0201", "B4", "转账"],
    ["2026-07-05", 0.31, "", "", "B5", "利息"],
]


def test_lines_find_their_payments_or_become_some(desk: Office) -> None:
    status, said = _come(desk, ROWS)
    assert status == 0, said
    assert (said["added"], said["by_kind"]["bank_line"]["added"], said["by_kind"]["bank_matched"]["added"]) == (5, 4, 1)
    assert said["by_kind"]["bank_out"]["unchanged"] == 1
    # The transfer is the only one of its amount within three days; either of two WeChat payments may be the second.
    assert [row[:2] for row in desk.sql(STATES)] == [
        ("Y2026-000001", "matched"), ("Y2026-000002", "open"), ("Y2026-000003", "open"), ("Y2026-000004", "open"),
        ("Y2026-000005", "open")]  # fmt: skip
    lines = {row["line"]: row for row in desk.command("bank", "list", "--state", "open")[1]["lines"]}
    assert [c["receipt"] for c in lines["Y2026-000002"]["candidates"]] == ["S2026-00000003", "S2026-00000002"]
    assert (lines["Y2026-000003"]["house"], lines["Y2026-000004"]["house"]) == ("3-1-0202", "3-1-0201")
    assert lines["Y2026-000005"]["house"] is None
    status, done = desk.command("bank", "match", "Y2026-000002", "S2026-00000002", user="赵财务")
    assert (status, done["state"]) == (0, "matched")
    status, done = desk.command("bank", "book", "Y2026-000003", "3-1-202", user="赵财务")
    assert (status, done["receipt"], done["amount_fen"]) == (0, "S2026-00000004", 8_880)
    assert desk.sql('SELECT method, reference, "on" FROM payment WHERE amount = 8880') == [("bank", "B3", "2026-07-05")]
    assert desk.command("bank", "ignore", "Y2026-000005", "--reason", "利息", user="赵财务")[1]["state"] == "ignored"
    assert [row["line"] for row in desk.command("bank", "list", "--state", "open")[1]["lines"]] == ["Y2026-000004"]
    assert desk.command("verify")[1]["ok"] is True
    # The same file again, and one that begins with other lines: nothing is new.
    assert _come(desk, ROWS)[1]["unchanged"] == 6
    again = _come(desk, [["2026-07-06", 1, "", "", "B9", ""], *ROWS])[1]
    assert (again["by_kind"]["bank_line"]["added"], again["by_kind"]["bank_line"]["unchanged"]) == (1, 5)


def test_a_line_is_open_again_once_its_receipt_is_taken_back(desk: Office) -> None:
    _come(desk, ROWS)
    assert desk.command("bank", "book", "Y2026-000003", "3-1-202", user="赵财务")[0] == 0
    said = desk.command("bank", "release", "Y2026-000003", "--reason", "录错户", user="赵财务")[1]
    assert said["error"]["code"] == "line_booked"
    assert desk.command("receipt", "void", "S2026-00000004", "--reason", "录错户", "--second", "赵财务",
                        ANJU_SECOND_PASSWORD="correct horse battery")[0] == 0  # fmt: skip
    assert desk.command("bank", "list", "--state", "booked")[1]["lines"] == []
    status, done = desk.command("bank", "book", "Y2026-000003", "3-1-201", user="赵财务")
    assert (status, done["house"]) == (0, "3-1-0201")
    assert desk.command("bank", "release", "Y2026-000001", "--reason", "对错了", user="赵财务")[1]["state"] == "open"
    assert desk.command("bank", "match", "Y2026-000001", "S2026-00000001", user="赵财务")[0] == 0
    assert desk.command("verify")[1]["ok"] is True


def test_what_is_refused(desk: Office) -> None:
    _come(desk, ROWS)
    for argv, code in (
        (("match", "Y2026-000009", "S2026-00000001"), "unknown_line"),
        (("match", "Y2026-000001", "S2026-00000001"), "line_settled"),
        (("match", "Y2026-000002", "S2026-00000001"), "match_amount"),
        (("match", "Y2026-000002", "S2026-00000099"), "unknown_receipt"),
        (("book", "Y2026-000002", "9-9-909"), "unknown_house"),
        (("ignore", "Y2026-000002"), "reason_needed"),
        (("release", "Y2026-000002", "--reason", "x"), "line_open"),
        (("list", "--state", "lost"), "bad_choice"),
    ):
        assert desk.command("bank", *argv, user="赵财务")[1]["error"]["code"] == code, argv
    assert (
        desk.command("bank", "match", "Y2026-000002", "S2026-00000002", user="李收费")[1]["error"]["code"]
        == "no_permission"
    )
    assert desk.command("bank", "match", "Y2026-000002", "S2026-00000002", user="赵财务")[0] == 0
    said = _come(desk, [["2026-07-02", 50, "", "", "B7", ""]])[1]
    assert said["by_kind"]["bank_matched"]["added"] == 1
    said = desk.command("bank", "release", "Y2026-000006", "--reason", "对错", user="赵财务")[1]
    assert said["state"] == "open"
    rows: list[list[Any]] = [
        ["2026-07-09", 5, "", "", "", ""],
        ["2026-07-01", "五元", "", "", "", ""],
        ["", 5, "", "", "", ""],
    ]
    said = _come(desk, rows)[1]
    assert [(r["row"], r["column"]) for r in said["rejected"]] == [(3, "收入"), (4, "交易日期"), (2, "交易日期")]


def test_a_statement_with_commas_whose_columns_are_put_right_once(desk: Office, tmp_path: Path) -> None:
    text = '某某银行对账单\n账号,6222\n日子,进项,出项,谁,号,话\n{day},"1,250.00",,王某,C1,3-1-201\n'
    path = tmp_path / "流水.csv"
    path.write_bytes(text.format(day="2026-07-01").encode("gb18030"))
    assert desk.command("bank", "import", str(path), user="赵财务")[1]["error"]["code"] in (
        "import.nothing",
        "import.mapping",
    )
    columns = ("day=日子", "fen=进项", "out=出项", "counterparty=谁", "reference=号", "remark=话")
    said = desk.command("bank", "import", str(path), *(w for c in columns for w in ("--column", c)), user="赵财务")[1]
    assert said["added"] == 1, said
    path.write_bytes(text.format(day="2026-07-02").encode("utf-8-sig"))
    said = desk.command("bank", "import", str(path), user="赵财务")[1]
    assert said["added"] == 1, said
    assert desk.sql("SELECT day, amount, counterparty, reference, remark FROM bank_line ORDER BY id") == [
        ("2026-07-01", 125_000, "王某", "C1", "3-1-201"), ("2026-07-02", 125_000, "王某", "C1", "3-1-201")]  # fmt: skip
    assert desk.command("bank", "list")[1]["lines"][0]["house"] == "3-1-0201"
    said = desk.command("bank", "import", str(path), "--column", "nothing=日子", user="赵财务")[1]
    assert said["error"]["code"] == "bad_column"


def test_house_numbers_in_a_remark() -> None:
    assert numbers_in("3-2-1102物业费") == ["3-2-1102"]
    assert numbers_in("付3栋2单元1102室7月") == ["3栋2单元1102"]
    assert numbers_in("转账 20260701 无") == []


_DAY = date(2026, 7, 1)
_lines = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 3), st.sampled_from(["", "A", "B"])), max_size=8)


@given(_lines, _lines)
def test_what_is_matched_is_unmistakable(lines: list[tuple[int, int, str]], booked: list[tuple[int, int, str]]) -> None:
    given_lines = [Line(n, _DAY.replace(day=1 + day), fen, ref) for n, (day, fen, ref) in enumerate(lines)]
    payments = [Booked(n, _DAY.replace(day=1 + day), fen, ref) for n, (day, fen, ref) in enumerate(booked)]
    found = match(given_lines, payments)
    assert len(set(found.values())) == len(found)
    for line in given_lines:
        if line.id not in found:
            continue
        payment = payments[found[line.id]]
        assert payment.fen == line.fen
        if not (line.reference and line.reference == payment.reference):
            assert abs((payment.day - line.day).days) <= DAYS
            assert not (line.reference and payment.reference)
        assert payment in candidates(line, [payment])
