"""Commands of houses by hand: house add, batch, change, state, edit, show."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from app.cli.context import Answer, Context, choice, day, typed, whole
from app.cli.parser import Commands, writing
from app.domain.quantity import Area
from app.services import house_batch, house_change, house_file, house_history, house_rows
from app.services.answers import to_json
from app.services.house_batch import Batch
from app.services.house_change import FIELDS, HouseAnswer
from app.services.house_history import HouseHistory
from app.services.house_list import STATES
from app.services.house_rows import DETAILS, TITLES, HouseDetails, HousePlace, said
from app.services.price_words import KINDS

_WORDS = {state.code: state.word for state in STATES}
_OPTIONS = {
    "gross_area": ("--area", "M2", "建筑面积"),
    "net_area": ("--net-area", "M2", "套内面积"),
    "house_type": ("--house-type", "TEXT", "房屋类型，如 住宅"),
    "layout": ("--layout", "TEXT", "户型"),
    "orientation": ("--orientation", "TEXT", "朝向"),
    "structure": ("--structure", "TEXT", "结构，如 钢混"),
    "use": ("--use", "TEXT", "用途"),
    "year_built": ("--year-built", "YEAR", "建成年份"),
    "delivered_on": ("--delivered", "DATE", "交付日"),
    "remark": ("--remark", "TEXT", "备注"),
}


def _details(one: ArgumentParser) -> None:
    for name, (option, metavar, words) in _OPTIONS.items():
        one.add_argument(option, dest=name, metavar=metavar, help=words)


def _read(context: Context, base: HouseDetails) -> HouseDetails:
    """The details that were typed over those that stand; an empty text clears one."""
    values: dict[str, Any] = {}
    for name in DETAILS:
        text = getattr(context.args, name)
        if text is None:
            values[name] = getattr(base, name)
        elif not text.strip():
            values[name] = None
        elif name in ("gross_area", "net_area"):
            values[name] = typed(Area.parse, text, name).units
        elif name == "year_built":
            values[name] = typed(whole("建成年份写成 2019 的样子。"), text, name)
        else:
            values[name] = day(text, name) if name == "delivered_on" else text
    return HouseDetails(**values)


def _answer(done: HouseAnswer, key: str, words: str) -> Answer:
    body = {
        "house": done.number, "state": done.state, "version": done.version, "changed": list(done.changed),
        "warnings": list(done.warnings), "key": key,
    }  # fmt: skip
    return Answer(body, [words, *done.warnings])


def _add(context: Context) -> Answer:
    args = context.args
    floor = typed(lambda text: int(choice(range(-9, 200), text.strip(), "floor")), args.floor, "floor")
    seat, details = context.log_in(), _read(context, HouseDetails())
    with seat.once(context.key):
        place = HousePlace(args.building, args.entrance, args.room, floor, args.kind)
        done = house_change.add(seat, place, details, args.state)
    return _answer(done, context.key, f"已新建房屋 {done.number}")


def _batch(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    area = typed(Area.parse, args.gross_area, "gross_area")
    batch = Batch(
        args.buildings, args.entrances, args.floors, args.per_floor, args.skip, args.pattern,
        None if area is None else area.units, args.house_type, args.layout, args.state,
    )  # fmt: skip
    if args.dry_run:
        done = house_batch.rehearse(seat, batch)
    else:
        with seat.once(context.key):
            done = house_batch.make(seat, batch)
    body: dict[str, Any] = {
        "grid": done.grid, "made": done.made, "existing": done.existing, "first": list(done.first),
        "last": list(done.last),
    }  # fmt: skip
    if not args.dry_run:
        body["key"] = context.key
    verb = "会新建" if args.dry_run else "已新建"
    lines = [f"{verb} {done.made} 户，已有的 {done.existing} 户不动", " ".join((*done.first, "…", *done.last))]
    return Answer(body, lines)


def _change(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    now = house_file.show(seat, args.house)
    version = now.version if args.version is None else args.version
    details = _read(context, now.details)
    with seat.once(context.key):
        done = house_change.change(seat, args.house, version, details)
    return _answer(done, context.key, f"{done.number} 已修改：{'、'.join(done.changed)}")


def _state(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    with seat.once(context.key):
        done = house_change.set_state(seat, args.house, args.state, day(args.since, "from"), args.reason)
    return _answer(done, context.key, f"{done.number} 现在是{_WORDS[done.state]}")


def _edit(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    which = tuple(args.houses)
    if args.dry_run:
        done = house_change.rehearse(seat, which, args.field, args.value)
    else:
        with seat.once(context.key):
            since = day(args.since, "from")
            done = house_change.edit(seat, which, args.field, args.value, since, args.reason)
    body: dict[str, Any] = {
        "field": done.field, "value": done.value, "chosen": done.chosen, "changed": done.changed,
        "left_out": done.left_out,
    }  # fmt: skip
    if not args.dry_run:
        body["key"] = context.key
    verb = "会改" if args.dry_run else "已改"
    return Answer(body, [f"选中 {done.chosen} 户，{verb} {done.changed} 户的{done.title}"])


def _show(context: Context) -> Answer:
    seat = context.log_in()
    found, past = house_file.show(seat, context.args.house), house_history.show(seat, context.args.house)
    body = {
        "house": found.number, "version": found.version,
        "ended_on": found.ended_on.isoformat() if found.ended_on else None,
        "details": {name: said(name, getattr(found.details, name)) for name in DETAILS}, **_past(past),
    }  # fmt: skip
    lines = [f"{title}\t{value}" for title, value in found.facts if value]
    lines += [f"{row.since or '起初'}\t{_WORDS.get(row.state, row.state)}\t{row.reason or ''}" for row in past.states]
    lines += [f"{row.at}\t{row.user}\t{row.what}\t{row.before} → {row.after}" for row in past.changes or ()]
    return Answer(body, lines)


def _past(past: HouseHistory) -> dict[str, Any]:
    return {name: to_json(getattr(past, name)) for name in ("states", "formers", "links", "changes")}


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("house add", _add, "新建一户", "anju house add 0402 --building 3 --entrance 1 --area 89.2")
    one.add_argument("room", metavar="ROOM", help="房号，如 0402")
    one.add_argument("--building", metavar="B", help="楼栋")
    one.add_argument("--entrance", metavar="E", help="单元")
    one.add_argument("--floor", metavar="N", help="楼层；不写按房号")
    one.add_argument("--kind", default="house", choices=tuple(KINDS))
    one.add_argument("--state", default="vacant", choices=house_rows.STATES)
    _details(one)
    writing(one)
    example = "anju house batch 1-3 --entrances 1-2 --floors 1-18 --skip 4,13,14 --per-floor 4 --dry-run"
    one = commands.add("house batch", _batch, "按楼层批量生成房屋", example)
    one.add_argument("buildings", metavar="BUILDINGS", help="楼栋，如 1-3,5 或 A-C")
    one.add_argument("--entrances", metavar="E", default="", help="单元，如 1-2；没有单元不写")
    one.add_argument("--floors", metavar="F", required=True, help="楼层，如 1-18")
    one.add_argument("--skip", metavar="F", default="", help="跳过的楼层，如 4,13,14")
    one.add_argument("--per-floor", metavar="N", type=int, required=True, help="每层每单元几户")
    one.add_argument("--pattern", metavar="TEXT", default="", help="编号样式，默认 {楼}-{单元}-{层:02}{户:02}")
    for name in ("gross_area", "house_type", "layout"):
        option, metavar, words = _OPTIONS[name]
        one.add_argument(option, dest=name, metavar=metavar, help=f"{words}，全部一样")
    one.add_argument("--state", default="vacant", choices=house_rows.STATES)
    one.add_argument("--dry-run", action="store_true", help="只看会建哪些")
    writing(one)
    one = commands.add("house change", _change, "修改一户的资料", "anju house change 3-1-402 --area 90.1")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--version", metavar="N", type=int, help="看到的版本；别人改过就不写")
    _details(one)
    writing(one)
    one = commands.add("house state", _state, "改入住状态", "anju house state 3-1-402 vacant --from 2026-07-01")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("state", choices=house_rows.STATES)
    one.add_argument("--from", dest="since", metavar="DATE", help="从哪天起，默认今天")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
    one = commands.add("house edit", _edit, "几户一起改一项", "anju house edit house_type 住宅 3-1-401 3-1-402")
    one.add_argument("field", choices=FIELDS, help="、".join(TITLES[name] for name in FIELDS))
    one.add_argument("value", metavar="VALUE", help="改成什么；空的表示清空")
    one.add_argument("houses", nargs="+", metavar="HOUSE")
    one.add_argument("--from", dest="since", metavar="DATE", help="状态从哪天起，默认今天")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    one.add_argument("--dry-run", action="store_true", help="只看会改几户")
    writing(one)
    one = commands.add("house show", _show, "一户的资料和历史", "anju house show 3-1-402")
    one.add_argument("house", metavar="HOUSE")
