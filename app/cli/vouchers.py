"""Commands of the vouchers: voucher export, voucher list, account set, account list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.cli.context import Answer, Context
from app.cli.parser import Commands, writing
from app.domain.money import yuan
from app.services import voucher_accounts, vouchers
from app.services.voucher_accounts import AccountRow


def _export(context: Context) -> Answer:
    args = context.args
    out = Path(args.out).expanduser().absolute() if args.out else None
    seat = context.log_in()
    with seat.once(context.key):
        done = vouchers.export(seat, args.period, args.format, out, args.again, args.reason)
    said = {
        "month": done.month, "format": done.layout, "issue": done.issue, "vouchers": done.vouchers,
        "lines": done.lines, "debit_fen": done.debit_fen, "credit_fen": done.debit_fen, "digest": done.digest,
        "file": str(done.file), "key": context.key,
    }  # fmt: skip
    again = f"（第 {done.issue} 次导出）" if done.issue > 1 else ""
    words = f"{done.month} 凭证 {done.vouchers} 张、{done.lines} 行，借贷各 {yuan(done.debit_fen)} 元{again}"
    return Answer(said, [words, str(done.file)])


def _list(context: Context) -> Answer:
    rows = vouchers.listing(context.log_in())
    said: list[dict[str, Any]] = [
        {
            "month": row.month, "format": row.layout, "issue": row.issue, "on": row.on.isoformat(), "by": row.by,
            "reason": row.reason, "vouchers": row.vouchers, "lines": row.lines, "debit_fen": row.debit_fen,
            "digest": row.digest,
        }
        for row in rows
    ]  # fmt: skip
    lines = [
        f"{row.month}\t{row.layout}\t第 {row.issue} 次\t{row.on} {row.by}\t{row.vouchers} 张\t{yuan(row.debit_fen)} 元"
        for row in rows
    ]
    return Answer({"batches": said}, lines or ["还没有导出过凭证。"])


def _account(row: AccountRow) -> dict[str, Any]:
    return {"account": row.key, "title": row.title, "code": row.code, "name": row.name, "own": row.own}


def _set(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    with seat.once(context.key):
        row = voucher_accounts.change(seat, args.account, args.code, args.name)
    return Answer({**_account(row), "key": context.key}, [f"{row.title}：{row.code} {row.name}"])


def _accounts(context: Context) -> Answer:
    rows = voucher_accounts.listing(context.log_in())
    lines = [f"{row.key}\t{row.title}\t{row.code}\t{row.name}\t{'自设' if row.own else '默认'}" for row in rows]
    return Answer({"accounts": [_account(row) for row in rows]}, lines)


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "voucher export",
        _export,
        "已月结的一个月做成凭证，写成用友或金蝶能导入的 Excel",
        "anju voucher export --period 2026-06 --format yonyou",
    )
    one.add_argument("--period", required=True, metavar="YYYY-MM")
    one.add_argument("--format", required=True, metavar="yonyou|kingdee", help="用友或金蝶")
    one.add_argument("--out", metavar="FILE.xlsx")
    one.add_argument("--again", action="store_true", help="这个月再导出一次，要写原因")
    one.add_argument("--reason", metavar="TEXT", help="再次导出的原因")
    writing(one)
    commands.add("voucher list", _list, "历次导出的凭证", "anju voucher list")
    one = commands.add("account set", _set, "设一个会计科目", "anju account set cash 1001 库存现金")
    one.add_argument("account", metavar="KEY", help="receivable、cash、income:项目代码 等，见 account list")
    one.add_argument("code", metavar="CODE", help="科目代码")
    one.add_argument("name", metavar="NAME", help="科目名称")
    writing(one)
    commands.add("account list", _accounts, "凭证用的会计科目", "anju account list")
