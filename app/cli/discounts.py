"""Commands of discounts: discount add, discount list, discount end."""

from __future__ import annotations

from app.cli.context import Answer, Context, choice, day, waiting
from app.cli.parser import Commands, two_persons, writing
from app.services import discounts
from app.services.billing_discounts import KINDS
from app.services.two_persons import Waiting

STATES = {"coming": "未开始", "now": "生效中", "over": "已结束"}


def _add(context: Context) -> Answer:
    args = context.args
    kind = choice(KINDS, args.kind, "kind")
    first, last = day(args.first, "from"), day(args.last, "to")
    assert first is not None
    assert last is not None
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = discounts.add(seat, args.house, kind, args.factor, first, last, args.reason, args.item, second=second)
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    said = {
        "house": done.house, "item": done.item, "kind": done.kind, "factor": done.factor,
        "from": done.first.isoformat(), "to": done.last.isoformat(), "posted": done.posted, "key": context.key,
    }  # fmt: skip
    lines = [f"{done.house} {KINDS[done.kind]}折扣 {done.factor}，{done.first} 至 {done.last}，到期自动恢复"]
    if done.posted:
        lines.append(f"这段日子已出账的 {done.posted} 笔不变，要少收请另办减免。")
    return Answer(said, lines)


def _list(context: Context) -> Answer:
    rows = discounts.listing(context.log_in(), context.args.house)
    said = [
        {"house": row.house, "item": row.item, "item_name": row.item_name, "kind": row.kind, "factor": row.factor,
         "from": row.first.isoformat(), "to": row.last.isoformat(), "reason": row.reason, "state": row.state}
        for row in rows
    ]  # fmt: skip
    lines = [
        f"{row.house}\t{row.item_name or '全部月费'}\t{KINDS[row.kind]}\t{row.factor}\t{row.first} 至 {row.last}\t"
        f"{STATES[row.state]}\t{row.reason}"
        for row in rows
    ]
    return Answer({"discounts": said}, lines or ["没有折扣。"])


def _end(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    with seat.once(context.key):
        done = discounts.end(seat, args.house, args.item, day(args.on, "on"), args.reason)
    said = {
        "house": done.house, "item": done.item, "kind": done.kind, "from": done.first.isoformat(),
        "to": done.last.isoformat(), "key": context.key,
    }  # fmt: skip
    never = done.last < done.first
    words = "已取消，没有生效过" if never else f"到 {done.last} 为止"
    return Answer(said, [f"{done.house} 的{KINDS[done.kind]}折扣{words}"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "discount add",
        _add,
        "给一户打折，有起止日期",
        "anju discount add 3-1-402 --item WY --kind vacancy --factor 0.7 --from 2026-08-01 --to 2027-01-31 "
        "--reason 空置申请",
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--item", metavar="CODE", help="哪个收费项目；不写是全部按月的费用")
    one.add_argument("--kind", required=True, metavar="|".join(KINDS), help="、".join(KINDS.values()))
    one.add_argument("--factor", required=True, metavar="F", help="收几成，七折写 0.7")
    one.add_argument("--from", dest="first", required=True, metavar="D", help="从哪天起")
    one.add_argument("--to", dest="last", required=True, metavar="D", help="到哪天（含），之后自动恢复")
    two_persons(one)
    writing(one)
    one = commands.add("discount list", _list, "列出折扣", "anju discount list 3-1-402")
    one.add_argument("house", nargs="?", metavar="HOUSE")
    one = commands.add(
        "discount end", _end, "提前结束折扣", "anju discount end 3-1-402 --item WY --on 2026-09-30 --reason 已入住"
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--item", metavar="CODE", help="哪个收费项目；不写是全部按月的那个折扣")
    one.add_argument("--on", metavar="D", help="最后一天（默认今天）")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
