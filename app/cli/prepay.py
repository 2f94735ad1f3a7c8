"""The commands prepay and prepaid list, end: months ahead are posted and paid in one act; those not used go back."""

from __future__ import annotations

from app.cli.context import Answer, Context
from app.cli.parser import Commands, two_persons, writing
from app.domain.money import yuan
from app.services import prepay, prepay_ending
from app.services.purse import METHODS


def _prepay(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    if args.dry_run:
        ahead = prepay.rehearse(seat, args.house, args.code, args.months, args.free)
        said = {
            "house": ahead.house, "item": ahead.item, "amount_fen": ahead.payable_fen, "waived_fen": ahead.waived_fen,
            "from": ahead.first.isoformat(), "to": ahead.last.isoformat(), "agreed": ahead.agreed,
            "periods": [{"period": row.period, "amount_fen": row.amount_fen, "free": row.free} for row in ahead.rows],
            "warnings": [ahead.warning] if ahead.warning else [],
        }  # fmt: skip
        lines = [f"{ahead.house} {ahead.item_name} {ahead.first} 至 {ahead.last}：应收 {yuan(ahead.payable_fen)} 元，"
                 f"赠送 {yuan(ahead.waived_fen)} 元"]  # fmt: skip
        return Answer(said, [*lines, *([ahead.warning] if ahead.warning else [])])
    second = context.second(seat)
    with seat.once(context.key):
        done = prepay.take(
            seat, args.house, args.code, args.months, args.free, args.method, args.reason, args.ref, second=second
        )
    said = {
        "receipt": done.receipt, "house": done.house, "item": done.item, "method": done.method,
        "amount_fen": done.amount_fen, "waived_fen": done.waived_fen, "from": done.first.isoformat(),
        "to": done.last.isoformat(), "periods": done.periods, "warnings": [done.warning] if done.warning else [],
        "key": context.key,
    }  # fmt: skip
    words = (
        f"收据 {done.receipt}：{done.house} 预交{done.item_name} {done.first} 至 {done.last}，"
        f"收 {yuan(done.amount_fen)} 元，赠送 {yuan(done.waived_fen)} 元"
    )
    return Answer(said, [words, *([done.warning] if done.warning else [])])


def _prepaid_list(context: Context) -> Answer:
    rows = prepay_ending.standing(context.log_in(), context.args.house)
    said = [{"receipt": row.receipt, "item_name": row.item_name, "to": row.last.isoformat()} for row in rows]
    lines = [f"{row.receipt}\t{row.item_name}\t预交到 {row.last}" for row in rows]
    return Answer({"house": context.args.house, "prepaid": said}, lines or ["没有预交到下个月以后的费用。"])


def _prepaid_end(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    if args.dry_run:
        done = prepay_ending.rehearse(seat, args.number, args.month)
    else:
        with seat.once(context.key):
            done = prepay_ending.end(seat, args.number, args.month, args.reason)
    said = {
        "receipt": done.receipt, "house": done.house, "item": done.item, "from": done.first.isoformat(),
        "to": done.last.isoformat(), "periods": done.periods, "back_fen": done.back_fen, "gift_fen": done.gift_fen,
        "key": context.key,
    }  # fmt: skip
    words = (
        f"{done.house} {done.item_name} {done.first} 至 {done.last}：{done.periods} 期，"
        f"{yuan(done.back_fen)} 元{'可转回' if args.dry_run else '已转回'}预存，收回赠送 {yuan(done.gift_fen)} 元"
    )
    return Answer(said, [words])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("prepaid list", _prepaid_list, "一户预交到以后的费用", "anju prepaid list 3-1-402")
    one.add_argument("house", metavar="HOUSE")
    one = commands.add(
        "prepaid end", _prepaid_end, "预交提前结束，没用的月份转回预存", "anju prepaid end S2026-00000087 --reason 搬走"
    )
    one.add_argument("number", metavar="RECEIPT")
    one.add_argument("--from", dest="month", metavar="YYYY-MM", help="从哪个月起不再预交，默认下个月")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    one.add_argument("--dry-run", action="store_true", help="只算，不记")
    writing(one)
    one = commands.add("prepay", _prepay, "预交几个月，可以送几个月", "anju prepay 3-1-402 WY --months 12 --free 1")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("code", metavar="CODE")
    one.add_argument("--months", type=int, required=True, metavar="N", help="交几个月")
    one.add_argument("--free", type=int, default=0, metavar="M", help="送几个月；在设置 prepay_offers 里的不用批准")
    one.add_argument("--method", default="cash", metavar="M", help="、".join(METHODS))
    one.add_argument("--ref", metavar="TEXT", help="渠道的流水号")
    one.add_argument("--dry-run", action="store_true", help="只算，不收")
    two_persons(one)
    writing(one)
