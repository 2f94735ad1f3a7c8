"""The command export: tables for finance, and the register; the command template: the empty workbooks."""

from __future__ import annotations

from pathlib import Path

from app.cli.context import Answer, Context, choice, day
from app.cli.parser import Commands, writing
from app.domain.money import yuan
from app.services import finance_export, register_export
from app.services.refused import refuse

REGISTER = "register"


def _register(context: Context) -> Answer:
    args = context.args
    if args.file and args.out:
        raise refuse("bad_choice", "文件说了两次。", "只写一个。", field="out")
    seat = context.log_in()
    target = Path(args.file).expanduser().absolute() if args.file else None
    with seat.once(context.key):
        done = register_export.export(seat, args.purpose, target or context.out(f"资料-{context.today(seat)}.xlsx"))
    said = {
        "export": REGISTER, "houses": done.houses, "spaces": done.spaces, "people": done.people,
        "id_numbers": done.id_numbers, "warnings": list(done.warnings), "file": str(done.file), "key": context.key,
    }  # fmt: skip
    lines = [f"房屋 {done.houses}、车位 {done.spaces}、{done.people} 人次", str(done.file), *done.warnings]
    return Answer(said, lines)


def _template(context: Context) -> Answer:
    args = context.args
    kind = choice(register_export.TEMPLATE_KINDS, args.kind, "kind")
    file = register_export.write_template(kind, Path(args.file).expanduser().absolute())
    words = f"{register_export.TEMPLATE_KINDS[kind]}的模板；灰色的示例行导入时不算。"
    return Answer({"kind": kind, "file": str(file)}, [words, str(file)])


def _export(context: Context) -> Answer:
    args = context.args
    if args.kind == REGISTER:
        return _register(context)
    kind = choice((*finance_export.KINDS, REGISTER), args.kind, "kind")
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
    one.add_argument("kind", metavar="KIND", help=f"{kinds}、{REGISTER}（房屋、住户、车位，改好可以再导入）")
    one.add_argument("file", nargs="?", metavar="FILE.xlsx", help=f"{REGISTER} 存到哪里")
    one.add_argument("--purpose", metavar="TEXT", help=f"{REGISTER} 的用途，记进审计")
    one.add_argument("--out", metavar="FILE.xlsx", help="存到哪里，默认在数据文件夹的 out 里")
    one.add_argument("--from", dest="first", metavar="D", help="从哪天（应收、收款），默认这个月 1 日")
    one.add_argument("--to", dest="last", metavar="D", help="到哪天（应收、收款），默认今天")
    one.add_argument("--as-of", dest="as_of", metavar="D", help="截至哪天（欠费、押金、预存），默认今天")
    one.add_argument("--building", metavar="B", help="只要一栋楼，如 3")
    writing(one)
    told = "、".join(f"{word}（{title}）" for word, title in register_export.TEMPLATE_KINDS.items())
    one = commands.add("template", _template, "空白的 Excel 模板", "anju template houses 房屋.xlsx")
    one.add_argument("kind", metavar="KIND", help=told)
    one.add_argument("file", metavar="FILE.xlsx")
