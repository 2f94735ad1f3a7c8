"""Commands of a house's photos and files: file add, list, get, drop."""

from __future__ import annotations

from pathlib import Path

from app.cli.context import Answer, Context
from app.cli.parser import Commands, writing
from app.services import attachments
from app.services.answers import to_json
from app.services.attachments import FileAnswer


def _answer(done: FileAnswer, key: str, words: str) -> Answer:
    body = {"house": done.house, "name": done.name, "bytes": done.size, "key": key}
    if done.target is not None:
        body["file"] = str(done.target)
    return Answer(body, [words])


def _add(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    with seat.once(context.key):
        done = attachments.add(seat, args.house, Path(args.file).expanduser().absolute(), args.name)
    return _answer(done, context.key, f"{done.house} 已添加 {done.name}（{done.size:,} 字节，加密保存）")


def _list(context: Context) -> Answer:
    rows = attachments.listing(context.log_in(), context.args.house)
    lines = [f"{row.name}\t{row.size:,} 字节\t{row.added}" for row in rows]
    return Answer({"files": [to_json(row) for row in rows]}, lines or ["没有文件。"])


def _get(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    target = context.out(Path(args.name).name)
    with seat.once(context.key):
        done = attachments.take_out(seat, args.house, args.name, target)
    return _answer(done, context.key, f"{done.name} 已取出到 {target}（没有加密）")


def _drop(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    with seat.once(context.key):
        done = attachments.drop(seat, args.house, args.name)
    return _answer(done, context.key, f"{done.house} 的 {done.name} 已删除")


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("file add", _add, "给房屋添加照片或文件，加密保存", "anju file add 3-1-402 验收照片.jpg")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("file", metavar="FILE", help="不超过 20 MB；原文件不动")
    one.add_argument("--name", metavar="TEXT", help="另起的名字")
    writing(one)
    one = commands.add("file list", _list, "列出房屋的照片和文件", "anju file list 3-1-402")
    one.add_argument("house", metavar="HOUSE")
    one = commands.add(
        "file get", _get, "取出一个文件，取出的没有加密", "anju file get 3-1-402 验收照片.jpg --out 照片.jpg"
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--out", metavar="FILE", help="取到哪里，默认 DIR/out/NAME")
    writing(one)
    one = commands.add("file drop", _drop, "删除一个文件", "anju file drop 3-1-402 验收照片.jpg")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("name", metavar="NAME")
    writing(one)
