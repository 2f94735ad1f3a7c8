"""Commands of shared costs."""

from __future__ import annotations

from typing import Any

from app.cli.context import Answer, Context, typed
from app.cli.parser import Commands, writing
from app.domain.money import parse_yuan, yuan
from app.domain.quantity import Price, Quantity
from app.services import shared_costs
from app.services.shared_costs import CostRow, NewCost


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


def add(commands: Commands) -> None:
    """Declare these commands."""
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
