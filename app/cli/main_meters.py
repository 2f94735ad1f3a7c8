"""Commands of the meters that stand for no single house: meter add, meter read, meter list."""

from __future__ import annotations

from app.cli.context import Answer, Context, choice, day, typed
from app.cli.parser import Commands, writing
from app.domain.quantity import Multiplier, Quantity
from app.services import main_meters
from app.services.main_meters import KINDS, NewMainMeter


def _add(context: Context) -> Answer:
    args = context.args
    new = NewMainMeter(
        args.number, args.name, choice(KINDS, args.kind, "kind"), args.item, args.building,
        typed(Multiplier.parse, args.multiplier, "multiplier").units, args.digits,
    )  # fmt: skip
    seat = context.log_in()
    with seat.once(context.key):
        number = main_meters.add(seat, new)
    return Answer({"meter": number, "key": context.key}, [f"{KINDS[new.kind]} {number} 已登记。"])


def _read(context: Context) -> Answer:
    args, on = context.args, day(context.args.date)
    seat = context.log_in()
    with seat.once(context.key):
        done = main_meters.read(seat, args.number, args.value, on, rollover=args.rollover)
    said = {
        "meter": done.meter, "date": done.date.isoformat(), "value": done.value, "usage": done.usage,
        "unusual": done.unusual, "key": context.key,
    }  # fmt: skip
    odd = "（用量异常，请核对）" if done.unusual else ""
    return Answer(said, [f"{done.meter} {done.date}：{done.value}，用量 {done.usage}{odd}"])


def _list(context: Context) -> Answer:
    rows = main_meters.listing(context.log_in(), context.args.period)
    said = [
        {
            "meter": row.number, "name": row.name, "kind": row.kind, "item": row.item, "building": row.building or None,
            "date": row.on.isoformat() if row.on else None,
            "value": None if row.value is None else Quantity(row.value).show(), "usage": Quantity(row.usage).show(),
            "subs_usage": None if row.subs is None else Quantity(row.subs).show(),
            "loss": None if row.loss is None else Quantity(row.loss.lost).show(),
            "loss_rate": row.loss.shown if row.loss else None,
        }
        for row in rows
    ]  # fmt: skip
    lines = []
    for row in rows:
        words = f"{row.number}\t{KINDS[row.kind]} {row.name}\t{row.item_name}\t用量 {Quantity(row.usage).show()}"
        if row.loss is not None and row.subs is not None:
            words += f"\t分表 {Quantity(row.subs).show()}，损耗 {Quantity(row.loss.lost).show()} {row.loss.shown}"
        lines.append(words)
    return Answer({"meters": said}, lines or ["没有总表和公共表。"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "meter add", _add, "登记总表或公共表", "anju meter add Z-1 一号总表 --kind master --item SF --multiplier 20"
    )
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--kind", default="master", help="master 总表，shared 公共表")
    one.add_argument("--item", required=True, metavar="CODE", help="属于哪个收费项目")
    one.add_argument("--building", default="", metavar="B", help="只管这一栋；不写是整个小区")
    one.add_argument("--multiplier", default="1", metavar="N", help="倍率")
    one.add_argument("--digits", default=main_meters.DIGITS, type=int, metavar="N", help="表的位数")
    writing(one)
    one = commands.add("meter read", _read, "抄总表或公共表", "anju meter read Z-1 1268 --date 2026-06-30")
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("value", metavar="VALUE")
    one.add_argument("--date", metavar="D", help="抄表日，默认今天")
    one.add_argument("--rollover", action="store_true", help="表走满归零")
    writing(one)
    one = commands.add("meter list", _list, "总表、公共表和损耗", "anju meter list --period 2026-06")
    one.add_argument("--period", metavar="YYYY-MM", help="默认本月")
