"""A question to a list as typed: --filter KEY[=VALUE], --words TEXT, or one that is saved."""

from __future__ import annotations

from argparse import ArgumentParser

from app.cli.context import Context
from app.services import segments
from app.services.list_face import Face, FilterFace, Query
from app.services.listing import DIGITS
from app.services.refused import refuse


def options(one: ArgumentParser, face: Face | None = None) -> None:
    """The options of a command that asks a list."""
    what = "列表的条件，可重复" + (f"：{'、'.join(each.key for each in face.filters)}" if face else "")
    one.add_argument("--filter", dest="filters", action="append", default=[], metavar="KEY[=VALUE]", help=what)
    one.add_argument("--words", metavar="TEXT", help="姓名、房号里的字")


def query(context: Context, face: Face, query: Query | None = None) -> Query:
    """What the options ask, besides what `query` asks. Raises Refused `unknown_filter`, `bad_value`."""
    found, known = query or Query(), {each.key: each for each in face.filters}
    for text in context.args.filters:
        key, equals, value = text.partition("=")
        if key not in known:
            raise refuse("unknown_filter", "{list}没有这个条件：{key}。", "可用：" + "、".join(known), list=face.title,
                         key=key, field="filter")  # fmt: skip
        wanted = value if equals else "1"
        _require(known[key], wanted)
        found = found.only(key, (*found.values(key), wanted))
    return Query(context.args.words, found.filters) if context.args.words else found


def _require(asked: FilterFace, value: str) -> None:
    """A question that nothing could answer is not asked, and not kept for later."""
    if asked.unit and not (value.isascii() and value.isdecimal() and len(value) <= DIGITS):
        hint = f"请写整数（{asked.unit}），如 {asked.key}=90。"
    elif asked.options and value not in (known := [str(option.value) for option in asked.options]):
        hint = "可用：" + "、".join(known)
    else:
        return
    raise refuse("bad_value", "条件“{title}”不能是“{value}”。", hint, title=asked.title, value=value, field="filter")


def saved(context: Context, face: Face, name: str) -> Query:
    """What is saved for a list under a name. Raises Refused `unknown_segment`."""
    seat = context.seat or context.log_in()
    known = {one.name: one.query for one in segments.listing(seat, face.name)}
    if name not in known:
        raise refuse("unknown_segment", "没有存下“{name}”。", "存下的筛选：" + ("、".join(known) or "（没有）"),
                     name=name, field="segment")  # fmt: skip
    return known[name]
