"""Commands of contested charges: dispute add, dispute end, dispute list."""

from __future__ import annotations

from argparse import ArgumentParser

from app.cli.context import Answer, Context
from app.cli.parser import Commands, writing
from app.domain.money import yuan
from app.services import disputes
from app.services.disputes import Disputed


def _said(done: Disputed, key: str) -> dict[str, object]:
    return {
        "house": done.house, "item": done.item, "item_name": done.item_name, "period": done.period,
        "charges": done.charges, "open_fen": done.open_fen, "key": key,
    }  # fmt: skip


def _add(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    with seat.once(context.key):
        done = disputes.add(seat, args.house, args.code, args.period, args.reason)
    words = f"{done.house} {done.item_name} {done.period} 已登记争议，未交 {yuan(done.open_fen)} 元，暂不催缴"
    return Answer(_said(done, context.key), [words])


def _end(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    with seat.once(context.key):
        done = disputes.end(seat, args.house, args.code, args.period, args.reason)
    return Answer(_said(done, context.key), [f"{done.house} {done.item_name} {done.period} 的争议已结束"])


def _list(context: Context) -> Answer:
    rows = disputes.listing(context.log_in(), context.args.house)
    said = [
        {"house": row.house, "item": row.item, "item_name": row.item_name, "period": row.period,
         "open_fen": row.open_fen, "from": row.since.isoformat(),
         "reason": row.reason}
        for row in rows
    ]  # fmt: skip
    lines = [
        f"{row.house}\t{row.item_name} {row.period}\t{yuan(row.open_fen)}\t{row.since} 起\t{row.reason}" for row in rows
    ]
    return Answer({"disputes": said}, lines or ["没有有争议的费用。"])


def _which(one: ArgumentParser) -> None:
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("code", metavar="CODE")
    one.add_argument("period", metavar="PERIOD", help="服务期的第一个月，如 2026-07")
    one.add_argument("--reason", metavar="TEXT", help="原因、结果")
    writing(one)


def add(commands: Commands) -> None:
    """Declare these commands."""
    example = "anju dispute add 3-1-402 WY 2026-07 --reason 电梯停运两周"
    _which(commands.add("dispute add", _add, "登记争议：暂不催缴，不算违约金", example))
    _which(commands.add("dispute end", _end, "结束争议", "anju dispute end 3-1-402 WY 2026-07 --reason 已核实"))
    one = commands.add("dispute list", _list, "列出有争议的费用", "anju dispute list")
    one.add_argument("house", nargs="?", metavar="HOUSE")
