"""Commands of the tariffs: prices with their scope, and the next year's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.cli.context import Answer, Context, day, typed, waiting
from app.cli.parser import Commands, two_persons, writing
from app.domain.quantity import Price
from app.domain.tariff import Scope
from app.services import tariff_copy, tariffs
from app.services.refused import refuse
from app.services.tariff_copy import CopiedPrice
from app.services.two_persons import Waiting


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
    said = {
        "item": done.item, "from": done.valid_from.isoformat(), "state": done.state, "posted": done.posted,
        "key": context.key,
    }  # fmt: skip
    stay = f"已经出账的 {done.posted} 笔不变，差额请另办补收或减免。" if done.posted else ""
    return Answer(said, [f"{done.item} 从 {done.valid_from} 起按新标准。{stay}"])


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


def add(commands: Commands) -> None:
    """Declare these commands."""
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
