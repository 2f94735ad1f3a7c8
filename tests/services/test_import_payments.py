"""导入收款: payments taken elsewhere come in as if taken at the counter, once, and each refusal names its place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Office
from tests.reports.excel.making import a_workbook

HEAD = ["房号", "金额", "日期", "方式", "流水号", "收费项目", "账期"]
HOUSES = ("3-1-0101", "3-1-0102", "3-1-0201")
STANDING = (
    "SELECT h.number, p.on_, p.amount, p.method, p.reference, i.code, c.period_from, c.part, a.amount "
    'FROM (SELECT *, "on" AS on_ FROM payment) p JOIN house h ON h.id = p.house_id '
    "LEFT JOIN allocation a ON a.payment_id = p.id LEFT JOIN charge c ON c.id = a.charge_id "
    "LEFT JOIN fee_item i ON i.id = c.item_id ORDER BY p.id, a.id"
)


@pytest.fixture(scope="module")
def billed(made_office: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three houses with two items, one with a late fee, billed for two months."""
    folder = tmp_path_factory.mktemp("billed") / "office"
    shutil.copytree(made_office[0], folder)
    office = Office(folder).with_houses(HOUSES).with_item(late_rate=50_000).with_item("LJ", "flat", "12", name="垃圾费")
    office.bill("2026-05", "2026-05-01")
    office.bill("2026-06", "2026-06-01")
    office.close()
    return folder


@pytest.fixture
def desk(billed: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(billed, tmp_path / "office")
    office = Office(tmp_path / "office")
    yield office
    office.close()


def _come(
    office: Office,
    rows: list[list[Any]],
    *options: str,
    head: list[str] = HEAD,
    user: str = "王经理",
    sheet: str = "收款",
) -> tuple[int, dict[str, Any]]:
    folder = office.folder.parent
    path = a_workbook(folder, {sheet: [head, *rows]}, name=f"{len(list(folder.iterdir()))}.xlsx")
    return office.command("import", "payments", str(path), *options, user=user)


def _codes(said: dict[str, Any], kind: str = "rejected") -> list[tuple[Any, ...]]:
    return [(r["row"], r["column"], r["code"]) for r in said[kind]]


def test_imported_is_booked_as_taken_one_after_another(desk: Office, billed: Path, tmp_path: Path) -> None:
    """Also where rows of a house come out of order, late fees arise and money is left over."""
    rows: list[list[Any]] = [
        ["3-1-0101", "¥1,000.50", "20260706", "微信支付", "4200001", "", ""],
        ["3-1-102", 100, date(2026, 6, 20), "现金", "", "", ""],
        ["3号楼1单元102", 120, 46190, "POS", "", "垃圾费", "2026年6月"],
        ["3-1-0102", "33.3", "2026.7.1", "转账", "B-1", "LJ", ""],
        ["3-1-0201", "400元", "2026年7月6日", "支付宝", "2026070622001", "", "2026-05至2026-06"],
    ]
    status, said = _come(desk, rows)
    assert (status, said["added"], said["by_kind"]["payment"]["added"]) == (0, 5, 5)
    assert said["sums"] == {"payments_fen": 100_050 + 10_000 + 12_000 + 3_330 + 40_000}
    assert desk.command("verify")[1]["ok"] is True
    shutil.copytree(billed, tmp_path / "other")
    other = Office(tmp_path / "other")
    for house, fen, day, method, wish in (
        ("3-1-102", 12_000, "2026-06-17", "pos", "LJ:2026-06"),
        ("3-1-102", 10_000, "2026-06-20", "cash", ""),
        ("3-1-102", 3_330, "2026-07-01", "bank", "LJ:2026-05"),
        ("3-1-101", 100_050, "2026-07-06", "wechat", ""),
        ("3-1-201", 40_000, "2026-07-06", "alipay", "LJ:2026-05 WY:2026-05 LJ:2026-06 WY:2026-06"),
    ):
        yuan = f"{fen // 100}.{fen % 100:02}"
        extra = [word for one in wish.split() for word in ("--for", one)]
        assert other.command("pay", house, yuan, "--method", method, "--date", day, *extra)[0] == 0
    mine = [(row[0:4], *row[5:]) for row in desk.sql(STANDING)]
    theirs = [(row[0:4], *row[5:]) for row in other.sql(STANDING)]
    assert mine == theirs
    assert {row[7] for row in desk.sql(STANDING)} >= {"principal", "late_fee"}
    balances = "SELECT house_id, payer_id, prepaid FROM payer_balance ORDER BY 1"
    assert desk.sql(balances) == other.sql(balances)
    numbers = [row[0] for row in desk.sql("SELECT number FROM receipt ORDER BY id")]
    assert numbers == [f"S2026-0000000{n}" for n in range(1, 6)]
    other.close()


def test_principals_first_where_that_is_agreed(desk: Office) -> None:
    """The late fee that a row leaves behind is open for the rows after it."""
    assert desk.command("settings", "set", "within_debt_order", "principal_first")[0] == 0
    desk.clock.to("2026-07-20")
    rows: list[list[Any]] = [
        ["3-1-0101", "209.62", "2026-07-07", "微信", "W1", "WY", "2026-05"],
        ["3-1-0101", "1.00", "2026-07-08", "微信", "W2", "WY", "2026-05"],
        ["3-1-0101", "5.00", "2026-07-09", "微信", "W3", "WY", "2026-05"],
    ]
    status, said = _come(desk, rows)
    assert (status, said["added"]) == (0, 3)
    # Due on 1 June: 36 days of 0.0005 of 209.62 are 3.77; what is over settles June.
    mine = [(row[1], row[6], row[7], row[8]) for row in desk.sql(STANDING) if row[5] == "WY"]
    assert mine[:3] == [
        ("2026-07-07", "2026-05-01", "principal", 20_962),
        ("2026-07-08", "2026-05-01", "late_fee", 100),
        ("2026-07-09", "2026-05-01", "late_fee", 277),
    ]
    assert sum(row[3] for row in mine[3:]) == 500 - 277
    assert desk.command("verify")[1]["ok"] is True


def test_a_file_twice_books_nothing_twice(desk: Office) -> None:
    rows: list[list[Any]] = [
        ["3-1-0101", 100, "2026-07-01", "微信", "W1", "", ""],
        ["3-1-0102", 50, "2026-07-01", "现金", "", "", ""],
    ]
    assert _come(desk, rows)[1]["added"] == 2
    status, said = _come(desk, rows)
    assert (status, said["unchanged"], _codes(said)) == (3, 1, [(3, "金额", "payment_stands")])
    assert "S2026-00000002" in said["rejected"][0]["reason"]
    status, said = _come(desk, [*rows, ["3-1-0201", 8, "2026-07-02", "现金", "", "", ""]], "--skip-bad")
    assert (status, said["added"], said["unchanged"], said["rejected_count"]) == (0, 1, 1, 1)
    changed: list[list[Any]] = [
        ["3-1-0101", 101, "2026-07-01", "微信", "W1", "", ""],
        ["3-1-0101", 5, "2026-07-01", "微信", "W2", "", ""],
        ["3-1-0102", 6, "2026-07-01", "微信", "W2", "", ""],
    ]
    said = _come(desk, changed)[1]
    assert _codes(said) == [(2, "流水号", "reference_booked"), (4, "流水号", "reference_twice")]
    assert desk.sql("SELECT count(*), sum(amount) FROM payment") == [(3, 15_800)]
    # What was taken back may come again.
    assert desk.command("receipt", "void", "S2026-00000001", "--reason", "录错", user="王经理")[0] == 0
    assert _come(desk, rows[:1])[1]["added"] == 1
    assert desk.command("verify")[1]["ok"] is True


def test_each_refusal_names_its_place_and_nothing_is_written(desk: Office) -> None:
    rows: list[list[Any]] = [
        ["9-9-0909", 10, "2026-07-01", "现金", "", "", ""],
        ["3-1-0101", 0, "2026-07-01", "现金", "", "", ""],
        ["3-1-0101", "十元", "2026-07-01", "现金", "", "", ""],
        ["3-1-0101", -5, "2026-07-01", "现金", "", "", ""],
        ["3-1-0101", 10, "2026-07-07", "现金", "", "", ""],
        ["3-1-0101", 10, "2026-07-01", "以物抵债", "", "", ""],
        ["3-1-0101", 10, "2026-07-01", "", "", "", ""],
        ["3-1-0101", 10, "2026-07-01", "现金", "", "车位费", ""],
        ["3-1-0101", 10, "2026-07-01", "现金", "", "WY", "2026-09"],
        ["3-1-0101", 10, "2026-07-01", "现金", 4.2e27, "", ""],
        ["3-1-0101", 10, "", "现金", "", "", ""],
        ["3-1-0101", 10, "2026-07-02", "现金", "好的", "", ""],
    ]  # fmt: skip
    status, said = _come(desk, rows)
    assert (status, said["error"]["code"], said["rows"]) == (3, "import.rejected", 12)
    assert sorted(_codes(said)) == [
        (2, "房号", "unknown_house"),
        (3, "金额", "amount_not_positive"),
        (4, "金额", "money.format"),
        (5, "金额", "cell.negative"),
        (6, "日期", "future_day"),
        (7, "方式", "unknown_method"),
        (8, "方式", "unknown_method"),
        (9, "收费项目", "unknown_item"),
        (10, "账期", "unknown_debt"),
        (11, "流水号", "cell.digits_lost"),
        (12, "日期", "cell.missing"),
    ]
    assert desk.sql("SELECT count(*) FROM payment") == [(0,)]
    status, said = _come(desk, rows, "--skip-bad")
    assert (status, said["added"]) == (0, 1)


def test_closed_days_and_months_are_shut(desk: Office) -> None:
    desk.clock.to("2026-07-06")
    desk.pay("3-1-0101", 500, on=date(2026, 7, 3))
    assert desk.command("close", "--date", "2026-07-03", "--reason", "交账")[0] == 0
    rows: list[list[Any]] = [["3-1-0102", 5, f"2026-07-0{n}", "现金", "", "", ""] for n in (2, 3, 4)]
    assert _codes(_come(desk, rows)[1]) == [(2, "日期", "day_closed"), (3, "日期", "day_closed")]
    assert desk.command("month", "close", "2026-05")[0] == 0
    shut = desk.command("month", "close", "2026-06")
    assert shut[0] == 0, shut
    rows = [["3-1-0102", 5, "2026-06-30", "现金", "", "", ""]]
    assert _codes(_come(desk, rows)[1]) == [(2, "日期", "month_closed")]


def test_doubts_are_told_and_the_sheet_may_say_the_way(desk: Office) -> None:
    desk.pay("3-1-0101", 1000, on=date(2026, 7, 2), method="wechat")
    head = ["交易时间", "交易单号", "房屋", "交易金额", "对方户名"]
    rows = [
        ["2026-07-02 10:22:33", "`4200001", "3-1-0101", "¥10.00", "业主3-1-0101"],
        ["2026-07-03 10:22:33", "", "3-1-0102", "¥10.00", "路人"],
        ["2026-07-03 10:22:34", "", "3-1-0102", "¥10.00", "业主3-1-0102"],
    ]
    status, said = _come(desk, rows, head=head, sheet="微信账单")
    assert status == 0
    assert _codes(said, "warnings") == [
        (2, "金额", "payment_alike"),
        (3, "对方户名", "other_payer"),
        (4, "金额", "payment_twin"),
    ] or sorted(code for _r, _c, code in _codes(said, "warnings")) == ["other_payer", "payment_alike", "payment_twin"]
    assert desk.sql("SELECT method, reference FROM payment ORDER BY id") == [
        ("wechat", None), ("wechat", "4200001"), ("wechat", None), ("wechat", None)]  # fmt: skip


def test_only_who_may_bring_money_in(desk: Office) -> None:
    desk.with_staff("李收费", "赵财务")
    rows: list[list[Any]] = [["3-1-0101", 10, "2026-07-01", "现金", "", "", ""]]
    assert _come(desk, rows, user="李收费")[1]["error"]["code"] == "no_permission"
    assert _come(desk, rows, "--dry-run", user="赵财务")[1]["added"] == 1
    assert desk.sql("SELECT count(*) FROM payment") == [(0,)]


def test_many_payments_take_few_statements(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many rows, so many statements: the number of statements does not follow the number of payments."""
    from sqlalchemy import event

    def statements(n: int) -> int:
        rows: list[list[Any]] = [
            [HOUSES[i % 3], 1 + i / 100, "2026-07-05", "微信", f"R{n}-{i}", "", ""] for i in range(n)
        ]
        seen = [0]
        engine = desk.manager.store.engines.writer

        def count(*_: object) -> None:
            seen[0] += 1

        event.listen(engine, "before_cursor_execute", count)
        try:
            from app.services import imports

            folder = desk.folder.parent
            path = a_workbook(folder, {"收款": [HEAD, *rows]}, name=f"many-{n}.xlsx")
            opened = imports.read(path, "payments", date(2026, 7, 6))
            imports.payments(desk.manager, opened.source, book=opened.book)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return seen[0]

    counts = [statements(n) for n in (3, 60)]
    assert counts[1] <= counts[0] + 3, counts
    assert desk.command("verify")[1]["ok"] is True
