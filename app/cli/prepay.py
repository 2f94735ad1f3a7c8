"""The command prepay: months ahead are posted and paid in one act, some of them free."""

from __future__ import annotations

from app.cli.context import Answer, Context
from app.cli.parser import Commands, two_persons, writing
from app.domain.money import yuan
from app.services import prepay
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
        done = prepay.take(seat, args.house, args.code, args.months, args.free, args.method, args.reason, second=second)
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


def add(commands: Commands) -> None:
    """Declare this command."""
    one = commands.add("prepay", _prepay, "预交几个月，可以送几个月", "anju prepay 3-1-402 WY --months 12 --free 1")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("code", metavar="CODE")
    one.add_argument("--months", type=int, required=True, metavar="N", help="交几个月")
    one.add_argument("--free", type=int, default=0, metavar="M", help="送几个月；在设置 prepay_offers 里的不用批准")
    one.add_argument("--method", default="cash", metavar="M", help="、".join(METHODS))
    one.add_argument("--dry-run", action="store_true", help="只算，不收")
    two_persons(one)
    writing(one)
