"""The command demo: a sample estate lives some months through the same doors as everybody's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from app.cli import sample_books
from app.cli.context import Answer, Context
from app.cli.parser import Commands
from app.cli.sample_estate import SampleEstate, SampleHouse, make
from app.domain.money import yuan
from app.domain.period import Cycle, Period, When
from app.domain.quantity import Rate
from app.domain.tariff import Scope
from app.services import (
    billing,
    entrance,
    fees,
    imports,
    payments,
    printing,
    receipts,
    settings,
    statements,
    tariffs,
    users,
)  # fmt: skip
from app.services.fees import NewItem
from app.services.refused import refuse
from app.services.seat import Seat
from app.services.store import Cost

ESTATE = "样例花园"
PASSWORD = "anju-demo-2026"
STAFF = (
    ("王经理", ("administrator", "manager")),
    ("李收费", ("cashier",)),
    ("赵财务", ("accountant",)),
    ("钱客服", ("front_desk",)),
    ("孙工程", ("engineering",)),
    ("郑审计", ("auditor",)),
)
SETTINGS = {
    "letterhead": "样例物业服务有限公司",
    "office_name": "样例花园服务中心",
    "telephone": "010-0000 0000",
    "bank_account": "样例银行 0000 0000 0000 000",
    "contract_clause": "依《样例花园物业服务合同》第十二条",
    "developer": "样例置业有限公司",
}
TIERS: dict[str, object] = {
    "tiers": [{"up_to": "180", "price": "3.50"}, {"up_to": "260", "price": "5.00"}, {"up_to": None, "price": "8.00"}],
    "base_people": 4,
    "allowance": "30",
    "resets": "year",
}


@dataclass(slots=True)
class _Clock:
    """Stands where the sample's life has got to; never later than the real one."""

    real: Callable[[], datetime]
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def to(self, day: date, hour: int = 9) -> None:
        """Move on to an hour of a day in the office."""
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)
        self.now = max(self.now, min(moment, self.real()))

    def tick(self) -> None:
        """A minute later."""
        self.now = min(self.now + timedelta(minutes=1), self.real())


@dataclass(slots=True)
class _Life:
    """The sample office while it lives."""

    folder: Path
    clock: _Clock
    seat: Seat
    estate: SampleEstate
    rng: Random
    cost: Cost | None
    water: dict[str, int] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def read(self, kind: str, path: Path) -> None:
        """Import a workbook; anything rejected is a mistake of ours."""
        opened = imports.read(path, kind, (self.clock() + timedelta(hours=8)).date())
        doors = {
            "houses": imports.houses, "residents": imports.residents_of_houses, "meters": imports.meters,
            "readings": imports.readings, "opening": imports.opening,
        }  # fmt: skip
        doors[kind](self.seat, opened.source, book=opened.book)
        self.files.append(path)

    @property
    def metered(self) -> list[SampleHouse]:
        """Houses whose water is read."""
        return [house for house in self.estate.houses if house.state != "未售"]


def _staff(life: _Life) -> None:
    for login, roles in STAFF[1:]:
        users.add(life.seat, login, roles, PASSWORD, cost=life.cost)


def _charging(life: _Life, since: date) -> None:
    for name, value in SETTINGS.items():
        settings.change(life.seat, name, value)
    rate = Rate.parse("0.0005").units
    items: list[tuple[NewItem, dict[str, object]]] = [
        (NewItem("WY", "物业费", "area", late_rate=rate), {"price": "2.35"}),
        (NewItem("LJ", "生活垃圾处理费", "flat"), {"price": "8"}),
        (NewItem("SF", "水费", "meter", Cycle.MONTH, When.ARREAR, houses="house"), TIERS),
        (NewItem("CW", "车位管理费", "flat", houses="parking"), {"price": "80"}),
    ]
    for item, params in items:
        fees.add(life.seat, item)
        tariffs.add(life.seat, item.code, since, params)
    tariffs.add(life.seat, "WY", since, {"price": "4.60"}, Scope.HOUSE_TYPE, "商铺")


def _register(life: _Life, begin: date) -> None:
    out = life.folder / "out"
    life.read("houses", sample_books.houses_book(life.estate, out / "房屋与业主.xlsx"))
    life.read("residents", sample_books.tenants_book(life.estate, out / "租户.xlsx"))
    _charging(life, begin - timedelta(days=1500))
    life.read("opening", sample_books.opening_book(life.estate, begin, life.rng, out / "期初.xlsx"))
    life.water = {house.number: life.rng.randint(20, 900) for house in life.metered}
    first = begin - timedelta(days=1)
    life.read("meters", sample_books.meters_book(life.metered, life.water, first, out / "水表.xlsx"))


def _pay(life: _Life, number: str, habit: str, month: int) -> bool:
    """What a house pays by its habit; whether it paid anything."""
    owed = statements.statement(life.seat, number)
    due = owed.owed_fen + owed.late_fee_fen
    if due <= 0:
        return False
    amount = due
    if habit == "never" or (habit == "stopped" and month >= 2) or (habit == "late" and month % 3 != 2):
        return False
    if habit == "partial":
        amount = max(100, due * 6 // 10 // 100 * 100)
    elif habit == "ahead":
        amount = (due // 10000 + 3) * 10000
    method = life.rng.choices(("wechat", "cash", "alipay", "bank", "pos"), (46, 22, 18, 8, 6))[0]
    life.taken.append(payments.take(life.seat, number, amount, method).receipt)
    life.clock.tick()
    return True


def _month(life: _Life, month: Period, place: int) -> None:
    """Read the meters, post the month, take what is paid, put a mistake right."""
    life.clock.to(month.first)
    if place:
        for number in life.water:
            life.water[number] += life.rng.randint(2, 22)
        day = month.first - timedelta(days=1)
        life.read(
            "readings", sample_books.readings_book(life.water, day, life.folder / "out" / f"读数-{day:%Y-%m}.xlsx")
        )
    billing.post(life.seat, str(month), month.first)
    bills = life.folder / "out" / f"bills-{month}.pdf"
    printing.print_bills(life.seat, str(month), bills)
    life.files.append(bills)
    payers = [(house.number, house.habit) for house in life.estate.houses if house.owner is not None]
    payers += [(shop.label, shop.habit) for shop in life.estate.shops]
    payers += [(s.label, "prompt") for s in life.estate.spaces if s.owner is not None]
    mistaken = False
    for index, (number, habit) in enumerate(payers):
        day = month.first + timedelta(days=1 + (index * 26) // len(payers))
        life.clock.to(day)
        if _pay(life, number, habit, place) and index >= len(payers) // 2 and not mistaken:
            mistaken = True
            receipts.void(life.seat, life.taken[-1], "金额录错，当场重开")
            _pay(life, number, habit, place)
    if place == 1:
        life.clock.to(month.last)
        receipts.reverse(life.seat, life.taken[3], "银行退票")


def _papers(life: _Life) -> None:
    out = life.folder / "out"
    for number in life.taken[-3:]:
        printing.print_receipt(life.seat, number, out / f"{number}.pdf")
        life.files.append(out / f"{number}.pdf")
    house = life.estate.houses[0].number
    printing.print_statement(life.seat, house, out / f"statement-{house}.pdf")
    life.files.append(out / f"statement-{house}.pdf")


def _first_day(real: Callable[[], datetime], months: int) -> Period:
    today = (real() + timedelta(hours=8)).date()
    return Period.of(today).plus(-months)


def _demo(context: Context) -> Answer:
    args = context.args
    if not 9 <= args.households <= 20_000 or not 1 <= args.months <= 36:
        raise refuse("demo_size", "户数应为 9 到 20000，月数应为 1 到 36。", "请改正 --households 或 --months。")
    begin = _first_day(context.clock, args.months)
    clock = _Clock(context.clock, datetime(2000, 1, 1, tzinfo=UTC))
    clock.to(begin.first - timedelta(days=3))
    cost = context.cost
    entrance.create_office(context.folder, ESTATE, STAFF[0][0], PASSWORD, clock=clock, cost=cost)
    seat = entrance.open_office(context.folder, STAFF[0][0], PASSWORD, clock=clock, cost=cost)
    context.seat = seat
    life = _Life(context.folder, clock, seat, make(args.households, args.seed), Random(args.seed + 1), cost)
    _register(life, begin.first)
    months = [begin.plus(n) for n in range(args.months)]
    for place, month in enumerate(months):
        _month(life, month, place)
    _staff(life)
    clock.to((context.clock() + timedelta(hours=8)).date(), 23)
    _papers(life)
    return _answer(life)


def _answer(life: _Life) -> Answer:
    seen = statements.overview(life.seat)
    found, bills = seen.totals, seen.bills
    said: dict[str, Any] = {
        "data": str(life.folder),
        "users": [{"user": login, "role": roles[-1], "password": PASSWORD} for login, roles in STAFF],
        "houses": found.houses,
        "bills": bills,
        "files": [str(path) for path in life.files],
    }
    lines = [
        f"演示小区已建好：{life.folder}",
        f"{found.houses} 户（含商铺、车位），{bills} 张账单，{found.receipts} 张收据，欠费 {yuan(found.owed_fen)} 元",
        "可以登录的用户（密码都是 "
        + PASSWORD
        + "）："
        + "、".join(f"{login}（{roles[-1]}）" for login, roles in STAFF),
        f"打印和表格在 {life.folder / 'out'}：",
        *(f"  {path.name}" for path in life.files),
    ]
    return Answer(said, lines)


def add(commands: Commands) -> None:
    """Declare this command."""
    one = commands.add("demo", _demo, "建一个演示小区，过几个月的日子", "anju demo --data 演示")
    one.add_argument("--households", type=int, default=300, metavar="N", help="户数")
    one.add_argument("--months", type=int, default=6, metavar="M", help="月数，到上个月为止")
    one.add_argument("--seed", type=int, default=1, metavar="S", help="同一个种子，同一个小区")
