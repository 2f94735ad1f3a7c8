"""A year in the office, through the command line: what is booked adds up on every day of it, whatever happened."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import PASSWORD, Office

MONTHS = [f"2026-{month:02}" for month in range(8, 13)] + [f"2027-{month:02}" for month in range(1, 8)]
HEAD = ["楼栋", "单元", "房号", "建筑面积", "业主姓名", "手机号"]


def _book(path: Path, *rows: list[object]) -> str:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return str(path)


@dataclass
class Year:
    """The office while it lives; what it showed on each day is kept, to be asked for again later."""

    office: Office
    scratch: Path
    shown: dict[str, Any] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)

    def do(self, *argv: str, user: str = "王经理", status: int = 0, **environ: str) -> dict[str, Any]:
        found, said = self.office.command(*argv, user=user, **environ)
        assert found == status, (argv, said)
        return said

    def to(self, day: str) -> None:
        self.office.close()
        self.office.clock.to(day)

    def pay(self, house: str, yuan: str, *more: str, user: str = "李收费") -> dict[str, Any]:
        said = self.do("pay", house, yuan, *more, user=user)
        self.receipts.append(said["receipt"])
        return said

    def look(self, day: str) -> None:
        """Keep what the office owed at the end of a day."""
        said = self.do("arrears", "--as-of", day)
        self.shown[day] = {name: said[name] for name in ("total_fen", "late_fee_fen", "buckets", "houses", "items")}

    def all_as_shown(self) -> None:
        for day, kept in self.shown.items():
            said = self.do("arrears", "--as-of", day)
            assert {name: said[name] for name in kept} == kept, day

    def sound(self) -> dict[str, Any]:
        said = self.do("verify")
        assert said["ok"] is True
        return said


def _begin(year: Year) -> None:
    year.do("user", "add", "李收费", "--role", "cashier", ANJU_NEW_PASSWORD=PASSWORD)
    rows: list[list[object]] = [["3", "1", f"{n:02}01", 80 + n, f"业主{n}", f"1990000{n:04}"] for n in range(1, 13)]
    year.do("import", "houses", _book(year.scratch / "houses.xlsx", HEAD, *rows))
    year.do("settings", "set", "go_live", "2026-08-01")
    year.do("fee", "add", "WY", "物业费", "--kind", "area", "--late-rate", "0.0005")
    year.do("fee", "add", "LJ", "垃圾费", "--kind", "flat", "--cycle", "quarter")
    year.do("tariff", "add", "WY", "--from", "2026-01-01", "--price", "2.35")
    year.do("tariff", "add", "LJ", "--from", "2026-01-01", "--price", "8")
    # Sold before anything was posted: the sheet's new owner takes the old one's place.
    changed = [HEAD, ["3", "1", "0201", 82, "新业主", "19900008888"]]
    year.do("import", "houses", _book(year.scratch / "changed.xlsx", *changed))
    said = year.do("equipment", "add", "DT-01", "1 号电梯", "--type", "曳引电梯")
    assert said["plans"]


def _month(year: Year, month: str, place: int) -> None:
    year.to(f"{month}-01")
    posted = year.do("bill", "run", "--period", month)
    assert posted["exceptions"] == []
    year.do("bill", "print", "--period", month)
    year.do("shift", "open", "--float", "200", user="李收费")
    year.to(f"{month}-10")
    for house in range(1, 9):
        if (house + place) % 3:
            year.pay(f"3-1-{house:02}01", f"{190 + house}.5", "--method", ("cash", "wechat")[house % 2])
    year.to(f"{month}-20")
    wrong = year.pay("3-1-0901", "50")["receipt"]
    voided = year.do("receipt", "void", wrong, "--reason", "录错户", "--second", "王经理", user="李收费",
                     ANJU_SECOND_PASSWORD=PASSWORD)  # fmt: skip
    assert voided["reversal"] == wrong
    for task in ("半月维保",):
        year.do("maintenance", "done", "DT-01", task, "--by", "孙工程", "--result", "pass")
    year.do("dun", "run", "--as-of", f"{month}-20")
    booked = year.do("close", "--cash", "0", "--reason", "未点", user="李收费")
    assert booked["difference_fen"] < 0
    year.do("close", user="李收费", status=3)
    year.do("pay", "3-1-0901", "1", user="李收费", status=3)
    year.look(f"{month}-20")


def test_a_year(office: Office, tmp_path: Path) -> None:
    year = Year(office, tmp_path)
    year.to("2026-07-30")
    _begin(year)
    saved = tmp_path / "half.anju"
    for place, month in enumerate(MONTHS):
        _month(year, month, place)
        if place == 3:
            year.to(f"{month}-28")
            year.do("tariff", "add", "WY", "--from", "2027-01-01", "--price", "2.60", "--reason", "业主大会通过")
            year.do("receipt", "reverse", year.receipts[5], "--reason", "银行退票")
        if place == 5:
            year.to(f"{month}-28")
            made = year.do("backup", "create", str(saved))
            kept = year.sound()
            year.pay("3-1-1201", "9999", user="王经理")
            back = year.do("backup", "restore", str(saved), "--reason", "演练")
            assert back["audit_head"] == made["audit_head"]
            assert year.sound()["totals"] == kept["totals"]
            year.receipts.pop()
        if place % 4 == 3:
            year.all_as_shown()
    letters = year.office.sql("SELECT stage, count(*) FROM dun_step GROUP BY stage ORDER BY stage")
    assert dict(letters).keys() >= {"reminder", "notice", "letter"}
    prices = {row[0] for row in year.office.sql("SELECT DISTINCT price FROM charge_part WHERE price > 2000000")}
    assert prices >= {2_350_000, 2_600_000}
    owner = year.do("proof", "3-1-0201")
    assert "新业主" in str(owner)
    ran = year.do("jobs", "--once")
    assert all(job["ok"] for job in ran["ran"]), ran
    totals = year.sound()["totals"]
    year.do("verify", "--rebuild")
    assert year.sound()["totals"] == totals


Act = Callable[[Year, int], None]


def _try(year: Year, *argv: str, user: str = "王经理", **environ: str) -> None:
    """Do it or be refused; never anything else."""
    status, said = year.office.command(*argv, user=user, **environ)
    assert status in (0, 3), (argv, said)
    if status == 0 and "receipt" in said and argv[0] == "pay":
        year.receipts.append(said["receipt"])


def _later(year: Year, n: int) -> None:
    year.office.close()
    year.office.clock.move(days=1 + n % 40)


def _of_month(year: Year) -> str:
    return year.office.clock.now.strftime("%Y-%m")


def _receipt(year: Year, n: int) -> str:
    return year.receipts[n % len(year.receipts)] if year.receipts else "S2026-00000001"


def _house(n: int) -> str:
    return f"3-1-0{n % 3 + 1}01"


def _show(year: Year, _n: int) -> None:
    """What a day that is over showed must stay so; it is closed for everybody by nothing being entered on it."""
    day = year.office.clock.now.strftime("%Y-%m-%d")
    year.look(day)
    year.office.close()
    year.office.clock.move(days=1)


ACTS: list[Act] = [
    _later,
    lambda year, n: _try(year, "bill", "run", "--period", _of_month(year)),
    lambda year, n: _try(year, "pay", _house(n), f"{n % 700 + 1}.{n % 100:02}"),
    lambda year, n: _try(year, "pay", _house(n), f"{n % 300 + 1}", "--for", f"WY:{_of_month(year)}"),
    lambda year, n: _try(year, "receipt", "void", _receipt(year, n), "--reason", "试"),
    lambda year, n: _try(year, "receipt", "reverse", _receipt(year, n), "--reason", "试"),
    lambda year, n: _try(year, "close", "--cash", "0", "--reason", "试"),
    lambda year, n: _try(year, "dun", "run"),
    lambda year, n: _try(year, "bill", "void", "--period", _of_month(year), "--reason", "试"),
    lambda year, n: _try(year, "tariff", "add", "WY", "--from", f"2026-{n % 5 + 8:02}-01", "--price", f"{n % 9 + 1}",
                         "--reason", "试"),
    _show,
]  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(ACTS) - 1), st.integers(0, 10_000)), min_size=6, max_size=22))
def test_some_months_at_random(made_office: tuple[Path, str], steps: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "office"
        shutil.copytree(made_office[0], folder)
        year = Year(Office(folder), Path(scratch))
        year.office.with_houses(("3-1-0101", "3-1-0201", "3-1-0301")).with_item(late_rate=50_000)
        year.office.bill("2026-05", "2026-05-01")
        for act, n in steps:
            ACTS[act](year, n)
        year.all_as_shown()
        year.sound()
        year.office.close()
