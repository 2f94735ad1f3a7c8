"""A year in the office: what is booked adds up on every day, whatever happened, by our sums and by Beancount's."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.money import Fen
from app.domain.period import Period
from app.services import (
    adjustments,
    arrears,
    billing,
    closes,
    deposits,
    dunning,
    explain,
    fee_rules,
    one_off,
    prepaid_use,
    prepay,
    prepay_ending,
    readings,
    rebooking,
    receipts,
    refunds,
    settlement,
    shared_costs,
    tariffs,
)
from app.services.adjustments import Change
from app.services.arrears import Arrears
from app.services.deposits import Deduction
from app.services.purse import Wish
from app.services.rebooking import Rebooked
from app.services.refused import Refused
from app.services.settlement import Wanted
from app.services.shared_costs import NewCost
from tests.builders import PASSWORD, Office
from tests.outside import agrees
from tests.reports.excel.making import a_workbook

SEEDS = (1, 3, 4)
"""Years that are tried, in which together every act succeeds; a test's name says which one failed."""

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
    water: int = 0
    houses: int = 0
    sales: int = 0
    ahead: list[str] = field(default_factory=list)
    kept: dict[date, Arrears] = field(default_factory=dict)

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


Act = Callable[[Year, int], object]

COUNTER = ("cash", "wechat", "alipay", "pos", "bank")


def _today(year: Year) -> date:
    return year.office.clock.now.date()


def _of_month(year: Year) -> str:
    return f"{_today(year):%Y-%m}"


def _receipt(year: Year, n: int) -> str:
    return year.receipts[n % len(year.receipts)] if year.receipts else "S2026-00000001"


def _house(n: int) -> str:
    return f"3-1-0{n % 3 + 1}01"


def _later(year: Year, n: int) -> None:
    year.office.clock.move(days=1 + n % 40)


def _take(year: Year, n: int, fen: int, **more: Any) -> None:
    done = year.office.pay(_house(n), fen, method=COUNTER[n % len(COUNTER)], **more)
    year.receipts.append(done.receipt)


def _read(year: Year, n: int) -> object:
    """A reading a little above the last one, now and then an estimate, now and then below it: refused, or a credit."""
    on = _today(year).replace(day=1) - timedelta(days=n % 3)
    year.water += n % 25 - (n % 7 == 0) * 12
    return readings.add(year.office.manager, "3-1-0101", "水", str(max(0, year.water)), on, estimate=n % 3 == 0)


def _build(year: Year, n: int) -> object:
    year.houses += 1
    return year.office.with_houses((f"{year.houses + 3}-1-0101",), area=500_000 + n * 100)


def _show(year: Year, _n: int) -> None:
    """What a day that is over showed must stay so; it is closed for everybody by nothing being entered on it."""
    year.kept[_today(year)] = arrears.arrears(year.office.manager)
    year.office.clock.move(days=1)


def _adjust(year: Year, n: int) -> object:
    """Less or more on something that a house owes or owed: principal or late fee, of this month or an earlier one."""
    kind = ("waiver", "waiver", "correction", "write_off", "recovery")[n % 5]
    part = "late_fee" if n % 4 == 1 else "principal"
    month = str(Period(_of_month(year)).plus(-(n % 4)))
    change = Change("WY", month, n % 9000 + 1, part)
    return adjustments.adjust(year.office.manager, _house(n), kind, [change], "试")


def _deposit(year: Year, n: int) -> None:
    year.receipts.append(deposits.take(year.office.manager, _house(n), "ZX", n + 1000, COUNTER[n % 5]).receipt)


def _give_back(year: Year, n: int) -> object:
    held = deposits.listing(year.office.manager)
    one = held[n % len(held)] if held else None
    receipt, house, item = (one.receipt, one.house, one.item) if one else ("", _house(n), "ZX")
    kept = [Deduction("WX", n % 1500 + 1, "试")] if n % 3 else []
    return deposits.give_back(year.office.manager, house, receipt, COUNTER[n % 5], "试", kept, item)


def _rebook(year: Year, n: int) -> None:
    done = rebooking.rebook(year.office.manager, _receipt(year, n), _house(n + 1), COUNTER[n % 5], "试")
    assert isinstance(done, Rebooked)
    year.receipts.append(done.rebooked)


def _settle(year: Year, n: int) -> object:
    """A sale, now and then with a reading, with money that comes in or goes out in it, with debts that are carried."""
    year.sales += 1
    house = _house(n)
    read = (("水", str(year.water + n % 9)),) if house == "3-1-0101" and n % 3 else ()
    wanted = Wanted(
        house, _today(year) - timedelta(days=n % 6), follower=f"买家{year.sales}", phone=f"139{year.sales:08}",
        arrears=("seller", "carried")[n % 2], readings=read, pay="cash" if n % 10 == 0 else "",
        refund="bank" if n % 3 else "", deposits="cash" if n % 4 == 0 else "",
    )  # fmt: skip
    done = settlement.settle(year.office.manager, wanted, "过户")
    year.water += n % 9 if read else 0
    return done


def _prepay(year: Year, n: int) -> None:
    done = prepay.take(year.office.manager, _house(n), "WY", (3, 6, 12)[n % 3])
    year.receipts.append(done.receipt)
    year.ahead.append(done.receipt)


def _end_prepaid(year: Year, n: int) -> object:
    number = year.ahead[n % len(year.ahead)] if year.ahead else "S2026-00000001"
    return prepay_ending.end(year.office.manager, number, None, "搬走")


def _agree(year: Year, n: int) -> None:
    """Other orders of what money settles."""
    year.office.set(
        within_debt_order=("statutory", "principal_first")[n % 2],
        allocation_order=("statutory", "oldest_first")[n // 2 % 2],
    )


def _bar(year: Year, n: int) -> object:
    code, tomorrow = ("WY", "SF", "GT")[n % 3], _today(year) + timedelta(days=1)
    said = {"set_off": ("barred", "allowed")[n % 2]}
    return fee_rules.change(year.office.manager, code, tomorrow, said, "试")


def _cost(year: Year, n: int) -> object:
    month = str(Period(_of_month(year)).plus(-1))
    return shared_costs.add(year.office.manager, NewCost("GT", month, Fen(n + 1)))


ACTS: list[Act] = [
    _later,
    lambda year, n: billing.post(year.office.manager, _of_month(year)),
    lambda year, n: _take(year, n, n % 70_000 + 1),
    lambda year, n: _take(year, n, 100 * (n % 300 + 1), wishes=[Wish("WY", _of_month(year))]),
    lambda year, n: _take(year, n, 300_000 + n),
    lambda year, n: receipts.void(year.office.manager, _receipt(year, n), "试"),
    lambda year, n: receipts.reverse(year.office.manager, _receipt(year, n), "试"),
    lambda year, n: closes.close(year.office.manager, None, 0, "试"),
    lambda year, n: dunning.run(year.office.manager, year.scratch / "催缴.pdf"),
    lambda year, n: billing.void(year.office.manager, _of_month(year), "试"),
    lambda year, n: tariffs.add(year.office.manager, "WY", date(2026, n % 5 + 8, 1), {"price": str(n % 9 + 1)},
                                reason="试"),
    _read,
    _build,
    _adjust,
    _deposit,
    _give_back,
    _rebook,
    _cost,
    lambda year, n: refunds.refund(year.office.manager, _house(n), n % 20_000 + 1, COUNTER[n % 5], "试"),
    lambda year, n: one_off.post(year.office.manager, _house(n), "WX", n % 3 + 1),
    lambda year, n: receipts.void(year.office.manager, year.receipts[-1] if year.receipts else "S2026-00000001", "试"),
    lambda year, n: prepaid_use.put(year.office.manager, _house(n)),
    _settle,
    _prepay,
    _end_prepaid,
    _agree,
    _bar,
    _show,
]  # fmt: skip


def _begin_at_random(folder: Path, scratch: Path) -> Year:
    """Three houses with an opening, a fee that bears a late fee, water in tiers, and a month posted."""
    year = Year(Office(folder), scratch)
    year.office.with_houses(("3-1-0101", "3-1-0201", "3-1-0301")).set(go_live="2026-05-01")
    tiers = {"tiers": [{"up_to": "30", "price": "3.45"}, {"up_to": None, "price": "4.83"}], "base_people": 4,
             "allowance": "0", "resets": "year"}  # fmt: skip
    year.office.with_item(name="物业费", late_rate=50_000).with_item("SF", "meter", tiers).with_meter("3-1-0101")
    year.office.with_item("ZX", "deposit", "500", houses="listed").with_item("WX", "once", "12.5", houses="listed")
    year.office.with_item("GT", "shared", {"by": "area"})
    opening: dict[str, list[list[Any]]] = {
        "欠费": [["房号", "收费项目", "账期起", "账期止", "欠费金额"],
                 ["3-1-101", "物业费", "2025-01-01", "2025-03-31", "628.86"]],
        "预存": [["房号", "预存金额"], ["3-1-201", "330.05"]],
        "押金": [["房号", "押金金额"], ["3-1-301", "1000"]],
    }  # fmt: skip
    year.do("import", "opening", str(a_workbook(scratch, opening, name="期初.xlsx")))
    year.office.bill("2026-05", "2026-05-01")
    return year


def _do_or_be_refused(year: Year, act: Act, n: int) -> bool:
    """Do it or be refused; never anything else."""
    try:
        act(year, n)
    except Refused:
        return False
    return True


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(ACTS) - 1), st.integers(0, 10_000)), min_size=6, max_size=40))
def test_some_months_at_random(made_office: tuple[Path, str], steps: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "office"
        shutil.copytree(made_office[0], folder)
        year = _begin_at_random(folder, Path(scratch))
        for act, n in steps:
            _do_or_be_refused(year, ACTS[act], n)
        for day, kept in year.kept.items():
            assert arrears.arrears(year.office.manager, day) == kept
        year.sound()
        agrees(year.office.manager, Path(scratch) / "账本.beancount", *year.kept)
        year.office.close()


def _explained(year: Year, house: str, months: list[Period]) -> tuple[int, int]:
    """What a house owes and its late fee, by the explanations of all its charges, each counted once; fen."""
    found = {}
    for month in months:
        try:
            charges = explain.explain(year.office.manager, house, str(month)).charges
        except Refused:
            continue
        for charge in charges:
            assert charge.part == "late_fee" or not charge.parts or sum(p.fen for p in charge.parts) == charge.fen
            found[charge.item, charge.part, charge.first, charge.last, charge.issue, charge.on, charge.fen] = charge
    return sum(charge.open for charge in found.values()), sum(charge.late_fee for charge in found.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_at_random(folder: Path, tmp_path: Path, seed: int) -> None:
    """Twelve months of whatever comes, money dated back included: Beancount agrees to the fen at every month's end."""
    chance, done, ends = Random(seed), Counter[int](), []
    year = _begin_at_random(folder, tmp_path)
    back = [*ACTS[1:-1], lambda year, n: _take(year, n, n * 7 + 1, on=_today(year) - timedelta(days=n % 12))]
    for month in (Period("2026-08").plus(n) for n in range(12)):
        for day in sorted(chance.choices(range(1, 28), k=18)):
            year.office.clock.to(f"{month}-{day:02}")
            act = chance.choice([0, 0, *range(len(back))])
            done[act] += _do_or_be_refused(year, back[act], chance.randrange(10_000))
        ends.append(month.last)
        year.office.clock.to(month.last.isoformat())
    assert len(done) == len(back), (seed, done)
    year.sound()
    agrees(year.office.manager, tmp_path / "账本.beancount", *ends)
    months = [Period("2025-01").plus(n) for n in range(80)]
    for row in arrears.arrears(year.office.manager).houses:
        assert _explained(year, row.house, months) == (row.owed_fen, row.late_fee_fen), row.house
    year.office.close()
