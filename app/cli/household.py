"""Commands of a house's household: household show, share, heads; tenancy add, end; pet add, change, drop."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from app.cli.context import Answer, Context, day, typed, whole
from app.cli.parser import Commands, writing
from app.domain.money import parse_yuan, yuan
from app.services import household, pets, residents, tenancies
from app.services.household import Household, PetRow, TenancyRow
from app.services.person_form import RELATIONS
from app.services.pets import PetForm
from app.services.refused import refuse
from app.services.tenancies import NewTenancy, TenancyAnswer


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None


def _tenancy(row: TenancyRow) -> dict[str, Any]:
    return {
        "tenant": row.tenant, "number": row.number or None, "from": row.first.isoformat(), "to": _iso(row.last),
        "rent_fen": row.rent_fen, "file": row.file or None, "state": row.state,
    }  # fmt: skip


def _pet(row: PetRow) -> dict[str, Any]:
    return {
        "kind": row.kind, "name": row.name or None, "licence": row.licence or None,
        "vaccinated_to": _iso(row.vaccinated_to), "keeper": row.keeper or None, "remark": row.remark or None,
        "late": row.late,
    }  # fmt: skip


def _said(found: Household) -> dict[str, Any]:
    return {
        "house": found.house,
        "shares": [{"name": row.name, "relation": row.relation, "share": row.share or None} for row in found.shares],
        "heads": [{"from": row.since.isoformat(), "people": row.people} for row in found.heads],
        "tenancies": [_tenancy(row) for row in found.tenancies], "pets": [_pet(row) for row in found.pets],
        "warnings": list(found.warnings),
    }  # fmt: skip


def _lines(found: Household) -> list[str]:
    lines = [f"  {RELATIONS[row.relation]} {row.name}\t份额 {row.share or '没有写'}" for row in found.shares]
    lines += [f"  从 {row.since} 起 {row.people} 人" for row in found.heads]
    for row in found.tenancies:
        rent = f"\t月租 {yuan(row.rent_fen)} 元" if row.rent_fen is not None else ""
        lines.append(f"  租约 {row.number} {row.tenant}\t{row.first} 至 {row.last or '长期'}{rent}")
    for pet in found.pets:
        lines.append(f"  {pet.kind} {pet.name}\t{pet.licence}\t免疫到 {pet.vaccinated_to or '没有写'}")
    return [found.house, *lines, *found.warnings]


def _show(context: Context) -> Answer:
    found = household.show(context.log_in(), context.args.house)
    return Answer(_said(found), _lines(found))


def _share(context: Context) -> Answer:
    args, seat = context.args, context.log_in()
    who = residents.named(seat, args.house, args.name)
    with seat.once(context.key):
        found = household.set_share(seat, who.resident, args.share)
    return Answer({**_said(found), "key": context.key}, _lines(found))


def _heads(context: Context) -> Answer:
    args = context.args
    people = None if args.drop else typed(whole("请填 0、1、2 …"), args.people or "", "people")
    since = day(args.date)
    seat = context.log_in()
    with seat.once(context.key):
        done = household.count_heads(seat, args.house, people, since or context.today(seat))
    said = {
        "house": done.house, "from": done.since.isoformat(), "people": done.people, "warnings": list(done.warnings),
        "key": context.key,
    }  # fmt: skip
    words = "的人数已删除" if done.people is None else f"起 {done.people} 人"
    return Answer(said, [f"{done.house} 从 {done.since} {words}。", *done.warnings])


def _agreed(done: TenancyAnswer, key: str) -> Answer:
    said = {
        "house": done.house, "tenant": done.tenant, "from": done.first.isoformat(), "to": _iso(done.last),
        "file": done.file or None, "warnings": list(done.warnings), "key": key,
    }  # fmt: skip
    return Answer(said, [f"{done.house} {done.tenant} 的租约 {done.first} 至 {done.last or '长期'}。", *done.warnings])


def _rent(context: Context) -> Answer:
    args = context.args
    first, last = day(args.start, "from"), day(args.to, "to")
    assert first is not None
    file = Path(args.file).expanduser().absolute() if args.file else None
    new = NewTenancy(args.tenant, first, last, args.number or "", typed(parse_yuan, args.rent, "rent"), file)
    seat = context.log_in()
    with seat.once(context.key):
        done = tenancies.add(seat, args.house, new)
    return _agreed(done, context.key)


def _rented(context: Context) -> Answer:
    args, on = context.args, day(context.args.on, "on")
    assert on is not None
    seat = context.log_in()
    rows = [row for row in household.show(seat, args.house).tenancies if row.tenant == args.tenant.strip()]
    if not rows:
        raise refuse(
            "unknown_tenancy", "{house} 没有 {name} 的租约。", "请核对姓名。", house=args.house, name=args.tenant
        )
    with seat.once(context.key):
        done = tenancies.end(seat, rows[0].key, on)
    return _agreed(done, context.key)


def _form(context: Context, known: PetRow | None) -> PetForm:
    args, base = context.args, known or PetRow(0, "", "", "", None, "", "", late=False)
    until = day(args.vaccinated, "vaccinated_to") if args.vaccinated else base.vaccinated_to

    def text(typed: str | None, known: str) -> str:
        return known if typed is None else typed

    return PetForm(
        text(args.kind, base.kind), text(args.pet, base.name), text(args.licence, base.licence), until,
        text(args.keeper, base.keeper), text(args.remark, base.remark),
    )  # fmt: skip


def _find(context: Context) -> PetRow:
    """The pet of the house of that name or licence."""
    args, seat = context.args, context.log_in()
    found = [row for row in household.show(seat, args.house).pets if args.which in (row.name, row.licence)]
    if len(found) != 1:
        raise refuse("unknown_pet", "{house} 没有这只宠物：{name}。", "写它的名字或证号。", house=args.house,
                     name=args.which)  # fmt: skip
    return found[0]


def _pet_add(context: Context) -> Answer:
    form = _form(context, None)
    seat = context.log_in()
    with seat.once(context.key):
        done = pets.add(seat, context.args.house, form)
    return Answer({**_pet(done), "key": context.key}, [f"{context.args.house} 登记{done.kind} {done.name}。"])


def _pet_change(context: Context) -> Answer:
    found = _find(context)
    form = _form(context, found)
    assert context.seat is not None
    with context.seat.once(context.key):
        done = pets.change(context.seat, found.key, form)
    return Answer({**_pet(done), "key": context.key}, [f"{done.kind} {done.name} 已改。"])


def _pet_drop(context: Context) -> Answer:
    found = _find(context)
    assert context.seat is not None
    with context.seat.once(context.key):
        house = pets.drop(context.seat, found.key)
    return Answer({"house": house, "key": context.key}, [f"{house} 的{found.kind} {found.name} 已注销。"])


def _house(one: ArgumentParser) -> None:
    one.add_argument("house", metavar="HOUSE")


def _pet_options(one: ArgumentParser, *, new: bool) -> None:
    if not new:
        one.add_argument("--kind", metavar="TEXT", help="种类")
    one.add_argument("--name", dest="pet", metavar="TEXT", help="名字")
    one.add_argument("--licence", metavar="TEXT", help="犬证号")
    one.add_argument("--vaccinated", metavar="D", help="免疫有效期到")
    one.add_argument("--keeper", metavar="NAME", help="谁养的，写这户登记的姓名")
    one.add_argument("--remark", metavar="TEXT", help="备注")
    writing(one)


def add(commands: Commands) -> None:
    """Declare these commands."""
    one = commands.add("household show", _show, "一户的份额、人数、租约、宠物", "anju household show 3-1-402")
    _house(one)
    one = commands.add("household share", _share, "业主的产权份额", "anju household share 3-1-402 王样例 1/2")
    _house(one)
    one.add_argument("name", metavar="NAME")
    one.add_argument("share", metavar="SHARE", help="1/2 或 50%%；空的引号是不写")
    writing(one)
    one = commands.add("household heads", _heads, "户内人数，从哪天起", "anju household heads 3-1-402 4")
    _house(one)
    one.add_argument("people", metavar="N", nargs="?")
    one.add_argument("--date", metavar="D", help="从哪天起，默认今天")
    one.add_argument("--drop", action="store_true", help="删掉那天登记的人数")
    writing(one)
    one = commands.add(
        "tenancy add",
        _rent,
        "租户的租约",
        "anju tenancy add 3-1-402 李租客 --from 2026-08-01 --rent 2800",
    )
    _house(one)
    one.add_argument("tenant", metavar="NAME")
    one.add_argument("--from", dest="start", required=True, metavar="D", help="第一天")
    one.add_argument("--to", metavar="D", help="最后一天，不写是长期")
    one.add_argument("--number", metavar="TEXT", help="合同编号")
    one.add_argument("--rent", metavar="YUAN", help="月租金，可不写")
    one.add_argument("--file", metavar="FILE", help="合同的扫描件，加密存在这户的文件里")
    writing(one)
    one = commands.add(
        "tenancy end", _rented, "租约的最后一天：提前终止，或续租", "anju tenancy end 3-1-402 李租客 --on …"
    )
    _house(one)
    one.add_argument("tenant", metavar="NAME")
    one.add_argument("--on", required=True, metavar="D", help="最后一天")
    writing(one)
    one = commands.add("pet add", _pet_add, "登记宠物", "anju pet add 3-1-402 狗 --name 豆豆 --licence 京A-0001")
    _house(one)
    one.add_argument("kind", metavar="KIND", help="种类，如 狗")
    _pet_options(one, new=True)
    for name, handler, what in (("change", _pet_change, "改宠物资料"), ("drop", _pet_drop, "宠物不在了，注销")):
        one = commands.add(f"pet {name}", handler, what, f"anju pet {name} 3-1-402 豆豆")
        _house(one)
        one.add_argument("which", metavar="WHICH", help="名字或犬证号")
        if name == "change":
            _pet_options(one, new=False)
        else:
            writing(one)
