"""Commands of payment plans: instalments add, list, end, print. `plan` is the word for maintenance plans."""

from __future__ import annotations

from pathlib import Path

from app.cli.context import Answer, Context, day, typed
from app.cli.parser import Commands, writing
from app.domain.instalments import Instalment
from app.domain.money import parse_yuan, yuan
from app.services import plans
from app.services.plans import STATES
from app.services.refused import refuse


def _instalment(text: str) -> Instalment:
    on, equals, amount = text.partition("=")
    due = day(on, "instalment")
    if not equals or due is None:
        raise refuse("bad_instalment", "应写成 日期=金额。", "如 --instalment 2026-08-31=500。", field="instalment")
    return Instalment(due, typed(parse_yuan, amount, "instalment"))


def _out(context: Context) -> Path | None:
    return Path(context.args.out).expanduser().absolute() if context.args.out else None


def _add(context: Context) -> Answer:
    args = context.args
    parts = tuple(_instalment(text) for text in args.instalment)
    seat = context.log_in()
    with seat.once(context.key):
        done = plans.add(seat, args.house, parts, day(args.signed, "signed"), _out(context))
    said = {
        "plan": done.number, "house": done.house, "signed": done.signed_on.isoformat(), "amount_fen": done.amount_fen,
        "instalments": [{"due": each.due.isoformat(), "amount_fen": each.amount} for each in done.parts],
        "file": str(done.file), "key": context.key,
    }  # fmt: skip
    words = f"分期协议 {done.number}：{done.house} {yuan(done.amount_fen)} 元分 {len(done.parts)} 期，暂停催缴"
    return Answer(said, [words, str(done.file)])


def _list(context: Context) -> Answer:
    rows = plans.listing(context.log_in(), context.args.house)
    said = [
        {"plan": row.number, "house": row.house, "signed": row.signed_on.isoformat(), "amount_fen": row.amount_fen,
         "paid_fen": row.paid_fen, "left_fen": row.left_fen,
         "next_due": row.next_due.isoformat() if row.next_due else None, "next_fen": row.next_fen,
         "last_due": row.last_due.isoformat(), "state": row.state}
        for row in rows
    ]  # fmt: skip
    lines = [
        f"{row.number}\t{row.house}\t{yuan(row.amount_fen)}\t已付 {yuan(row.paid_fen)}\t{STATES[row.state]}"
        + (f"\t下一期 {row.next_due} {yuan(row.next_fen)}" if row.state == "kept" and row.next_due else "")
        for row in rows
    ]
    return Answer({"plans": said}, lines or ["没有分期协议。"])


def _end(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = plans.end(seat, context.args.house, context.args.reason)
    said = {"plan": done.number, "house": done.house, "left_fen": done.left_fen, "key": context.key}
    return Answer(said, [f"{done.house} 的分期协议 {done.number} 已终止，还有 {yuan(done.left_fen)} 元未付"])


def _print(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = plans.print_again(seat, context.args.number, _out(context))
    said = {"plan": done.number, "copy": done.copy, "file": str(done.file), "key": context.key}
    return Answer(said, [f"{done.number} 第 {done.copy} 次打印：{done.file}"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "instalments add",
        _add,
        "签分期协议：各期之和等于逾期本金，履行期间暂停催缴",
        "anju instalments add 3-1-402 --instalment 2026-08-31=500 --instalment 2026-09-30=462.10 --signed 2026-08-01",
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--instalment", action="append", required=True, metavar="DATE=AMOUNT", help="一期，可以写几次")
    one.add_argument("--signed", metavar="D", help="签订日（默认今天）")
    one.add_argument("--out", metavar="FILE", help="协议的 PDF")
    writing(one)
    one = commands.add("instalments list", _list, "列出分期协议", "anju instalments list")
    one.add_argument("house", nargs="?", metavar="HOUSE")
    one = commands.add("instalments end", _end, "终止分期协议", "anju instalments end 3-1-402 --reason 另行起诉")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
    one = commands.add("instalments print", _print, "再打印一份协议", "anju instalments print F2026-000001")
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--out", metavar="FILE", help="协议的 PDF")
    writing(one)
