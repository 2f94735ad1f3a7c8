"""The command ledger export."""

from __future__ import annotations

from typing import Any

from app.cli.context import Answer, Context, day
from app.cli.parser import Commands, writing
from app.domain.money import yuan
from app.services import ledger_file


def _export(context: Context) -> Answer:
    as_of = day(context.args.as_of, "as_of")
    seat = context.log_in()
    with seat.once(context.key):
        done = ledger_file.export(seat, context.out(""), as_of)
    said: dict[str, Any] = {
        "file": str(done.file),
        "as_of": done.as_of.isoformat(),
        "transactions": done.transactions,
        "owed_fen": done.owed_fen,
        "prepaid_fen": done.prepaid_fen,
        "deposits_fen": done.deposits_fen,
        "key": context.key,
    }
    lines = [
        f"截至 {done.as_of}：{done.transactions} 笔账，欠费 {yuan(done.owed_fen)} 元，"
        f"预存 {yuan(done.prepaid_fen)} 元，押金 {yuan(done.deposits_fen)} 元",
        str(done.file),
    ]
    return Answer(said, lines)


def add(commands: Commands) -> None:
    """Declare this command."""
    one = commands.add(
        "ledger export",
        _export,
        "全部账目写成 Beancount 文件，可用 bean-check 另行核对（没有姓名电话）",
        "anju ledger export 账本.beancount --as-of 2026-06-30",
    )
    one.add_argument("out", metavar="FILE.beancount", help="写到哪个文件")
    one.add_argument("--as-of", dest="as_of", metavar="D", help="截至哪一天，默认今天")
    writing(one)
