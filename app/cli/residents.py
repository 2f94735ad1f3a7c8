"""Commands of the people: resident add, leave, show, lived, duplicates, merge."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from app.cli.context import Answer, Context, choice, day
from app.cli.parser import Commands, writing
from app.services import person_merge, residents
from app.services.person_form import CONTACTS, NEEDS, RELATIONS, SEXES, PersonForm
from app.services.residents import HouseOf, PersonFile


def _form(context: Context) -> PersonForm:
    args = context.args
    return PersonForm(
        args.name, args.phone, args.phone2, args.email, args.sex, args.id_kind, args.id_number,
        day(args.birth, "birth"), args.contact_by, tuple(args.tag), args.consent, args.remark,
    )  # fmt: skip


def _add(context: Context) -> Answer:
    args, form, since = context.args, _form(context), day(context.args.date)
    relation = choice(RELATIONS, args.relation, "relation")
    seat = context.log_in()
    same = residents.named(seat, args.same_as, args.name).person if args.same_as else None
    with seat.once(context.key):
        done = residents.register(seat, args.house, relation, form, since, same, args.another)
    said = {"name": done.name, "house": done.house, "relation": done.relation, "key": context.key}
    return Answer(said, [f"{done.house} 登记 {RELATIONS[done.relation]} {done.name}。"])


def _house(row: HouseOf) -> dict[str, Any]:
    return {
        "house": row.house, "relation": row.relation, "from": row.since.isoformat() if row.since else None,
        "to": row.until.isoformat() if row.until else None,
    }  # fmt: skip


def _leave(context: Context) -> Answer:
    args, on = context.args, day(context.args.date)
    seat = context.log_in()
    who = residents.named(seat, args.house, args.name)
    with seat.once(context.key):
        done = residents.move_out(seat, who.resident, on, args.reason or "")
    return Answer(
        {**_house(done), "name": args.name, "key": context.key}, [f"{args.name} {done.until} 迁出 {done.house}。"]
    )


def _show(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    who = residents.named(seat, args.house, args.name)
    found: PersonFile = residents.show(seat, who.person)
    said: dict[str, Any] = {
        "name": found.form.name, "phone": found.phone or None, "id_number": found.id_number or None, "age": found.age,
        "tags": [NEEDS.get(tag, tag) for tag in found.form.tags], "houses": [_house(row) for row in found.houses],
        "vehicles": list(found.vehicles),
    }  # fmt: skip
    if args.reveal:
        said[args.reveal] = residents.reveal(seat, who.person, args.reveal, args.purpose)
    lines = [f"{found.form.name}　{said['phone'] or '没有电话'}　{said['id_number'] or '没有证件号'}"]
    lines += [
        f"  {row.house}\t{RELATIONS[row.relation]}\t{row.since or '起初'} 至 {row.until or '今'}"
        for row in found.houses
    ]
    return Answer(said, lines)


def _lived(context: Context) -> Answer:
    on = day(context.args.date)
    rows = residents.lived(context.log_in(), context.args.house, on)
    said = [
        {
            "name": row.name, "relation": row.relation, "from": row.since.isoformat() if row.since else None,
            "to": row.until.isoformat() if row.until else None,
        }
        for row in rows
    ]  # fmt: skip
    lines = [f"{row.name}\t{RELATIONS[row.relation]}\t{row.since or '起初'} 至 {row.until or '今'}" for row in rows]
    return Answer({"house": context.args.house, "people": said}, lines or ["那天没有登记住户。"])


def _duplicates(context: Context) -> Answer:
    pairs = person_merge.duplicates(context.log_in())
    said = [
        {"shared": one.shared, "people": [{"name": each.name, "houses": list(each.houses)} for each in (one, two)]}
        for one, two in pairs
    ]
    lines = [
        f"{one.name}（{'、'.join(one.houses)}）\t{two.name}（{'、'.join(two.houses)}）\t{one.shared}"
        for one, two in pairs
    ]
    return Answer({"pairs": said}, lines or ["没有像同一人的记录。"])


def _merge(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    keep = residents.named(seat, args.house, args.name).person
    drop = residents.named(seat, args.other_house, args.other_name or args.name).person
    with seat.once(context.key):
        done = person_merge.merge(seat, keep, drop, args.reason)
    return Answer(
        {"name": done.name, "moved": done.moved, "key": context.key},
        [f"已合并为 {done.name}，随带 {done.moved} 条记录。"],
    )


def _person_options(one: ArgumentParser) -> None:
    for name, what in (
        ("phone", "手机或座机"), ("phone2", "第二电话"), ("email", "邮箱"), ("id-kind", "证件种类"),
        ("id-number", "证件号"), ("remark", "备注"),
    ):  # fmt: skip
        one.add_argument(f"--{name}", default="", metavar="TEXT", help=what)
    one.add_argument("--sex", default="", help="、".join(SEXES))
    one.add_argument("--birth", metavar="D", help="出生日期；有身份证号的自动得出")
    one.add_argument("--contact-by", default="", help="、".join(CONTACTS))
    what = "标签，可重复；" + "、".join(NEEDS) + " 要同意"
    one.add_argument("--tag", action="append", default=[], metavar="TAG", help=what)
    one.add_argument("--consent", action="store_true", help="本人或监护人已同意登记敏感信息")


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add(
        "resident add",
        _add,
        "登记住户，或让认识的人入住另一户",
        "anju resident add 3-1-402 李样例 --relation tenant --phone 138…",
    )
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--relation", default="owner", help="、".join(RELATIONS))
    one.add_argument("--date", metavar="D", help="入住日期，默认今天")
    one.add_argument("--same-as", metavar="HOUSE", help="就是那一户里同名的人")
    one.add_argument("--another", action="store_true", help="像某人，但确是另一个人")
    _person_options(one)
    writing(one)
    one = commands.add("resident leave", _leave, "迁出", "anju resident leave 3-1-402 李样例 --date 2026-06-30")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--date", metavar="D", help="最后一天，默认今天")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
    one = commands.add("resident show", _show, "一个人的资料，号码脱敏", "anju resident show 3-1-402 李样例")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--reveal", choices=("phone", "phone2", "id_number"), help="看完整号码，要写用途，会记录")
    one.add_argument("--purpose", metavar="TEXT", help="用途")
    one = commands.add("resident lived", _lived, "某天谁住在这里", "anju resident lived 3-1-402 --date 2025-03-03")
    one.add_argument("house", metavar="HOUSE")
    one.add_argument("--date", metavar="D", help="默认今天")
    commands.add("resident duplicates", _duplicates, "像同一人的记录", "anju resident duplicates")
    one = commands.add(
        "resident merge", _merge, "两条记录合并成一个人", "anju resident merge 3-1-402 李样例 3-1-403 --reason 同一人"
    )
    one.add_argument("house", metavar="HOUSE", help="保留的那条")
    one.add_argument("name", metavar="NAME")
    one.add_argument("other_house", metavar="OTHER_HOUSE", help="并进来的那条")
    one.add_argument("other_name", metavar="OTHER_NAME", nargs="?", help="姓名不同时写")
    one.add_argument("--reason", metavar="TEXT", help="原因")
    writing(one)
