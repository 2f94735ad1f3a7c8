"""Commands of saved questions: segment save, list, drop."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from app.cli import asked
from app.cli.context import Answer, Context, choice
from app.cli.parser import Commands, writing
from app.services import house_list, resident_list, segments
from app.services.house_list import HOUSES
from app.services.list_face import Query
from app.services.resident_list import RESIDENTS
from app.services.segments import Saved

LISTS: dict[str, tuple[Any, Any]] = {"residents": (RESIDENTS.face, resident_list), "houses": (HOUSES.face, house_list)}


def _said(context: Context, of: str, saved: Saved) -> dict[str, Any]:
    query: Query = saved.query
    assert context.seat is not None
    found = len(LISTS[of][1].keys(context.seat, query))
    keys = dict.fromkeys(key for key, _ in query.filters)
    filters = {key: list(query.values(key)) for key in keys}
    return {"list": of, "segment": saved.name, "filters": filters, "words": query.words, "found": found}


def _words(said: dict[str, Any]) -> str:
    parts = [f"“{said['words']}”"] if said["words"] else []
    parts += [f"{key}={','.join(values)}" for key, values in said["filters"].items()]
    return f"{said['segment']}\t{' '.join(parts)}\t现在 {said['found']}"


def _save(context: Context) -> Answer:
    args = context.args
    of = choice(LISTS, args.list, "list")
    query = asked.query(context, LISTS[of][0])
    seat = context.log_in()
    with seat.once(context.key):
        done = segments.save(seat, of, args.name, query)
    said = _said(context, of, done)
    return Answer({**said, "key": context.key}, [_words(said)])


def _list(context: Context) -> Answer:
    of = choice(LISTS, context.args.list, "list")
    rows = [_said(context, of, saved) for saved in segments.listing(context.log_in(), of)]
    return Answer({"list": of, "segments": rows}, [_words(row) for row in rows] or ["没有存下的筛选。"])


def _drop(context: Context) -> Answer:
    args = context.args
    of = choice(LISTS, args.list, "list")
    seat = context.log_in()
    with seat.once(context.key):
        name = segments.drop(seat, of, args.name)
    return Answer({"list": of, "segment": name, "key": context.key}, [f"筛选“{name}”已删除。"])


def _of(one: ArgumentParser) -> None:
    one.add_argument("--list", default="residents", metavar="|".join(LISTS), help="哪个列表，默认住户")


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "segment save",
        _save,
        "存下一组条件；存的是条件，不是名单",
        "anju segment save 老人欠费 --filter old --filter late=90",
    )
    one.add_argument("name", metavar="NAME")
    _of(one)
    asked.options(one)
    writing(one)
    one = commands.add("segment list", _list, "存下的条件和现在有多少符合", "anju segment list --list houses")
    _of(one)
    one = commands.add("segment drop", _drop, "删除存下的条件", "anju segment drop 老人欠费")
    one.add_argument("name", metavar="NAME")
    _of(one)
    writing(one)
