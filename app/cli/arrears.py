"""The command arrears."""

from __future__ import annotations

from pathlib import Path

from app.cli.context import Answer, Context, day
from app.cli.parser import Commands
from app.domain.ageing import BUCKET_TITLES, BUCKETS
from app.domain.money import yuan
from app.services import arrears


def _arrears(context: Context) -> Answer:
    seat, as_of = context.log_in(), day(context.args.as_of, "as_of")
    file: Path | None = None
    if context.args.out:
        with seat.once(context.key):
            done = arrears.export(seat, as_of, context.out(""))
        found, file = done.arrears, done.file
    else:
        found = arrears.arrears(seat, as_of)
    said = {
        "as_of": found.as_of.isoformat(),
        "total_fen": found.total_fen,
        "late_fee_fen": found.late_fee_fen,
        "buckets": [{"label": name, "amount_fen": found.buckets[name]} for name in BUCKETS],
        "houses": [
            {
                "house": h.house, "owed_fen": h.owed_fen, "late_fee_fen": h.late_fee_fen,
                "oldest_due": h.oldest_due.isoformat() if h.oldest_due else None, "days": h.days,
            }
            for h in found.houses
        ],
        "items": [
            {"item": i.item, "item_name": i.item_name, "owed_fen": i.owed_fen,
             "buckets": [{"label": name, "amount_fen": i.buckets[name]} for name in BUCKETS]}
            for i in found.items
        ],
        "before_go_live": found.before_go_live,
        "file": str(file) if file else None,
    }  # fmt: skip
    lines = [
        f"截至 {found.as_of}：{len(found.houses)} 户欠费 {yuan(found.total_fen)} 元，"
        f"违约金（试算）{yuan(found.late_fee_fen)} 元"
    ]
    if found.before_go_live:
        lines.append("该日在启用日之前，只有期初数。")
    lines += [f"  {BUCKET_TITLES[name]}\t{yuan(found.buckets[name])}" for name in BUCKETS]
    lines += [f"  {i.item} {i.item_name}\t{yuan(i.owed_fen)}" for i in found.items]
    lines += [
        f"  {h.house}\t{yuan(h.owed_fen)}\t违约金 {yuan(h.late_fee_fen)}\t"
        + (f"最早到期 {h.oldest_due}，逾期 {h.days} 天" if h.oldest_due else "未到期")
        for h in found.houses
    ]
    return Answer(said, [*lines, *([str(file)] if file else [])])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("arrears", _arrears, "欠费与账龄，任何一天", "anju arrears --as-of 2026-07-31 --out 欠费.xlsx")
    one.add_argument("--as-of", dest="as_of", metavar="D", help="截至哪一天，默认今天")
    one.add_argument("--out", metavar="FILE.xlsx", help="另存为 Excel（含姓名，记入审计）")
    one.add_argument("--key", metavar="TEXT", help="重试用的钥匙")
