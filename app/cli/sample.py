"""The command demo: a sample estate lives some months."""

from __future__ import annotations

from typing import Any

from app.cli.context import Answer, Context
from app.cli.parser import Commands
from app.domain.money import yuan
from app.sample.demo import live
from app.sample.life import SampleLife
from app.sample.staff import PASSWORD, STAFF
from app.services import alerts, statements


def _demo(context: Context) -> Answer:
    args = context.args
    life = live(context.folder, args.households, args.months, args.seed, clock=context.clock, cost=context.cost)
    context.seat = life.seat
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
