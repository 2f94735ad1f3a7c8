"""Commands of a bill run: preview, post, print, take back."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from app.cli.context import Answer, Context, day
from app.cli.parser import Commands, writing
from app.domain.money import yuan
from app.services import billing, billing_compare, printing
from app.services.billing_choice import Chosen
from app.services.billing_review import REASONS


def _run_said(answer: billing.RunAnswer) -> dict[str, Any]:
    return {
        "period": answer.period,
        "bills": answer.bills,
        "lines": answer.lines,
        "amount_fen": answer.amount_fen,
        "already_posted": answer.already_posted,
        "exceptions": [{"house": e.house, "item": e.item, "reason": e.reason} for e in answer.exceptions],
        "items": [{"item": item, "lines": lines, "amount_fen": fen} for item, lines, fen in answer.items],
        "warnings": list(answer.warnings),
        "discounts": [{"house": x.house, "item": x.item, "amount_fen": x.amount_fen} for x in answer.let_off],
    }


def _run_lines(answer: billing.RunAnswer, done: str) -> list[str]:
    lines = [f"{answer.period} {done} {answer.bills} 张账单，{answer.lines} 行，共 {yuan(answer.amount_fen)} 元"]
    lines += [f"  {item}\t{count} 行\t{yuan(fen)} 元" for item, count, fen in answer.items]
    if answer.already_posted:
        lines.append(f"  先前已出 {answer.already_posted} 行，不再出")
    if answer.let_off:
        off = yuan(sum(each.amount_fen for each in answer.let_off))
        lines.append(f"  折扣 {len(answer.let_off)} 行，共少收 {off} 元")
    lines += [f"  不出账：{e.house} {e.item} {REASONS.get(e.reason, e.reason)}" for e in answer.exceptions[:50]]
    if len(answer.exceptions) > 50:
        lines.append(f"  ……另有 {len(answer.exceptions) - 50} 户")
    return [*lines, *answer.warnings]


def _chosen(context: Context) -> Chosen:
    args = context.args
    return Chosen(tuple(args.items), tuple(args.buildings), tuple(args.houses))


def _limited(parser: ArgumentParser) -> None:
    for name, metavar, what in (
        ("item", "CODE", "收费项目"),
        ("building", "B", "楼栋"),
        ("house", "HOUSE", "房屋"),
    ):
        parser.add_argument(
            f"--{name}", dest=f"{name}s", action="append", default=[], metavar=metavar, help=f"只出这个{what}，可重复"
        )


def _bill_preview(context: Context) -> Answer:
    args, seat, chosen = context.args, context.log_in(), _chosen(context)
    answer = billing.preview(seat, args.period, day(args.date), chosen)
    said, lines = _run_said(answer), _run_lines(answer, "将出")
    if args.out:
        target = context.out(f"preview-{args.period}.xlsx")
        done = billing_compare.export(seat, args.period, target, day(args.date), chosen)
        said["file"] = str(done.file)
        lines.append(f"逐户对比 {done.lines} 行：{done.file}")
    return Answer(said, lines)


def _bill_run(context: Context) -> Answer:
    seat, on = context.log_in(), day(context.args.date)
    chosen = _chosen(context)
    plan = billing.plan(seat, context.args.period, on, chosen)
    with seat.once(context.key):
        answer = billing.post(seat, context.args.period, on, chosen, plan=plan)
    return Answer({**_run_said(answer), "key": context.key}, _run_lines(answer, "已出"))


def _bill_runs(context: Context) -> Answer:
    rows = billing.runs(context.log_in(), context.args.period)
    said = [
        {
            "run": row.run, "date": row.on.isoformat(), "state": row.state, "bills": row.bills, "lines": row.lines,
            "amount_fen": row.amount_fen, "items": list(row.items),
        }
        for row in rows
    ]  # fmt: skip
    lines = [
        f"第 {row.run} 次\t{row.on}\t{'已过账' if row.state == 'posted' else '已作废'}\t{row.bills} 张账单\t"
        f"{yuan(row.amount_fen)} 元\t{'、'.join(row.items)}"
        for row in rows
    ]
    return Answer({"period": context.args.period, "runs": said}, lines or ["这个账期还没有出账。"])


def _bill_void(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = billing.void(seat, context.args.period, context.args.reason, context.args.run)
    said = {
        "period": done.period, "bills": done.bills, "lines": done.lines, "amount_fen": done.amount_fen,
        "key": context.key,
    }  # fmt: skip
    return Answer(said, [f"{done.period} 的出账已作废：{done.bills} 张账单，{yuan(done.amount_fen)} 元。"])


def _bill_print(context: Context) -> Answer:
    seat, args = context.log_in(), context.args
    with seat.once(context.key):
        done = printing.print_bills(
            seat, args.period, context.out(f"bills-{args.period}.pdf"), day(args.date), refresh=args.refresh
        )
    said = {"period": done.period, "bills": done.bills, "pages": done.pages, "file": str(done.file), "key": context.key}
    return Answer(said, [f"{done.bills} 张账单，{done.pages} 页：{done.file}", *done.warnings])


def _period(parser: ArgumentParser) -> None:
    parser.add_argument("--period", required=True, metavar="YYYY-MM", help="出账的月份")


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("bill preview", _bill_preview, "出账试算，不写入", "anju bill preview --period 2026-07")
    _period(one)
    one.add_argument("--date", metavar="D", help="出账日，默认今天")
    one.add_argument("--out", metavar="FILE.xlsx", help="逐户和上期对比、写明原因，存成 Excel")
    _limited(one)
    one = commands.add("bill run", _bill_run, "出账过账", "anju bill run --period 2026-07")
    _period(one)
    one.add_argument("--date", metavar="D", help="出账日，默认今天")
    _limited(one)
    writing(one)
    one = commands.add("bill print", _bill_print, "打印账单", "anju bill print --period 2026-07")
    _period(one)
    one.add_argument("--date", metavar="D", help="违约金算到哪天，默认今天；首次打印后固定")
    one.add_argument("--refresh", action="store_true", help="按今天的数重新制一份")
    one.add_argument("--out", metavar="FILE")
    writing(one)
    one = commands.add("bill runs", _bill_runs, "一个账期的各次出账", "anju bill runs --period 2026-07")
    _period(one)
    one = commands.add(
        "bill void", _bill_void, "作废一个月的出账，或其中一次", "anju bill void --period 2026-07 --reason 价格录错"
    )
    _period(one)
    one.add_argument("--run", type=int, metavar="N", help="只作废这个账期的第几次，默认全部")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
