"""The sample estate's life: months of work through the same doors as everybody's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from app.domain.period import Cycle, Period, When
from app.domain.quantity import Rate
from app.domain.tariff import Scope
from app.jobs.runner import Ran, Runner
from app.sample import books
from app.sample.estate import SampleEstate, SampleHouse
from app.sample.staff import PASSWORD, STAFF
from app.services import (
    arrears,
    billing,
    closes,
    dun_contacts,
    dunning,
    entrance,
    fees,
    imports,
    maintenance,
    payments,
    printing,
    proofs,
    receipts,
    settings,
    shifts,
    statements,
    tariffs,
)  # fmt: skip
from app.services.dun_contacts import Served
from app.services.fees import NewItem
from app.services.maintenance import Done
from app.services.seat import Seat
from app.services.store import Cost

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
class SampleClock:
    """Stands where the sample's life has got to; never later than the real one."""

    real: Callable[[], datetime]
    now: datetime

    def __call__(self) -> datetime:
        """Where it stands."""
        return self.now

    def to(self, day: date, hour: int = 9) -> None:
        """Move on to an hour of a day in the office."""
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)
        self.now = max(self.now, min(moment, self.real()))

    def tick(self) -> None:
        """A minute later."""
        self.now = min(self.now + timedelta(minutes=1), self.real())


@dataclass(slots=True)
class SampleLife:
    """The sample office while it lives."""

    folder: Path
    clock: SampleClock
    seat: Seat
    cashier: Seat
    estate: SampleEstate
    rng: Random
    cost: Cost | None
    water: dict[str, int] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    paid: list[str] = field(default_factory=list)
    ran: list[Ran] = field(default_factory=list)

    def read(self, kind: str, path: Path) -> None:
        """Import a workbook; anything rejected is a mistake of ours."""
        opened = imports.read(path, kind, (self.clock() + timedelta(hours=8)).date())
        imports.KINDS[kind].do(self.seat, opened.source, book=opened.book)
        self.files.append(path)

    @property
    def metered(self) -> list[SampleHouse]:
        """Houses whose water is read."""
        return [house for house in self.estate.houses if house.state != "未售"]


def _charging(life: SampleLife, since: date) -> None:
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


def settle_in(life: SampleLife, begin: date) -> None:
    """Bring in the register, the prices, the opening, the meters and the equipment."""
    out = life.folder / "out"
    life.read("houses", books.houses_book(life.estate, out / "房屋与业主.xlsx"))
    life.read("residents", books.tenants_book(life.estate, out / "租户.xlsx"))
    _charging(life, begin - timedelta(days=1500))
    life.read("opening", books.opening_book(life.estate, begin, life.rng, out / "期初.xlsx"))
    life.water = {house.number: life.rng.randint(20, 900) for house in life.metered}
    first = begin - timedelta(days=1)
    life.read("meters", books.meters_book(life.metered, life.water, first, out / "水表.xlsx"))
    life.read("equipment", books.equipment_book(begin, out / "设备台账.xlsx"))


def _pay(life: SampleLife, number: str, habit: str, month: int) -> bool:
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
    life.taken.append(payments.take(life.cashier, number, amount, method).receipt)
    life.paid.append(number)
    life.clock.tick()
    return True


def live_month(life: SampleLife, month: Period, place: int) -> None:
    """Read the meters, post the month, take what is paid, put a mistake right; send letters, maintain, close."""
    life.clock.to(month.first)
    if place:
        for number in life.water:
            life.water[number] += life.rng.randint(2, 22)
        day = month.first - timedelta(days=1)
        life.read("readings", books.readings_book(life.water, day, life.folder / "out" / f"读数-{day:%Y-%m}.xlsx"))
    billing.post(life.seat, str(month), month.first)
    bills = life.folder / "out" / f"bills-{month}.pdf"
    printing.print_bills(life.seat, str(month), bills)
    life.files.append(bills)
    shifts.begin(life.cashier, 20_000)
    payers = [(house.number, house.habit) for house in life.estate.houses if house.owner is not None]
    payers += [(shop.label, shop.habit) for shop in life.estate.shops]
    payers += [(s.label, "prompt") for s in life.estate.spaces if s.owner is not None]
    mistaken = False
    for index, (number, habit) in enumerate(payers):
        day = month.first + timedelta(days=1 + (index * 26) // len(payers))
        life.clock.to(day)
        if _pay(life, number, habit, place) and index >= len(payers) // 2 and not mistaken:
            mistaken = True
            second = entrance.approver(life.cashier, STAFF[0][0], PASSWORD)
            receipts.void(life.cashier, life.taken[-1], "金额录错，当场重开", second=second)
            _pay(life, number, habit, place)
    life.clock.to(month.last)
    if place == 1:
        second = entrance.approver(life.cashier, STAFF[0][0], PASSWORD)
        receipts.reverse(life.cashier, life.taken[3], "银行退票", second=second)
    _dun(life, month)
    _maintain(life)
    _close(life, month, place)


def _dun(life: SampleLife, month: Period) -> None:
    """Send what is due at the month's end; most notices and letters are signed for."""
    target = life.folder / "out" / f"催缴-{month}.pdf"
    sent = dunning.run(life.seat, target)
    if sent.file is not None:
        life.files.append(sent.file)
    for place, letter in enumerate(row for row in sent.letters if row.stage in ("notice", "letter")):
        if letter.number is not None and place % 5:
            served = Served("in_person", month.last, signer="业主本人", relation="本人")
            dun_contacts.serve(life.seat, letter.number, served)


def _maintain(life: SampleLife) -> None:
    """Do what is due, and forget one task in nine."""
    for place, task in enumerate(maintenance.due(life.seat).due):
        if (place + life.rng.randint(0, 8)) % 9:
            maintenance.complete(life.seat, task.equipment, task.task, Done("孙工程"))


def _close(life: SampleLife, month: Period, place: int) -> None:
    """Close the cashier's month with the cash counted; once two yuan are missing, and why is said."""
    booked = closes.outlook(life.cashier).booked
    short = 200 if place == 0 else 0
    target = life.folder / "out" / f"日结单-{month}.pdf"
    closes.close(life.cashier, None, booked - short, "找零差错" if short else None, target)
    life.files.append(target)


def last_papers(life: SampleLife) -> None:
    """What people ask for on the last day: receipts, a statement, a proof, who owes; the jobs run and back up."""
    out = life.folder / "out"
    for number in life.taken[-3:]:
        printing.print_receipt(life.seat, number, out / f"{number}.pdf")
        life.files.append(out / f"{number}.pdf")
    house = life.estate.houses[0].number
    printing.print_statement(life.seat, house, out / f"statement-{house}.pdf")
    life.files.append(out / f"statement-{house}.pdf")
    arrears.export(life.seat, None, out / "欠费表.xlsx")
    life.files.append(out / "欠费表.xlsx")
    proof = proofs.issue(life.seat, (life.paid[-1],), target=out / "缴费证明.pdf")
    life.files.append(proof.file)
    life.ran.extend(Runner(life.seat.store).run(light=True))
    life.files.extend(sorted((life.folder / "backups").glob("auto-*.anju"))[-1:])
