"""The command demo: a sample estate lives some months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from app.cli.context import Answer, Context
from app.cli.parser import Commands
from app.cli.sample_estate import make
from app.cli.sample_life import ESTATE, PASSWORD, STAFF, SampleClock, SampleLife, last_papers, live_month, settle_in
from app.domain.money import yuan
from app.domain.period import Period
from app.services import alerts, entrance, statements, users
from app.services.refused import refuse


def _first_day(real: Callable[[], datetime], months: int) -> Period:
    today = (real() + timedelta(hours=8)).date()
    return Period.of(today).plus(-months)


def _demo(context: Context) -> Answer:
    args = context.args
    if not 9 <= args.households <= 20_000 or not 1 <= args.months <= 36:
        raise refuse("demo_size", "户数应为 9 到 20000，月数应为 1 到 36。", "请改正 --households 或 --months。")
    begin = _first_day(context.clock, args.months)
    clock = SampleClock(context.clock, datetime(2000, 1, 1, tzinfo=UTC))
    clock.to(begin.first - timedelta(days=3))
    cost = context.cost
    entrance.create_office(context.folder, ESTATE, STAFF[0][0], PASSWORD, clock=clock, cost=cost)
    seat = entrance.open_office(context.folder, STAFF[0][0], PASSWORD, clock=clock, cost=cost)
    context.seat = seat
    for login, roles in STAFF[1:]:
        users.add(seat, login, roles, PASSWORD, cost=cost)
    cashier = entrance.open_office(context.folder, STAFF[1][0], PASSWORD, clock=clock, cost=cost)
    life = SampleLife(
        context.folder, clock, seat, cashier, make(args.households, args.seed), Random(args.seed + 1), cost
    )
    settle_in(life, begin.first)
    months = [begin.plus(n) for n in range(args.months)]
    for place, month in enumerate(months):
        live_month(life, month, place)
    clock.to((context.clock() + timedelta(hours=8)).date(), 23)
    last_papers(life)
    cashier.close()
    return _answer(life)


def _answer(life: SampleLife) -> Answer:
    seen = statements.overview(life.seat)
    found, bills = seen.totals, seen.bills
    shown = alerts.listing(life.seat)
    said: dict[str, Any] = {
        "data": str(life.folder),
        "users": [{"user": login, "role": roles[-1], "password": PASSWORD} for login, roles in STAFF],
        "houses": found.houses,
        "bills": bills,
        "files": [str(path) for path in life.files],
        "alerts": [row.title for row in shown],
    }
    lines = [
        f"演示小区已建好：{life.folder}",
        f"{found.houses} 户（含商铺、车位），{bills} 张账单，{found.receipts} 张收据，欠费 {yuan(found.owed_fen)} 元",
        "可以登录的用户（密码都是 "
        + PASSWORD
        + "）："
        + "、".join(f"{login}（{roles[-1]}）" for login, roles in STAFF),
        f"{len(shown)} 条提醒（alert list）：",
        *(f"  {row.title}" for row in shown[:12]),
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
