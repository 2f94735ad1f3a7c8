"""The office that the pictures show: the sample estate, and one of everything that stands in a list or has a dialog."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtGui import QImage

from app.cli import run
from app.domain.money import Fen
from app.domain.period import Cycle, Period, When
from app.sample.staff import PASSWORD, STAFF
from app.services import (
    adjustments,
    arrears,
    attachments,
    bank,
    counter,
    deposits,
    discounts,
    disputes,
    dun_contacts,
    entrance,
    events,
    fees,
    household,
    imports,
    invoices,
    main_meters,
    one_off,
    parking,
    payments,
    permits,
    pets,
    plans,
    prepay,
    residents,
    settings,
    settlement,
    shared_costs,
    shifts,
    statements,
    tariffs,
    tenancies,
    users,
    vehicles,
)  # fmt: skip
from app.services.adjustments import Change
from app.services.events import EventForm
from app.services.fees import NewItem
from app.services.list_face import Query
from app.services.main_meters import MASTER, SHARED, NewMainMeter
from app.services.permits import NewPermit
from app.services.person_form import PersonForm
from app.services.pets import PetForm
from app.services.seat import Seat
from app.services.settlement import Wanted
from app.services.shared_costs import NewCost
from app.services.tenancies import NewTenancy
from app.services.vehicles import Car
from tools.picture_book.hands import QUICK

ESTATE = "样例花园"
OWING = "3-2-0201"
"""A house that owes and has everything beside it."""
PAID = "1-1-0101"
SOLD = "8-1-0102"
"""Its former owner owes."""
TWICE = "4-1-0102"
PARTY = "重阳节茶话会"
"""An event of today: who is asked, who answered, who came."""
MANAGER, CASHIER, ACCOUNTANT, DESK, ENGINEER, AUDITOR = (login for login, _ in STAFF)
ADMINISTRATOR = "何管理"
NEW_PEOPLE = """房号,姓名,手机号,与业主关系
3-1-0101,尉迟新来,13900000088,租户
3-1-0102,上官新来,13900000089,家属
"""
NEW_LINES = """交易日期,收入金额,对方户名,交易流水号,附言
{day},300.00,样例商贸有限公司,B1,物业费
{day},150.00,沈某,B5,物业费
{day},88.00,李某,B2,3-1-0102 物业费
{day},0.31,,B3,利息
{day},500.00,王某,B4,停车费
"""


def sample(folder: Path) -> Path:
    """An office with two months of life in it, and one of everything."""
    with redirect_stdout(io.StringIO()):
        status = run(["demo", "--data", str(folder), "--households", "60", "--months", "2"], cost=QUICK)
    if status:
        raise SystemExit(status)
    seat = entrance.open_office(folder, MANAGER, PASSWORD, cost=QUICK)
    cashier = entrance.open_office(folder, CASHIER, PASSWORD, cost=QUICK)
    users.add(seat, ADMINISTRATOR, ("administrator",), PASSWORD, cost=QUICK)
    _register(seat, folder)
    _items(seat)
    _counter(seat, cashier)
    _bank(seat, cashier, folder)
    _dunning(seat)
    _events(seat)
    _brought_in(seat, folder)
    cashier.close()
    seat.close()
    return folder


def today(seat: Seat) -> date:
    """The office's business date."""
    return seat.store.wall_clock().date()


def _register(seat: Seat, folder: Path) -> None:
    now = today(seat)
    picture = folder / "out" / "厨房验收照片.png"
    image = QImage(640, 420, QImage.Format.Format_RGB32)
    image.fill(0x7FB3C4)
    image.save(str(picture))
    attachments.add(seat, OWING, picture)
    permits.add(
        seat,
        OWING,
        NewPermit(now, now + timedelta(days=60), "宏达装饰有限公司", "周工", "13900000077", "厨房和卫生间翻新"),
    )
    vehicles.add(seat, "B2-003", "京A12345", Car("大众", "小型轿车", "白"))
    vehicles.add(seat, OWING, "京AD12346", Car("比亚迪", "新能源轿车", "蓝"))
    parking.lease(seat, "B2-003", "leased", OWING, now.replace(day=1), now + timedelta(days=180))
    residents.register(seat, OWING, "tenant", PersonForm("欧阳小明", "13900000066", remark="晚上八点以后在家"))
    residents.register(seat, TWICE, "tenant", PersonForm("欧阳小明", "13900000066"), another=True)
    left = residents.register(seat, PAID, "tenant", PersonForm("司徒旧客", "13900000055"), since=date(2015, 3, 1))
    (home,) = residents.show(seat, left.key).houses
    residents.move_out(seat, home.key, date(2018, 6, 30), "退租")
    settings.change(seat, "retention_years", "5")
    _household(seat, picture)


def _household(seat: Seat, paper: Path) -> None:
    now = today(seat)
    owner = household.show(seat, OWING).shares[0]
    household.set_share(seat, owner.resident, "1/2")
    household.count_heads(seat, OWING, 3, now.replace(day=1))
    rented = NewTenancy("欧阳小明", now.replace(day=1), now + timedelta(days=300), "ZL-0018", 320_000, paper)
    tenancies.add(seat, OWING, rented)
    past = now - timedelta(days=20)
    pets.add(seat, OWING, PetForm("狗（中华田园犬）", "豆豆", "京犬 20260117", past, "欧阳小明"))


def _events(seat: Seat) -> None:
    now = today(seat)
    party = EventForm(PARTY, now, "14:30", "社区活动室", "备有茶点和血压测量，行动不便的可以电话说一声。", 60)
    made = events.add(seat, party)
    events.invite(seat, made.number, Query().only("building", ("3",)), each="house")
    for place, guest in enumerate(events.guests(seat, made.number).rows[:6]):
        events.reply(seat, made.number, guest.person, ("yes", "no", "maybe")[place % 3], 2)
        if place % 2 == 0:
            events.attend(seat, made.number, guest.person)
    events.add(seat, EventForm("亲子植树", now + timedelta(days=12), "9:00", "中心花园"))
    off = events.add(seat, EventForm("露天电影", now + timedelta(days=3), "19:30", "东门广场"))
    events.cancel(seat, off.number, "预报有雨")


def _brought_in(seat: Seat, folder: Path) -> None:
    """An import of today that can be taken back: nothing builds on it."""
    file = folder / "out" / "新住户.csv"
    file.write_text(NEW_PEOPLE, encoding="utf-8")
    opened = imports.read(file, "residents", today(seat))
    imports.residents_of_houses(seat, opened.source, book=opened.book)


def _items(seat: Seat) -> None:
    first = Period.of(today(seat)).plus(-1)
    items: tuple[tuple[NewItem, dict[str, object]], ...] = (
        (NewItem("MJ", "门禁卡", "once"), {"price": "25"}),
        (NewItem("ZX", "装修押金", "deposit"), {"price": "2000"}),
        (NewItem("GT", "公共照明电费", "shared", Cycle.MONTH, When.ARREAR, houses="house"), {"by": "area"}),
    )
    for item, params in items:
        fees.add(seat, item)
        tariffs.add(seat, item.code, first.first, params)
    shared_costs.add(seat, NewCost("GT", str(first), Fen(412_356), supplier="样例供电公司", invoice="0441 2266"))
    for meter in (
        NewMainMeter("Z-0", "小区水总表", MASTER, "SF"),
        NewMainMeter("Z-3", "三栋总表", MASTER, "SF", "3"),
        NewMainMeter("G-3", "三栋绿化用水", SHARED, "SF", "3"),
    ):
        main_meters.add(seat, meter)
        main_meters.read(seat, meter.number, "1200", first.first - timedelta(days=1))
        main_meters.read(seat, meter.number, "1450", first.last)
    discounts.add(
        seat,
        OWING,
        "vacancy",
        "0.7",
        today(seat),
        today(seat) + timedelta(days=90),
        "空置三个月",
        second=entrance.approver(seat, ACCOUNTANT, PASSWORD),
    )


def _counter(seat: Seat, cashier: Seat) -> None:
    shifts.begin(cashier, 20_000)
    one_off.post(cashier, OWING, "MJ", 2)
    deposits.take(cashier, OWING, "ZX", 200_000)
    owed = statements.statement(seat, PAID)
    payments.take(cashier, PAID, owed.owed_fen + owed.late_fee_fen + 50_000)
    settlement.settle(seat, Wanted(SOLD, today(seat), follower="上官新主", phone="13900000044"))
    prepay.take(cashier, SOLD, "WY", 6)
    line = next(row for row in counter.call_up(seat, OWING).lines if row.house == OWING and row.item != "MJ")
    adjustments.adjust(cashier, OWING, "waiver", [Change(line.item, line.period, 1_000)], "电梯停运三天，物业费减免")


def _bank(seat: Seat, cashier: Seat, folder: Path) -> None:
    taken = payments.take(cashier, _late(seat)[-4], 30_000, "bank")
    for house in _late(seat)[4:6]:
        payments.take(cashier, house, 15_000, "bank")
    file = folder / "out" / "流水.csv"
    file.write_text(NEW_LINES.format(day=today(seat).isoformat()), encoding="utf-8")
    opened = imports.read(file, "bank", today(seat))
    imports.bank(seat, opened.source, book=opened.book)
    lines = {row.amount_fen: row.line for row in bank.listing(seat)}
    bank.ignore(seat, lines[31], "利息")
    invoices.ask(seat, taken.receipt, "样例商贸有限公司")


def _late(seat: Seat) -> list[str]:
    """Houses that owe, but for those that have a part of their own here."""
    return [row.house for row in arrears.arrears(seat).houses if row.house not in (OWING, SOLD)]


def _dunning(seat: Seat) -> None:
    held, contested, planned, *_ = _late(seat)
    dun_contacts.hold(seat, held, "heirs_unknown", "业主去世，继承人在公证处办理")
    dun_contacts.talk(seat, contested, "call", "业主说下周来交")
    charge = next(row for row in counter.call_up(seat, contested).lines if row.house == contested)
    disputes.add(seat, contested, charge.item, charge.period, "电梯停运，要求减收")
    proposal = plans.propose(seat, planned, 3, today(seat) + timedelta(days=10))
    plans.add(seat, planned, proposal.parts)
