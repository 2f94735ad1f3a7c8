"""Commands of the counter: pay, receipt, statement."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from app.cli.context import Answer, Context, day, typed, waiting
from app.cli.parser import Commands, two_persons, writing
from app.domain.money import parse_yuan, yuan
from app.services import payments, payouts, printing, proofs, receipts
from app.services.purse import METHODS, Tender, Wish
from app.services.receipts import ReceiptUndone
from app.services.refused import refuse
from app.services.two_persons import Waiting


def _wish(text: str) -> Wish:
    code, colon, rest = text.partition(":")
    period, equals, amount = rest.partition("=")
    if not colon or not period:
        raise refuse(
            "bad_designation", "指定应写成 项目:账期 或 项目:账期=金额。", "如 --for WY:2026-07=100。", field="for"
        )
    return Wish(code, period, typed(parse_yuan, amount, "for") if equals else None)


def _tender(text: str) -> Tender:
    method, equals, rest = text.partition("=")
    amount, _, reference = rest.partition(":")
    if not equals:
        raise refuse(
            "bad_split", "分开付的部分应写成 方式=金额 或 方式=金额:流水号。", "如 --split wechat=200。", field="split"
        )
    return Tender(method.strip(), typed(parse_yuan, amount, "split"), reference.strip() or None)


def _pay(context: Context) -> Answer:
    args = context.args
    amount = typed(parse_yuan, args.amount, "amount")
    on, wishes = day(args.date), tuple(_wish(text) for text in args.wish)
    more = tuple(_tender(text) for text in args.split)
    seat = context.log_in()
    with seat.once(context.key):
        # Only a call that needs a word carries it: a repeated key must find the arguments of before.
        given = {"reference": args.ref, "more": more, "also": tuple(args.also), "payer": args.payer}
        done = payments.take(
            seat, args.house, amount, args.method, on, wishes, args.small_change,
            **{name: value for name, value in given.items() if value},
        )  # fmt: skip
    said: dict[str, Any] = {
        "receipt": done.receipt,
        "house": done.house,
        "amount_fen": done.amount_fen,
        "allocated": [
            {
                "item": row.item, "item_name": row.item_name, "period": row.period, "part": row.part,
                "amount_fen": row.amount_fen, "from": row.first.isoformat(), "to": row.last.isoformat(),
            }
            for row in done.allocated
        ],
        "prepaid_fen": done.prepaid_fen,
        "ways": [{"method": method, "amount_fen": fen} for method, fen in done.ways],
        "houses": list(done.houses),
        "key": context.key,
    }  # fmt: skip
    lines = [f"收据 {done.receipt}：{done.house} 收款 {yuan(done.amount_fen)} 元"]
    lines += [
        f"  {row.item_name} {row.period}{'（违约金）' if row.part == 'late_fee' else ''}\t{yuan(row.amount_fen)}"
        for row in done.allocated
    ]
    if len(done.ways) > 1:
        lines.append("  " + "，".join(f"{METHODS[method]} {yuan(fen)}" for method, fen in done.ways))
    if done.prepaid_fen:
        lines.append(f"  转入预存\t{yuan(done.prepaid_fen)}")
    return Answer(said, lines)


def _undone(answer: ReceiptUndone | Waiting, key: str, word: str) -> Answer:
    if isinstance(answer, Waiting):
        return waiting(answer, key)
    said = {"receipt": answer.receipt, "reversal": answer.reversal, "amount_fen": answer.amount_fen, "key": key}
    return Answer(said, [f"收据 {answer.receipt} 已{word}（{answer.reversal}，{yuan(answer.amount_fen)} 元）。"])


def _receipt_void(context: Context) -> Answer:
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = receipts.void(seat, context.args.number, context.args.reason, second=second)
    return _undone(done, context.key, "作废")


def _receipt_reverse(context: Context) -> Answer:
    returned = day(context.args.returned, "date")
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = receipts.reverse(seat, context.args.number, context.args.reason, returned, second=second)
    return _undone(done, context.key, "红冲")


def _receipt_settle(context: Context) -> Answer:
    on, fee = day(context.args.date), typed(parse_yuan, context.args.fee, "fee")
    seat = context.log_in()
    with seat.once(context.key):
        done = payouts.note(seat, context.args.number, on, fee)
    said = {
        "receipt": done.receipt, "on": done.on.isoformat(), "amount_fen": done.amount_fen, "fee_fen": done.fee_fen,
        "key": context.key,
    }  # fmt: skip
    return Answer(said, [f"收据 {done.receipt} {done.on} 到账，手续费 {yuan(done.fee_fen)} 元。"])


def _receipt_print(context: Context) -> Answer:
    seat, number = context.log_in(), context.args.number.strip().upper()
    with seat.once(context.key):
        done = printing.print_receipt(seat, number, context.out(f"{number}.pdf"))
    said = {"receipt": done.receipt, "file": str(done.file), "copy": done.copy, "key": context.key}
    again = f"（补打 {done.copy - 1}）" if done.copy > 1 else ""
    return Answer(said, [f"收据 {done.receipt}{again}：{done.file}"])


def _statement(context: Context) -> Answer:
    first, last = day(context.args.first, "from"), day(context.args.last, "to")
    seat, number = context.log_in(), context.args.house
    name = "".join(char if char.isalnum() or char in "-._" else "_" for char in number)
    with seat.once(context.key):
        done = printing.print_statement(seat, number, context.out(f"statement-{name}.pdf"), first, last)
    answer = done.statement
    entries = [
        {
            "on": e.on.isoformat(), "kind": e.kind, "number": e.number, "item": e.item, "period": e.period,
            "amount_fen": e.amount_fen, "balance_fen": e.balance_fen,
            "from": e.first.isoformat() if e.first else None, "to": e.last.isoformat() if e.last else None,
        }
        for e in answer.entries
    ]  # fmt: skip
    said = {
        "house": answer.house,
        "entries": entries,
        "owed_fen": answer.owed_fen,
        "prepaid_fen": answer.prepaid_fen,
        "late_fee_fen": answer.late_fee_fen,
        "from": answer.first.isoformat() if answer.first else None,
        "to": answer.last.isoformat(),
        "opening_fen": answer.opening_fen,
        "file": str(done.file),
        "key": context.key,
    }
    lines = [
        f"{e.on}\t{printing.KINDS.get(e.kind, e.kind)} {e.item_name or ''}\t{e.number or ''}\t{yuan(e.amount_fen)}"
        f"\t余 {yuan(e.balance_fen)}"
        for e in answer.entries
    ]
    lines.append(
        f"{answer.house} 欠费 {yuan(answer.owed_fen)}，违约金 {yuan(answer.late_fee_fen)}，"
        f"预存 {yuan(answer.prepaid_fen)}"
    )
    return Answer(said, [*lines, str(done.file)])


def _proof(context: Context) -> Answer:
    first, last = day(context.args.first, "from"), day(context.args.last, "to")
    out = getattr(context.args, "out", None)
    target = context.out("") if out else None
    seat = context.log_in()
    with seat.once(context.key):
        done = proofs.issue(seat, tuple(context.args.houses), first, last, target)
    said: dict[str, Any] = {
        "number": done.number,
        "house": done.houses[0],
        "houses": list(done.houses),
        "payer": done.payer,
        "from": done.first.isoformat(),
        "to": done.last.isoformat(),
        "rows": [
            {"on": r.on.isoformat(), "receipt": r.receipt, "method": r.method, "item_name": r.item,
             "period": r.period, "amount_fen": r.amount_fen}
            for r in done.rows
        ],
        "total_fen": done.total_fen,
        "count": done.count,
        "file": str(done.file),
        "key": context.key,
    }  # fmt: skip
    lines = [f"缴费证明 {done.number}：{done.payer}，{done.first} 至 {done.last}，合计 {yuan(done.total_fen)} 元"]
    lines += [f"  {r.on}\t{r.receipt}\t{r.item}\t{r.period}\t{yuan(r.amount_fen)}" for r in done.rows]
    return Answer(said, [*lines, str(done.file)])


def _span(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", metavar="D", help="第一天，默认从第一笔起")
    parser.add_argument("--to", dest="last", metavar="D", help="最后一天，默认今天")


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("pay", _pay, "收款", "anju pay 3-1-402 236.70 --method wechat --for WY:2026-07")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("amount", metavar="AMOUNT", help="金额（元）")
    one.add_argument("--method", default="cash", help="cash、wechat、alipay、pos、bank")
    one.add_argument("--ref", metavar="TEXT", help="渠道的流水号；同一个流水号不会记两次")
    one.add_argument(
        "--split", action="append", default=[], metavar="METHOD=AMOUNT[:REF]",
        help="金额里用别的方式付的一部分，如 wechat=200；其余按 --method",
    )  # fmt: skip
    one.add_argument("--also", action="append", default=[], metavar="HOUSE", help="同一付款人的另一户，一张收据一起收")
    one.add_argument("--date", metavar="D", help="收款日，默认今天")
    one.add_argument("--payer", metavar="NAME", help="收以前付款人的旧欠（过户以后）")
    one.add_argument("--small-change", action="store_true", help="抹零：金额是应收抹到角或元（按设置）")
    one.add_argument(
        "--for", dest="wish", action="append", default=[], metavar="CODE:PERIOD[=AMOUNT]", help="指定还哪一笔"
    )
    writing(one)
    one = commands.add("receipt print", _receipt_print, "打印收据；第二次起是补打", "anju receipt print S2026-00000087")
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--out", metavar="FILE")
    writing(one)
    for word, handler, what in (
        ("receipt void", _receipt_void, "作废当天的收据（双人）"),
        ("receipt reverse", _receipt_reverse, "红冲以前的收据（双人）"),
    ):
        one = commands.add(word, handler, what, f"anju {word} S2026-00000087 --reason 金额录错 --second 王经理")
        one.add_argument("number", metavar="NUMBER")
        if handler is _receipt_reverse:
            one.add_argument("--returned", metavar="D", help="退票、被追回的款：银行通知的日期")
        two_persons(one)
        writing(one)
    one = commands.add(
        "receipt settle", _receipt_settle, "登记到账日期和渠道手续费", "anju receipt settle S2026-00000087 --fee 2.50"
    )
    one.add_argument("number", metavar="NUMBER")
    one.add_argument("--fee", default="0", metavar="F", help="渠道扣的手续费（元）")
    one.add_argument("--date", metavar="D", help="到账日期，默认今天")
    writing(one)
    one = commands.add(
        "statement", _statement, "一户的对账单，默认从第一笔到今天", "anju statement 3-1-402 --from 2026-01-01"
    )
    one.add_argument("house", metavar="HOUSE")
    _span(one)
    one.add_argument("--out", metavar="FILE")
    writing(one)
    one = commands.add("proof", _proof, "缴费证明", "anju proof 3-1-402 --from 2026-01-01 --to 2026-06-30")
    one.add_argument("houses", metavar="HOUSE", nargs="+", help="同一付款人的一户或几户")
    _span(one)
    one.add_argument("--out", metavar="FILE")
    writing(one)
