"""The commands estate add, list, rename: the estates of an office."""

from __future__ import annotations

from app.cli.context import Answer, Context
from app.cli.parser import Commands, writing
from app.services import estates
from app.services.estates import EstateRow


def _said(row: EstateRow) -> dict[str, object]:
    return {"estate": row.name, "houses": row.houses}


def _list(context: Context) -> Answer:
    rows = estates.listing(context.log_in())
    return Answer({"estates": [_said(row) for row in rows]}, [f"{row.name}\t{row.houses} 户" for row in rows])


def _add(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = estates.add(seat, context.args.name)
    return Answer({**_said(done), "key": context.key}, [f"已添加小区 {done.name}。"])


def _rename(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = estates.rename(seat, context.args.name, context.args.new)
    return Answer({**_said(done), "key": context.key}, [f"小区已改名为 {done.name}。"])


def add(commands: Commands) -> None:
    """Declare these commands."""
    commands.add("estate list", _list, "办公室管的小区", "anju estate list")
    one = commands.add("estate add", _add, "再加一个小区", "anju estate add 阳光花园二期")
    one.add_argument("name", metavar="NAME")
    writing(one)
    one = commands.add("estate rename", _rename, "小区改名", "anju estate rename 二期 阳光花园二期")
    one.add_argument("name", metavar="NAME")
    one.add_argument("new", metavar="NEW")
    writing(one)
