"""Commands of events: event add, list, show, change, invite, reply, attend, end, cancel, slips, sheet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from app.cli import asked
from app.cli.context import Answer, Context, choice, day, typed, whole
from app.cli.parser import Commands, writing
from app.services import event_papers, events, residents
from app.services.event_list import STATES
from app.services.event_papers import EventPapers
from app.services.events import EACH, REPLIES, EventAnswer, EventCounts, EventFile, EventForm
from app.services.list_face import Query
from app.services.refused import refuse
from app.services.resident_list import RESIDENTS

_NUMBER = whole("请填 1、2、3 …")
_STATES = {state.code: state.word for state in STATES}


def _counted(counts: EventCounts) -> dict[str, int]:
    return {
        "invited": counts.invited, "houses": counts.houses, "coming": counts.coming, "yes": counts.yes,
        "no": counts.no, "maybe": counts.maybe, "came": counts.came,
    }  # fmt: skip


def _file(one: EventFile) -> dict[str, Any]:
    form = one.form
    return {
        "event": one.number, "title": form.title, "on": form.on.isoformat(), "begins": form.begins or None,
        "place": form.place or None, "note": form.note or None, "capacity": form.capacity, "state": one.state,
        "reason": one.reason or None, **_counted(one.counts),
    }  # fmt: skip


def _words(one: EventFile) -> str:
    counts = one.counts
    when = f"{one.form.on} {one.form.begins}".strip()
    said = f"已请 {counts.invited}，会来 {counts.coming}，到场 {counts.came}"
    return f"{one.number}\t{when}\t{one.form.title}\t{one.form.place}\t{_STATES[one.state]}\t{said}"


def _done(done: EventAnswer, key: str, words: str) -> Answer:
    said = {
        "event": done.number, "title": done.title, "state": done.state, "guests": done.guests,
        **_counted(done.counts), "warnings": list(done.warnings), "key": key,
    }  # fmt: skip
    return Answer(said, [words, *done.warnings])


def _form(context: Context, known: EventForm | None = None) -> EventForm:
    args = context.args
    on = day(args.on, "on")
    capacity = typed(_NUMBER, args.capacity, "capacity")
    if known is None:
        assert on is not None
        return EventForm(args.title, on, args.begins or "", args.place or "", args.note or "", capacity)
    return EventForm(
        args.title or known.title, on or known.on, known.begins if args.begins is None else args.begins,
        known.place if args.place is None else args.place, known.note if args.note is None else args.note,
        known.capacity if capacity is None else capacity,
    )  # fmt: skip


def _add(context: Context) -> Answer:
    form = _form(context)
    seat = context.log_in()
    with seat.once(context.key):
        done = events.add(seat, form)
    return _done(done, context.key, f"活动 {done.number} {done.title} 已建。")


def _change(context: Context) -> Answer:
    seat = context.log_in()
    known = events.show(seat, context.args.number)
    form = _form(context, known.form)
    with seat.once(context.key):
        done = events.change(seat, context.args.number, known.version, form)
    return _done(done, context.key, f"活动 {done.number} 已改。")


def _list(context: Context) -> Answer:
    rows = events.planned(context.log_in())
    return Answer({"events": [_file(row) for row in rows]}, [_words(row) for row in rows] or ["没有筹备中的活动。"])


def _show(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    one, found = events.show(seat, args.number), events.guests(seat, args.number, args.find or "")
    said = _file(one) | {
        "found": found.found,
        "guests": [
            {"house": row.house, "name": row.name, "phone": row.phone or None, "reply": row.reply,
             "heads": row.heads if row.reply == "yes" else None, "came": row.came}
            for row in found.rows
        ],
    }  # fmt: skip
    lines = [_words(one), *([one.form.note] if one.form.note else []), *([one.reason] if one.reason else [])]
    lines += [
        f"  {row.house}\t{row.name}\t{row.phone}\t{REPLIES[row.reply]}"
        + (f" {row.heads} 人" if row.reply == "yes" else "")
        + ("\t已到" if row.came else "")
        for row in found.rows
    ]
    return Answer(said, lines)


def _query(context: Context) -> Query:
    """Whom to invite: everybody only where that is said."""
    args, face = context.args, RESIDENTS.face
    query = asked.query(context, face, asked.saved(context, face, args.segment) if args.segment else None)
    if not query.narrow and not args.everybody:
        raise refuse("who_needed", "没有说请谁。", "写 --segment、--filter 或 --words；请所有在住的人写 --everybody。",
                     field="who")  # fmt: skip
    return query


def _invite(context: Context) -> Answer:
    args = context.args
    each = choice(EACH, args.each, "each")
    query = _query(context)
    seat = context.seat or context.log_in()
    with seat.once(context.key):
        done = events.invite(seat, args.number, query, each=each)
    return _done(done, context.key, f"{done.number} 新请 {done.guests} 人，共 {done.counts.invited} 人。")


def _reply(context: Context) -> Answer:
    args = context.args
    answer, heads = choice(REPLIES, args.answer, "reply"), typed(_NUMBER, args.heads, "heads")
    seat = context.log_in()
    who = residents.named(seat, args.house, args.name).person
    with seat.once(context.key):
        done = events.reply(seat, args.number, who, answer, heads)
    return _done(done, context.key, f"{args.name}：{REPLIES[answer]}。会来 {done.counts.coming} 人。")


def _attend(context: Context) -> Answer:
    args = context.args
    seat = context.log_in()
    who = residents.named(seat, args.house, args.name).person
    with seat.once(context.key):
        done = events.attend(seat, args.number, who, came=not args.undo)
    said = "没有到场" if args.undo else "到场"
    return _done(done, context.key, f"{args.name} {said}。到场 {done.counts.came} 人。")


def _end(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = events.end(seat, context.args.number)
    return _done(done, context.key, f"活动 {done.number} 已结束，到场 {done.counts.came} 人。")


def _cancel(context: Context) -> Answer:
    seat = context.log_in()
    with seat.once(context.key):
        done = events.cancel(seat, context.args.number, context.args.reason)
    return _done(done, context.key, f"活动 {done.number} 已取消。")


def _printed(done: EventPapers, key: str, what: str) -> Answer:
    said = {
        "event": done.number, "papers": done.papers, "pages": done.pages, "file": str(done.file),
        "warnings": list(done.warnings), "key": key,
    }  # fmt: skip
    return Answer(said, [f"{done.number} {done.papers} {what}，{done.pages} 页", str(done.file), *done.warnings])


def _slips(context: Context) -> Answer:
    seat, target = context.log_in(), context.out(f"邀请函-{context.args.number}.pdf")
    with seat.once(context.key):
        done = event_papers.invitations(seat, context.args.number, target)
    return _printed(done, context.key, "张邀请函")


def _sheet(context: Context) -> Answer:
    seat, target = context.log_in(), context.out(f"签到表-{context.args.number}.pdf")
    with seat.once(context.key):
        done = event_papers.sign_in_sheet(seat, context.args.number, target)
    return _printed(done, context.key, "人的签到表")


def _number(one: ArgumentParser) -> None:
    one.add_argument("number", metavar="EVENT", help="活动编号，如 E2026-000001")


def _form_options(one: ArgumentParser, *, new: bool) -> None:
    one.add_argument("--on", required=new, metavar="D", help="哪一天")
    one.add_argument("--begins", metavar="HH:MM", help="几点开始")
    one.add_argument("--place", metavar="TEXT", help="地点")
    one.add_argument("--note", metavar="TEXT", help="邀请函上的话")
    one.add_argument("--capacity", metavar="N", help="名额，默认不限")


def _guest(one: ArgumentParser) -> None:
    _number(one)
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("name", metavar="NAME")


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "event add",
        _add,
        "建活动",
        "anju event add 重阳节茶话会 --on 2026-10-18 --begins 14:30 --place 会所 --capacity 60",
    )
    one.add_argument("title", metavar="TITLE")
    _form_options(one, new=True)
    writing(one)
    one = commands.add("event change", _change, "改活动", "anju event change E2026-000001 --on 2026-10-19")
    _number(one)
    one.add_argument("--title", metavar="TITLE", help="活动名称")
    _form_options(one, new=False)
    writing(one)
    commands.add("event list", _list, "筹备中的活动", "anju event list")
    one = commands.add("event show", _show, "一个活动和来宾，电话脱敏", "anju event show E2026-000001 --find 3-1")
    _number(one)
    one.add_argument("--find", metavar="TEXT", help="姓名、拼音首字母或房号；最多列 200 位")
    one = commands.add(
        "event invite",
        _invite,
        "按存下的筛选或条件邀请住户",
        "anju event invite E2026-000001 --filter old --filter building=3",
    )
    _number(one)
    one.add_argument("--segment", metavar="NAME", help="住户页存下的筛选")
    asked.options(one, RESIDENTS.face)
    one.add_argument("--everybody", action="store_true", help="所有在住的人")
    one.add_argument("--each", default="person", metavar="|".join(EACH), help="、".join(EACH.values()))
    writing(one)
    one = commands.add("event reply", _reply, "记下回复", "anju event reply E2026-000001 3-1-402 王样例 yes --heads 2")
    _guest(one)
    one.add_argument("answer", metavar="|".join(REPLIES), help="、".join(REPLIES.values()))
    one.add_argument("--heads", default="1", metavar="N", help="来几个人，默认 1")
    writing(one)
    one = commands.add("event attend", _attend, "签到；没请的人也能签", "anju event attend E2026-000001 3-1-402 王样例")
    _guest(one)
    one.add_argument("--undo", action="store_true", help="签错了，取消")
    writing(one)
    one = commands.add("event end", _end, "活动办完了", "anju event end E2026-000001")
    _number(one)
    writing(one)
    one = commands.add("event cancel", _cancel, "取消活动", "anju event cancel E2026-000001 --reason 暴雨")
    _number(one)
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
    for name, handler, what in (("slips", _slips, "邀请函，一户一张，A4 一页两张"), ("sheet", _sheet, "签到表")):
        one = commands.add(f"event {name}", handler, what, f"anju event {name} E2026-000001 --out {what[:3]}.pdf")
        _number(one)
        one.add_argument("--out", metavar="FILE.pdf")
        writing(one)
