"""The commands settle and handover: a house to the day, for who leaves and who follows; the same prepared."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from app.cli.context import Answer, Context, choice, day, typed, waiting, whole
from app.cli.parser import Commands, two_persons, writing
from app.domain.handover import DEPOSITS, PAPERS, Handover
from app.domain.handover import lines as handed
from app.domain.money import yuan
from app.services import handovers, settlement
from app.services.handovers import Prepared
from app.services.purse import METHODS
from app.services.refused import refuse
from app.services.settlement import ARREARS, KINDS, SettledLine, Settlement, Wanted
from app.services.two_persons import Waiting


def _reading(text: str) -> tuple[str, str]:
    meter, equals, value = text.partition("=")
    if not equals:
        raise refuse("bad_reading", "应写成 表号=读数。", "如 --reading 水=120。", field="readings")
    return meter.strip(), value.strip()


def _lines(rows: tuple[SettledLine, ...]) -> list[dict[str, object]]:
    return [
        {"item": row.item, "item_name": row.item_name, "from": row.first.isoformat(), "to": row.last.isoformat(),
         "amount_fen": row.amount_fen}
        for row in rows
    ]  # fmt: skip


def _said(done: Settlement) -> dict[str, object]:
    return {
        "settlement": done.number or None, "house": done.house, "kind": done.kind, "on": done.on.isoformat(),
        "leaver": done.leaver, "last_day": done.last_day.isoformat(), "follower": done.follower,
        "arrears": done.arrears,
        "readings": [
            {"meter": row.meter, "before": row.before, "value": row.value, "usage": row.usage}
            for row in done.readings
        ],
        "fresh": _lines(done.fresh), "follower_lines": _lines(done.follower_lines), "open": _lines(done.open),
        "ahead": _lines(done.ahead),
        "deposits": [
            {"receipt": row.receipt or None, "item": row.item, "amount_fen": row.amount_fen} for row in done.deposits
        ],
        "late_fee_fen": done.late_fee_fen, "prepaid_fen": done.prepaid_fen, "refundable_fen": done.refundable_fen,
        "due_fen": done.due_fen, "paid_fen": done.paid_fen, "refunded_fen": done.refunded_fen,
        "returned_fen": done.returned_fen, "carried_fen": done.carried_fen, "receipt": done.receipt or None,
        "handover": _handover_said(done.handover), "spaces": list(done.spaces), "notes": list(done.notes),
        "file": str(done.file) if done.file else None,
    }  # fmt: skip


def _words(done: Settlement) -> list[str]:
    lines = [
        f"{done.house} {KINDS[done.kind]}：{done.leaver} 到 {done.last_day}，以后由 {done.follower} 付款",
        *(f"  表 {row.meter}\t{row.before} → {row.value}，用量 {row.usage}" for row in done.readings),
    ]
    for title, rows in (("到日", done.fresh), ("此前未交", done.open), ("超出结算日，不动", done.ahead)):
        lines += [f"  {title}\t{row.item_name} {row.first} 至 {row.last}\t{yuan(row.amount_fen)}" for row in rows]
    lines += [f"  在押\t{row.item_name} {row.receipt or '期初'}\t{yuan(row.amount_fen)}" for row in done.deposits]
    lines.append(f"  违约金 {yuan(done.late_fee_fen)}，预存 {yuan(done.prepaid_fen)}，应交 {yuan(done.due_fen)} 元")
    money = (("本次收", done.paid_fen), ("由接手人承担", done.carried_fen), ("退预存", done.refunded_fen),
             ("退押金", done.returned_fen))  # fmt: skip
    lines += [f"  {title} {yuan(fen)} 元" for title, fen in money if fen]
    lines += [f"  {point}\t{words}" for point, words in handed(done.handover)]
    return [*lines, *done.spaces, *done.notes]


def _handover_said(one: Handover) -> dict[str, object]:
    return {
        "keys": one.keys, "cards": one.cards, "papers": list(one.papers), "deposit": one.deposit or None,
        "note": one.note or None,
    }  # fmt: skip


_COUNT = whole("没有写 0。")


def _wanted(context: Context) -> Wanted:
    args = context.args
    on = day(args.on, "on")
    assert on is not None
    handover = Handover(
        typed(_COUNT, args.keys, "keys"), typed(_COUNT, args.cards, "cards"), tuple(args.papers),
        args.deposit_after or "", args.note or "",
    )  # fmt: skip
    return Wanted(
        args.house, on, choice(KINDS, args.kind, "kind"), args.to or "", args.phone or "",
        choice(ARREARS, args.arrears, "arrears"), tuple(_reading(text) for text in args.readings),
        getattr(args, "pay", None) or "", getattr(args, "refund", None) or "", getattr(args, "deposits", None) or "",
        handover, tuple(args.spaces),
    )  # fmt: skip


def _prepare(context: Context) -> Answer:
    wanted = _wanted(context)
    seat = context.log_in()
    with seat.once(context.key):
        done = handovers.prepare(seat, wanted)
    return Answer(
        {**_prepared(done), "key": context.key}, [f"{done.house} 的{KINDS[wanted.kind]}已准备好，等财务结算。"]
    )


def _prepared(one: Prepared) -> dict[str, object]:
    wanted = one.wanted
    return {
        "house": one.house, "by": one.by, "at": one.at, "kind": wanted.kind, "on": wanted.on.isoformat(),
        "follower": wanted.follower or None, "arrears": wanted.arrears,
        "readings": [{"meter": meter, "value": value} for meter, value in wanted.readings],
        "handover": _handover_said(wanted.handover), "spaces": list(wanted.spaces),
    }  # fmt: skip


def _waiting(context: Context) -> Answer:
    rows = handovers.waiting(context.log_in())
    lines = [f"{row.house}\t{KINDS[row.wanted.kind]}\t{row.wanted.on}\t{row.wanted.follower}\t{row.by}" for row in rows]
    return Answer({"handovers": [_prepared(row) for row in rows]}, lines or ["没有准备中的过户、退租。"])


def _drop(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        house = handovers.drop(seat, context.args.house, context.args.reason)
    return Answer({"house": house, "key": context.key}, [f"{house} 准备的过户、退租已放弃。"])


def _settle(context: Context) -> Answer:
    args = context.args
    wanted = _wanted(context)
    seat = context.log_in()
    if args.dry_run:
        looked = settlement.rehearse(seat, wanted)
        return Answer(_said(looked), _words(looked))
    second = context.second(seat)
    target = Path(args.out).expanduser().absolute() if args.out else None
    with seat.once(context.key):
        done = settlement.settle(seat, wanted, args.reason, target, second=second)
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    return Answer({**_said(done), "key": context.key}, [*_words(done), f"结算单 {done.number}：{done.file}"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "settle",
        _settle,
        "过户、退租结算到日，换付款人，出结算单",
        "anju settle 3-1-402 --on 2026-08-15 --to 李样例 --phone 13900000009 --reading 水=120 --pay cash",
    )
    _asked(one)
    one.add_argument("--pay", metavar="M", help="原付款人当场交清，方式：" + "、".join(METHODS))
    one.add_argument("--refund", metavar="M", help="退他的预存，方式")
    one.add_argument("--deposits", metavar="M", help="退他的押金，方式")
    one.add_argument("--dry-run", action="store_true", help="只算，不写")
    one.add_argument("--out", metavar="FILE", help="结算单的 PDF")
    two_persons(one)
    writing(one)
    one = commands.add(
        "handover prepare",
        _prepare,
        "客服准备过户、退租：接手人、读数、交接清单；不记账，等财务 settle",
        "anju handover prepare 3-1-402 --on 2026-08-15 --to 李样例 --handed-keys 3",
    )
    _asked(one)
    writing(one)
    commands.add("handover list", _waiting, "准备好、等着结算的", "anju handover list")
    one = commands.add("handover drop", _drop, "不办了", "anju handover drop 3-1-402 --reason 买卖取消")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)


def _asked(one: ArgumentParser) -> None:
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--on", required=True, metavar="D", help="过户：接手人从这天起付；退租：原付款人的最后一天")
    one.add_argument("--kind", default="transfer", metavar="|".join(KINDS), help="、".join(KINDS.values()))
    one.add_argument("--to", metavar="NAME", help="接手人；退租不写就是业主")
    one.add_argument("--phone", metavar="PHONE", help="接手人的电话")
    one.add_argument("--arrears", default="seller", metavar="|".join(ARREARS), help="、".join(ARREARS.values()))
    one.add_argument(
        "--reading", "--readings", dest="readings", action="append", default=[], metavar="METER=VALUE",
        help="交接读数，可以写几次",
    )  # fmt: skip
    one.add_argument("--handed-keys", dest="keys", metavar="N", help="交了几把钥匙，没有写 0")
    one.add_argument("--handed-cards", dest="cards", metavar="N", help="交了几张门禁卡，没有写 0")
    said = "、".join(f"{code} {word}" for code, word in PAPERS.items())
    one.add_argument(
        "--paper", dest="papers", action="append", default=[], metavar="CODE", help=f"看过的证件，可重复：{said}"
    )
    said = "、".join(f"{code} {word}" for code, word in DEPOSITS.items())
    one.add_argument("--deposit-after", metavar="CODE", help=f"押金怎么办：{said}")
    one.add_argument("--note", metavar="TEXT", help="交接的其他事项")
    what = "原付款人的车位一起办，可重复：过户时自有的归接手人，租用的到那天为止"
    one.add_argument("--space", dest="spaces", action="append", default=[], metavar="SPACE", help=what)
