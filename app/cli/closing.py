"""Commands of the end of the day: shift open, shift list, shift sheet, close."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.cli.context import Answer, Context, day, typed
from app.cli.parser import Commands, writing
from app.domain.money import parse_yuan, yuan
from app.services import closes, shifts
from app.services.closes import CloseAnswer
from app.services.refused import refuse


def _out(context: Context) -> Path | None:
    """Where --out says, absolute; None leaves the place to the service, which knows the number."""
    given = getattr(context.args, "out", None)
    return Path(given).expanduser().absolute() if given else None


def _shift_open(context: Context) -> Answer:
    change = typed(parse_yuan, context.args.float, "float") or 0
    seat = context.log_in()
    with seat.once(context.key):
        done = shifts.begin(seat, change)
    said = {"user": done.user, "on": done.on.isoformat(), "float_fen": done.float_fen, "since": done.since}
    return Answer({**said, "key": context.key}, [f"{done.user} {done.since} 开班，备用金 {yuan(done.float_fen)} 元。"])


def _shift_list(context: Context) -> Answer:
    found = shifts.listing(context.log_in())
    said: dict[str, Any] = {
        "open": [
            {"user": s.user, "on": s.on.isoformat(), "since": s.since, "float_fen": s.float_fen} for s in found.opened
        ],
        "closes": [
            {"number": c.number, "on": c.on.isoformat(), "user": c.user, "booked_cash_fen": c.booked_cash_fen,
             "counted_fen": c.counted_fen}
            for c in found.closes
        ],
    }  # fmt: skip
    lines = [f"在班\t{s.user}\t{s.since}\t备用金 {yuan(s.float_fen)}" for s in found.opened]
    lines += [
        f"{c.number}\t{c.on}\t{c.user}\t应有 {yuan(c.booked_cash_fen)}\t"
        f"{'未清点' if c.counted_fen is None else f'实点 {yuan(c.counted_fen)}'}"
        for c in found.closes
    ]
    return Answer(said, lines or ["还没有开班和日结。"])


def _shift_sheet(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = closes.print_again(seat, context.args.number, _out(context))
    said = {"number": done.number, "copy": done.copy, "file": str(done.file), "key": context.key}
    return Answer(said, [f"日结单 {done.number}（补打 {done.copy - 1}）：{done.file}"])


def _said(done: CloseAnswer) -> dict[str, Any]:
    paper = done.paper
    return {
        "number": done.number,
        "on": done.on.isoformat(),
        "user": done.user,
        "methods": [
            {
                "method": m.method, "receipts": m.receipts, "taken_fen": m.taken, "voids": m.voids,
                "voided_fen": m.voided, "reversals": m.reversals, "reversed_fen": m.reversed, "refunds": m.refunds,
                "refunded_fen": m.refunded, "net_fen": m.net,
            }
            for m in paper.methods
        ],
        "float_fen": paper.float_fen,
        "booked_cash_fen": paper.booked,
        "counted_fen": paper.counted,
        "pieces": [{"title": title, "count": count, "amount_fen": fen} for title, count, fen in paper.pieces],
        "difference_fen": done.difference_fen,
        "receipts": {"from": paper.first_receipt or None, "to": paper.last_receipt or None, "count": paper.receipts},
        "voided": list(paper.voids),
        "reversed": list(paper.reversals),
        "small_change_fen": paper.small_change,
        "prepay_gift_fen": paper.gifts,
        "deposits_taken_fen": paper.deposits_taken,
        "deposits_returned_fen": paper.deposits_returned,
        "sole": list(paper.sole),
        "next_receipt": paper.next_receipt,
        "cashiers": [
            {"name": c.name, "receipts": c.receipts, "net_fen": c.net, "closed": c.closed} for c in paper.cashiers
        ],
        "head": {"seq": done.head.seq, "digest": done.head.digest, "short": done.head.short},
        "file": str(done.file),
    }  # fmt: skip


def _piece(text: str) -> tuple[int, int]:
    face, equals, count = text.partition("=")
    if not equals or not count.strip().isdecimal():
        raise refuse("bad_count", "券别应写成 面值=张数。", "如 --count 100=12 --count 0.5=3。", field="count")
    return typed(parse_yuan, face, "count"), int(count)


def _close(context: Context) -> Answer:
    args = context.args
    on, counted = day(args.date), typed(parse_yuan, args.cash, "cash")
    pieces = tuple(_piece(text) for text in args.count)
    seat = context.log_in()
    with seat.once(context.key):
        done = closes.close(seat, on, counted, args.reason, _out(context), pieces)
    paper, less = done.paper, done.difference_fen
    lines = [f"日结单 {done.number}：{done.on}，{paper.cashier}，收据 {paper.receipts} 张"]
    lines += [f"  {m.title}\t净收 {yuan(m.net)}" for m in paper.methods]
    lines.append(
        f"  应有现金 {yuan(paper.booked)}（含备用金 {yuan(paper.float_fen)}），"
        + ("未清点" if less is None else f"实点 {yuan(paper.counted or 0)}，差额 {yuan(less)}")
    )
    lines += [f"  审计链头 {paper.head}", str(done.file)]
    return Answer({**_said(done), "key": context.key}, lines)


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("shift open", _shift_open, "开班", "anju shift open --float 500")
    one.add_argument("--float", metavar="YUAN", help="备用金（元），默认 0")
    writing(one)
    commands.add("shift list", _shift_list, "在班的人和历次日结", "anju shift list")
    one = commands.add("shift sheet", _shift_sheet, "补打日结单", "anju shift sheet J2026-000012")
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--out", metavar="FILE")
    writing(one)
    one = commands.add("close", _close, "日结：结清本人到当日的收款，此后不能再记", "anju close --cash 1236.70")
    one.add_argument("--date", metavar="D", help="结到哪一天，默认今天")
    one.add_argument("--cash", metavar="YUAN", help="实点现金（含备用金）；不写则记为未清点")
    one.add_argument(
        "--count", action="append", default=[], metavar="YUAN=N", help="按券别点：面值=张数，可重复；合计就是实点现金"
    )
    one.add_argument("--reason", metavar="TEXT", help="长短款的原因")
    one.add_argument("--out", metavar="FILE")
    writing(one)
