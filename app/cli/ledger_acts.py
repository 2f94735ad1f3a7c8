"""Commands that change what is owed or held: adjust, refund, deposit, charge."""

from __future__ import annotations

from argparse import ArgumentParser

from app.cli.context import Answer, Context, choice, typed, waiting
from app.cli.parser import Commands, two_persons, writing
from app.domain.money import parse_yuan, yuan
from app.services import adjustments, deposits, one_off, prepaid_use, rebooking, refunds
from app.services.adjustments import KINDS, PARTS, Change
from app.services.deposits import Deduction, Held
from app.services.purse import METHODS
from app.services.refused import refuse
from app.services.two_persons import Waiting


def _change(text: str, part: str) -> Change:
    code, _, rest = text.partition(":")
    period, equals, fen = rest.partition("=")
    if not equals or not period:
        raise refuse("bad_change", "应写成 项目:账期=金额。", "如 --for WY:2026-07=20.00。", field="for")
    return Change(code, period, typed(parse_yuan, fen, "for"), part)


def _adjust(context: Context) -> Answer:
    args = context.args
    kind, part = choice(KINDS, args.kind, "kind"), choice(PARTS, args.part, "part")
    changes = tuple(_change(text, part) for text in args.change)
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = adjustments.adjust(seat, args.house, kind, changes, args.reason, second=second)
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    said = {
        "house": done.house, "kind": done.kind, "amount_fen": done.amount_fen, "owed_fen": done.owed_fen,
        "adjusted": [
            {"item": row.item, "item_name": row.item_name, "period": row.period, "part": row.part,
             "amount_fen": row.amount_fen}
            for row in done.lines
        ],
        "key": context.key,
    }  # fmt: skip
    lines = [f"{done.house} {KINDS[done.kind]} {yuan(done.amount_fen)} 元，现欠 {yuan(done.owed_fen)} 元"]
    return Answer(said, [*lines, *(f"  {row.item_name} {row.period}\t{yuan(row.amount_fen)}" for row in done.lines)])


def _rebook(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = rebooking.rebook(seat, args.number, args.house, args.method, args.reason, second=second)
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    said = {
        "receipt": done.receipt, "reversal": done.reversal, "rebooked": done.rebooked, "house": done.house,
        "method": done.method, "amount_fen": done.amount_fen, "key": context.key,
    }  # fmt: skip
    words = f"收据 {done.receipt} 已改记为 {done.rebooked}：{done.house} {done.paid} {yuan(done.amount_fen)} 元"
    return Answer(said, [words])


def _refund(context: Context) -> Answer:
    args = context.args
    fen = typed(parse_yuan, args.amount, "amount")
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = refunds.refund(seat, args.house, fen, args.method, args.reason, second=second)
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    said = {
        "house": done.house, "amount_fen": done.amount_fen, "method": done.method, "prepaid_fen": done.prepaid_fen,
        "key": context.key,
    }  # fmt: skip
    left = f"预存还有 {yuan(done.prepaid_fen)} 元"
    return Answer(said, [f"{done.house} 退款 {yuan(done.amount_fen)} 元（{METHODS[done.method]}），{left}"])


def _prepaid_use(context: Context) -> Answer:
    args = context.args
    fen = None if args.amount is None else typed(parse_yuan, args.amount, "amount")
    out = context.out("") if getattr(args, "out", None) else None
    seat = context.log_in()
    with seat.once(context.key):
        done = prepaid_use.put(seat, args.house, fen, (), out)
    said = {
        "house": done.house, "amount_fen": done.amount_fen, "prepaid_fen": done.prepaid_fen,
        "lines": [{"item_name": item, "span": period, "amount_fen": part} for item, period, part in done.lines],
        "file": str(done.file), "key": context.key,
    }  # fmt: skip
    lines = [f"{done.house} 预存抵扣 {yuan(done.amount_fen)} 元，还有预存 {yuan(done.prepaid_fen)} 元"]
    lines += [f"  {item} {period}\t{yuan(part)}" for item, period, part in done.lines]
    return Answer(said, [*lines, str(done.file)])


def _held(row: Held) -> dict[str, object]:
    return {
        "receipt": row.receipt or None, "house": row.house, "item": row.item, "item_name": row.item_name,
        "on": row.on.isoformat(), "amount_fen": row.amount_fen,
    }  # fmt: skip


def _held_line(row: Held) -> str:
    return f"{row.house}\t{row.item_name}\t{row.on}\t{yuan(row.amount_fen)} 元\t{row.receipt or '期初'}"


def _deposit_take(context: Context) -> Answer:
    args = context.args
    fen = typed(parse_yuan, args.amount, "amount")
    seat = context.log_in()
    with seat.once(context.key):
        done = deposits.take(seat, args.house, args.code, fen, args.method, args.ref)
    return Answer({**_held(done), "key": context.key}, [f"收据 {done.receipt}：{_held_line(done)}"])


def _deposit_list(context: Context) -> Answer:
    rows = deposits.listing(context.log_in(), context.args.house)
    total = sum(row.amount_fen for row in rows)
    said = {"deposits": [_held(row) for row in rows], "total_fen": total}
    return Answer(said, [*map(_held_line, rows), f"共 {len(rows)} 笔，{yuan(total)} 元"])


def _deduction(text: str) -> Deduction:
    code, equals, rest = text.partition("=")
    fen, _, note = rest.partition(":")
    if not equals:
        raise refuse("bad_deduction", "应写成 项目=金额:说明。", "如 --deduct WX=80:修墙面。", field="deduct")
    return Deduction(code, typed(parse_yuan, fen, "deduct"), note)


def _deposit_return(context: Context) -> Answer:
    args = context.args
    deductions = tuple(_deduction(text) for text in args.deduct)
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = deposits.give_back(
            seat, args.house, args.receipt or "", args.method, args.reason, deductions, args.item, second=second
        )
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    said = {
        "receipt": done.receipt or None, "house": done.house, "amount_fen": done.amount_fen,
        "deducted_fen": done.deducted_fen, "returned_fen": done.returned_fen, "key": context.key,
    }  # fmt: skip
    words = f"{done.house} 押金 {yuan(done.amount_fen)} 元：扣 {yuan(done.deducted_fen)}，退 {yuan(done.returned_fen)}"
    return Answer(said, [words])


def _charge_add(context: Context) -> Answer:
    args = context.args
    fen = typed(parse_yuan, args.amount, "amount")
    seat = context.log_in()
    with seat.once(context.key):
        done = one_off.post(seat, args.house, args.code, args.count, fen, args.note)
    said = {
        "house": done.house, "item": done.item, "period": done.period, "amount_fen": done.amount_fen,
        "due": done.due.isoformat(), "key": context.key,
    }  # fmt: skip
    return Answer(said, [f"{done.house} {done.item_name} {yuan(done.amount_fen)} 元，{done.due} 到期"])


def _method(one: ArgumentParser) -> None:
    one.add_argument("--method", default="cash", metavar="M", help="、".join(METHODS))


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "adjust", _adjust, "减免、补收、核销坏账", "anju adjust 3-1-402 --for WY:2026-07=20.00 --reason 电梯停运三天"
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--for", dest="change", action="append", required=True, metavar="CODE:PERIOD=AMOUNT")
    one.add_argument("--kind", default="waiver", metavar="|".join(KINDS), help="、".join(KINDS.values()))
    one.add_argument("--part", default="principal", metavar="|".join(PARTS), help="、".join(PARTS.values()))
    two_persons(one)
    writing(one)
    one = commands.add(
        "receipt rebook",
        _rebook,
        "错收：改记到别的房号或方式",
        "anju receipt rebook S2026-00000087 --house 3-1-403 --reason 录错户",
    )
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--house", metavar="HOUSE", help="改记到哪一户")
    one.add_argument("--method", metavar="M", help="、".join(METHODS))
    two_persons(one)
    writing(one)
    one = commands.add("refund", _refund, "退预存", "anju refund 3-1-402 100.00 --method cash --reason 业主要求")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("amount", metavar="AMOUNT", help="金额（元）")
    _method(one)
    two_persons(one)
    writing(one)
    one = commands.add("prepaid use", _prepaid_use, "用预存抵扣未交的费用", "anju prepaid use 3-1-402 200")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("amount", metavar="AMOUNT", nargs="?", help="金额（元），默认能抵多少抵多少")
    one.add_argument("--out", metavar="FILE")
    writing(one)
    one = commands.add("deposit take", _deposit_take, "收押金", "anju deposit take 3-1-402 YJ 2000")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("code", metavar="CODE")
    one.add_argument("amount", nargs="?", metavar="AMOUNT", help="金额（元），不写按收费标准")
    _method(one)
    one.add_argument("--ref", metavar="TEXT", help="渠道的流水号")
    writing(one)
    one = commands.add("deposit list", _deposit_list, "列出在手的押金", "anju deposit list")
    one.add_argument("house", nargs="?", metavar="HOUSE")
    one = commands.add(
        "deposit return",
        _deposit_return,
        "退押金，可以扣款",
        "anju deposit return 3-1-402 S2026-00000087 --deduct WX=80:修墙面 --reason 装修验收",
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("receipt", nargs="?", metavar="RECEIPT", help="押金的收据号；期初的押金不写")
    one.add_argument("--item", metavar="CODE", help="哪一项押金，有几项期初押金时要写")
    one.add_argument("--deduct", action="append", default=[], metavar="CODE=AMOUNT:TEXT", help="扣款，可以写几次")
    _method(one)
    two_persons(one)
    writing(one)
    one = commands.add("charge add", _charge_add, "收一笔一次性费用", "anju charge add 3-1-402 MJ --count 2")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("code", metavar="CODE")
    one.add_argument("--count", type=int, default=1, metavar="N", help="数量")
    one.add_argument("--amount", metavar="AMOUNT", help="约定的金额（元），财务、经理才能写")
    one.add_argument("--note", default="", metavar="TEXT", help="收什么")
    writing(one)
