"""Commands that set up and run charging: fee, tariff, reading, bill."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from app.cli.context import Answer, Context, choice, day, typed, waiting, whole
from app.cli.parser import Commands, two_persons, writing
from app.domain.fee_rule import SetOff
from app.domain.kinds import KINDS
from app.domain.money import parse_yuan, yuan
from app.domain.period import Cycle, When
from app.domain.proration import Method, StartRule
from app.domain.quantity import Factor, Price, Quantity, Rate
from app.domain.rounding import Rule, Unit
from app.domain.tariff import Policy, Scope
from app.services import billing, fee_rules, fees, printing, reading_round, readings, shared_costs, tariff_copy, tariffs
from app.services.billing_choice import Chosen
from app.services.billing_review import REASONS
from app.services.fees import NewItem
from app.services.refused import refuse
from app.services.shared_costs import CostRow, NewCost
from app.services.tariff_copy import CopiedPrice
from app.services.two_persons import Waiting


def _fee_add(context: Context) -> Answer:
    args = context.args
    item = NewItem(
        args.code,
        args.name,
        choice(KINDS, args.kind, "kind"),
        Cycle(choice(Cycle, args.cycle, "cycle")),
        When(choice(When, args.when, "when")) if args.when else None,
        args.anchor,
        args.houses,
        Unit(choice(Unit, args.unit, "unit")),
        Rule(choice(Rule, args.rule, "rule")),
        StartRule(choice(StartRule, args.start_rule, "start_rule")),
        Method(choice(Method, args.part_month, "part_month")),
        Policy(choice(Policy, args.tariff_change, "tariff_change")),
        due_day=args.due_day,
        due_offset=args.due_offset,
        late_rate=typed(lambda text: Rate.parse(text).units, args.late_rate, "late_rate"),
        late_cap=None if args.late_cap == "none" else typed(lambda t: Factor.parse(t).units, args.late_cap, "late_cap"),
        grace=args.grace,
        vat_rate=typed(lambda text: Rate.parse(text).units, args.vat_rate, "vat_rate"),
        set_off=SetOff(choice(SetOff, args.set_off, "set_off")),
    )
    seat = context.log_in()
    with seat.once(context.key):
        done = fees.add(seat, item)
    said = {"item": done.item, "warnings": list(done.warnings), "key": context.key}
    return Answer(said, [f"已添加收费项目 {done.item}（{item.name}）。", *done.warnings])


def _fee_list(context: Context) -> Answer:
    rows = fees.listing(context.log_in())
    said = [
        {
            "item": r.item, "name": r.name, "kind": r.kind, "cycle": r.cycle, "when": r.when, "anchor": r.anchor,
            "houses": r.houses, "unit": r.unit, "rule": r.rule, "start_rule": r.start_rule, "due_day": r.due_day,
            "due_offset": r.due_offset, "part_month": r.part_month, "tariff_change": r.tariff_change,
            "late_rate": r.late_rate, "grace": r.grace, "vat_rate": r.vat_rate, "set_off": r.set_off,
        }
        for r in rows
    ]  # fmt: skip
    lines = [f"{r.item}\t{r.name}\t{r.kind_title}\t{r.cycle}\t{r.when}\t{r.houses}" for r in rows]
    return Answer({"items": said}, lines or ["还没有收费项目。"])


def _fee_change(context: Context) -> Answer:
    args = context.args
    valid_from = day(args.valid_from, "from")
    if valid_from is None:
        raise refuse("no_day", "没有生效日。", "请加上 --from。", field="from")
    changes: dict[str, Any] = {}
    for name, read in _RULES.items():
        typed_text = getattr(args, name)
        if typed_text is not None:
            changes[name] = None if typed_text == "none" else typed(read, typed_text, name)
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = fee_rules.change(seat, args.code, valid_from, changes, args.reason, second=second)
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    said = {
        "item": done.item, "from": done.valid_from.isoformat(), "changed": list(done.changed),
        "warnings": list(done.warnings), "key": context.key,
    }  # fmt: skip
    return Answer(said, [f"{done.item} 从 {done.valid_from} 起改了{'、'.join(done.changed)}。", *done.warnings])


_NUMBER = whole("请改成整数。")
_RULES: dict[str, Callable[[str], Any]] = {
    "due_day": _NUMBER,
    "due_offset": _NUMBER,
    "late_rate": lambda text: Rate.parse(text).units,
    "late_cap": lambda text: Factor.parse(text).units,
    "grace": _NUMBER,
    "vat_rate": lambda text: Rate.parse(text).units,
    "unit": lambda text: Unit(choice(Unit, text, "unit")),
    "rule": lambda text: Rule(choice(Rule, text, "rule")),
    "part_month": lambda text: Method(choice(Method, text, "part_month")),
    "tariff_change": lambda text: Policy(choice(Policy, text, "tariff_change")),
    "set_off": lambda text: SetOff(choice(SetOff, text, "set_off")),
}
"""How the rules of an item are typed; `none` clears one."""


def _fee_assign(context: Context) -> Answer:
    args = context.args
    factor = typed(lambda text: Factor.parse(text).units, args.factor, "factor")
    seat = context.log_in()
    with seat.once(context.key):
        done = fees.assign(
            seat, args.code, args.house, day(args.valid_from, "from"), day(args.valid_to, "to"), args.count, factor
        )
    return Answer(
        {"item": done.item, "house": done.house, "key": context.key}, [f"{done.house} 已有收费项目 {done.item}。"]
    )


def _params(args: Any) -> dict[str, object]:
    if args.tier:
        if args.price or args.fixed:
            raise refuse("price_and_tiers", "阶梯价和单价只能写一种。", "请去掉 --price 或 --tier。", field="tier")
        tiers = []
        for text in args.tier:
            bound, colon, price = text.partition(":")
            if not colon:
                raise refuse("bad_tier", "阶梯应写成 上限:单价。", "如 --tier 180:3.50 --tier :8.00。", field="tier")
            tiers.append({"up_to": bound or None, "price": price})
        said: dict[str, object] = {"tiers": tiers}
        for name in ("base_people", "allowance", "resets"):
            if getattr(args, name) is not None:
                said[name] = getattr(args, name)
        return said
    if args.percent is not None:
        return {"percent": args.percent, "of": (args.of or "").split(",")}
    if args.formula is not None:
        return {"formula": args.formula}
    if args.by is not None:
        return _shared_params(args)
    if args.price is None:
        raise refuse("no_price", "没有单价。", "请加上 --price，或几个 --tier。", field="price")
    extra = {"fixed": args.fixed, "per": args.per}
    return {"price": args.price, **{name: value for name, value in extra.items() if value}}


def _shared_params(args: Any) -> dict[str, object]:
    said: dict[str, object] = {"by": args.by}
    if args.usage_of:
        said["usage_of"] = args.usage_of
    if args.floor:
        pairs = [text.partition(":") for text in args.floor]
        said["floors"] = [{"to": to or None, "factor": factor} for to, _, factor in pairs]
    return said


def _scope(args: Any) -> tuple[Scope, str]:
    given = [
        (scope, text)
        for scope, text in (
            (Scope.BUILDING, args.building),
            (Scope.HOUSE_TYPE, args.house_type),
            (Scope.HOUSE, args.house),
        )
        if text
    ]
    if len(given) > 1:
        raise refuse("one_scope", "一个标准只能有一个范围。", "楼栋、房屋类型、房屋只写一个。", field="scope")
    return given[0] if given else (Scope.ESTATE, "")


def _tariff_add(context: Context) -> Answer:
    args = context.args
    valid_from = day(args.valid_from, "from")
    if valid_from is None:
        raise refuse("no_day", "没有生效日。", "请加上 --from。", field="from")
    scope, name = _scope(args)
    seat = context.log_in()
    second = context.second(seat)
    with seat.once(context.key):
        done = tariffs.add(seat, args.code, valid_from, _params(args), scope, name, args.reason, second=second)
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    said = {"item": done.item, "from": done.valid_from.isoformat(), "state": done.state, "key": context.key}
    return Answer(said, [f"{done.item} 从 {done.valid_from} 起按新标准。"])


def _tariff_copy(context: Context) -> Answer:
    args = context.args
    valid_from = day(args.valid_from, "from")
    if valid_from is None:
        raise refuse("no_day", "没有生效日。", "请写明生效日。", field="from")
    percent = typed(lambda text: Price.parse(text).units, args.percent, "percent")
    codes = tuple(code for code in (args.items or "").split(",") if code)
    seat = context.log_in()
    if args.dry_run:
        prices = tariff_copy.rehearse(seat, valid_from, percent, args.places, codes)
        return Answer(_copied_said(valid_from, prices), _copied_lines(prices))
    second = context.second(seat)
    with seat.once(context.key):
        done = tariff_copy.copy(seat, valid_from, percent, args.reason, args.places, codes, second=second)
    if isinstance(done, Waiting):
        return waiting(done, context.key)
    return Answer({**_copied_said(valid_from, done.prices), "key": context.key}, _copied_lines(done.prices))


def _copied_said(valid_from: date, prices: Sequence[CopiedPrice]) -> dict[str, Any]:
    return {
        "from": valid_from.isoformat(),
        "prices": [
            {"item": p.item, "scope": p.scope, "ref": p.ref, "before": dict(p.before), "after": dict(p.after)}
            for p in prices
        ],
    }


def _copied_lines(prices: Sequence[CopiedPrice]) -> list[str]:
    return [f"{p.item}\t{p.scope} {p.ref}\t{dict(p.before)} → {dict(p.after)}" for p in prices]


def _tariff_list(context: Context) -> Answer:
    rows = tariffs.listing(context.log_in())
    said = [
        {
            "item": r.item, "scope": r.scope, "ref": r.scope_ref, "from": r.valid_from.isoformat(),
            "to": r.valid_to.isoformat() if r.valid_to else None, "params": dict(r.params),
        }
        for r in rows
    ]  # fmt: skip
    lines = [
        f"{r.item}\t{r.scope} {r.scope_ref}\t{r.valid_from} 至 {r.valid_to or '长期'}\t{dict(r.params)}" for r in rows
    ]
    return Answer({"tariffs": said}, lines or ["还没有收费标准。"])


def _cost_said(row: CostRow) -> dict[str, Any]:
    return {
        "cost": row.cost, "item": row.item, "from": row.first.isoformat(), "to": row.last.isoformat(),
        "building": row.building, "amount_fen": row.amount_fen, "supplier": row.supplier, "invoice": row.invoice,
        "quantity": row.quantity, "unit_price": row.unit_price, "billed": row.billed,
    }  # fmt: skip


def _cost_line(row: CostRow) -> str:
    where = f"{row.building}号楼" if row.building else "全小区"
    return f"{row.item}\t{row.first} 至 {row.last}\t第 {row.cost} 笔\t{where}\t{yuan(row.amount_fen)} 元\t{row.invoice}"


def _cost_add(context: Context) -> Answer:
    args = context.args
    new = NewCost(
        args.code,
        args.period,
        typed(parse_yuan, args.amount, "amount"),
        args.building or "",
        args.supplier,
        args.invoice,
        typed(lambda text: Quantity.parse(text).units, args.quantity, "quantity"),
        typed(lambda text: Price.parse(text).units, args.unit_price, "unit_price"),
    )
    seat = context.log_in()
    with seat.once(context.key):
        done = shared_costs.add(seat, new)
    return Answer({**_cost_said(done), "key": context.key}, [_cost_line(done)])


def _cost_list(context: Context) -> Answer:
    rows = shared_costs.listing(context.log_in(), context.args.item)
    return Answer({"costs": [_cost_said(row) for row in rows]}, [*map(_cost_line, rows)] or ["还没有公摊费用。"])


def _cost_drop(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    with seat.once(context.key):
        done = shared_costs.drop(seat, args.code, args.period, args.cost)
    return Answer({**_cost_said(done), "key": context.key}, [f"已撤销：{_cost_line(done)}"])


def _reading_add(context: Context) -> Answer:
    args = context.args
    on = day(args.date)
    seat = context.log_in()
    with seat.once(context.key):
        done = readings.add(
            seat, args.house, args.meter, args.value, on, rollover=args.rollover, estimate=args.estimate
        )
    said = {
        "house": done.house, "meter": done.meter, "date": done.date.isoformat(), "value": done.value,
        "usage": done.usage, "unusual": done.unusual, "key": context.key,
    }  # fmt: skip
    lines = [f"{done.house} {done.meter}：{done.value}，用量 {done.usage}"]
    return Answer(said, [*lines, *(["用量超过近六次平均的三倍，请核对。"] if done.unusual else [])])


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


def _reading_sheet(context: Context) -> Answer:
    args, on = context.args, day(context.args.date)
    seat = context.log_in()
    with seat.once(context.key):
        done = reading_round.export(
            seat, context.out("readings.xlsx"), on, args.item, args.building, unread=not args.all
        )
    return Answer({"meters": done.meters, "file": str(done.file), "key": context.key},
                  [f"抄表单 {done.meters} 块表：{done.file}"])  # fmt: skip


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
    answer = billing.preview(context.log_in(), context.args.period, day(context.args.date), _chosen(context))
    return Answer(_run_said(answer), _run_lines(answer, "将出"))


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
    one = commands.add("fee add", _fee_add, "添加收费项目", "anju fee add WY 物业费 --kind area --late-rate 0.0005")
    one.add_argument("code", metavar="CODE")
    one.add_argument("name", metavar="NAME")
    one.add_argument(
        "--kind", required=True, metavar="|".join(KINDS), help="、".join(kind.title for kind in KINDS.values())
    )
    one.add_argument("--cycle", default="month", help="month、quarter、half_year、year")
    one.add_argument("--when", help="advance 预收，arrear 后收；默认由种类定")
    one.add_argument("--anchor", type=int, default=1, metavar="1..12", help="账期从几月起算")
    one.add_argument(
        "--houses", default="house,shop", help="哪些房屋：house,shop,parking,storage，或 listed 只限指定的"
    )
    one.add_argument("--unit", default="fen", help="fen、jiao、yuan")
    one.add_argument("--rule", default="half_up", help="half_up、half_even、down、up")
    one.add_argument("--start-rule", default="next_month", help="next_month、delivery_day、next_day")
    one.add_argument(
        "--part-month", default="actual_days", metavar="M", help="不足一月：actual_days、thirty_days、whole_month"
    )
    one.add_argument(
        "--tariff-change", default="split_by_day", metavar="P", help="账期中调价：split_by_day、period_start_price"
    )
    one.add_argument("--set-off", default="allowed", metavar="S", help="用预存抵扣：allowed、barred")
    one.add_argument("--due-day", type=int, metavar="N", help="每月第几日到期")
    one.add_argument("--due-offset", type=int, metavar="N", help="到期日顺延几个月，默认按设置")
    one.add_argument("--late-rate", metavar="R", help="合同约定的违约金日利率，如 0.0005；不写就没有违约金")
    one.add_argument("--late-cap", metavar="X", default="1", help="违约金上限，本金的倍数；none 为不封顶")
    one.add_argument("--grace", type=int, default=0, metavar="N", help="宽限天数")
    one.add_argument("--vat-rate", metavar="R", help="价内含的增值税率，如 0.06；不写就没有")
    writing(one)
    one = commands.add(
        "fee change", _fee_change, "从某一天起改收费项目的规则（出过账的双人）",
        "anju fee change WY --from 2027-01-01 --late-rate 0.0003 --reason 新合同",
    )  # fmt: skip
    one.add_argument("code", metavar="CODE")
    one.add_argument("--from", dest="valid_from", metavar="D", help="从哪天起；已出的账不变")
    one.add_argument("--due-day", metavar="N", help="每月第几日到期；none 为按设置")
    one.add_argument("--due-offset", metavar="N", help="到期日顺延几个月；none 为按设置")
    one.add_argument("--late-rate", metavar="R", help="违约金日利率，如 0.0005；none 为没有")
    one.add_argument("--late-cap", metavar="X", help="违约金上限，本金的倍数；none 为不封顶")
    one.add_argument("--grace", metavar="N", help="宽限天数")
    one.add_argument("--vat-rate", metavar="R", help="价内含的增值税率，如 0.06；none 为没有")
    one.add_argument("--unit", help="fen、jiao、yuan")
    one.add_argument("--rule", help="half_up、half_even、down、up")
    one.add_argument("--part-month", metavar="M", help="不足一月：actual_days、thirty_days、whole_month")
    one.add_argument("--tariff-change", metavar="P", help="账期中调价：split_by_day、period_start_price")
    one.add_argument("--set-off", metavar="S", help="用预存抵扣：allowed、barred")
    two_persons(one)
    writing(one)
    commands.add("fee list", _fee_list, "列出收费项目", "anju fee list")
    one = commands.add(
        "fee assign", _fee_assign, "给一户加收费项目", "anju fee assign CW 3-1-402 --from 2026-07-01 --count 2"
    )
    one.add_argument("code", metavar="CODE")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--from", dest="valid_from", metavar="D")
    one.add_argument("--to", dest="valid_to", metavar="D")
    one.add_argument("--count", type=int, default=1, metavar="N")
    one.add_argument("--factor", default="1", metavar="F", help="系数，如空置 0.7")
    writing(one)
    one = commands.add(
        "tariff add", _tariff_add, "添加收费标准（价格）", "anju tariff add WY --from 2026-01-01 --price 2.85"
    )
    one.add_argument("code", metavar="CODE")
    one.add_argument("--from", dest="valid_from", required=True, metavar="D", help="生效日")
    one.add_argument("--price", metavar="P", help="单价（元）")
    one.add_argument("--fixed", metavar="F", help="附加的固定部分（元/月）")
    one.add_argument("--per", metavar="house|head", help="固定费按户（默认）或按人")
    one.add_argument("--percent", metavar="P", help="按比例：百分之几")
    one.add_argument("--of", metavar="CODES", help="按哪些项目的比例，逗号分开")
    one.add_argument("--formula", metavar="TEXT", help="公式，如 '面积 * 2.35 * 月数 + 人数 * 5'")
    one.add_argument("--by", metavar="area|house|usage|floor", help="公摊：按面积、户、用量、楼层系数")
    one.add_argument("--usage-of", metavar="CODE", help="公摊按哪个抄表项目的用量")
    one.add_argument("--floor", action="append", metavar="UPTO:FACTOR", help="楼层系数，写几次；最后一档 :FACTOR")
    one.add_argument("--tier", action="append", metavar="UPTO:PRICE", help="阶梯，写几次；最后一档 :PRICE")
    one.add_argument("--base-people", type=int, metavar="N", help="阶梯按几人定")
    one.add_argument("--allowance", metavar="Q", help="每多一人各档上限加多少")
    one.add_argument("--resets", help="阶梯按 year 或 month 重新累计")
    one.add_argument("--building", metavar="B")
    one.add_argument("--house-type", metavar="T")
    one.add_argument("--house", metavar="H")
    two_persons(one)
    writing(one)
    one = commands.add(
        "tariff copy",
        _tariff_copy,
        "下一年的标准：按百分数整体调整",
        "anju tariff copy --from 2027-01-01 --percent 3 --reason 业主大会表决",
    )
    one.add_argument("--from", dest="valid_from", required=True, metavar="D", help="生效日")
    one.add_argument("--percent", required=True, metavar="P", help="调整的百分数，可以是负数")
    one.add_argument("--places", type=int, default=2, metavar="N", help="单价留几位小数，默认 2")
    one.add_argument("--items", metavar="CODES", help="哪些项目，逗号分开；不写就全部")
    one.add_argument("--dry-run", action="store_true", help="只看会变成什么")
    two_persons(one)
    writing(one)
    commands.add("tariff list", _tariff_list, "列出收费标准", "anju tariff list")
    one = commands.add(
        "cost add", _cost_add, "录入一笔要公摊的费用", "anju cost add GT 1234.56 --period 2026-06 --invoice 25512345"
    )
    one.add_argument("code", metavar="CODE")
    one.add_argument("amount", metavar="AMOUNT", help="金额（元）")
    one.add_argument("--period", required=True, metavar="YYYY-MM", help="费用所属账期里的一个月")
    one.add_argument("--building", metavar="B", help="只在这一栋分摊；不写就全小区")
    one.add_argument("--supplier", default="", metavar="TEXT", help="供应商")
    one.add_argument("--invoice", default="", metavar="TEXT", help="发票号")
    one.add_argument("--quantity", metavar="Q", help="发票上的数量")
    one.add_argument("--unit-price", metavar="P", help="发票上的单价（元）")
    writing(one)
    one = commands.add("cost list", _cost_list, "列出公摊费用", "anju cost list --item GT")
    one.add_argument("--item", metavar="CODE")
    one = commands.add("cost drop", _cost_drop, "撤销一笔没出账的公摊费用", "anju cost drop GT 1 --period 2026-06")
    one.add_argument("code", metavar="CODE")
    one.add_argument("cost", type=int, metavar="N", help="这一期的第几笔")
    one.add_argument("--period", required=True, metavar="YYYY-MM")
    writing(one)
    one = commands.add(
        "reading add", _reading_add, "录入一次读数", "anju reading add 3-1-402 水 1268 --date 2026-06-30"
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("meter", metavar="METER")
    one.add_argument("value", metavar="VALUE")
    one.add_argument("--date", metavar="D", help="抄表日，默认今天")
    one.add_argument("--rollover", action="store_true", help="表走满归零")
    one.add_argument("--estimate", action="store_true", help="估抄")
    writing(one)
    one = commands.add(
        "reading sheet",
        _reading_sheet,
        "抄表单导出 Excel（填好后再导入）或 PDF（走表用）",
        "anju reading sheet --building 3",
    )
    one.add_argument("--date", metavar="D", help="抄表日，默认今天")
    one.add_argument("--item", default="", metavar="CODE", help="只要这个收费项目的表")
    one.add_argument("--building", default="", metavar="B", help="只要这一栋")
    one.add_argument("--all", action="store_true", help="本月已抄的也列出")
    one.add_argument("--out", metavar="FILE")
    writing(one)
    one = commands.add("bill preview", _bill_preview, "出账试算，不写入", "anju bill preview --period 2026-07")
    _period(one)
    one.add_argument("--date", metavar="D", help="出账日，默认今天")
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
