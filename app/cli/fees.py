"""Commands of the fee items: what an office charges, by which rules, whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.cli.context import Answer, Context, choice, day, typed, waiting, whole
from app.cli.parser import Commands, two_persons, writing
from app.domain.fee_rule import SetOff
from app.domain.kinds import KINDS
from app.domain.period import Cycle, When
from app.domain.proration import Method, StartRule
from app.domain.quantity import Factor, Rate
from app.domain.rounding import Rule, Unit
from app.domain.tariff import Policy
from app.services import fee_rules, fees
from app.services.fees import NewItem
from app.services.refused import refuse
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
