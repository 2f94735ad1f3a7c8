"""Commands of meter readings and the sheet for the round."""

from __future__ import annotations

from app.cli.context import Answer, Context, day
from app.cli.parser import Commands, writing
from app.services import reading_round, readings


def _reading_add(context: Context) -> Answer:
    args = context.args
    on = day(args.date)
    seat = context.log_in()
    with seat.once(context.key):
        done = readings.add(
            seat, args.house, args.meter, args.value, on, rollover=args.rollover, estimate=args.estimate
        )
    said = {
        "house": done.house, "meter": done.meter, "date": done.date.isoformat(), "value": done.value,
        "usage": done.usage, "unusual": done.unusual, "key": context.key,
    }  # fmt: skip
    lines = [f"{done.house} {done.meter}：{done.value}，用量 {done.usage}"]
    return Answer(said, [*lines, *(["用量超过近六次平均的三倍，请核对。"] if done.unusual else [])])


def _reading_sheet(context: Context) -> Answer:
    args, on = context.args, day(context.args.date)
    seat = context.log_in()
    with seat.once(context.key):
        done = reading_round.export(
            seat, context.out("readings.xlsx"), on, args.item, args.building, unread=not args.all
        )
    return Answer({"meters": done.meters, "file": str(done.file), "key": context.key},
                  [f"抄表单 {done.meters} 块表：{done.file}"])  # fmt: skip


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "reading add", _reading_add, "录入一次读数", "anju reading add 3-1-402 水 1268 --date 2026-06-30"
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("meter", metavar="METER")
    one.add_argument("value", metavar="VALUE")
    one.add_argument("--date", metavar="D", help="抄表日，默认今天")
    one.add_argument("--rollover", action="store_true", help="表走满归零")
    one.add_argument("--estimate", action="store_true", help="估抄")
    writing(one)
    one = commands.add(
        "reading sheet",
        _reading_sheet,
        "抄表单导出 Excel（填好后再导入）或 PDF（走表用）",
        "anju reading sheet --building 3",
    )
    one.add_argument("--date", metavar="D", help="抄表日，默认今天")
    one.add_argument("--item", default="", metavar="CODE", help="只要这个收费项目的表")
    one.add_argument("--building", default="", metavar="B", help="只要这一栋")
    one.add_argument("--all", action="store_true", help="本月已抄的也列出")
    one.add_argument("--out", metavar="FILE")
    writing(one)
