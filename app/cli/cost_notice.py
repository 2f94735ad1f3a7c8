"""The command cost notice: a divided cost for the wall."""

from __future__ import annotations

from pathlib import Path

from app.cli.context import Answer, Context, day
from app.cli.parser import Commands, writing
from app.domain.money import yuan
from app.services import cost_notice


def _cost_notice(context: Context) -> Answer:
    args = context.args
    target = Path(args.out).expanduser().absolute() if args.out else None
    seat = context.log_in()
    with seat.once(context.key):
        done = cost_notice.publish(
            seat, args.code, args.period, target, day(args.shown_from, "from"), day(args.shown_to, "to")
        )
    said = {
        "item": done.item, "item_name": done.item_name, "from": done.first.isoformat(), "to": done.last.isoformat(),
        "amount_fen": done.amount_fen, "costs": done.costs, "houses": done.houses, "billed": done.billed,
        "pages": done.pages, "file": str(done.file), "key": context.key,
    }  # fmt: skip
    words = f"{done.item_name} {done.first} 至 {done.last} 的公示：{yuan(done.amount_fen)} 元，{done.houses} 户"
    return Answer(said, [words, str(done.file)])


def add(commands: Commands) -> None:
    """Declare this command."""
    one = commands.add(
        "cost notice", _cost_notice, "公摊公示，贴在墙上的", "anju cost notice GT --period 2026-06 --out 公示.pdf"
    )
    one.add_argument("code", metavar="CODE")
    one.add_argument("--period", required=True, metavar="YYYY-MM", help="账期里的任何一个月")
    one.add_argument("--from", dest="shown_from", metavar="D", help="公示从哪天（默认今天）")
    one.add_argument("--to", dest="shown_to", metavar="D", help="公示到哪天（默认七天）")
    one.add_argument("--out", metavar="FILE", help="公示的 PDF")
    writing(one)
