"""Commands of parking: parking lease, parking end, parking list; vehicle add, change, end, find."""

from __future__ import annotations

from argparse import ArgumentParser

from app.cli.context import Answer, Context, choice, day
from app.cli.parser import Commands, writing
from app.domain.plate import PlateKind
from app.services import parking, vehicles
from app.services.vehicles import PLATE_KINDS, Car, VehicleKept

STATES = {"coming": "未开始", "now": "使用中", "over": "已结束"}


def _lease(context: Context) -> Answer:
    args = context.args
    kind = choice(parking.KINDS, args.kind, "kind")
    first, last = day(args.first, "from"), day(args.last, "to")
    assert first is not None
    seat = context.log_in()
    with seat.once(context.key):
        done = parking.lease(seat, args.space, kind, args.house, first, last, args.name, args.item, args.remark)
    said = {
        "space": done.space, "person": done.person, "kind": done.kind, "from": done.first.isoformat(),
        "to": done.last.isoformat() if done.last else None, "item": done.item, "pays": done.pays,
        "warnings": list(done.warnings), "key": context.key,
    }  # fmt: skip
    how = f"{done.space} {parking.KINDS[done.kind]}给 {done.person}，{done.first} 起"
    return Answer(said, [how + (f"至 {done.last}" if done.last else ""), *done.warnings])


def _end(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    with seat.once(context.key):
        done = parking.end(seat, args.space, day(args.on, "on"), args.name)
    said = {
        "space": done.space, "person": done.person, "kind": done.kind, "from": done.first.isoformat(),
        "to": done.last.isoformat(), "warnings": list(done.warnings), "key": context.key,
    }  # fmt: skip
    words = "已取消，没有生效过" if done.last < done.first else f"到 {done.last} 为止"
    return Answer(said, [f"{done.space}（{done.person}）{words}", *done.warnings])


def _list(context: Context) -> Answer:
    rows = parking.listing(context.log_in(), context.args.space)
    said = [
        {"space": row.space, "person": row.person, "kind": row.kind, "from": row.first.isoformat(),
         "to": row.last.isoformat() if row.last else None, "item": row.item, "state": row.state, "remark": row.remark}
        for row in rows
    ]  # fmt: skip
    lines = [
        f"{row.space}\t{parking.KINDS[row.kind]}\t{row.person}\t{row.first} 至 {row.last or '长期'}\t"
        f"{row.item_name or ''}\t{STATES[row.state]}"
        for row in rows
    ]
    return Answer({"leases": said}, lines or ["没有租约。"])


def _kept(done: VehicleKept, key: str, words: str) -> Answer:
    said = {
        "house": done.house, "plate": done.plate, "kind": done.sort,
        "from": done.first.isoformat() if done.first else None, "to": done.last.isoformat() if done.last else None,
        "warnings": list(done.warnings), "key": key,
    }  # fmt: skip
    kind = PLATE_KINDS[PlateKind(done.sort)]
    return Answer(said, [f"{done.house} {done.plate}（{kind}）{words}", *done.warnings])


def _add(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    car = Car(args.brand, args.type, args.colour)
    with seat.once(context.key):
        done = vehicles.add(
            seat, args.house, args.plate, car, day(args.first, "from"), day(args.last, "to"), unknown=args.unknown
        )
    return _kept(done, context.key, "已登记")


def _change(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    car = Car(args.brand, args.type, args.colour)
    with seat.once(context.key):
        done = vehicles.change(seat, args.house, args.plate, args.plate_now, car, unknown=args.unknown)
    return _kept(done, context.key, "已改好")


def _gone(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    with seat.once(context.key):
        done = vehicles.end(seat, args.house, args.plate, day(args.on, "on"))
    return _kept(done, context.key, f"到 {done.last} 为止")


def _find(context: Context) -> Answer:
    rows = vehicles.find(context.log_in(), context.args.plate)
    said = [
        {"house": row.house, "plate": row.plate, "brand": row.brand, "type": row.kind, "colour": row.colour,
         "owner": row.owner, "phone": row.phone, "from": row.first.isoformat() if row.first else None,
         "to": row.last.isoformat() if row.last else None}
        for row in rows
    ]  # fmt: skip
    lines = ["\t".join((row.house, row.plate, row.brand or "", row.owner or "", row.phone or "")) for row in rows]
    return Answer({"vehicles": said}, lines or ["没有这个车牌。"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "parking lease",
        _lease,
        "登记车位归谁用：自有、出租或公共",
        "anju parking lease B1-15 --kind leased --house 3-1-402 --from 2026-08-01 --to 2027-07-31 --item CW",
    )
    one.add_argument("space", metavar="SPACE")
    one.add_argument("--kind", required=True, metavar="|".join(parking.KINDS), help="、".join(parking.KINDS.values()))
    one.add_argument("--house", required=True, metavar="HOUSE", help="使用人住哪一户")
    one.add_argument("--name", metavar="NAME", help="使用人姓名；不写是这一户的业主")
    one.add_argument("--from", dest="first", required=True, metavar="D", help="从哪天起")
    one.add_argument("--to", dest="last", metavar="D", help="到哪天（含），不写是长期")
    one.add_argument("--item", metavar="CODE", help="收费项目；有权定收费标准的人登记时一并加到车位")
    one.add_argument("--remark", metavar="TEXT", help="备注")
    writing(one)
    one = commands.add("parking end", _end, "结束车位的使用", "anju parking end B1-15 --on 2026-12-31")
    one.add_argument("space", metavar="SPACE")
    one.add_argument("--on", metavar="D", help="最后一天（默认今天）")
    one.add_argument("--name", metavar="NAME", help="几个人同用时，结束谁的")
    writing(one)
    one = commands.add("parking list", _list, "列出车位的使用", "anju parking list B1-15")
    one.add_argument("space", nargs="?", metavar="SPACE")
    one = commands.add(
        "vehicle add", _add, "登记车辆", "anju vehicle add B1-15 京A12345 --brand 大众 --colour 白"
    )  # fmt: skip
    _car(one)
    one.add_argument("--from", dest="first", metavar="D", help="从哪天起")
    one.add_argument("--to", dest="last", metavar="D", help="到哪天（含）")
    one = commands.add(
        "vehicle change", _change, "改车辆资料、换车牌", "anju vehicle change B1-15 京A12345 --to 京AD12345"
    )
    _car(one)
    one.add_argument("--new-plate", dest="plate_now", metavar="PLATE", help="新车牌")
    one = commands.add("vehicle end", _gone, "车辆不再停这里", "anju vehicle end B1-15 京A12345 --on 2026-12-31")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("plate", metavar="PLATE")
    one.add_argument("--on", metavar="D", help="最后一天（默认今天）")
    writing(one)
    one = commands.add("vehicle find", _find, "按车牌找车位和业主", "anju vehicle find A1234")
    one.add_argument("plate", metavar="PLATE", help="车牌，或其中几位")


def _car(parser: ArgumentParser) -> None:
    parser.add_argument("house", metavar="HOUSE", help="车位或房号")
    parser.add_argument("plate", metavar="PLATE", help="车牌")
    parser.add_argument("--brand", metavar="TEXT", help="品牌")
    parser.add_argument("--type", metavar="TEXT", help="车型")
    parser.add_argument("--colour", metavar="TEXT", help="颜色")
    parser.add_argument("--unknown", action="store_true", help="车牌不像普通或新能源的也照样保留")
    writing(parser)
