"""The command export: tables for finance."""

from __future__ import annotations

from app.cli.context import Answer, Context, choice, day
from app.cli.parser import Commands, writing
from app.domain.money import yuan
from app.services import finance_export
from app.services.refused import refuse


def _export(context: Context) -> Answer:
    args = context.args
    kind = choice(finance_export.KINDS, args.kind, "kind")
    first, last, as_of = day(args.first, "from"), day(args.last, "to"), day(args.as_of, "as_of")
    spanned = kind in finance_export.SPANS
    if (spanned and as_of) or (not spanned and (first or last)):
        raise refuse(
            "bad_choice",
            "{title}按{how}导出。",
            "请用 --from、--to。" if spanned else "请用 --as-of。",
            title=finance_export.KINDS[kind],
            how="起止日期" if spanned else "截止日",
            field="as_of" if spanned else "from",
        )
    seat = context.log_in()
    until = last or as_of
    name = f"{kind}-{until or context.today(seat)}.xlsx"
    with seat.once(context.key):
        done = finance_export.export(seat, kind, context.out(name), first, until, args.building)
    said = {
        "export": done.kind,
        "from": done.first.isoformat() if done.first else None,
        "to": done.last.isoformat(),
        "building": done.building,
        "rows": done.rows,
        "sums": dict(done.sums),
        "file": str(done.file),
        "key": context.key,
    }
    sums = "，".join(f"{title} {yuan(fen)}" for title, fen in done.sums.items())
    return Answer(said, [f"{finance_export.KINDS[kind]} {done.rows} 行：{sums} 元", str(done.file)])


def add(commands: Commands) -> None:
    """Declare this command."""
    kinds = "、".join(f"{word}（{title}）" for word, title in finance_export.KINDS.items())
    one = commands.add(
        "export",
        _export,
        "导出给财务的 Excel：应收、收款、欠费、押金、预存",
        "anju export charges --from 2026-07-01 --to 2026-07-31 --out 应收.xlsx",
    )
    one.add_argument("kind", metavar="KIND", help=kinds)
    one.add_argument("--out", metavar="FILE.xlsx", help="存到哪里，默认在数据文件夹的 out 里")
    one.add_argument("--from", dest="first", metavar="D", help="从哪天（应收、收款），默认这个月 1 日")
    one.add_argument("--to", dest="last", metavar="D", help="到哪天（应收、收款），默认今天")
    one.add_argument("--as-of", dest="as_of", metavar="D", help="截至哪天（欠费、押金、预存），默认今天")
    one.add_argument("--building", metavar="B", help="只要一栋楼，如 3")
    writing(one)
