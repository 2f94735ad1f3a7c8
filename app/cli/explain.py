"""The command explain."""

from __future__ import annotations

from typing import Any

from app.cli.context import Answer, Context, day
from app.cli.parser import Commands
from app.domain.money import yuan
from app.services import explain
from app.services.explain_charge import ExplainedCharge, ExplainedEntry, ExplainedPart
from app.services.receipt_papers import PARTS


def _explain(context: Context) -> Answer:
    args = context.args
    as_of, file = day(args.as_of, "as_of"), None
    warnings: tuple[str, ...] = ()
    seat = context.log_in()
    if args.out:
        with seat.once(context.key):
            done = explain.print_explanation(seat, args.house, args.period, context.out(""), as_of)
        found, file, warnings = done.explanation, done.file, done.warnings
    else:
        found = explain.explain(seat, args.house, args.period, as_of)
    said: dict[str, Any] = {
        "house": found.house,
        "period": found.period,
        "as_of": found.as_of.isoformat(),
        "charges": [_charge(charge) for charge in found.charges],
        "file": str(file) if file else None,
        **({"key": context.key} if file else {}),
    }
    lines = []
    for charge in found.charges:
        name = f"{charge.house} {charge.item_name}" + PARTS.get(charge.part, "")
        lines.append(f"{name} {charge.first} 至 {charge.last}\t{yuan(charge.fen)}\t未交 {yuan(charge.open)}")
        lines += [f"  {sentence.label}\t{sentence.text}" for sentence in charge.sentences]
    return Answer(said, [*lines, *([str(file)] if file else []), *warnings])


def _charge(charge: ExplainedCharge) -> dict[str, Any]:
    return {
        "house": charge.house, "item": charge.item, "item_name": charge.item_name, "part": charge.part,
        "period": charge.period, "from": charge.first.isoformat(), "to": charge.last.isoformat(),
        "issue": charge.issue, "bill": charge.bill, "on": charge.on.isoformat(), "due": charge.due.isoformat(),
        "amount_fen": charge.fen, "adjusted_fen": charge.adjusted, "paid_fen": charge.paid, "open_fen": charge.open,
        "late_fee_fen": charge.late_fee,
        "parts": [_part(part) for part in charge.parts],
        "adjustments": [_entry(entry) for entry in charge.adjustments],
        "payments": [_entry(entry) for entry in charge.payments],
        "sentences": [f"{sentence.label}：{sentence.text}" for sentence in charge.sentences],
    }  # fmt: skip


def _part(part: ExplainedPart) -> dict[str, Any]:
    tariff = None
    if part.tariff is not None:
        tariff = {
            "scope": part.tariff.scope, "from": part.tariff.first.isoformat(),
            "to": part.tariff.last.isoformat() if part.tariff.last else None, "price": part.tariff.price,
            "basis": part.tariff.basis,
        }  # fmt: skip
    return {
        "from": part.first.isoformat(), "to": part.last.isoformat(), "quantity": part.quantity, "unit": part.unit,
        "price": part.price, "fixed": part.fixed, "months": part.months, "factor": part.factor, "tier": part.tier,
        "meter": part.meter, "previous": part.previous, "current": part.current,
        "read_on": part.read_on.isoformat() if part.read_on else None, "estimate": part.estimate, "how": part.how,
        "amount_fen": part.fen, "tariff": tariff,
    }  # fmt: skip


def _entry(entry: ExplainedEntry) -> dict[str, Any]:
    return {"on": entry.on.isoformat(), "kind": entry.kind, "title": entry.title, "receipt": entry.number,
            "amount_fen": entry.fen}  # fmt: skip


def add(commands: Commands) -> None:
    """Declare this command."""
    one = commands.add(
        "explain",
        _explain,
        "一户一个账期的每笔费用怎么来的：标准、数量、抄表、取整、应交日、违约金、交费",
        "anju explain 3-1-402 --period 2026-07 --out 费用说明.pdf",
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--period", required=True, metavar="YYYY-MM", help="服务的月份；季度、半年的费用写其中任何一个月")
    one.add_argument("--as-of", dest="as_of", metavar="D", help="违约金和交费算到哪一天，默认今天")
    one.add_argument("--out", metavar="FILE.pdf", help="另印一张 PDF（记入审计）")
    one.add_argument("--key", metavar="TEXT", help="重试用的钥匙")
