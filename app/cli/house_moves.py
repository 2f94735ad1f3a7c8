"""Commands of houses that get another number, are split or merged: house renumber, house split, house merge."""

from __future__ import annotations

from app.cli.context import Answer, Context, choice, day, typed
from app.cli.parser import Commands, writing
from app.domain.quantity import Area
from app.services import house_splits, renumbering
from app.services.house_rows import HousePlace
from app.services.house_splits import WORDS, Part
from app.services.refused import refuse


def _renumber(context: Context) -> Answer:
    args = context.args
    floor = typed(lambda text: int(choice(range(-9, 200), text.strip(), "floor")), args.floor, "floor")
    seat = context.log_in()
    with seat.once(context.key):
        place = HousePlace(args.building, args.entrance, args.room, floor)
        done = renumbering.renumber(seat, args.house, place, day(args.since, "from"), args.reason)
    body = {"house": done.house, "former": done.former, "until": done.until.isoformat(), "key": context.key}
    return Answer(body, [f"{done.former} 改为 {done.house}，原房号用到 {done.until}"])


def _part(text: str) -> Part:
    number, _, size = text.partition("=")
    return Part(number, typed(Area.parse, size, "parts").units if size else None)


def _replace(context: Context, olds: tuple[str, ...], parts: tuple[Part, ...]) -> Answer:
    args, seat = context.args, context.log_in()
    last = day(args.last, "last")
    if last is None:
        raise refuse("bad_date", "没有写最后一天。", "请写成 2026-07-01 的样子。", field="last")
    if args.dry_run:
        done = house_splits.rehearse(seat, olds, last, parts)
    else:
        with seat.once(context.key):
            done = house_splits.replace(seat, olds, last, parts, args.reason)
    body: dict[str, object] = {
        "kind": done.kind, "olds": list(done.olds), "news": list(done.news), "last": done.last.isoformat(),
        "warnings": list(done.warnings),
    }  # fmt: skip
    if not args.dry_run:
        body["key"] = context.key
    verb = "会" if args.dry_run else "已"
    words = f"{verb}{WORDS[done.kind]}：{'、'.join(done.olds)} → {'、'.join(done.news)}"
    return Answer(body, [words, *done.warnings])


def _split(context: Context) -> Answer:
    return _replace(context, (context.args.house,), tuple(_part(text) for text in context.args.parts))


def _merge(context: Context) -> Answer:
    return _replace(context, tuple(context.args.houses), (_part(context.args.into),))


def add(commands: Commands) -> None:
    """Declare these commands."""
    example = "anju house renumber 3-1-402 0403 --building 3 --entrance 1 --reason 门牌更正"
    one = commands.add("house renumber", _renumber, "改房号；原房号仍然找得到", example)
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("room", metavar="ROOM", help="新的房号，如 0403")
    one.add_argument("--building", metavar="B", help="楼栋")
    one.add_argument("--entrance", metavar="E", help="单元")
    one.add_argument("--floor", metavar="N", help="楼层；不写按房号")
    one.add_argument("--from", dest="since", metavar="DATE", help="从哪天起，默认今天")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
    example = "anju house split 3-1-402 3-1-0402A=45.2 3-1-0402B=44 --last 2026-07-31 --reason 分户"
    split = commands.add("house split", _split, "一户拆成几户", example)
    split.add_argument("house", metavar="HOUSE")
    split.add_argument("parts", metavar="NUMBER=M2", nargs="+", help="新房屋和它的建筑面积")
    example = "anju house merge 3-1-401 3-1-402 --into 3-1-0401A=178.4 --last 2026-07-31 --reason 打通"
    merge = commands.add("house merge", _merge, "几户并成一户", example)
    merge.add_argument("houses", metavar="HOUSE", nargs="+")
    merge.add_argument("--into", metavar="NUMBER=M2", required=True, help="新房屋和它的建筑面积")
    for one in (split, merge):
        one.add_argument("--last", metavar="DATE", required=True, help="原房屋的最后一天；有表的先抄这天的表")
        one.add_argument("--reason", metavar="TEXT", help="原因")
        one.add_argument("--dry-run", action="store_true", help="只看会怎样")
        writing(one)
